"""The shell around one SessionCore: it pumps the queue of effects, and does what they ask for, in their order.

Rules:
- One task pumps. What waits for what, and what becomes of it where the log fails, is decided by `EffectQueue`.
- Nobody waits for a peer: messages go to outboxes.
- What a page sends over its rate is not looked at (`admission.py`); who keeps on is closed at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
from collections.abc import Callable, Iterable
from logging import ERROR, WARNING

from consult.clock import Alarm, now, steady, utc_offset_min
from consult.media.pacing.subscriber_queue import Gate
from consult.model.errors import Conflict, ConsultError, Malformed, OurFault, Refused, StoreFailed
from consult.model.identifiers import ConnectionId, ConsultId, InvitationId, SeatId
from consult.runtime.admission import CONTROL, MEDIA, PICTURES, Admission, Sender, Verdict
from consult.runtime.connections import ClientConnection, ConnectionHandle, Connections, FeedHandle, SubscriptionHandle
from consult.runtime.context import ConsultContext
from consult.runtime.effect_queue import EffectQueue, ScreenReport, Waiter, behind_acknowledgement, screen_reports
from consult.runtime.state_store import StateKeeper
from consult.sessions.core import SessionCore
from consult.sessions.effects import (
    Action,
    Append,
    Close,
    ComputeNumbers,
    Effect,
    ForwardVoice,
    HideParts,
    Measure,
    Negotiate,
    Send,
    SendParts,
    ShowIndependentView,
    ShowView,
    WakeAt,
)
from consult.sessions.events import Entry
from consult.sessions.features.consult.commands import EndConsult
from consult.sessions.features.consult.events import ConsultEnded
from consult.sessions.features.findings.events import NumbersPut
from consult.sessions.features.kinds import ClientMessage, Command, ServerMessage
from consult.sessions.features.seats.closing import (
    BUSY,
    ENDINGS,
    FLOODED,
    RESTARTS,
    TO_ANOTHER,
    Ending,
    how_lost,
    name_of,
    why_out,
)
from consult.sessions.features.seats.events import SeatPut
from consult.sessions.features.view.events import ViewSettled
from consult.sessions.features.view.messages import ShownView
from consult.sessions.messages import Closing, Hello, Nack
from consult.sessions.publishing.document import is_guest
from consult.sessions.upcast import write_entry
from consult.signaling.codec import decode, encode, peek
from consult.store.log import Log
from consult.tally import Tally

logger = logging.getLogger(__name__)
TOO_OFTEN = "too_often"
WAIT = "That was too often in a short time. Wait a few seconds."


class ConsultRunner:
    """One consult that this process owns."""

    def __init__(
        self, identifier: ConsultId, core: SessionCore, log: Log,
        make_context: Callable[[ConsultRunner], ConsultContext], keeper: StateKeeper | None = None, *,
        tally: Tally | None = None,
    ) -> None:  # fmt: skip
        self.id, self.core = identifier, core
        self._log = log
        self._keeper, self._tally = keeper or StateKeeper(log, identifier), tally or Tally()
        self._connections = Connections()
        self._queue = EffectQueue(core, self._on_lost, self._on_full)
        self._admission = Admission()
        self._wake, self._seats_stored = asyncio.Event(), asyncio.Event()
        self._alarm, self._later = Alarm(self._ring), Alarm(self._go_on)
        context = make_context(self)
        self.pictures, self._calls, self._record = context.pictures, context.calls, context.record
        self._task = asyncio.create_task(self._run(), name=f"consult {identifier}")

    @property
    def lost(self) -> bool:
        """Somebody else owns the log now, or it cannot be read: find the consult anew."""
        return self._queue.is_lost

    async def start(self) -> None:
        """Take the log over. Raises Conflict, StoreFailed."""
        await self._do_and_wait(self.core.start(self._now()))

    async def command(self, command: Command) -> None:
        """A command of the server's own, stored when this returns. Raises Refused, StoreFailed."""
        await self._do_and_wait(self.core.command(command, self._now()))

    async def end(self) -> None:
        """End the consult for everybody, on behalf of the host API."""
        await self.command(EndConsult(id="", case=self.core.state.case))

    def attach(self, seat: SeatId) -> ConnectionHandle:
        """A page of that seat has connected; its hello is next. Raises Refused: "too_often": it has connected so often
        that it must wait."""
        self._admit(seat, CONTROL)
        connection, client = self._connections.add(seat)
        self._do(self.core.connect(connection, seat, self._now()))
        return ConnectionHandle(self, connection, client)

    def may_join(self, link: InvitationId) -> bool:
        """Whether one more of who has no seat by that link may ask about it, or for a seat, now."""
        return self._admission.may_join(link, steady())

    async def wait_in_lobby(self, seat: SeatId, longest_s: float) -> None:
        """The page of somebody who waits before the door is there, which hosts see; until they are let in or sent
        away, or for so long."""
        self._do(self.core.asks_to_come_in(seat, self._now()))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(longest_s):
                while not self.lost and why_out(self.core.state, seat, now()) == "lobby":
                    await self._seats_stored.wait()

    def may_take_seat(self, link: InvitationId) -> bool:
        """Whether one more seat may be taken by that link now."""
        return self._admission.may_take_seat(link, steady())

    def check_asks(self, seat: SeatId, what: str) -> None:
        """Let a request by HTTP pass that is within its rate. Raises Refused("too_often")."""
        if not self._admission.may_ask(seat, what, steady()):
            raise Refused(TOO_OFTEN, WAIT)

    def receive(self, connection: ConnectionId, text: str) -> None:
        """A frame of a peer."""
        client = self._connections.get(connection)
        if client is None or client.outbox.ended or self.lost:
            return
        peeked, sender, at = peek(text), self._sender(connection, client), steady()
        match self._admission.judge(sender, peeked.type, peeked.id, text, at):
            case Verdict.ADMIT:
                self._let_in(connection, client, text)
            case Verdict.LATER:
                self._later.set(self._admission.next_due(at) or at)
            case Verdict.REFUSE:
                self._tally.count("refused", TOO_OFTEN)
                client.outbox.put(encode(Nack(peeked.id, TOO_OFTEN, self._why_wait(client.seat, at))))
            case Verdict.CLOSE:
                self._dismiss(connection, FLOODED)
            case Verdict.DROP:
                pass

    def _why_wait(self, seat: SeatId, at: float) -> str:
        if not (seconds := math.ceil(self._admission.stored_wait_s(seat, at))):
            return WAIT
        return f"More was written in a short time than is stored at once. Try again in {seconds} s."

    def _note(self, connection: ConnectionId, seat: SeatId, message: ClientMessage, effects: Iterable[Effect]) -> None:
        """Who came in, and what was refused: for the audit trail."""
        state = self.core.state
        if isinstance(message, Hello) and self.core.accepted(connection) is message:
            self._record.joined(state, seat)
        for effect in effects:
            match effect:
                case Send((to,), Nack(id=identifier, code=code)) if to == connection and identifier:
                    self._record.refused(state, seat, code)
                case Send((to,), Closing(reason=reason)) if to == connection and reason and isinstance(message, Hello):
                    self._record.refused(state, seat, reason)

    def detach(self, connection: ConnectionId) -> None:
        """A peer has gone."""
        if (client := self._connections.remove(connection)) is not None:
            self._admission.forget(connection)
            self._calls.forget(connection)
            self.pictures.forget(connection)
            self._do(self.core.disconnect(connection, self._now()))
            if not self._connections.is_online(client.seat):
                self._record.went(client.seat)

    def subscribe(self, seat: SeatId, tab: str, gate: Gate) -> SubscriptionHandle:
        """Give the page of that seat and tab the video, by its media WebSocket. Raises Refused: "no_page": it is not
        connected (yet); "too_often": it has asked so often that it must wait."""
        self._admit(seat, MEDIA)
        connection = self._connections.page(seat, tab)
        return SubscriptionHandle(self.pictures, self.pictures.subscribe(connection, "websocket", gate))

    def feed(self, seat: SeatId, tab: str) -> FeedHandle:
        """Send the page of that seat and tab its stills, by its picture socket. Raises as `subscribe`."""
        self._admit(seat, PICTURES)
        connection = self._connections.page(seat, tab)
        return FeedHandle(self.pictures, connection, self.pictures.feed(connection, seat))

    def _admit(self, seat: SeatId, socket: str) -> None:
        if not self._admission.may_connect(seat, steady(), socket):
            raise Refused(TOO_OFTEN, WAIT)

    def send(self, connection: ConnectionId, message: ServerMessage) -> None:
        """Leave a message for a peer; one that may be dropped replaces the one before it."""
        self._connections.send((connection,), message)

    def broadcast(self, message: ServerMessage) -> None:
        """Leave a message for every page that has been welcomed."""
        self._connections.broadcast(message)

    def is_online(self, seat: SeatId) -> bool:
        """Whether a page of that seat is connected."""
        return self._connections.is_online(seat)

    def count_online(self) -> int:
        """Seats with a page that is connected."""
        return self._connections.count_online()

    def lose(self) -> None:
        """Another node has it, or may have: nothing more is done, and its pages go there."""
        self._queue.lose(StoreFailed("elsewhere", "This consult is on another server just now. Try again in a moment."))

    async def close(self, *, to_another: bool = False) -> None:
        """Send every page away to come back, and stop; `to_another`: another node takes them at once."""
        self._connections.close_all(RESTARTS, TO_ANOTHER if to_another else "")
        await self._stop()

    async def retire(self) -> None:
        """The consult is deleted: say so to every page, and stop."""
        self._connections.dismiss_all(ENDINGS["deleted"])
        await self._stop()

    async def _stop(self) -> None:
        self._queue.close(StoreFailed("closed", "The server restarts."))
        self._wake_lobby()
        self._alarm.cancel()
        self._later.cancel()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._keeper.close()
        await self._calls.close()
        await self.pictures.close()
        await self._record.close()

    def _sender(self, connection: ConnectionId, client: ClientConnection) -> Sender:
        seat = self.core.state.seats.get(client.seat)
        return Sender(connection, client.seat, InvitationId("") if seat is None else seat.invitation)

    def _let_in(self, connection: ConnectionId, client: ClientConnection, text: str) -> None:
        """A message that is within its rate."""
        at = steady()  # an acknowledgement takes its decoding and deciding too
        try:
            message = decode(text)
        except Malformed as malformed:
            self._tally.count("refused", malformed.code)
            client.outbox.put(encode(Nack("", malformed.code, malformed.sentence)))
            return
        effects = self.core.receive(connection, message, self._now())
        self._note(connection, client.seat, message, effects)
        reports = screen_reports(connection, message, self.core.accepted(connection))
        noted = behind_acknowledgement(effects, lambda: self._tally.time("acknowledgement", steady() - at))
        self._do([*effects, *reports, *noted], connection)

    def _go_on(self) -> None:
        """What was over its rate, and is the newest of its kind: now it is its turn."""
        for waiting in self._admission.due(steady()):
            client = self._connections.get(waiting.sender.connection)
            if client is not None and not client.outbox.ended and not self.lost:
                self._let_in(waiting.sender.connection, client, waiting.text)
        if (at := self._admission.next_due(steady())) is not None:
            self._later.set(at)

    def _dismiss(self, connection: ConnectionId, ending: Ending) -> None:
        logger.warning("consult %s: connection %s is closed: %s", self.id, connection, ending.closing.sentence)
        self._tally.count("closed", name_of(ending.code, ending.closing.reason))
        self._connections.dismiss(connection, ending)

    def _on_full(self, connection: ConnectionId) -> None:
        self._dismiss(connection, BUSY)

    def _on_lost(self, why: OurFault) -> None:
        is_calm, closing, reason = how_lost(why)
        logger.log(WARNING if is_calm else ERROR, "consult %s: lost: %s %s", self.id, why.code, why.sentence)
        self._connections.close_all(closing, reason)
        self._wake.set()  # the pump ends

    def _now(self) -> float:
        """What time it is for the core, which is told how far the wall clock is from that, and how far UTC from it."""
        at, wall = steady(), now()
        self.core.wall_offset, self.core.utc_offset_min = wall - at, utc_offset_min(wall)
        return at

    def _ring(self) -> None:
        self._do(self.core.wake(self._now()))

    def _do(self, items: Iterable[Effect | ScreenReport | Waiter], sender: ConnectionId | None = None) -> None:
        items = list(items)
        for item in items:
            if isinstance(item, Append):
                self._count_stored(item.entries)
        self._queue.put(items, sender)
        self._wake.set()

    def _count_stored(self, entries: Iterable[Entry]) -> None:
        """Whose commands take how much of the log; numbers are whose mark they measure. Views count for themselves."""
        for entry in entries:
            seat = SeatId(entry.by)
            if isinstance(entry.event, NumbersPut) and (mark := self.core.state.marks.get(entry.event.numbers.mark)):
                seat = mark.author
            if seat and not isinstance(entry.event, ViewSettled):
                self._admission.stored(seat, len(write_entry(entry)), steady())

    async def _do_and_wait(self, effects: Iterable[Effect]) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def resolve(why: ConsultError | None) -> None:
            if done.done():  # whoever waited was cancelled meanwhile
                return
            if why is None:
                done.set_result(None)
            else:
                done.set_exception(why)

        self._do([*effects, Waiter(resolve)])
        await done

    async def _run(self) -> None:
        try:
            await self._pump()
        except Exception:
            logger.exception("consult %s: ended by a fault of ours", self.id)
        finally:  # cancelled by a fault too: without this the consult would stand still, and nobody would know
            self._queue.lose(StoreFailed("lost", "The server lost track for a moment. Try again."))

    async def _pump(self) -> None:
        while not self.lost:
            await self._wake.wait()
            self._wake.clear()
            while (effect := self._queue.take()) is not None:
                if isinstance(effect, Append):
                    await self._store(effect)
                else:
                    self._carry_out(effect)

    async def _store(self, append: Append) -> None:
        try:
            await self._log.append(self.id, append.after, append.entries)
        except Conflict as conflict:
            self._queue.lose(conflict)
        except StoreFailed as failure:
            logger.error("consult %s: not stored: %s", self.id, failure.code)
            self._queue.failed(failure, self._now())
        else:
            self._keeper.offer(self._queue.stored())
            self._record.stored(self.core.state, append.entries)
            if any(isinstance(entry.event, SeatPut | ConsultEnded) for entry in append.entries):
                self._wake_lobby()

    def _wake_lobby(self) -> None:
        """Those who wait there look again."""
        self._seats_stored.set()
        self._seats_stored = asyncio.Event()

    def _carry_out(self, effect: Action | ScreenReport) -> None:
        match effect:
            case Send(to, message):
                if isinstance(message, Nack):
                    self._tally.count("refused", message.code)
                self._connections.send(to, message)
            case SendParts(to, parts):
                self._connections.send_parts(to, parts)
            case Close(connection, code, reason):
                self._tally.count("closed", name_of(code, reason))
                self._connections.close(connection, code, reason)
            case ShowView() | ShowIndependentView() | HideParts() | Measure():
                self._show(effect)
            case Negotiate() | ForwardVoice():
                self._connect_media(effect)
            case ComputeNumbers(marks):
                self._record.compute(marks, self.core.state)
            case WakeAt(at):
                self._alarm.set(at)
            case ScreenReport():
                self._use_screen(effect)

    def _show(self, effect: ShowView | ShowIndependentView | HideParts | Measure) -> None:
        case, epoch = self.core.state.current_case, self.core.state.case
        match effect:
            case HideParts(parts):
                self.pictures.hide(parts)
            case Measure(to, shapes, drafting) if case is not None:
                self.pictures.measure(to, shapes, case, drafting)
            case ShowView(shown) if case is not None and shown.case == epoch:
                self.pictures.show(shown, case)
            case ShowIndependentView(connection, stage, ShownView() as view) if case is not None and view.case == epoch:
                self.pictures.show_independent(connection, stage, view, case)
            case ShowIndependentView(connection):
                self.pictures.follow(connection)

    def _connect_media(self, effect: Negotiate | ForwardVoice) -> None:
        if effect.connection not in self._connections:
            return  # it has gone while the effect waited, and must not come to life again
        match effect:
            case Negotiate(connection, message):
                self._calls.negotiate(connection, message)
            case ForwardVoice(connection, on, listens):
                self._calls.set_voice(connection, on=on, listens=listens)

    def _use_screen(self, report: ScreenReport) -> None:
        client = self._connections.get(report.connection)
        if client is None:
            return
        client.tab = report.tab or client.tab
        seat = self.core.state.seats.get(client.seat)
        guest = seat is None or is_guest(seat.role)
        self.pictures.set_screen(report.connection, report.screen, guest=guest)
        if report.tab and any((speakers := self._calls.active_speakers).slots):
            self.send(report.connection, speakers)
