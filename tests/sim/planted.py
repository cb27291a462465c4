"""Bugs, as variants of the real classes. Only the simulation's own test uses them: the checker must find each."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from consult.model.catalogue import Role
from consult.model.errors import StoreFailed
from consult.model.identifiers import ConnectionId, ConsultId, SeatId
from consult.model.view import View
from consult.runtime.effect_queue import EffectQueue, ScreenReport
from consult.sessions.connection_state import ConnectionState
from consult.sessions.core import SessionCore
from consult.sessions.effects import Append, Effect, ForwardVoice, Send
from consult.sessions.events import Entry
from consult.sessions.features.chat.commands import PostChat
from consult.sessions.features.control.commands import GrantControl
from consult.sessions.features.kinds import ClientMessage, Event, ParticipantCommand
from consult.sessions.features.marks.acts import Acts
from consult.sessions.features.marks.commands import DeleteMark, PutMark, Undo
from consult.sessions.features.marks.messages import Drafts
from consult.sessions.features.view.messages import Show, ShownView
from consult.sessions.messages import Ack, Hello, Nack, Received
from consult.sessions.presence.cursors import CursorBoard
from consult.sessions.presence.independent_views import INDEPENDENT_VIEWS, IndependentViews
from consult.sessions.publishing.parts import PartedSnapshot, PartedSnapshots
from consult.sessions.register import ViewRegister
from consult.sessions.state import State
from consult.sessions.stored_state import StoredState
from consult.store.log.memory import MemoryLog
from tests.sim.client import Client
from tests.sim.world import Make, Odds
from tests.support.cases import place_of, scrolled


class AcknowledgesFirst(SessionCore):
    """Acknowledges a command before it is stored."""

    def receive(self, connection: ConnectionId, message: ClientMessage, now: float) -> list[Effect]:
        """The same effects, appends last."""
        effects = super().receive(connection, message, now)
        return sorted(effects, key=lambda effect: isinstance(effect, Append))


class ForgetsCommands(SessionCore):
    """Does not know a command that comes again."""

    def _repeated(self, connection: ConnectionState, command: ParticipantCommand) -> Ack | Nack | None:
        return None


class FencelessLog(MemoryLog):
    """Lets a stale owner append."""

    def _append(self, consult: ConsultId, after: int, entries: Sequence[Entry]) -> None:
        self._open().setdefault(consult, []).extend(entries)


class KeepsAnyState(MemoryLog):
    """Keeps a state of entries that it does not have."""

    def _keep_state(self, consult: ConsultId, state: StoredState) -> None:
        self._states[consult] = state


class DeltaClient(Client):
    """Planted: sends how far it scrolled since its last show, where absolute positions belong."""

    _from = 0

    def on_the_wire(self, show: Show) -> Show:
        """A difference, dressed as a position."""
        place = place_of(show.view)
        delta, self._from = (place - self._from) % 20, place
        return replace(show, view=scrolled(show.view, delta))


class AddsDifferences(SessionCore):
    """Takes a show for a difference to what is shown: what is dropped or doubled is never made up for."""

    def _view_of(self, show: Show) -> View:
        shown = place_of(self.shown.view) if self.shown is not None else 0
        return scrolled(show.view, (shown + place_of(show.view)) % 20)


class IgnoresControlEpoch(SessionCore):
    """Uses the late gesture of somebody who has had control before."""

    def _check_control(self, show: Show) -> None:
        pass


class IgnoresCaseEpoch(SessionCore):
    """Uses a view that was made for another case."""

    def _check_case(self, show: Show, actor: SeatId) -> None:
        pass


class UndoesAnything(SessionCore):
    """Undoes the newest act of anybody."""

    def _command(self, connection: ConnectionState, command: ParticipantCommand, now: float) -> list[Effect]:
        if isinstance(command, Undo):
            acts = {seat: a for seat, a in self.state.acts.items() if a.done}
            self.state = replace(self.state, acts=dict.fromkeys(self.state.seats, next(iter(acts.values()), Acts())))
        return super()._command(connection, command, now)


class TakesLateMarks(SessionCore):
    """Stores a mark whatever case it was drawn on, if only the case has a series of that key."""

    def _command(self, connection: ConnectionState, command: ParticipantCommand, now: float) -> list[Effect]:
        if isinstance(command, PutMark | DeleteMark):
            command = replace(command, case=self.state.case)
        return super()._command(connection, command, now)


class TakesLateChat(SessionCore):
    """Takes a message for one about whichever patient is on the stage."""

    def _command(self, connection: ConnectionState, command: ParticipantCommand, now: float) -> list[Effect]:
        if isinstance(command, PostChat):
            command = replace(command, case=self.state.case, about=self.state.current)
        return super()._command(connection, command, now)


class SendsUnderTheNext(Client):
    """Planted: names the case when it sends, not when it began to type."""

    def posted(self, identifier: str, epoch: int, about: str) -> PostChat:
        """Of the case that is on the stage by now."""
        return super().posted(identifier, self.state.case, self.state.current)


class LosesDrafts(SessionCore):
    """Sends a draft to those who are here when it is drawn, and to nobody who comes later."""

    def _hello(self, connection: ConnectionState, hello: Hello, now: float) -> list[Effect]:
        effects = super()._hello(connection, hello, now)
        return [e for e in effects if not (isinstance(e, Send) and isinstance(e.message, Drafts))]


class GrantsToWhoHasLeft(SessionCore):
    """Gives control to somebody who has been removed."""

    def _command(self, connection: ConnectionState, command: ParticipantCommand, now: float) -> list[Effect]:
        seats = self.state.seats
        if isinstance(command, GrantControl):
            back = replace(seats[command.seat], removed=False)
            self.state = replace(self.state, seats={**seats, command.seat: back})
        try:
            return super()._command(connection, command, now)
        finally:
            if isinstance(command, GrantControl):
                self.state = replace(self.state, seats=seats)


class KeepsCursors(CursorBoard):
    """Shows on another patient where somebody pointed on the former one."""

    def _forget(self, connections: Iterable[ConnectionState], case: int, now: float) -> None:
        self._case = case
        super()._forget(connections, case, now)


class KeepsCursorsOverCases(SessionCore):
    """Has such a board."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._presence._cursors = KeepsCursors()


