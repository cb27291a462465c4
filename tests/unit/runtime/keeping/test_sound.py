"""A log of others leads to a consult whose blackouts lie on images that it has."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from consult.model.errors import Malformed
from consult.model.identifiers import SeriesKey
from consult.model.privacy.blackout import Blackout, Rectangle
from consult.runtime.keeping.sound import check_room, check_sound
from consult.sessions.features.limits import MAX_BLACKOUTS
from tests.support.cases import Table

TOP: Rectangle = (0, 0, 64, 8)


@pytest.mark.parametrize(
    ("case", "series", "rectangle", "is_sound"),
    [
        ("c1", "s-1", TOP, True),
        ("c9", "s-1", TOP, False),
        ("c1", "s-9", TOP, False),
        ("c1", "s-1", (0, 0, 65, 8), False),
        ("c1", "s-1", (9, 0, 9, 8), False),
    ],
)
def test_a_part_lies_on_the_images_of_its_case(case: str, series: str, rectangle: Rectangle, *, is_sound: bool) -> None:
    one = Blackout("b1", case, SeriesKey(series), rectangle)
    state = replace(Table().state, blackouts={"b1": one})
    if is_sound:
        check_sound(state)
        return
    with pytest.raises(Malformed, match="bad_log"):
        check_sound(state)


def test_there_are_no_more_than_a_consult_holds() -> None:
    state = Table().state
    check_room(state)
    many = {str(n): Blackout(str(n), "c1", SeriesKey("s-1"), TOP) for n in range(MAX_BLACKOUTS + 1)}
    with pytest.raises(Malformed, match="bad_log"):
        check_room(replace(state, blackouts=many))
