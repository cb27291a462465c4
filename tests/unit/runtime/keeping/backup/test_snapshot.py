"""Several databases are copied as they all were at one moment, whatever is written meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from consult.model.errors import StoreFailed
from consult.runtime.keeping.backup import snapshot
from consult.runtime.keeping.backup.snapshot import check, copy, held
from consult.store.database import open_file

NAMES = ("log", "index")


@pytest.fixture
def databases(tmp_path: Path) -> Iterator[dict[str, sqlite3.Connection]]:
    """Two that a server has open and writes to: the index first, then the log, which names what is in it."""
    opened = {name: open_file(tmp_path / f"{name}.sqlite", "CREATE TABLE t (n INTEGER)") for name in NAMES}
    yield opened
    for database in opened.values():
        database.close()


def write(databases: dict[str, sqlite3.Connection], number: int) -> None:
    for name in ("index", "log"):
        databases[name].execute("INSERT INTO t VALUES (?)", (number,))


def numbers(database: sqlite3.Connection) -> list[int]:
    return [n for (n,) in database.execute("SELECT n FROM t ORDER BY n")]


def test_what_is_written_between_is_in_all_or_in_none(databases: dict[str, sqlite3.Connection], tmp_path: Path) -> None:
    """Seen to fail: the log was copied before the write, the index behind it."""
    paths, left = [tmp_path / f"{name}.sqlite" for name in NAMES], iter(range(1, 4))

    def between() -> None:
        if (number := next(left, 0)) != 0:
            write(databases, number)

    with held(paths, between) as connections:
        write(databases, 99)
        found = [numbers(one) for one in connections]
        for name, one in zip(NAMES, connections, strict=True):
            copy(one, tmp_path / f"{name}.copy")
    assert found == [[1, 2, 3], [1, 2, 3]]
    for name in NAMES:
        with closing(sqlite3.connect(tmp_path / f"{name}.copy")) as made:
            assert numbers(made) == [1, 2, 3], "as it was when all began"
        assert check(tmp_path / f"{name}.copy") == ""
        assert list(tmp_path.glob(f"{name}.copy-*")) == [], "a copy is one file"


def test_nobody_is_kept_from_writing_and_who_writes_on_and_on_is_said(
    databases: dict[str, sqlite3.Connection], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "TRIES", 3)
    paths = [tmp_path / f"{name}.sqlite" for name in NAMES]
    with pytest.raises(StoreFailed, match="without a pause"), held(paths, lambda: write(databases, 1)):
        pass
    assert len(numbers(databases["log"])) == 6


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError), held([tmp_path / "none.sqlite"]):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_database_is_found(tmp_path: Path) -> None:
    (tmp_path / "letter.sqlite").write_bytes(b"this is a letter " * 300)
    assert "not a database" in check(tmp_path / "letter.sqlite")
