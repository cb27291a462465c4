"""Hands that move a view, and a simulation of what prediction is worth to them.

No radiologist was recorded. The courses are composed: the times between two images are those that devices were recorded
to send (tests/web/wheel-records.mjs: single notches 400 ms apart, a wheel that is spun 40 ms, high resolution and
trackpads between), the ways are what readers are described to do: scroll through, go back and forth over a lesion, drag
a window, jump. Each is made of a number, so that it is the same each time; the prediction was tuned on the even ones,
and is reported on the odd ones.
"""

from __future__ import annotations

import math
import random
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from msgspec.structs import replace

from consult.model.catalogue import Case
from consult.model.prediction.hand import Hand
from consult.model.view import Stack, View, Window
from consult.sessions.views import initial_view
from tests.support.cases import case, series

PLACES = 160
GAPS_S = {"slow": 0.4, "notches": 0.12, "trackpad": 0.066, "spun": 0.04}
DRAG_S = 1 / 60
"""Between two moves of a pointer."""
HANDS = 40
"""Of each kind."""
Act = Callable[[View], View]
Course = Iterator[tuple[float, Act]]
"""Seconds since the act before, and what is done."""


def stack_case() -> Case:
    """One CT of many slices."""
    found = case(keys=("s-1",))
    return replace(found, series=(series("s-1", images=PLACES),))


def at(view: View, place: int) -> View:
    """The same at another place, or at the end."""
    viewport = view.viewports[0]
    assert isinstance(viewport.shows, Stack)
    there = replace(viewport.shows, place=min(max(place, 0), PLACES - 1))
    return replace(view, viewports=(replace(viewport, shows=there),))


def place_of(view: View) -> int:
    """Of the only viewport."""
    shows = view.viewports[0].shows
    assert isinstance(shows, Stack)
    return shows.place


def by(step: int) -> Act:
    """So many places on."""
    return lambda view: at(view, place_of(view) + step)


def to(place: int) -> Act:
    """To a place."""
    return lambda view: at(view, place)


def windowed(center: int, width: int) -> Act:
    """The window by so much."""

    def act(view: View) -> View:
        viewport = view.viewports[0]
        assert viewport.window is not None
        window = Window(viewport.window.center + center, max(viewport.window.width + width, 1))
        return replace(view, viewports=(replace(viewport, window=window),))

    return act


def scrolls(dice: random.Random) -> Course:
    """Through the stack, in runs with rests between."""
    way = dice.choice((1, -1))
    for _ in range(dice.randint(3, 6)):
        gap = dice.choice(list(GAPS_S.values()))
        for _ in range(dice.randint(8, 50)):
            yield gap * dice.lognormvariate(0, 0.25), by(way)
        yield dice.uniform(0.4, 2.0), by(way)
        way = dice.choice((way, way, -way))


def back_and_forth(dice: random.Random) -> Course:
    """Over a lesion."""
    reach, way = dice.randint(3, 8), dice.choice((1, -1))
    for _ in range(dice.randint(5, 10)):
        gap = dice.choice((GAPS_S["notches"], GAPS_S["trackpad"], 0.2))
        for _ in range(max(1, reach + dice.randint(-2, 2))):
            yield gap * dice.lognormvariate(0, 0.25), by(way)
        way = -way
        yield dice.uniform(0.15, 0.8), by(way)


def drags(dice: random.Random) -> Course:
    """A window, along one axis mostly, from standing to standing."""
    for _ in range(dice.randint(2, 4)):
        yield dice.uniform(0.5, 2.0), windowed(0, 0)
        length, across, moves = dice.randint(30, 160), dice.random() < 0.5, dice.randint(25, 70)
        done = 0
        for i in range(1, moves + 1):
            t = i / moves
            due = round(length * (10 * t**3 - 15 * t**4 + 6 * t**5))
            step, done = due - done, due
            drift = dice.choice((0, 0, 0, 0, 0, 1, -1))
            if step or drift:
                yield DRAG_S, windowed(*((step, drift) if across else (drift, step)))


def jumps(dice: random.Random) -> Course:
    """To a place that was clicked, with a look at its neighbours."""
    for _ in range(dice.randint(4, 8)):
        yield dice.uniform(0.8, 3.0), to(dice.randrange(PLACES))
        way = dice.choice((1, -1))
        for _ in range(dice.randint(1, 5)):
            yield dice.choice((GAPS_S["slow"], GAPS_S["notches"])) * dice.lognormvariate(0, 0.25), by(way)
            way = dice.choice((way, way, -way))


def reads(dice: random.Random) -> Course:
    """All of that, one behind the other."""
    for _ in range(dice.randint(4, 7)):
        yield from dice.choice((scrolls, back_and_forth, back_and_forth, jumps, drags))(dice)


