"""Bugs, as variants of the real classes. Only the simulation's own test uses them: the checker must find each."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from consult.model.errors import StoreFailed
from consult.model.identifiers import ConnectionId, ConsultId
from consult.model.view import View
from consult.runtime.effect_queue import EffectQueue, ScreenReport
from consult.sessions.acts import Acts
from consult.sessions.commands import Command, DeleteMark, GrantControl, PutMark, Undo
from consult.sessions.core import SessionCore
from consult.sessions.cursors import CursorBoard
from consult.sessions.effects import Append, Effect, Hear, Send
from consult.sessions.events import Entry
from consult.sessions.lookers import LOOKERS, IndependentViews
from consult.sessions.messages import Ack, ClientMessage, Drafts, Hello, Nack, Show
from consult.sessions.pages import Page
from consult.sessions.state import State
from consult.store.log.memory import MemoryLog
from tests.sim.client import Client
from tests.sim.world import Make


class AcknowledgesFirst(SessionCore):
    """Says that it is stored before it is."""

    def receive(self, connection: ConnectionId, message: ClientMessage, now: float) -> list[Effect]:
        """The same effects, appends last."""
        effects = super().receive(connection, message, now)
        return sorted(effects, key=lambda effect: isinstance(effect, Append))


class ForgetsCommands(SessionCore):
    """Does not know a command that comes again."""

    def _repeated(self, page: Page, command: Command) -> Ack | Nack | None:
        return None


class FencelessLog(MemoryLog):
    """Lets a stale owner append."""

    def _append(self, consult: ConsultId, after: int, entries: Sequence[Entry]) -> None:
        self._open().setdefault(consult, []).extend(entries)


class DeltaClient(Client):
    """Planted: sends how far it scrolled since its last show, where absolute positions belong."""

    _from = 0

    def on_the_wire(self, show: Show) -> Show:
        """A difference, dressed as a position."""
        viewport = show.view.viewports[0]
        delta, self._from = (viewport.image - self._from) % 20, viewport.image
        return replace(show, view=replace(show.view, viewports=(replace(viewport, image=delta),)))


class AddsDifferences(SessionCore):
    """Takes a show for a difference to what is shown: what is dropped or doubled is never made up for."""

    def _view_of(self, show: Show) -> View:
        viewport = show.view.viewports[0]
        shown = self.shown.view.viewports[0].image if self.shown is not None else 0
        return replace(show.view, viewports=(replace(viewport, image=(shown + viewport.image) % 20),))


class IgnoresControlEpoch(SessionCore):
    """Uses the late gesture of somebody who has had control before."""

    def _check_control(self, show: Show) -> None:
        pass


class IgnoresCaseEpoch(SessionCore):
    """Uses a view that was made for another case."""

    def _check_case(self, show: Show) -> None:
        pass


class UndoesAnything(SessionCore):
    """Undoes the newest act of anybody."""

    def _command(self, connection: ConnectionId, page: Page, command: Command, now: float) -> list[Effect]:
        if isinstance(command, Undo):
            acts = {seat: a for seat, a in self.state.acts.items() if a.done}
            self.state = replace(self.state, acts=dict.fromkeys(self.state.seats, next(iter(acts.values()), Acts())))
        return super()._command(connection, page, command, now)


class TakesLateMarks(SessionCore):
    """Stores a mark whatever case it was drawn on, if only the case has a series of that key."""

    def _command(self, connection: ConnectionId, page: Page, command: Command, now: float) -> list[Effect]:
        if isinstance(command, PutMark | DeleteMark):
            command = replace(command, case=self.state.case)
        return super()._command(connection, page, command, now)


class LosesDrafts(SessionCore):
    """Tells a draft to those who are here when it is drawn, and to nobody who comes later."""

    def _hello(self, connection: ConnectionId, page: Page, hello: Hello, now: float) -> list[Effect]:
        effects = super()._hello(connection, page, hello, now)
        return [e for e in effects if not (isinstance(e, Send) and isinstance(e.message, Drafts))]


class GrantsToWhoHasLeft(SessionCore):
    """Gives control to somebody who has been removed."""

    def _command(self, connection: ConnectionId, page: Page, command: Command, now: float) -> list[Effect]:
        seats = self.state.seats
        if isinstance(command, GrantControl):
            back = replace(seats[command.seat], removed=False)
            self.state = replace(self.state, seats={**seats, command.seat: back})
        try:
            return super()._command(connection, page, command, now)
        finally:
            if isinstance(command, GrantControl):
                self.state = replace(self.state, seats=seats)


class KeepsCursors(CursorBoard):
    """Shows on another patient where somebody pointed on the former one."""

    def _forget(self, pages: Mapping[ConnectionId, Page], case: int, now: float) -> None:
        self._case = case
        super()._forget(pages, case, now)


class KeepsCursorsOverCases(SessionCore):
    """Has such a board."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._crowd._cursors = KeepsCursors()


class KeepsLooks(IndependentViews):
    """Lets people look on at the former case."""

    def sweep(self, pages: Mapping[ConnectionId, Page], state: State) -> list[Effect]:
        for page in pages.values():
            if page.look is not None:
                page.look = replace(page.look, case=state.case)
        return super().sweep(pages, state)


class KeepsLooksOverCases(SessionCore):
    """Has such ones."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._crowd._lookers = KeepsLooks(LOOKERS)


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
        self._waiting = deque(item for item in self._waiting if not isinstance(item, Hear))
        super().failed(failure, now)


PLANTED = {
    "acknowledge before storing": Make(core=AcknowledgesFirst),
    "no dedupe": Make(core=ForgetsCommands),
    "a stale owner that appends": Make(log=FencelessLog),
    "deltas coalesced as if absolute": Make(core=AddsDifferences, client=DeltaClient),
    "missing control epoch": Make(core=IgnoresControlEpoch),
    "missing case epoch": Make(core=IgnoresCaseEpoch),
    "undo of another's act": Make(core=UndoesAnything),
    "a late mark on the next case": Make(core=TakesLateMarks),
    "a lost draft": Make(core=LosesDrafts),
    "a grant to someone who left": Make(core=GrantsToWhoHasLeft),
    "a cursor that stays over a switch of the case": Make(core=KeepsCursorsOverCases),
    "a look that stays over a switch of the case": Make(core=KeepsLooksOverCases),
    "effects that do not wait for their append": Make(queue=DoesNotWait),
    "a screen lost with a failed append": Make(queue=DropsScreens),
    "a microphone lost with a failed append": Make(queue=DropsVoices),
}
