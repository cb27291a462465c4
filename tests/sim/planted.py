"""Bugs, as variants of the real classes. Only the simulation's own test uses them: the checker must find each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from consult.model.identifiers import ConnectionId, ConsultId
from consult.model.view import View
from consult.sessions.acts import Acts
from consult.sessions.commands import Command, DeleteMark, GrantControl, PutMark, Undo
from consult.sessions.core import SessionCore
from consult.sessions.cursors import CursorBoard
from consult.sessions.effects import Append, Effect, Send
from consult.sessions.events import Entry
from consult.sessions.lookers import LOOKERS, IndependentViews
from consult.sessions.messages import Ack, ClientMessage, Drafts, Hello, Nack, Show
from consult.sessions.pages import Page
from consult.sessions.state import State
from consult.store.log.memory import MemoryLog
from tests.sim.client import Client
from tests.sim.world import Make
from tests.support.cases import place_of, scrolled


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
}