KINDS: dict[str, Callable[[random.Random], Course]] = {
    "scroll": scrolls,
    "back and forth": back_and_forth,
    "window drag": drags,
    "jumps": jumps,
    "a reading": reads,
}


@dataclass(frozen=True)
class Line:
    """From the server to a page.

    Attributes:
        picture_s: until a still is drawn and encoded.
        transfer_s: that it takes of the line; one at a time.
        decode_s: in the page; one at a time.
        rtt_s: a message there and back.
        ahead: stills are sent ahead.
    """

    picture_s: float = 0.012
    transfer_s: float = 0.003
    decode_s: float = 0.012
    rtt_s: float = 0.002
    ahead: bool = True
    kept: int = 70
    """Stills that a page keeps."""


@dataclass
class Outcome:
    """What came of it.

    Attributes:
        hits: views whose still was in the page before they were asked for.
        asked: views.
        made: stills that were sent ahead.
        used: those of them that were shown.
        sent: all stills.
        waits_s: of each view, until its still could be painted.
    """

    hits: int = 0
    asked: int = 0
    made: int = 0
    used: int = 0
    sent: int = 0
    waits_s: list[float] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        """Together with another."""
        self.hits, self.asked = self.hits + other.hits, self.asked + other.asked
        self.made, self.used, self.sent = self.made + other.made, self.used + other.used, self.sent + other.sent
        self.waits_s += other.waits_s

    @property
    def hit_rate(self) -> float:
        """Share of views."""
        return self.hits / max(self.asked, 1)

    @property
    def wasted(self) -> float:
        """Share of what was sent that nobody saw."""
        return (self.made - self.used) / max(self.sent, 1)


class _Page:
    """One page at the end of a line: what it has, and when the line is free."""

    def __init__(self, line: Line) -> None:
        self.line, self.free_at = line, 0.0
        self.has: OrderedDict[View, float] = OrderedDict()
        """When each could be painted."""
        self.ahead: dict[View, bool] = {}
        """Those that came ahead; whether they were shown."""

    def send(self, view: View, now: float) -> float:
        """When it can be painted."""
        line = self.line
        self.free_at = max(self.free_at, now + line.picture_s) + line.transfer_s
        self.has[view] = self.free_at + line.decode_s + line.rtt_s / 2
        self.has.move_to_end(view)
        while len(self.has) > line.kept:
            self.has.popitem(last=False)
        return self.has[view]


def simulate(course: Course, line: Line, *, predicted: bool = True) -> Outcome:
    """One hand on one line."""
    case_, hand, page, outcome = stack_case(), Hand(), _Page(line), Outcome()
    view, now = initial_view(case_), 0.0
    events = deque[tuple[float, Act]]()
    for gap, act in course:
        now += gap
        events.append((now, act))
    hand.show(view, case_, 0.0)
    page.send(view, 0.0)
    while events:
        now, act = events.popleft()
        before, view = view, act(view)
        if view == before:
            continue
        hand.show(view, case_, now)
        _ask(page, view, now, outcome)
        if predicted and line.ahead:
            _send_ahead(page, hand, now, events[0][0] if events else math.inf, outcome)
    outcome.made, outcome.used = len(page.ahead), sum(page.ahead.values())
    return outcome


def _ask(page: _Page, view: View, now: float, outcome: Outcome) -> None:
    """A view is asked for: it is there, on its way, or sent."""
    there = page.has.get(view)
    arrives = now + page.line.rtt_s / 2
    outcome.asked += 1
    outcome.hits += there is not None and there <= now
    if there is None:
        outcome.sent += 1
        there = page.send(view, arrives)
    if view in page.ahead:
        page.ahead[view] = True
    outcome.waits_s.append(max(there - now, page.line.rtt_s))
    page.has.move_to_end(view)


def _send_ahead(page: _Page, hand: Hand, now: float, until: float, outcome: Outcome) -> None:
    """What is expected, one after the other, each begun while the line is free and nothing else is asked for."""
    for view in hand.expected():
        begin = max(page.free_at, now)
        if begin >= until:
            return
        if view not in page.has:
            page.send(view, begin)
            page.ahead.setdefault(view, False)
            outcome.sent += 1


def outcome_of(kind: str, half: int, line: Line, *, predicted: bool = True) -> Outcome:
    """Of all hands of a kind, of the even (0) or of the odd ones (1)."""
    total = Outcome()
    for number in range(half, HANDS, 2):
        total.add(simulate(KINDS[kind](random.Random(1000 + number)), line, predicted=predicted))
    return total
