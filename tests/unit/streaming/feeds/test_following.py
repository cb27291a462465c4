"""What the next case opens with is made before anybody switches to it, and no page can have it before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from consult.model.errors import Refused
from consult.model.identifiers import ConnectionId, SeatId
from consult.model.view import Screen
from consult.sessions.features.view.messages import ShownView
from consult.sessions.hanging.rules import NO_RULES
from consult.sessions.register import next_case
from consult.sessions.state import State
from consult.sessions.views import initial_view
from consult.streaming import still_stamps
from consult.streaming.render_pool import RenderPool
from tests.support.cases import case, scrolled
from tests.support.consults import a_case
from tests.support.waiting import until
from tests.unit.streaming.test_router import Stage

ONE = ConnectionId("one")
CASE, NEXT = a_case(), replace(a_case(), id="c2")


@pytest.fixture
def pool() -> Iterator[RenderPool]:
    with RenderPool(2) as executor:
        yield executor


async def test_it_is_made_once_the_view_rests_and_fetched_after_the_switch_alone(
    pool: RenderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(still_stamps, "RESTS_S", 0.0)
    opens = scrolled(initial_view(NEXT), 7)
    stage = Stage(pool, following=lambda: (opens, NEXT))
    stage.pictures.set_screen(ONE, Screen(64, 48))
    stage.pictures.show(stage.view(1, image=3), CASE)
    first = (await stage.stamps(1))[ONE].viewports[0].digest
    await until(lambda: bool(stage.stills._done))
    (made,) = stage.stills._done
    assert made != first, "nobody has asked for what is shown"
    with pytest.raises(Refused, match="unknown_still"):
        await stage.pictures.fetch(made, SeatId("seat"), guest=False)
    stage.pictures.show(ShownView(2, 1, 2, opens), NEXT)
    assert (await stage.stamps(2))[ONE].viewports[0].digest == made
    assert (await stage.pictures.fetch(made, SeatId("seat"), guest=False)).png
    await stage.pictures.close()


def test_the_next_case_is_the_one_behind_as_it_was_left_or_as_it_is_hung() -> None:
    one, two = case("c1"), case("c2")
    left = scrolled(initial_view(two), 3)
    alone = State(cases=(one,), current="c1")
    assert next_case(alone, NO_RULES) is None
    both = State(cases=(one, two), current="c1")
    assert next_case(both, NO_RULES) == (initial_view(two), two)
    assert next_case(replace(both, left={"c2": left}), NO_RULES) == (left, two)
    assert next_case(replace(both, current="c2"), NO_RULES) == (initial_view(one), one)
    wrong = replace(left, active="z")
    assert next_case(replace(both, left={"c2": wrong}), NO_RULES) == (initial_view(two), two)