class KeepsViews(IndependentViews):
    """Lets people explore the former case."""

    def sweep(self, connections: Mapping[ConnectionId, ConnectionState], state: State) -> list[Effect]:
        for connection in connections.values():
            if connection.own_view is not None:
                connection.own_view = replace(connection.own_view, case=state.case)
        return super().sweep(connections, state)


class KeepsViewsOverCases(SessionCore):
    """Has such ones."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._presence._views = KeepsViews(INDEPENDENT_VIEWS)


class LosesAPart(PartedSnapshots):
    """Goes on behind the part that is next."""

    def rest(self, received: Received | None, role: Role) -> PartedSnapshot | None:
        """One less."""
        snapshot = super().rest(received, role)
        return None if snapshot is None else replace(snapshot, parts=snapshot.parts[1:])


class LosesPartsOfWhoComesBack(SessionCore):
    """Has such a one."""

    def __init__(self, state: State, *, owner: str, part_bytes: int, **more: Any) -> None:
        super().__init__(state, owner=owner, part_bytes=part_bytes, **more)
        self._publisher._snapshots = LosesAPart(owner, part_bytes)


class PublishesAll(PartedSnapshots):
    """Tells everybody what hosts are told."""

    def snapshot(self, state: State, role: Role) -> PartedSnapshot:
        """A host's."""
        return super().snapshot(state, "host")


class PublishesAllCasesToGuests(SessionCore):
    """Has such a one."""

    def __init__(self, state: State, *, owner: str, part_bytes: int, **more: Any) -> None:
        super().__init__(state, owner=owner, part_bytes=part_bytes, **more)
        self._publisher._snapshots = PublishesAll(owner, part_bytes)


