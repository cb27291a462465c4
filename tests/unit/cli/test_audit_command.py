"""`consult audit`: printed, as FHIR, verified."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest

from consult.cli import main
from consult.store.audit import AuditRecord
from consult.store.audit.sqlite import SqliteAudit


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory with three rows."""

    async def fill() -> None:
        log = SqliteAudit(tmp_path / "audit.sqlite")
        await log.append([AuditRecord(1_764_000_000.0 + i, "join", "c-1", f"seat-{i}", "viewer") for i in range(3)])
        await log.close()

    asyncio.run(fill())
    return tmp_path


def test_it_prints_who_did_what(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--data", str(data)]) == 0
    printed = capsys.readouterr().out
    assert all(word in printed for word in ("join", "seat-0", "seat-2", "viewer", "c-1"))


def test_it_prints_fhir_and_json(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--fhir", "--data", str(data)]) == 0
    bundle = json.loads(capsys.readouterr().out)
    assert [entry["resource"]["resourceType"] for entry in bundle["entry"]] == ["AuditEvent"] * 3
    assert main(["audit", "--json", "--data", str(data)]) == 0
    assert [row["n"] for row in json.loads(capsys.readouterr().out)["rows"]] == [1, 2, 3]


def test_verify_says_that_all_is_there_or_what_is_not(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "verify", "--data", str(data)]) == 0
    assert "3 rows, whole and unchanged" in capsys.readouterr().out
    database = sqlite3.connect(data / "audit.sqlite")
    database.execute("DELETE FROM audit WHERE n = 2")
    database.commit()
    assert main(["audit", "verify", "--data", str(data)]) == 1
    assert "Row 2 is missing" in capsys.readouterr().out
    database.execute("DELETE FROM audit_head")
    database.execute("DELETE FROM audit WHERE n > 1")
    database.commit()
    database.close()
    assert main(["audit", "verify", "--data", str(data)]) == 1
    assert "row 0 was written" in capsys.readouterr().out


def test_without_a_trail_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--data", str(tmp_path)]) == 1
    assert "no server has run there yet" in capsys.readouterr().err
