"""The view register: the one view of a stage, whose revision only ever goes up."""

from __future__ import annotations

from contextlib import suppress

import msgspec

from consult.model.catalogue import Case
from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.model.rates import RateLimit, TokenBucket
from consult.model.view import REV_OWNER_STEP, View
from consult.sessions.features.rates import STORED_VIEWS
from consult.sessions.features.view.events import ViewSettled
from consult.sessions.features.view.messages import ShownView
from consult.sessions.features.view.player import Player
from consult.sessions.hanging.hang import opening_view
from consult.sessions.hanging.rules import NO_RULES, HangingRules
from consult.sessions.state import State
from consult.sessions.views import check_view

REST_S = 0.12
"""A view that has not changed for this long is at rest."""
RESTS = RateLimit(4, 20)
"""How often a page's word that its gesture is over is taken at once: each is an entry of the log. More often a view
settles once it has not changed for REST_S."""
RETRY_REST_S = 5.0
"""How long after a failure of the store settling is tried again."""
_encode = msgspec.json.Encoder().encode


def view_of(case: Case, left: View | None, rules: HangingRules) -> View:
    """What a case shows when it comes on the stage: its view as it was left, where that can be shown, else as it is
    hung."""
    if left is not None:
        with suppress(Refused):
            check_view(left, case)
            return left
    return opening_view(case, rules)


def next_case(state: State, rules: HangingRules) -> tuple[View, Case] | None:
    """The case that comes next where somebody goes on to it, and what it shows then; None where there is no other. On a
    board that has begun that is the first behind it of which nothing is decided yet."""
    at = next((i for i, case in enumerate(state.cases) if case.id == state.current), None)
    if at is None or len(state.cases) < 2:
        return None
    behind = (*state.cases[at + 1 :], *state.cases[:at])
    decided = {decision.case for decision in state.decisions.values()}
    case = next((case for case in behind if case.id not in decided), behind[0])
    try:
        return view_of(case, state.left.get(case.id), rules), case
    except Refused:  # it has nothing to show
        return None


class ViewRegister:
    """Latest wins. It also knows when the view will be at rest.

    Attributes:
        shown: the view as it is now; None before the consult is opened.
        by: the seat whose show it was; "" for the server.
        rest_at: when it will be at rest, unless it changes; None where it is settled already.
        rests: how often it is at once.

    Args:
        rules: by which a case is hung that nobody has looked at yet.
    """

    def __init__(self, rules: HangingRules = NO_RULES) -> None:
        self._rules = rules
        self.shown: ShownView | None = None
        self.by = SeatId("")
        self.rest_at: float | None = None
        self.rests = TokenBucket(RESTS, 0.0)
        self._bytes = TokenBucket(STORED_VIEWS, 0.0)
        self._counter, self._player = 0, Player()

    def restore(self, state: State) -> ShownView:
        """The last settled view of the case on the stage, also of before it was left, else the case as it is hung;
        under a new revision. One that an older release, or whoever made an imported log, let pass and we would not is
        not shown again."""
        self.rest_at = None
        settled, case = state.settled, state.current_case
        if case is None:
            raise ValueError("a consult that is not opened has no view")
        left, control = state.left.get(case.id), state.control.epoch
        if settled is not None and settled.case == state.case:
            left, control = settled.view, settled.control
        view = view_of(case, left, self._rules)
        return self.put(state, view, control=control if view is left else state.control.epoch)

    def number(self, state: State) -> int:
        """The next revision, for any view: no two have the same."""
        self._counter += 1
        return state.owners * REV_OWNER_STEP + self._counter

    def put(self, state: State, view: View, *, control: int, tab: str = "", n: int = 0) -> ShownView:
        """Make a view the current one, under the next revision."""
        self.shown = ShownView(self.number(state), control, state.case, view, tab, n)
        return self.shown

    def again(self, state: State, fallback: ShownView | None, now: float) -> ShownView:
        """After a roll-back: the view that fits the state once more, under a new revision; it settles later."""
        for shown in (self.shown, fallback):
            if shown is not None and shown.case == state.case and shown.control <= state.control.epoch:
                again = self.put(state, shown.view, control=shown.control, tab=shown.tab, n=shown.n)
                is_settled = state.settled is not None and state.settled.view == shown.view
                self.rest_at = None if is_settled else now + RETRY_REST_S
                return again
        return self.restore(state)

    def begin(self, view: View, state: State, wall: float) -> View:
        """A view that somebody wants to be shown, with what is due where it plays."""
        if (case := state.current_case) is None:
            return view
        before = self.shown.view if self.shown and self.shown.case == state.case else None
        return self._player.begin(view, before, case, wall)

    def plays_at(self, state: State) -> float | None:
        """When another image is due, by the wall clock; None where nothing plays."""
        shown, case = self.shown, state.current_case
        return None if shown is None or case is None else self._player.next_at(shown.view, case)

    def play(self, state: State, wall: float) -> ShownView | None:
        """The view with what is due now, under a new revision; None where nothing else is due."""
        shown, case = self.shown, state.current_case
        if shown is None or case is None:
            return None
        view = self._player.play(shown.view, case, wall)
        if view is shown.view:
            return None
        own = shown.control == state.control.epoch  # else nobody who is asked for their shows has made it
        return self.put(state, view, control=shown.control, tab=shown.tab if own else "", n=shown.n if own else 0)

    def settle(self, now: float) -> ViewSettled | None:
        """The event of having come to rest; None where there is nothing to settle, or not yet."""
        if self.rest_at is None or self.shown is None:
            return None
        if not self._bytes.has(now):
            self.rest_at = self._bytes.next_at(now)
            return None
        self.rest_at = None
        settled = ViewSettled(self.shown.rev, self.shown.control, self.shown.case, self.shown.view)
        self._bytes.spend(len(_encode(settled)), now)
        return settled
