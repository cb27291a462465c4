"""What gets into the audit trail: ids alone, in order, also after the disk was full for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec
import pytest
from msgspec import Struct

from consult.model.errors import StoreFailed
from consult.model.identifiers import ConsultId
from consult.runtime.audit_trail import AuditTrail, records_of
from consult.sessions.features.cases.commands import SwitchCase
from consult.sessions.features.consult.commands import EndConsult
from consult.sessions.features.critical.commands import AcknowledgeCritical
from consult.sessions.features.seen.commands import MarkSeen, OpenNote
from consult.store.audit import AuditHead, AuditRecord, AuditRow, identity
from tests.support.record import RecordTable
from tests.support.waiting import PATIENCE_S


class Kept:
    """A trail in memory, whose disk can be full."""

    def __init__(self) -> None:
        self.records: list[AuditRecord] = []
        self.full = False
        self.tries = asyncio.Event()

    async def append(self, records: Sequence[AuditRecord]) -> None:
        self.tries.set()
        if self.full:
            raise StoreFailed("disk_full", "The disk is full.")
        self.records += records

    async def append_missing(self, records: Sequence[AuditRecord]) -> None:
        """See `AuditLog.append_missing`."""
        there = {identity(record) for record in self.records}
        await self.append([record for record in records if identity(record) not in there])

    async def rows(self, after: int = 0, limit: int = 10_000) -> list[AuditRow]:
        return []

    async def of_consult(self, consult: str) -> list[AuditRecord]:
        """See `AuditLog.of_consult`."""
        return [record for record in self.records if record.consult == consult]

    async def head(self) -> AuditHead:
        return AuditHead()

    async def take_over(self, rows: Sequence[AuditRow], head: AuditHead) -> None:
        raise AssertionError("no other trail is copied into this one")

    async def close(self) -> None:
        pass


def a_course() -> RecordTable:
    """A note signed and read, a critical result, another case, the end."""
    table = RecordTable()
    table.note_ready()
    table.done("host", **table.signing())
    table.done("ann", OpenNote, version="c1.1")
    table.done("ann", MarkSeen, version="c1.1")
    table.raised()
    table.done("ann", AcknowledgeCritical, critical="x1", read_back="The right lung has collapsed.")
    table.done("host", SwitchCase, to="c2")
    table.done("host", EndConsult)
    return table


def test_stored_events_become_records_of_ids_alone() -> None:
    table = a_course()
    entries = [entry for append in table.appended for entry in append.entries]
    records = list(records_of(ConsultId("c-1"), table.state, entries))
    assert [(r.kind, r.who, r.role, r.what) for r in records] == [
        ("sign", "host", "host", "c1.1"),
        ("open", "ann", "participant", "c1.1"),
        ("read", "ann", "participant", "c1.1"),
        ("critical", "host", "host", "x1"),
        ("critical", "ann", "participant", "x1"),
        ("view_case", "host", "host", "c2"),
        ("end", "host", "host", ""),
    ]
    text = msgspec.json.encode(records).decode()
    for free in ("Growing", "Nodule", "pneumothorax", "collapsed", "DEMO", "Dr. Host"):
        assert free not in text
    assert isinstance(records[0], Struct)


async def test_what_is_noted_is_written_in_order() -> None:
    kept = Kept()
    trail = AuditTrail(kept, clock=lambda: 5.0)
    trail.note("join", consult="c-1", who="s")
    trail.note("refusal", consult="c-1", who="s", what="over", outcome="refused")
    async with asyncio.timeout(PATIENCE_S):
        await trail.flushed()
    assert [(r.at, r.kind, r.what) for r in kept.records] == [(5.0, "join", ""), (5.0, "refusal", "over")]
    await trail.close()


async def test_nothing_is_lost_over_a_full_disk_or_at_the_end() -> None:
    kept = Kept()
    kept.full = True
    trail = AuditTrail(kept)
    trail.note("join", consult="c-1")
    async with asyncio.timeout(PATIENCE_S):
        await kept.tries.wait()
    trail.note("join", consult="c-2")
    kept.full = False
    await trail.close()
    assert [record.consult for record in kept.records] == ["c-1", "c-2"]


async def test_what_its_process_took_with_it_is_written_by_whoever_opens_the_consult_next() -> None:
    kept, table = Kept(), a_course()
    entries = [entry for append in table.appended for entry in append.entries]
    expected = list(records_of(ConsultId("c-1"), table.state, entries))
    kept.records += expected[:3]
    trail = AuditTrail(kept)
    trail.recover(ConsultId("c-1"), table.state, entries)
    trail.recover(ConsultId("c-1"), table.state, entries)
    trail.recover(ConsultId("c-2"), table.state, [])
    await trail.close()
    assert kept.records == expected


async def test_what_came_with_a_file_is_not_of_this_trail() -> None:
    kept, table = Kept(), a_course()
    entries = [entry for append in table.appended for entry in append.entries]
    trail = AuditTrail(kept)
    trail.note("import", consult="c-1", role="host", at=entries[-1].at)
    trail.recover(ConsultId("c-1"), table.state, entries)
    await trail.close()
    assert [record.kind for record in kept.records] == ["import"]


async def test_what_has_waited_for_long_may_have_been_written_by_another_node() -> None:
    """Seen to fail: behind a pause the rows were there twice, of both nodes."""
    kept, now, table = Kept(), [100.0], a_course()
    entries = [entry for append in table.appended for entry in append.entries]
    trail = AuditTrail(kept, steady_clock=lambda: now[0])
    trail.stored(ConsultId("c-1"), table.state, entries)
    now[0] += 5.0
    kept.records += records_of(ConsultId("c-1"), table.state, entries)
    before = list(kept.records)
    await trail.close()
    assert kept.records == before


async def test_an_answer_waits_for_its_row_and_is_refused_without_it() -> None:
    kept = Kept()
    kept.full = True
    trail = AuditTrail(kept)
    await trail.written()
    trail.note("export", consult="c-1")
    with pytest.raises(StoreFailed) as failed:
        await trail.written(0.0)
    assert failed.value.code == "not_audited"
    kept.full = False
    async with asyncio.timeout(PATIENCE_S):
        await trail.written(PATIENCE_S)
    assert [record.kind for record in kept.records] == ["export"]
    await trail.close()


async def test_what_is_being_written_at_the_end_is_there_once() -> None:
    """Seen to fail: given up and begun anew, it was there twice, for a thread goes on."""
    kept, goes_on = Kept(), asyncio.Event()
    append = kept.append

    async def slow(records: Sequence[AuditRecord]) -> None:
        kept.tries.set()
        writing = asyncio.create_task(kept_later(records))
        await asyncio.shield(writing)

    async def kept_later(records: Sequence[AuditRecord]) -> None:
        await goes_on.wait()
        await append(records)

    kept.append = slow  # type: ignore[method-assign]
    trail = AuditTrail(kept)
    trail.note("join", consult="c-1")
    async with asyncio.timeout(PATIENCE_S):
        await kept.tries.wait()
        closing = asyncio.create_task(trail.close())
        await asyncio.sleep(0)
        goes_on.set()
        await closing
    assert [record.kind for record in kept.records] == ["join"]


async def test_who_knocks_again_and_again_does_not_fill_the_disk() -> None:
    kept, now = Kept(), [100.0]
    trail = AuditTrail(kept, clock=lambda: now[0], steady_clock=lambda: now[0])
    for _ in range(50):
        trail.note("refusal", what="no_token", outcome="refused")
    trail.note("refusal", consult="c-1", what="no_token", outcome="refused")
    trail.note("join", consult="c-1")
    trail.note("join", consult="c-1")
    now[0] += 10.0
    trail.note("refusal", what="no_token", outcome="refused")
    await trail.close()
    assert [(r.at, r.kind, r.consult) for r in kept.records] == [
        (100.0, "refusal", ""),
        (100.0, "refusal", "c-1"),
        (100.0, "join", "c-1"),
        (100.0, "join", "c-1"),
        (110.0, "refusal", ""),
    ]
