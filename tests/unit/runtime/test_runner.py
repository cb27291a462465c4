"""The shell: in order, nothing before it is stored, nobody waits for a peer."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
import pytest
from msgspec.structs import replace

from consult.media.pacing.backlog_gate import BacklogGate
from consult.model.errors import Conflict, Refused, StoreFailed
from consult.model.identifiers import ConsultId, SeatId, TabId
from consult.model.view import Screen
from consult.runtime.connections import ConnectionHandle
from consult.runtime.outbox import Outbox
from consult.runtime.runner import ConsultRunner
from consult.sessions.events import Entry
from consult.sessions.features.consult.events import ConsultEnded
from consult.sessions.features.seats.events import SeatPut
from consult.sessions.features.view.events import ViewSettled
from consult.sessions.features.view.messages import Show
from consult.sessions.messages import PROTOCOL_VERSION, EndMedia, Hello, Ping, SetScreen, WantMedia
from consult.sessions.presence.messages import SetMicrophone, Speaking
from consult.store.log.memory import MemoryLog
from tests.support.cases import scrolled
from tests.support.consults import CONSULT, GUEST, HOST, NoCalls, NoPictures, NoRecord, open_consult, without_rates
from tests.support.waiting import PATIENCE_S, until

COME_BACK = 1013
HELLO = Hello(PROTOCOL_VERSION, TabId("tab-12345"), Screen(640, 480))


class Log(MemoryLog):
    """A real log whose appends can be held, and refused."""

    def __init__(self) -> None:
        super().__init__()
        self.open = asyncio.Event()
        self.open.set()
        self.waiting = asyncio.Event()
        self.failure: BaseException | None = None

    async def append(self, consult: ConsultId, after: int, entries: Sequence[Entry]) -> None:
        self.waiting.set()
        await self.open.wait()
        self.waiting.clear()
        if self.failure:
            raise self.failure
        await super().append(consult, after, entries)


@pytest.fixture
async def log() -> Log:
    return Log()


@pytest.fixture
async def running(log: Log) -> AsyncIterator[ConsultRunner]:
    consult = await open_consult(log)
    yield consult
    log.open.set()
    await consult.close()


UNREAD: WeakKeyDictionary[Outbox, deque[str]] = WeakKeyDictionary()
"""Messages that were taken from an outbox and not read yet."""


def send(page: ConnectionHandle, message: Any) -> None:
    page.receive(msgspec.json.encode(message).decode())


async def next_message(page: ConnectionHandle, kind: str) -> dict[str, Any]:
    """The next message of that kind; those before it are passed over, those behind it stay unread."""
    unread = UNREAD.setdefault(page.outbox, deque())
    async with asyncio.timeout(PATIENCE_S):
        while True:
            if not unread:
                unread.extend(await page.outbox.take())
                assert unread, "the outbox has ended"
            message: dict[str, Any] = msgspec.json.decode(unread.popleft())
            if message["type"] == kind:
                return message


async def join(running: ConsultRunner, seat: SeatId, tab: str = "tab-12345") -> tuple[ConnectionHandle, dict[str, Any]]:
    page = running.attach(seat)
    send(page, replace(HELLO, tab=TabId(tab)))
    return page, await next_message(page, "welcome")


def waits(page: ConnectionHandle) -> list[str]:
    """Kinds of the messages that wait in an outbox."""
    return [msgspec.json.decode(text)["type"] for text in page.outbox._waiting.values() if isinstance(text, str)]


async def test_a_command_is_acknowledged_only_after_it_is_stored(running: ConsultRunner, log: Log) -> None:
    host, _ = await join(running, HOST)
    guest, _ = await join(running, GUEST, "tab-guest")
    await next_message(guest, "presence")
    log.open.clear()
    host.receive('{"type": "rename", "id": "tab-12345.1", "case": 1, "name": "Dr. Who"}')
    await log.waiting.wait()
    assert not {"ack", "event"} & {*waits(host), *waits(guest)}
    log.open.set()
    ack = await next_message(host, "ack")
    event = await next_message(guest, "event")
    assert (ack["id"], ack["seq"]) == ("tab-12345.1", event["seq"])
    entries = await log.read(CONSULT)
    assert isinstance(entries[-1].event, SeatPut)
    assert entries[-1].event.seat.name == "Dr. Who"


async def test_a_shown_view_reaches_all_and_the_pictures_and_settles(running: ConsultRunner, log: Log) -> None:
    host, welcome = await join(running, HOST)
    guest, _ = await join(running, GUEST, "tab-guest")
    view = running.core.shown
    assert view
    moved = scrolled(view.view, 7)
    send(host, Show(control=welcome["view"]["control"] or running.core.state.control.epoch, case=1, n=1, view=moved))
    shown = await next_message(guest, "view")
    assert shown["view"]["viewports"][0]["shows"]["place"] == 7
    assert shown["rev"] > welcome["view"]["rev"]
    settled = await next_message(guest, "event")
    assert settled["event"]["type"] == "view_settled"
    assert isinstance(running.pictures, NoPictures)
    assert running.pictures.views[-1].rev == shown["rev"]
    assert isinstance((await log.read(CONSULT))[-1].event, ViewSettled)


async def test_who_joins_while_somebody_speaks_gets_the_active_speakers(running: ConsultRunner) -> None:
    assert isinstance(running._calls, NoCalls)
    running._calls.active_speakers = Speaking((SeatId(""), HOST, SeatId("")))
    guest, _ = await join(running, GUEST, "tab-guest")
    assert (await next_message(guest, "speaking"))["slots"] == ["", HOST, ""]


async def test_a_page_is_due_a_picture_only_behind_its_welcome(running: ConsultRunner, log: Log) -> None:
    host, _ = await join(running, HOST)
    log.open.clear()
    host.receive('{"type": "rename", "id": "tab-12345.1", "case": 1, "name": "Dr. Who"}')
    await log.waiting.wait()
    guest = running.attach(GUEST)
    send(guest, replace(HELLO, tab=TabId("tab-guest")))
    for _ in range(5):
        await asyncio.sleep(0)
    assert isinstance(running.pictures, NoPictures)
    assert guest.connection not in running.pictures.screens
    log.open.set()
    await next_message(guest, "welcome")
    await next_message(guest, "presence")
    assert guest.connection in running.pictures.screens


async def test_no_picture_is_due_before_hello_nor_to_a_second_one(running: ConsultRunner) -> None:
    assert isinstance(running.pictures, NoPictures)
    page = running.attach(GUEST)
    send(page, SetScreen(Screen(100, 100)))
    assert (await next_message(page, "refused"))["code"] == "hello_first"
    assert page.connection not in running.pictures.screens
    send(page, HELLO)
    await next_message(page, "presence")
    send(page, replace(HELLO, tab=TabId("tab-other"), screen=Screen(100, 100)))
    assert (await next_message(page, "refused"))["code"] == "hello_twice"
    send(page, Ping(1.0))
    await next_message(page, "pong")
    assert running.pictures.screens[page.connection] == HELLO.screen
    assert page.client.tab == HELLO.tab


async def test_a_full_disk_is_reported_and_what_was_stored_stays(running: ConsultRunner, log: Log) -> None:
    host, _ = await join(running, HOST)
    log.failure = StoreFailed("not_stored", "The disk is full.")
    host.receive('{"type": "rename", "id": "tab-12345.1", "case": 1, "name": "Dr. Who"}')
    refused = await next_message(host, "refused")
    assert (refused["id"], refused["message"]) == ("tab-12345.1", "The disk is full.")
    log.failure = None
    host.receive('{"type": "rename", "id": "tab-12345.2", "case": 1, "name": "Dr. Strange"}')
    assert (await next_message(host, "ack"))["id"] == "tab-12345.2"
    names = [e.event.seat.name for e in await log.read(CONSULT) if isinstance(e.event, SeatPut)]
    assert "Dr. Who" not in names
    assert names[-1] == "Dr. Strange"


async def test_a_microphone_that_is_closed_and_a_window_that_is_resized_behind_a_full_disk_are_so(
    running: ConsultRunner, log: Log
) -> None:
    host, _ = await join(running, HOST)
    guest, _ = await join(running, GUEST, "tab-guest")
    send(guest, SetMicrophone("on"))
    calls, pictures = running._calls, running.pictures
    assert isinstance(calls, NoCalls)
    assert isinstance(pictures, NoPictures)
    await until(lambda: calls.voices == {guest.connection: (True, True)})
    log.open.clear()
    log.failure = StoreFailed("not_stored", "The disk is full.")
    host.receive('{"type": "rename", "id": "tab-12345.1", "case": 1, "name": "Dr. Who"}')
    await log.waiting.wait()
    send(guest, SetMicrophone("muted"))
    send(guest, SetScreen(Screen(800, 600)))
    log.open.set()
    assert (await next_message(host, "refused"))["id"] == "tab-12345.1"
    await until(lambda: pictures.screens[guest.connection] == Screen(800, 600))
    assert calls.voices == {guest.connection: (False, True)}


async def test_who_lost_the_log_sends_every_page_away_and_acknowledges_nothing(
    running: ConsultRunner, log: Log
) -> None:
    host, _ = await join(running, HOST)
    await next_message(host, "presence")
    log.failure = Conflict(5, 6)
    host.receive('{"type": "rename", "id": "tab-12345.1", "case": 1, "name": "Dr. Who"}')
    assert (await next_message(host, "closing"))["reason"] == ""
    assert not UNREAD[host.outbox]
    assert await host.outbox.take() == []
    assert running.lost
    with pytest.raises(StoreFailed):
        await running.end()


async def test_pages_whose_newest_entries_the_store_has_lost_are_told_and_begin_anew(
    running: ConsultRunner, log: Log
) -> None:
    """Seen to fail: they kept what was lost, and went on with other entries of the same numbers."""
    host, _ = await join(running, HOST)
    log.failure = Conflict(9, 6)
    host.receive('{"type": "rename", "id": "tab-12345.1", "case": 1, "name": "Dr. Who"}')
    said = await next_message(host, "closing")
    assert said["sentence"].startswith("The store has lost the newest entries of this consult")
    assert host.close_frame == (1012, "anew")


async def test_a_malformed_message_is_refused_and_harms_nobody(running: ConsultRunner) -> None:
    host, _ = await join(running, HOST)
    host.receive('{"type": "rename", "nonsense": true}')
    assert (await next_message(host, "refused"))["code"] == "malformed"
    host.receive('{"type": "ping", "t": 3}')
    assert (await next_message(host, "pong"))["t"] == 3


async def test_a_peer_that_takes_nothing_is_cut_off_and_the_others_go_on(running: ConsultRunner) -> None:
    without_rates(running)
    stalled, _ = await join(running, GUEST, "tab-guest")
    host, _ = await join(running, HOST)
    for n in range(1, 400):
        host.receive(f'{{"type": "rename", "id": "tab-12345.{n}", "case": 1, "name": "Dr. {n}"}}')
        assert (await next_message(host, "ack"))["id"] == f"tab-12345.{n}"
        if stalled.outbox.overflowed:
            break
    assert stalled.outbox.overflowed
    assert not host.outbox.overflowed


async def test_ending_sends_everybody_home_with_the_reason(running: ConsultRunner, log: Log) -> None:
    host, _ = await join(running, HOST)
    await running.end()
    assert (await next_message(host, "closing"))["reason"] == "over"
    assert not UNREAD[host.outbox]
    assert await host.outbox.take() == []
    assert host.close_frame[0] == 4005
    assert isinstance((await log.read(CONSULT))[-1].event, ConsultEnded)


async def test_presence_follows_who_comes_and_goes(running: ConsultRunner) -> None:
    host, _ = await join(running, HOST)
    guest, _ = await join(running, GUEST, "tab-guest")
    assert running.count_online() == 2
    assert running.is_online(GUEST)
    guest.detach()
    assert not running.is_online(GUEST)
    people: list[str] = [GUEST]
    while GUEST in people:
        people = [p["seat"] for p in (await next_message(host, "presence"))["people"]]
    assert people == [HOST]


@pytest.mark.parametrize("failure", [ZeroDivisionError("a bug of ours"), asyncio.CancelledError()])
async def test_a_fault_of_ours_sends_the_pages_away_instead_of_standing_still(
    running: ConsultRunner, log: Log, caplog: pytest.LogCaptureFixture, failure: BaseException
) -> None:
    """Seen to fail where only an Exception ends the consult: one whose pump is cancelled stood still for ever."""
    host, _ = await join(running, HOST)
    log.failure = failure
    host.receive('{"type": "rename", "id": "tab-12345.1", "case": 1, "name": "Dr. Who"}')
    assert (await next_message(host, "closing"))["reason"] == ""
    assert running.lost
    assert "lost" in caplog.text
    assert isinstance(failure, asyncio.CancelledError) or "a fault of ours" in caplog.text
    assert "Dr. Who" not in caplog.text


async def test_while_the_log_is_stuck_who_fills_the_queue_is_sent_away_and_nobody_else(
    running: ConsultRunner, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_rates(running)
    monkeypatch.setattr(running._queue, "_max_waiting", 100)
    host, _ = await join(running, HOST)
    guest, _ = await join(running, GUEST, "tab-guest")
    await next_message(guest, "presence")
    log.open.clear()
    host.receive('{"type": "rename", "id": "tab-12345.1", "case": 1, "name": "Dr. Who"}')
    await log.waiting.wait()
    for n in range(300):
        guest.receive(f'{{"type": "ping", "t": {n}}}')
    assert (await next_message(guest, "closing"))["reason"] == ""
    assert guest.close_frame[0] == COME_BACK, "it is the server that is slow"
    assert not running.lost
    assert len(running._queue) < 150, "what it still sends is not looked at"
    log.open.set()
    assert (await next_message(host, "ack"))["id"] == "tab-12345.1"
    assert not host.outbox.ended


async def test_after_closing_a_command_is_refused_and_waits_for_nothing(running: ConsultRunner) -> None:
    await running.close()
    with pytest.raises(StoreFailed):
        async with asyncio.timeout(PATIENCE_S):
            await running.end()


async def test_a_page_that_is_welcomed_may_subscribe_by_its_tab_and_nobody_else(running: ConsultRunner) -> None:
    host, _ = await join(running, HOST)
    await next_message(host, "presence")
    assert isinstance(running.pictures, NoPictures)
    for seat, tab in ((HOST, "tab-of-another"), (GUEST, "tab-12345"), (HOST, "")):
        with pytest.raises(Refused, match="not connected"):
            running.subscribe(seat, tab, BacklogGate())
    subscribed = running.subscribe(HOST, "tab-12345", BacklogGate())
    assert set(running.pictures.subscriptions) == {host.connection}
    subscribed.end()
    assert not running.pictures.subscriptions
    host.detach()
    with pytest.raises(Refused, match="not connected"):
        running.subscribe(HOST, "tab-12345", BacklogGate())


async def test_a_pages_media_messages_go_to_its_calls_and_end_with_it(running: ConsultRunner) -> None:
    host, _ = await join(running, HOST)
    calls = running._calls
    assert isinstance(calls, NoCalls)
    send(host, WantMedia(1, True))
    send(host, SetMicrophone("on"))
    send(host, EndMedia(1))
    await until(lambda: len(calls.negotiated) == 2)
    assert calls.negotiated == [(host.connection, WantMedia(1, True)), (host.connection, EndMedia(1))]
    assert calls.voices == {host.connection: (True, True)}
    send(host, WantMedia(2, True))
    host.detach()
    assert calls.forgotten == [host.connection]
    guest, _ = await join(running, GUEST)
    await next_message(guest, "presence")
    assert len(calls.negotiated) == 2


async def test_a_broadcast_goes_to_those_who_have_been_welcomed(running: ConsultRunner) -> None:
    host, _ = await join(running, HOST)
    await next_message(host, "presence")
    silent = running.attach(GUEST)
    running.broadcast(Speaking((HOST,)))
    assert await next_message(host, "speaking") == {"type": "speaking", "slots": [HOST]}
    assert not silent.outbox._waiting


async def test_what_must_be_measured_is_asked_of_the_pictures_behind_what_is_stored(
    running: ConsultRunner, log: Log
) -> None:
    host, _ = await join(running, HOST)
    series = running.core.state.cases[0].series[0]
    log.open.clear()
    point = list(series.grid.positions[3])
    mark = {"id": "m1", "kind": "probe", "series": series.key, "image": 3, "points": [point]}
    put = {"type": "put_mark", "id": "tab-12345.1", "case": 1, "mark": mark}
    host.receive(msgspec.json.encode(put).decode())
    await log.waiting.wait()
    assert isinstance(running.pictures, NoPictures)
    assert not running.pictures.measured
    log.open.set()
    assert (await next_message(host, "ack"))["id"] == "tab-12345.1"
    await until(lambda: isinstance(running.pictures, NoPictures) and bool(running.pictures.measured))
    [(to, shapes)] = running.pictures.measured
    assert (to, [shape.id for shape in shapes]) == ((host.connection,), ["m1"])


async def test_the_record_hears_who_came_what_was_stored_and_refused(running: ConsultRunner, log: Log) -> None:
    record = running._record
    assert isinstance(record, NoRecord)
    host, _ = await join(running, HOST)
    guest, _ = await join(running, GUEST, "tab-guest")
    guest.receive('{"type": "end_consult", "id": "tab-guest.1", "case": 1}')
    host.receive('{"type": "rename", "id": "tab-12345.1", "case": 1, "name": "Dr. Who"}')
    await next_message(host, "ack")
    host.receive('{"type": "end_consult", "id": "tab-12345.2", "case": 1}')
    await until(lambda: isinstance(record.entries[-1].event, ConsultEnded))
    refused = [(HOST, ""), (GUEST, ""), (GUEST, "not_allowed")]
    assert record.seats == refused, "who is sent away at the end is not refused"
    assert [entry.seq for entry in record.entries] == [entry.seq for entry in await log.read(CONSULT)]


async def test_what_is_not_stored_is_not_told_to_the_record(running: ConsultRunner, log: Log) -> None:
    record = running._record
    assert isinstance(record, NoRecord)
    host, _ = await join(running, HOST)
    known = len(record.entries)
    log.failure = StoreFailed("not_stored", "The disk is full.")
    host.receive('{"type": "rename", "id": "tab-12345.1", "case": 1, "name": "Dr. Who"}')
    await next_message(host, "refused")
    assert len(record.entries) == known
