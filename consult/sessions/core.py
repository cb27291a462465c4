"""The session: messages in, effects out. It reads no clock and does nothing itself; a shell carries them out.

Rules of this file:
- The core folds ahead (`publishing/outgoing.py`). The shell does the effects in their order, and holds back whatever
  comes after an `Append` until that is stored; on a `Conflict` it drops all of it, and the core with it; on a
  `StoreFailed` it drops all of it and calls `roll_back`.
- A repeated command (its id is stored) is answered as it was the first time, and nothing is appended.
- A view is shown at once; that it settles is stored behind it.
"""

from __future__ import annotations

from msgspec.structs import replace

from consult.model.catalogue import Role
from consult.model.errors import Refused
from consult.model.identifiers import ConnectionId, SeatId, split_command_id
from consult.model.mark import PIXEL_KINDS
from consult.model.view import View
from consult.sessions.connection_state import (
    ConnectionEvent,
    ConnectionState,
    is_behind,
    is_of_another_log,
    phase_after,
)
from consult.sessions.decide import check_case, decide
from consult.sessions.effects import (
    Effect,
    Negotiate,
    Send,
    measure,
)
from consult.sessions.features.consult.commands import OpenConsult, TakeOwnership
from consult.sessions.features.consult.events import DEFAULT_SITE, OwnerChanged, Site
from consult.sessions.features.control.decide import hand_over
from consult.sessions.features.kinds import (
    SERVER,
    ClientMessage,
    Command,
    ParticipantCommand,
)
from consult.sessions.features.marks.decide import all_to_measure
from consult.sessions.features.marks.messages import Draft
from consult.sessions.features.note.messages import Write
from consult.sessions.features.seats.closing import BEGIN_ANEW, ENDINGS, why_out
from consult.sessions.features.seats.places import has_place
from consult.sessions.features.view.aligners import with_aligners
from consult.sessions.features.view.messages import Show
from consult.sessions.hanging.rules import NO_RULES, HangingRules
from consult.sessions.messages import Ack, Alive, Hello, MediaMessage, Nack, Ping, Pong, SetScreen
from consult.sessions.permissions import permit, standing
from consult.sessions.presence.independent_views import INDEPENDENT_VIEWS
from consult.sessions.presence.liveness import LATE_S
from consult.sessions.presence.messages import PresenceMessage, Transport
from consult.sessions.publishing.document import check_kept
from consult.sessions.publishing.outgoing import Outgoing
from consult.sessions.register import REST_S
from consult.sessions.state import State
from consult.sessions.views import check_view


