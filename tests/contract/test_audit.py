"""What an audit trail is: appended, chained, and whatever is changed or missing is found."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from msgspec.structs import replace

from consult.model.errors import StoreFailed
from consult.store.audit import (
    NO_ROW,
    AuditHead,
    AuditLog,
    AuditRecord,
    AuditRow,
    Kind,
    anchored,
    chained,
    faults,
    row_hash,
)
from consult.store.audit.fhir import ACTIONS, TYPES, audit_event, bundle
from consult.store.audit.sqlite import SqliteAudit
from consult.store.redis.audit import RedisAudit
from tests.support.redis_stores import empty_store

RECORDS = [
    AuditRecord(1_764_000_000.25, "join", "c-1", "seat-1", "host"),
    AuditRecord(1_764_000_001.0, "view_case", "c-1", "seat-1", "host", "c1"),
    AuditRecord(1_764_000_002.0, "refusal", "c-1", "seat-2", "viewer", "not_allowed", "refused"),
    AuditRecord(1_764_000_003.0, "sign", "c-1", "seat-1", "host", "c1.1"),
]


@pytest.fixture(params=["sqlite", "redis"])
async def audit(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AuditLog]:
    """Each kind of trail, empty."""
    if request.param == "redis":
        async with empty_store(request.getfixturevalue("redis_of_session"), tmp_path) as (client, store):
            yield RedisAudit(client, store)
            return
    made = SqliteAudit(tmp_path / "audit.sqlite")
    yield made
    await made.close()


async def test_what_is_appended_is_read_in_order_and_chained(audit: AuditLog) -> None:
    await audit.append(RECORDS[:1])
    await audit.append(RECORDS[1:])
    rows = await audit.rows()
    assert [row.record for row in rows] == RECORDS
    assert [row.n for row in rows] == [1, 2, 3, 4]
    assert [row.former for row in rows] == [NO_ROW, *(row.hash for row in rows[:-1])]
    assert await audit.head() == AuditHead(4, rows[-1].hash)
    assert await audit.rows(after=2, limit=1) == rows[2:3]
    assert faults(rows, await audit.head()) == []


def test_a_row_of_before_there_were_users_has_the_hash_that_it_had() -> None:
    """Seen to fail: with an empty name for whom there is none, each trail of before would count as changed."""
    assert row_hash(1, RECORDS[0], NO_ROW) == "f977f63d54992944863bf722b582ade273cd2bc1230bbc620f5a720c767f8244"
    assert row_hash(1, replace(RECORDS[0], user="anna"), NO_ROW) != row_hash(1, RECORDS[0], NO_ROW)


async def test_the_records_of_a_consult_are_those_and_no_others(audit: AuditLog) -> None:
    """Seen to fail: by a consult whose id begins alike, and by one that is named in another field."""
    others = [
        AuditRecord(5.0, "join", "c-12", "seat-1"),
        AuditRecord(6.0, "export", what='"consult":"c-1"'),
        AuditRecord(7.0, "export", what="c-1"),
    ]
    await audit.append([*RECORDS[:2], *others, *RECORDS[2:]])
    assert await audit.of_consult("c-1") == RECORDS
    assert await audit.of_consult("c-12") == others[:1]
    assert await audit.of_consult("c-9") == []


async def test_what_is_missing_is_added_and_what_is_there_is_not(audit: AuditLog) -> None:
    """The role is that of when a record was written: it makes no other of it."""
    await audit.append([RECORDS[1]])
    await audit.append_missing([RECORDS[0], replace(RECORDS[1], role="viewer"), *RECORDS[2:]])
    await audit.append_missing(RECORDS)
    await audit.append_missing([])
    rows = await audit.rows()
    assert [row.record for row in rows] == [RECORDS[1], RECORDS[0], *RECORDS[2:]]
    assert faults(rows, await audit.head()) == []


async def test_an_empty_one_is_whole(audit: AuditLog) -> None:
    assert faults(await audit.rows(), await audit.head()) == []
    await audit.append([])
    assert await audit.head() == AuditHead()


async def test_it_goes_on_after_a_restart_and_two_processes_write_one_chain(tmp_path: Path) -> None:
    first = SqliteAudit(tmp_path / "audit.sqlite")
    await first.append(RECORDS[:2])
    second = SqliteAudit(tmp_path / "audit.sqlite")
    await asyncio.gather(*(log.append([record]) for record in RECORDS for log in (first, second)))
    rows = await second.rows()
    assert len(rows) == 10
    assert faults(rows, await second.head()) == []
    await first.close()
    await second.close()
    await second.close()
    with pytest.raises(StoreFailed, match="closed"):
        await second.append(RECORDS)


Spoil = Callable[[sqlite3.Connection], object]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda db: db.execute("UPDATE audit SET record = replace(record, '-2', '-1') WHERE n = 3"), "Row 3 was "),
        (lambda db: db.execute("UPDATE audit SET record = 'x' WHERE n = 2"), "Row 2 was changed."),
        (lambda db: db.execute("DELETE FROM audit WHERE n = 2"), "Row 2 is missing: row 3 comes next."),
        (lambda db: db.execute("DELETE FROM audit WHERE n = 1"), "Row 1 is missing: row 2 comes next."),
        (lambda db: db.execute("DELETE FROM audit WHERE n = 4"), "The chain ends with row 3, and row 4 was written."),
        (lambda db: db.execute("DELETE FROM audit"), "The chain ends with row 0, and row 4 was written."),
        (lambda db: db.execute("UPDATE audit SET former = hash WHERE n = 3"), "Row 3 does not follow row 2"),
        (lambda db: db.execute("DELETE FROM audit_head"), "The chain ends with row 4, and row 0 was written."),
    ],
)
async def test_a_changed_or_missing_row_is_found(tmp_path: Path, spoil: Spoil, sentence: str) -> None:
    log = SqliteAudit(tmp_path / "audit.sqlite")
    await log.append(RECORDS)
    await log.close()
    database = sqlite3.connect(tmp_path / "audit.sqlite")
    spoil(database)
    database.commit()
    database.close()
    again = SqliteAudit(tmp_path / "audit.sqlite")
    found = faults(await again.rows(), await again.head())
    await again.close()
    assert any(fault.startswith(sentence) for fault in found), found


def test_a_row_that_was_made_anew_with_its_hash_breaks_the_next() -> None:
    rows = chained(RECORDS, AuditHead())
    head = AuditHead(4, rows[-1].hash)
    (forged,) = chained([replace(RECORDS[1], who="seat-9")], AuditHead(1, rows[0].hash))
    assert faults([rows[0], forged, *rows[2:]], head) == ["Row 3 does not follow row 2: one of both was changed."]


@pytest.mark.parametrize("field", AuditRecord.__struct_fields__)
def test_a_change_of_any_field_is_found(field: str) -> None:
    """Seen to fail: with `what`, and with `outcome`, in no hash."""
    rows = chained(RECORDS, AuditHead())
    other = {"at": 1.0, "kind": "join", "outcome": "success"}.get(field, "other")
    changed = replace(rows[2], record=replace(rows[2].record, **{field: other}))
    assert faults([*rows[:2], changed, rows[3]], AuditHead(4, rows[-1].hash)) == ["Row 3 was changed."]


def test_a_last_row_that_was_made_anew_with_its_hash_is_not_the_one_that_was_written() -> None:
    """Seen to fail: with a head of which only the number counts."""
    rows = chained(RECORDS, AuditHead())
    (forged,) = chained([replace(RECORDS[3], who="seat-9")], AuditHead(3, rows[2].hash))
    found = faults([*rows[:3], forged], AuditHead(4, rows[-1].hash))
    assert found == ["Row 4, the last one, is not the one that was written."]


def test_rows_as_fhir_audit_events() -> None:
    rows: list[AuditRow] = chained(RECORDS, AuditHead())
    event = audit_event(rows[2])
    assert (event["resourceType"], event["id"], event["outcome"]) == ("AuditEvent", "consult-3", "4")
    assert event["recorded"] == "2025-11-24T16:00:02.000+00:00"
    assert event["agent"] == [
        {"requestor": True, "who": {"identifier": {"value": "seat-2"}}, "role": [{"text": "viewer"}]}
    ]
    assert [entry["resource"]["id"] for entry in bundle(rows)["entry"]] == [f"consult-{n}" for n in range(1, 5)]
    assert ACTIONS.keys() == TYPES.keys(), "every kind has both"


async def test_rows_of_another_trail_come_as_they_are(audit: AuditLog) -> None:
    """Seen to fail where they are chained anew: what had been changed in them was found no more."""
    rows = chained(RECORDS, AuditHead())
    changed = [rows[0], replace(rows[1], record=replace(rows[1].record, who="seat-9")), rows[3]]
    head = AuditHead(4, rows[3].hash)
    await audit.take_over(changed[:2], head)
    await audit.take_over(changed[2:], head)
    await audit.take_over([], head)
    assert await audit.rows() == changed
    assert faults(await audit.rows(), await audit.head()) == [
        "Row 2 was changed.", "Row 3 is missing: row 4 comes next.",
    ]  # fmt: skip
    assert await audit.of_consult("c-1") == [row.record for row in changed]
    await audit.append(RECORDS[:1])
    assert (await audit.head()).count == 5


def test_a_chain_that_was_written_anew_is_found_by_an_end_that_was_noted_elsewhere() -> None:
    """Seen to fail: who writes rows and head anew was believed."""
    rows = chained(RECORDS, AuditHead())
    noted = AuditHead(3, rows[2].hash)
    assert anchored(rows, noted) == []
    anew = chained([RECORDS[0], *RECORDS[2:], RECORDS[1]], AuditHead())
    assert faults(anew, AuditHead(4, anew[-1].hash)) == [], "whole in itself"
    assert anchored(anew, noted) == ["Row 3 is not the one that was noted elsewhere: the chain was written anew."]
    assert anchored(rows[:2], noted) == ["Row 3, which was noted elsewhere, is missing: the end of the chain is gone."]


def test_every_kind_of_row_is_an_audit_event_of_fhir_r4b() -> None:
    """By another's models of the standard (fhir.resources is a dependency of the tests alone)."""
    models = pytest.importorskip("fhir.resources.R4B.bundle", reason="fhir.resources is not installed")
    records = [
        AuditRecord(1_764_000_000.25, kind, "c-1", who, role, "x", outcome)
        for kind in get_args(Kind)
        for who, role in (("seat-1", "host"), ("", ""))
        for outcome in ("success", "refused")
    ]
    found = models.Bundle.model_validate_json(msgspec.json.encode(bundle(chained(records, AuditHead()))))
    assert [entry.resource.action for entry in found.entry] == [ACTIONS[record.kind] for record in records]
