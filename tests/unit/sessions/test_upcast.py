"""Logs of every release are read as what they meant."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from consult.model.catalogue import Axis
from consult.model.errors import StoreFailed
from consult.model.identifiers import InvitationId, SeatId, SeriesKey
from consult.model.view import Layout, Link, Stack
from consult.sessions.events import ENTRY_VERSION, Entry
from consult.sessions.features.consult.events import ConsultOpened, OwnerChanged
from consult.sessions.features.seats.events import InvitationPut
from consult.sessions.features.view.events import ViewSettled
from consult.sessions.fold import fold_all
from consult.sessions.state import Tab
from consult.sessions.upcast import Raw, read_entry, write_entry

LOGS = Path(__file__).parents[2] / "logs"


def test_the_golden_log_of_version_1() -> None:
    lines = (LOGS / "v1.jsonl").read_bytes().splitlines()
    state = fold_all(read_entry(line) for line in lines)
    assert (state.seq, state.owners, state.case, state.current, state.ended) == (20, 1, 2, "c2", True)
    assert (state.consult.title, state.consult.host_name) == ("Board", "Dr. Host")
    assert [case.patient.name for case in state.cases] == ["DEMO^ANNA", "OTHER^MAN"]
    assert (state.control.epoch, state.control.seat) == (3, "host")
    assert {seat.name: (seat.role, seat.removed) for seat in state.seats.values()} == {
        "host": ("host", False),
        "Ann B.": ("participant", False),
        "bob": ("participant", True),
        "eve": ("viewer", True),
    }
    assert state.invitations[InvitationId("viewer")].revoked
    assert state.settled is not None
    assert (state.settled.rev, state.settled.view.layout) == (2**32 + 2, Layout(1, 1))
    assert state.settled.view.viewports[0].shows == Stack(SeriesKey("s-1"), 7)
    assert state.tabs["ann/tab-of-ann"] == Tab(3, ((1, 11), (2, 12), (3, 19)))


def test_the_golden_log_of_version_2() -> None:
    lines = (LOGS / "v2.jsonl").read_bytes().splitlines()
    state = fold_all(read_entry(line) for line in lines)
    assert (state.seq, state.case, state.current, state.ended) == (25, 3, "c3", True)
    dwi = state.cases[2].series[0]
    assert dwi.axis == Axis("DiffusionBValue", ("b 0", "b 1000"), ((1, 3),))
    assert state.settled is not None
    view = state.settled.view
    assert view.layout == Layout(1, 1, "b")
    assert [viewport.shows for viewport in view.viewports] == [Stack(dwi.key, 2, 0), Stack(dwi.key, 2, 1)]
    [kept] = state.key_images.values()
    assert (kept.id, kept.viewport.shows) == ("s-dwi.6", Stack(dwi.key, 2, 1))
    assert dwi.locate(state.marks["m1"].image) == (2, 1)
    assert state.chat[0].view == view


def test_version_1_is_read_as_what_version_2_writes_of_it() -> None:
    old, new = (
        [read_entry(line) for line in (LOGS / f"{name}.jsonl").read_bytes().splitlines()] for name in ("v1", "v2")
    )
    opened = new[0].event
    assert isinstance(opened, ConsultOpened)
    assert [replace(new[0], event=replace(opened, cases=opened.cases[:2])), *new[1:19]] == old[:19]


def test_two_viewports_of_version_1_stand_side_by_side() -> None:
    viewport = (
        b'"camera":{"center":[0,0,0],"radius":9,"right":[1,0,0],"down":[0,1,0]},"window":null,"invert":true,"image":'
    )
    line = (
        b'{"seq":3,"at":1.0,"event":{"type":"view_settled","rev":1,"control":2,"case":3,"view":{"layout":"1x2",'
        b'"viewports":[{"id":"a","series":"s-1",' + viewport + b'4},{"id":"b","series":"s-2",' + viewport + b"5}],"
        b'"active":"b","link":{"offset_mm":-3.0,"pan_mm":[1.0,2.0]}}},"v":1}'
    )
    event = read_entry(line).event
    assert isinstance(event, ViewSettled)
    assert (event.view.layout, event.view.active, event.view.link) == (Layout(1, 2), "b", Link(-3.0, (1.0, 2.0)))
    shown = [(viewport.id, viewport.shows, viewport.invert) for viewport in event.view.viewports]
    assert shown == [("a", Stack(SeriesKey("s-1"), 4), True), ("b", Stack(SeriesKey("s-2"), 5), True)]


def test_every_version_up_to_today_has_a_golden_log() -> None:
    assert {path.stem for path in LOGS.glob("v*.jsonl")} == {f"v{n}" for n in range(1, ENTRY_VERSION + 1)}


def test_todays_golden_log_is_what_is_written_today() -> None:
    for line in (LOGS / f"v{ENTRY_VERSION}.jsonl").read_bytes().splitlines():
        entry = read_entry(line)
        written = write_entry(entry)
        assert read_entry(written) == entry
        assert_has(msgspec.json.decode(written), msgspec.json.decode(line))


def assert_has(written: Any, golden: Any) -> None:
    """All of the golden value is written; a field that has come since, with a default, may be there too."""
    if isinstance(golden, dict):
        for name, value in golden.items():
            assert_has(written[name], value)
    elif isinstance(golden, list):
        assert len(written) == len(golden)
        for ours, theirs in zip(written, golden, strict=True):
            assert_has(ours, theirs)
    else:
        assert written == golden


def test_an_older_entry_goes_through_every_upcaster_in_turn() -> None:
    def rename(raw: Raw) -> Raw:
        return {**raw, "event": {"type": "owner_changed", "owner": raw["event"]["node"], "owners": 0}}

    def count(raw: Raw) -> Raw:
        return {**raw, "event": {**raw["event"], "owners": raw["event"]["owners"] + 5}}

    old = msgspec.json.encode({"seq": 4, "at": 1.0, "event": {"node": "a"}, "v": ENTRY_VERSION - 2})
    upcasters = {ENTRY_VERSION - 2: rename, ENTRY_VERSION - 1: count}
    assert read_entry(old, upcasters) == Entry(4, 1.0, OwnerChanged("a", 5))


def whole(raw: Raw) -> bytes:
    """As another release would store it."""
    line = msgspec.json.encode(raw)
    return line[:-1] + b',"sum":"%08x"}' % zlib.crc32(line)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"v": 99, "seq": 1}', "newer_entry"),
        (whole({"v": ENTRY_VERSION, "seq": 1, "at": 1.0, "event": {"type": "teleported"}}), "newer_entry"),
        (whole({"v": ENTRY_VERSION, "seq": 1, "at": 1.0, "event": {"type": "teleported"}})[:-9], "unreadable_entry"),
        (b'{"v": 0, "seq": 1}', "unreadable_entry"),
        (b'{"v": 1, "seq": 1}', "unreadable_entry"),
        (b'{"v": 1, "seq": 1, "event": 5}', "unreadable_entry"),
        (b'{"v": 2, "seq": 1}', "unreadable_entry"),
        (b"{", "unreadable_entry"),
    ],
)
def test_what_cannot_be_read_is_our_fault_and_told(data: bytes, code: str) -> None:
    with pytest.raises(StoreFailed) as failed:
        read_entry(data)
    assert failed.value.code == code


def test_an_entry_of_before_links_had_a_label_is_read() -> None:
    line = b"""{"seq":3,"at":1.0,"event":{"type":"invitation_put","invitation":{"id":"i","role":"host"}},"v":1}"""
    event = read_entry(line).event
    assert isinstance(event, InvitationPut)
    assert event.invitation.label == ""


def test_an_entry_survives_being_written() -> None:
    entry = Entry(3, 1.25, OwnerChanged("é\n\u2028", 2), SeatId("s"), "tab-one1.3")
    assert read_entry(write_entry(entry)) == entry


def test_the_golden_log_of_marks_and_chat() -> None:
    lines = (LOGS / "marks-v1.jsonl").read_bytes().splitlines()
    state = fold_all(read_entry(line) for line in lines)
    assert {mark.id: (mark.author, mark.kind, mark.label) for mark in state.marks.values()} == {
        "a1": ("ann", "length", "Nodule, right upper lobe"),
        "b1": ("bob", "ellipse", ""),
    }
    assert [(image.author, image.viewport.shows) for image in state.key_images.values()] == [
        ("bob", Stack(SeriesKey("s-1"), 10))
    ]
    assert [(m.author, m.text, m.case, m.view is None) for m in state.chat] == [
        ("ann", "Is it touching the pleura?", "c1", False),
        ("bob", "And this?", "c2", True),
    ]
    view = state.chat[0].view
    assert view is not None
    assert [viewport.shows for viewport in view.viewports] == [Stack(SeriesKey("s-1"), 10)]
    assert not state.acts, "undoing ended with the case"
