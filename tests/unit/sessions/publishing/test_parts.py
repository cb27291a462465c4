"""A snapshot in parts is the snapshot, however small they are; and who comes back gets the rest of it alone."""

from __future__ import annotations

from collections import deque
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from consult.model.catalogue import Role
from consult.model.identifiers import InvitationId, SeatId, SeriesKey, TabId
from consult.model.measuring.calibration import ALL_IMAGES, Calibration
from consult.sessions.events import Entry
from consult.sessions.features.blackouts.commands import BlackOut
from consult.sessions.features.board.commands import PlanCase, PutAttendee, PutDissent
from consult.sessions.features.cases.commands import SwitchCase
from consult.sessions.features.coverage.commands import ReportImages
from consult.sessions.features.seats.commands import Invite
from consult.sessions.features.seen.commands import MarkSeen
from consult.sessions.messages import PROTOCOL_VERSION, Hello, Received
from consult.sessions.publishing.document import RECORDS, snapshot_of
from consult.sessions.publishing.parts import KEPT, PartedSnapshot, PartedSnapshots
from consult.sessions.state import Snapshot
from tests.support.boards import BoardTable
from tests.support.cases import CONSULT, SCREEN, Table, case, command_id
from tests.support.record import RecordTable
from tests.support.snapshot_parts import Parts

TAB = TabId("tab-12345")
OF_BOARDS = {"preparations", "prepared", "decision_drafts", "decisions", "dissents"}


@pytest.fixture
def table() -> Table:
    made = Table((case("c1", [f"s-{n}" for n in range(20)]), case("c2", ("s-x",), "OTHER^MAN"), case("c3", ("s-z",))))
    made.join("host", "host")
    for n in range(10):
        made.join(f"guest-{n}")
    return made


def travelled(sent: object) -> dict[str, Any]:
    """As it comes out of JSON."""
    message: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(sent))
    return message


def joined(sent: PartedSnapshot) -> Snapshot:
    """As a page puts it together."""
    parts = Parts()
    for part in sent.parts:
        parts.take(travelled(part))
    whole: dict[str, Any] = parts.whole(travelled(sent.rest))
    return msgspec.convert(whole, Snapshot)


def hello(**more: Any) -> Hello:
    return Hello(PROTOCOL_VERSION, TAB, SCREEN, **more)


def tail(table: Table) -> deque[Entry]:
    return deque(entry for append in table.appended for entry in append.entries)


@pytest.mark.parametrize("role", ["host", "participant", "viewer"])
@pytest.mark.parametrize("max_bytes", [1, 700, 5_000, 1_000_000])
def test_all_parts_together_are_the_snapshot(table: Table, role: Role, max_bytes: int) -> None:
    # Seen to fail on: a case's further series put into another case of the same part.
    sent = PartedSnapshots("server-1", max_bytes).snapshot(table.state, role)
    assert joined(sent) == snapshot_of(table.state, role)
    if max_bytes == 5_000:
        assert all(len(msgspec.json.encode(part)) < max_bytes + 1_500 for part in sent.parts)
    if max_bytes == 1_000_000:
        assert sent.parts == (), "what is small comes with the welcome"


@pytest.mark.parametrize("max_bytes", [1, 700])
def test_what_is_said_of_the_images_comes_in_parts_too(max_bytes: int) -> None:
    # Seen to fail: put together by a list of names that had none of them.
    table = RecordTable()
    table.note_ready()
    table.done("host", **table.signing())
    table.done("ann", MarkSeen, version="c1.1")
    table.done("ann", ReportImages, series=SeriesKey("s-1"), runs=((0, 3),))
    table.raised(finding="f1")
    table.done("host", BlackOut, series=SeriesKey("s-1"), rectangle=(0, 0, 8, 8))
    by_hand = Calibration("c1/s-1/all", "c1", SeriesKey("s-1"), ALL_IMAGES, 0.5, 25.0, SeatId("ann"), "Dr. Ann")
    table.core.state = replace(table.state, calibrations={by_hand.id: by_hand})
    sent = PartedSnapshots("server-1", max_bytes).snapshot(table.state, "host")
    assert all(getattr(snapshot_of(table.state, "host"), name) for name in set(RECORDS) - OF_BOARDS)
    assert any(getattr(part, name) for part in sent.parts for name in RECORDS)
    assert joined(sent) == snapshot_of(table.state, "host")