class KeepsWhatIsNotStored(SessionCore):
    """Keeps a state that has more than the log."""

    def stored_state(self, seq: int) -> State | None:
        """What it has folded ahead."""
        return self.state


class HangsAnew(ViewRegister):
    """Shows a case that comes back as it opens."""

    def restore(self, state: State) -> ShownView:
        """Whatever was seen of it."""
        return super().restore(replace(state, left={}))


class ForgetsHowACaseWasLeft(SessionCore):
    """Has such a register."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._register = HangsAnew(self.rules)


class LeavesInMotion(SessionCore):
    """Leaves a case while its view has not come to rest: what was seen last is lost."""

    def _append_left(self, events: Sequence[Event], now: float, *, by: SeatId, command: str) -> list[Effect]:
        return self._append(events, now, by=by, command=command)


class DoesNotWait(EffectQueue):
    """Hands out what is behind an append before that is stored."""

    def take(self) -> Effect | ScreenReport | None:
        """As if the append were stored already; the next append waits, as one is stored at a time."""
        if self._storing is not None and self._waiting and not isinstance(self._waiting[0], Append):
            return self._waiting.popleft()  # type: ignore[return-value]  # the simulation has no waiters
        return super().take()


class DropsScreens(EffectQueue):
    """Drops with a failed append what a page shows pictures on."""

    def failed(self, failure: StoreFailed, now: float) -> None:
        """As the real one does with the rest."""
        self._waiting = deque(item for item in self._waiting if not isinstance(item, ScreenReport))
        super().failed(failure, now)


class DropsVoices(EffectQueue):
    """Drops with a failed append that a microphone was opened or closed."""

    def failed(self, failure: StoreFailed, now: float) -> None:
        """As the real one does with the rest."""
        self._waiting = deque(item for item in self._waiting if not isinstance(item, ForwardVoice))
        super().failed(failure, now)


LEADING, BAD_DISK, BAD_NETWORK = Odds(record=0.0), Odds(full_disk=0.15, media=0.3), Odds(cut=0.3)
PLANTED = {
    "acknowledge before storing": Make(core=AcknowledgesFirst),
    "no dedupe": Make(core=ForgetsCommands),
    "a stale owner that appends": Make(log=FencelessLog),
    "deltas coalesced as if absolute": Make(core=AddsDifferences, client=DeltaClient),
    "missing control epoch": Make(core=IgnoresControlEpoch),
    "missing case epoch": Make(core=IgnoresCaseEpoch),
    "undo of another's act": Make(core=UndoesAnything),
    "a late mark on the next case": Make(core=TakesLateMarks),
    "a late message about the next patient": Make(core=TakesLateChat),
    "a page that sends under the next case": Make(client=SendsUnderTheNext),
    "a lost draft": Make(core=LosesDrafts),
    "a grant to someone who left": Make(core=GrantsToWhoHasLeft, odds=LEADING),
    "a cursor that stays over a switch of the case": Make(core=KeepsCursorsOverCases),
    "an independent view that stays over a switch of the case": Make(core=KeepsViewsOverCases, odds=LEADING),
    "a part lost to who comes back": Make(core=LosesPartsOfWhoComesBack, odds=BAD_NETWORK),
    "a kept state of what is not stored": Make(core=KeepsWhatIsNotStored, log=KeepsAnyState),
    "a guest who is told of all cases": Make(core=PublishesAllCasesToGuests),
    "a case that comes back as it opens": Make(core=ForgetsHowACaseWasLeft),
    "a case left in motion": Make(core=LeavesInMotion),
    "effects that do not wait for their append": Make(queue=DoesNotWait),
    "a screen lost with a failed append": Make(queue=DropsScreens, odds=BAD_DISK),
    "a microphone lost with a failed append": Make(queue=DropsVoices, odds=BAD_DISK),
}
