"""Seen: only who says so; opened is not read, and who watches on another's screen counts for nothing."""

from __future__ import annotations

import pytest

from consult.sessions.features.consult.commands import EndConsult
from consult.sessions.features.seen.commands import MarkSeen, OpenNote
from consult.sessions.features.seen.events import Seen
from tests.support.record import RecordTable


@pytest.fixture
def table() -> RecordTable:
    made = RecordTable()
    made.note_ready()
    fields = made.signing()
    made.done("host", fields.pop("make"), **fields)
    return made


def test_opened_is_not_read_until_one_says_so(table: RecordTable) -> None:
    table.done("ann", OpenNote, version="c1.1")
    opened_at = table.now
    assert table.state.seen["c1.1/ann"] == Seen("c1.1/ann", "c1.1", table.state.seats["ann"].id, "ann", opened_at)  # type: ignore[index]  # a seat's name
    table.now += 60.0
    assert table.done("ann", OpenNote, version="c1.1") == 0
    table.done("ann", MarkSeen, version="c1.1")
    read = table.state.seen["c1.1/ann"]
    assert (read.opened_at, read.seen_at, read.name) == (opened_at, table.now, "ann")
    assert table.done("ann", MarkSeen, version="c1.1") == 0
    assert set(table.state.seen) == {"c1.1/ann"}, "Bob and Eve look at the same screen, and have said nothing"


def test_a_viewer_reads_too_and_who_signed_does_not_confirm(table: RecordTable) -> None:
    table.done("eve", MarkSeen, version="c1.1")
    assert table.refused("host", MarkSeen, version="c1.1") == "own_note"
    assert table.refused("ann", MarkSeen, version="c1.2") == "unknown_version"
    assert table.refused("ann", OpenNote, version="c2.1") == "unknown_version"


def test_after_the_end_a_host_may_open_it(table: RecordTable) -> None:
    table.done("host", EndConsult)
    table.come("host", "host")
    table.done("host", OpenNote, version="c1.1")
    assert table.state.seen["c1.1/host"].seen_at is None
