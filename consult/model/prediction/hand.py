"""What the hand that moves a view does, and the views that it probably shows next, the likeliest first.

Rules:
- Who scrolls goes on in the same direction: so many views ahead as he passes in `LEAD_S`, `FEWEST` at least, `MOST` at
  most. Runs that were short lately are followed less far, so that little is made in vain.
- Who turns goes back where he came from: what was ahead is not expected any more.
- Where nothing moves yet (a case is opened, a jump), both neighbours are expected.
- A window is dragged along its axis by equal steps, or it is not expected at all: `Trust` is what hits say of it.
- Behind all that comes the next of the views that were prepared.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from consult.model.catalogue import Case
from consult.model.planes.acts import plane_of
from consult.model.prediction.motion import (
    Layered,
    Motion,
    Scrolled,
    Windowed,
    going_on,
    motion_between,
    reversed_motion,
)
from consult.model.view import Stack, View

LEAD_S = 0.25
"""So long before it is due a picture is to be on its way."""
FEWEST, MOST = 1, 8
AROUND = 1
"""To either side of where nothing moves."""
GROWTH = 0.34
"""A run that is longer than those before goes on by so much of its length."""
DRAGGED = 2
"""Windows ahead."""
PAUSE_S = 1.0
"""Who has not moved for so long begins a new run."""
SMOOTH = 0.4
"""Of a new interval or run, against those before."""
HIT = 0.2
"""Of one hit, against those before: four in a row earn trust."""
TRUSTED = 0.5
"""Share of hits from which on a kind of motion is predicted."""


@dataclass
class Trust:
    """How often the next view was the expected one, of one kind of motion. It is earned."""

    share: float = 0.0

    def count(self, *, hit: bool) -> None:
        """One more."""
        self.share += HIT * (hit - self.share)

    @property
    def earned(self) -> bool:
        """Whether it is worth to predict."""
        return self.share >= TRUSTED


class Hand:
    """Of one stage. `now` in seconds, of one clock."""

    def __init__(self) -> None:
        self._view: View | None = None
        self._case: Case | None = None
        self._motion: Motion | None = None
        self._moved_at = -math.inf
        self._interval_s = LEAD_S
        self._run, self._runs = 0, float(MOST)
        self._trust = Trust()
        self._prepared = -1
        """The prepared view that was opened last."""

    def show(self, view: View, case: Case, now: float) -> None:
        """This is shown now."""
        before, same = self._view, self._case is not None and self._case.id == case.id
        self._view, self._case = view, case
        if before is None or not same:
            self._motion, self._prepared = None, -1
            return
        if view == before:
            return
        motion = motion_between(before, view, case)
        if isinstance(motion, Windowed):
            self._trust.count(hit=motion == self._motion)
        self._follow(motion, now)

    def _follow(self, motion: Motion | None, now: float) -> None:
        """A run goes on, or another begins."""
        goes_on = motion is not None and _same_way(motion, self._motion) and now - self._moved_at < PAUSE_S
        if goes_on:
            self._interval_s += SMOOTH * (now - self._moved_at - self._interval_s)
            self._run += 1
        else:
            if self._run:
                self._runs += SMOOTH * (self._run - self._runs)
            self._run = 1 if motion is not None else 0
            self._interval_s = LEAD_S
        self._motion, self._moved_at = motion, now

    def expected(self, prepared: Sequence[View] = ()) -> tuple[View, ...]:
        """The views that probably come next, the likeliest first; none of them is the one that is shown."""
        view, case = self._view, self._case
        if view is None or case is None:
            return ()
        return tuple(dict.fromkeys(v for v in chain(self._near(view, case), self._next(view, prepared)) if v != view))

    def _near(self, view: View, case: Case) -> Iterator[View]:
        motion = self._motion
        match motion:
            case None:
                return self._around(view, case)
            case Windowed():
                return islice(going_on(view, motion, case), DRAGGED if self._trust.earned else 0)
            case _:
                back = islice(going_on(view, reversed_motion(motion), case), 1)
                return chain(islice(going_on(view, motion, case), self._depth), back)

    @property
    def _depth(self) -> int:
        """How many views ahead."""
        passed = LEAD_S / max(self._interval_s, 1e-3)
        left = max(self._runs - self._run, self._run * GROWTH)
        return max(FEWEST, min(math.ceil(passed) + 1, round(left), MOST))

    def _around(self, view: View, case: Case) -> Iterator[View]:
        """By turns ahead and back."""
        step = _step(view)
        if step is None:
            return iter(())
        ways = (islice(going_on(view, motion, case), AROUND) for motion in (step, reversed_motion(step)))
        return (v for pair in zip_longest(*ways) for v in pair if v is not None)

    def _next(self, view: View, prepared: Sequence[View]) -> Sequence[View]:
        """The prepared view behind the one that was opened last; the first where none was."""
        self._prepared = next((i for i, one in enumerate(prepared) if one == view), self._prepared)
        return prepared[self._prepared + 1 : self._prepared + 2]


def _same_way(motion: Motion, before: Motion | None) -> bool:
    """Whether it leads where the one before led."""
    match motion, before:
        case Scrolled(), Scrolled():
            return (
                motion.viewport == before.viewport and motion.places * before.places + motion.times * before.times > 0
            )
        case Layered(), Layered():
            return motion.viewport == before.viewport and motion.steps * before.steps > 0
        case Windowed(), Windowed():
            return motion.viewport == before.viewport
        case _:
            return False


def _step(view: View) -> Motion | None:
    """One step of what the active viewport shows."""
    active = next((viewport for viewport in view.viewports if viewport.id == view.active), None)
    if active is None:
        return None
    if isinstance(active.shows, Stack):
        return Scrolled(active.id, 1)
    plane = plane_of(active.shows)
    return Layered(active.id, 1) if plane is not None and not plane.whole and view.crosshair is not None else None