class SessionCore(Outgoing):
    """One consult, as its owner runs it.

    Args:
        state: the fold of the log; `State()` for a new consult.
        owner: names this server process.
        tail: the newest entries of the log, for pages that resume.
        independent_views: how many pages may have a view of their own at a time.
        registry: the features.
        site: what the server is set to.
        rules: how cases are hung.
        part_bytes: of a snapshot's parts.
        lead_after_s: how long nobody must have led before who takes part may.
    """

    @classmethod
    def new(
        cls,
        *,
        owner: str,
        independent_views: int = INDEPENDENT_VIEWS,
        site: Site = DEFAULT_SITE,
        rules: HangingRules = NO_RULES,
    ) -> SessionCore:
        """A consult that waits for `OpenConsult`."""
        return cls(State(), owner=owner, independent_views=independent_views, site=site, rules=rules)

    @property
    def pages(self) -> list[tuple[SeatId, Role, Transport]]:
        """See `ConnectionTable.pages`."""
        return self._connections.pages(self.state)

    def has_place(self, role: Role) -> bool:
        """Whether one more person of that role may come in now."""
        return has_place(self.state, self._connections.here, role)

    def accepted(self, connection_id: ConnectionId) -> Hello | None:
        """The hello by which a connection takes part; None where it does not (yet, or any more)."""
        connection = self._connections.open(connection_id)
        return None if connection is None else connection.hello

    def start(self, now: float) -> list[Effect]:
        """Take over a consult that has a log: this fences whoever owned it before."""
        return self.command(TakeOwnership(owner=self._owner, site=self._site_now), now)

    def command(self, command: Command, now: float) -> list[Effect]:
        """A command that the server itself gives.

        Raises:
            Refused: as `decide` does.
        """
        events = decide(self._state_now, SERVER, command, self._wall(now), self._registry)
        if isinstance(command, OpenConsult):
            events.append(OwnerChanged(self._owner, 1, self._site_now))
        return [*self._append(events, now), *self._after(events, now), *self._drafts(now)]

    def connect(self, connection_id: ConnectionId, seat: SeatId, now: float) -> list[Effect]:
        """A page of that seat has connected; nothing is sent to it before its hello, unless it must go."""
        connection = self._connections.add(connection_id, seat, now)
        reason = why_out(self.state, seat, self._wall(now))
        if reason is None and self.state.seats[seat].role == "reader":
            reason = "denied"  # who only reads is not in the consult
        if reason is not None:
            return self._end(connection, ENDINGS[reason])
        return [*self._send_away(self._connections.crowded_out_by(connection)), *self._arm(now)]

    def disconnect(self, connection_id: ConnectionId, now: float) -> list[Effect]:
        """A connection is gone."""
        connection = self._connections.remove(connection_id)
        self._drafting.drop(connection_id)
        here = self._presence.presence() if connection is not None and connection.joined else []
        self._vacancy.watch(self._connections, self.state, now)
        return [*here, *self._drafts(now), *(self._point(now) if here else [])]

    def asks_to_come_in(self, seat: SeatId, now: float) -> list[Effect]:
        """The page of somebody who waits before the door is there."""
        self._presence.lobby.ask(seat, now)
        return self._point(now)

    def receive(self, connection_id: ConnectionId, message: ClientMessage, now: float) -> list[Effect]:
        """A message of a connection. What it may not do is answered with a refusal; nothing is raised."""
        connection = self._connections.open(connection_id)
        if connection is None:
            return []
        if connection.joined or isinstance(message, Hello):  # whatever else it says, a hello is due
            connection.received_at = now
        try:
            return [*self._receive(connection, message, now), *self._drafts(now), *self._point(now)]
        except Refused as refused:
            identifier = message.id if isinstance(message, ParticipantCommand) else ""
            return self._answer(connection, Nack(identifier, refused.code, refused.sentence))

    def wake(self, now: float) -> list[Effect]:
        """The time of the last WakeAt has come (or somebody rings early, which does no harm)."""
        has_slept, self._armed = self._armed is not None and now - self._armed > LATE_S, None
        effects = self._settle(now) if self._register.rest_at is not None and self._register.rest_at <= now else []
        self._drafting.expire(now)
        effects += [*self._play(now), *self._connections.probe(now, has_slept=has_slept)]
        return [*effects, *self._send_out(now), *self._drafts(now), *self._point(now)]

    # What comes in

    def _receive(self, connection: ConnectionState, message: ClientMessage, now: float) -> list[Effect]:
        is_hello = isinstance(message, Hello)
        phase_after(connection.phase, ConnectionEvent.HELLO if is_hello else ConnectionEvent.MESSAGE)
        message = with_aligners(message, connection, self.state, self.shown)
        match message:
            case Hello():
                return self._hello(connection, message, now)
            case Show():
                return self._show(connection, message, now)
            case ParticipantCommand():
                return self._command(connection, message, now)
            case _:
                self._permit(connection, message)
                return self._transient(connection, message, now)

    def _permit(self, connection: ConnectionState, message: ClientMessage) -> None:
        permit(standing(self.state, connection.seat), message, self._registry)

    def _transient(self, connection: ConnectionState, message: ClientMessage, now: float) -> list[Effect]:
        """What leaves nothing in the log."""
        if isinstance(message, PresenceMessage):
            return self._presence.receive(connection, message, self.state, now)
        if isinstance(message, MediaMessage):
            return [Negotiate(connection.id, message)]
        match message:
            case SetScreen(screen=screen):
                changed, connection.phone = connection.phone != screen.only_active, screen.only_active
                return self._presence.presence() if changed else []
            case Ping(t=t):
                return [Send((connection.id,), Pong(t))]
            case Alive():
                return []
            case Draft(shape=shape):
                self._drafting.put(connection, message, self.state, now)
                drawn = (shape,) if shape is not None and shape.kind in PIXEL_KINDS else ()
                return [*measure(self._connections.joined, drawn, connection.seat), *self._arm(now)]
            case Write():
                self._drafting.put(connection, message, self.state, now)
                return self._arm(now)
            case _:
                raise TypeError(f"a feature allows {type(message).__name__}, and nothing deals with it")

    def _hello(self, connection: ConnectionState, hello: Hello, now: float) -> list[Effect]:
        if (ending := self._connections.why_not_in(connection, hello, self.state, self._wall(now))) is not None:
            return self._end(connection, ending)
        self._permit(connection, hello)
        if is_of_another_log(self.state, hello, self._publisher.at(hello.after)):
            return [*self._prove_newest(now), *self._end(connection, BEGIN_ANEW)]
        effects: list[Effect] = []
        if is_behind(self.state, hello):
            effects, hello = self._prove_newest(now), replace(hello, after=0, rev=0)
        if self._connections.takes_up_control(connection, hello, self.state):
            effects += self._append(hand_over(self.state, connection.seat), now)
        for old, ending in self._connections.replaced_by(connection, hello):
            effects += self._end(old, ending)
        connection.join(hello, self.state.seq, self.state.seats[connection.seat].role)
        effects += [*self._welcome(connection, hello, now), *self._presence.presence()]
        effects += self._presence.lobby.welcome(connection, self.state)
        effects += [Send((connection.id,), message) for message in self._drafting.under_way(self.state.case)]
        return [*effects, *measure([connection.id], all_to_measure(self.state)), *self._arm(now)]

    def _prove_newest(self, now: float) -> list[Effect]:
        """A page has seen what is not here. Either somebody else owns the consult by now: then this cannot be stored,
        the page is told that the consult has moved, and finds it there. Or the store has lost its newest entries (a
        replica took its place, or a backup), whatever was stored since: then it is stored, and the page is told, and
        begins anew with what is left."""
        command = TakeOwnership(owner=self._owner, site=self._site_now)
        return self._append(decide(self._state_now, SERVER, command, self._wall(now), self._registry), now)

    def _show(self, connection: ConnectionState, show: Show, now: float) -> list[Effect]:
        if show.n <= connection.last_show:
            return []
        self._permit(connection, show)
        self._check_control(show)
        self._check_case(show, connection.seat)
        case = self.state.current_case
        if case is None or connection.hello is None:
            raise Refused("nothing_to_show", "There is no case on the stage.")
        check_view(show.view, case)
        connection.last_show = show.n
        tab, view = connection.hello.tab, self._register.begin(self._view_of(show), self.state, self._wall(now))
        shown = self._register.put(self.state, view, control=show.control, tab=tab, n=show.n)
        self._register.by, self._register.rest_at = connection.seat, now + REST_S
        settles = show.rest and self._register.rests.take(now)
        return [*self._view(shown), *(self._settle(now) if settles else []), *self._arm(now)]

    def _view_of(self, show: Show) -> View:
        """What a show asks for: absolute, whatever was lost before it."""
        return show.view

    def _check_control(self, show: Show) -> None:
        if show.control != self.state.control.epoch:
            raise Refused("stale_control", "Control has changed hands since.")

    def _check_case(self, show: Show, actor: SeatId) -> None:
        check_case(self.state, show.case, actor)

    def _command(self, connection: ConnectionState, command: ParticipantCommand, now: float) -> list[Effect]:
        if connection.hello is None or split_command_id(command.id)[0] != connection.hello.tab:
            raise Refused("wrong_tab", "A command's id begins with the tab that its hello named.")
        if (answer := self._repeated(connection, command)) is not None:
            return self._answer(connection, answer)
        connection.last_command = split_command_id(command.id)[1]
        self._drafting.check(connection, command, self.state)
        events = decide(self._state_now, connection.seat, command, self._wall(now), self._registry)
        self._vacancy.check(self.state, connection.seat, command, now)
        check_kept(self.state, connection.seat, command, self.shown.view.series if self.shown is not None else ())
        if not events:
            return self._answer(connection, Ack(command.id, 0))
        stored = self._append_left(events, now, by=connection.seat, command=command.id)
        ack = self._answer(connection, Ack(command.id, self.state.seq))
        return [*stored, *ack, *self._after(events, now)]

    def _repeated(self, connection: ConnectionState, command: ParticipantCommand) -> Ack | Nack | None:
        """The answer to a command that was dealt with before, stored or not; None where it is new."""
        is_known, seq = self.state.stored_command(connection.seat, command.id)
        if seq is not None:
            return Ack(command.id, seq)
        if not is_known and split_command_id(command.id)[1] > connection.last_command:
            return None
        superseded = Nack(command.id, "superseded", "A later command of this page has come before it.")
        return connection.answered(command.id) or superseded