def test_what_is_prepared_and_decided_comes_in_parts_too_and_the_roll() -> None:
    table = BoardTable()
    table.keep()
    table.done("pre", PlanCase, of="c1", minutes=8)
    table.decide()
    table.draft(text="Anew.")
    table.done("ann", PutDissent, reason="No.")
    table.done("ann", PutAttendee, person="ann", name="ann", specialty="Surgery")
    whole = snapshot_of(table.state, "host")
    assert all(getattr(whole, name) for name in (*OF_BOARDS, "attendees"))
    assert joined(PartedSnapshots("server-1", 1).snapshot(table.state, "host")) == whole


def test_a_moderator_has_no_part_of_what_a_host_is_told_of_the_lobby() -> None:
    # Seen to fail, by the simulation: one snapshot of all cases was cut for both.
    table = BoardTable()
    table.do(table.core.command(Invite(invitation=InvitationId("door"), role="participant", lobby=True), table.now))
    table.sit("max", "door")
    snapshots = PartedSnapshots("server-1", 700)
    assert any(seat.lobby for seat in joined(snapshots.snapshot(table.state, "host")).seats)
    assert not any(seat.lobby for seat in joined(snapshots.snapshot(table.state, "moderator")).seats)


def test_who_has_another_role_now_does_not_go_on_with_what_they_were_told() -> None:
    table, snapshots = BoardTable(), PartedSnapshots("server-1")
    again = hello(log=table.state.consult_id, after=table.state.seq, role="viewer")
    assert snapshots.answer(replace(again, role="participant"), table.state, "participant", [])[0] is None
    assert snapshots.answer(again, table.state, "participant", [])[0] is not None


@pytest.mark.parametrize("received", [1, 3, 1_000])
def test_who_was_cut_off_gets_the_rest_and_then_what_has_happened(table: Table, received: int) -> None:
    snapshots = PartedSnapshots("server-1", 700)
    whole = snapshots.snapshot(table.state, "host")
    table.send("host", table.rename(1, "Later", "host"))
    had = Received(whole.name, received)
    sent, missed = snapshots.answer(hello(received=had), table.state, "host", tail(table))
    assert sent is not None
    assert sent.parts == whole.parts[received:]
    assert (sent.rest, sent.seq) == (whole.rest, whole.seq)
    assert [entry.seq for entry in missed] == [table.state.seq]


def test_a_snapshot_that_nobody_remembers_is_begun_anew(table: Table) -> None:
    snapshots = PartedSnapshots("server-1", 700)
    had = Received(snapshots.snapshot(table.state, "host").name, 2)
    for n in range(1, KEPT + 1):
        table.send("host", table.rename(n, f"{n}", "host"))
        snapshots.snapshot(table.state, "host")
    sent, missed = snapshots.answer(hello(received=had), table.state, "host", tail(table))
    assert (sent, missed) == (snapshots.snapshot(table.state, "host"), [])
    assert PartedSnapshots("server-2", 700).rest(had, "host") is None, "another process has cut another way"


def test_what_was_rolled_back_is_not_told_on(table: Table) -> None:
    snapshots, before = PartedSnapshots("server-1", 700), table.state.seq
    table.send("host", table.rename(1, "Never", "host"))
    had = Received(snapshots.snapshot(table.state, "host").name, 1)
    snapshots.forget(before)
    assert snapshots.rest(had, "host") is None


def test_a_guest_gets_no_rest_of_a_hosts_snapshot_nor_goes_on_over_a_switch(table: Table) -> None:
    snapshots = PartedSnapshots("server-1", 700)
    of_host, of_guest = snapshots.snapshot(table.state, "host"), snapshots.snapshot(table.state, "participant")
    assert snapshots.rest(Received(of_host.name, 1), "participant") is None
    seen = table.state.seq
    table.send("host", SwitchCase(id=command_id("host", 1), case=1, to="c2"))
    for more in ({"received": Received(of_guest.name, 1)}, {"log": CONSULT, "after": seen}):
        sent, missed = snapshots.answer(hello(**more), table.state, "participant", tail(table))
        assert sent is not None
        assert joined(sent) == snapshot_of(table.state, "participant")
        assert missed == []
    sent, missed = snapshots.answer(hello(log=CONSULT, after=seen), table.state, "host", tail(table))
    assert sent is None
    assert [entry.seq for entry in missed] == [seen + 1]


def test_pages_that_come_together_are_told_the_same_which_is_cut_once(table: Table) -> None:
    snapshots = PartedSnapshots("server-1", 700)
    assert snapshots.snapshot(table.state, "participant") is snapshots.snapshot(table.state, "viewer")
