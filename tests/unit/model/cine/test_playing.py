"""Views that play: what is due, and that camera, window and what is linked come along."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from consult.model.catalogue import Case, ImageValues, Series
from consult.model.cine.playing import begun, check_playing, due, next_at, stopped
from consult.model.errors import Refused
from consult.model.identifiers import SeriesKey
from consult.model.planes.turning import turn_of
from consult.model.view import Layout, Link, LinkedViewport, Plane, Playing, View, Volume, Window
from consult.sessions.views import initial_view, window_for
from tests.support.cases import PLAYS, case, place_of, playing, scrolled, series, showing, stack_of, timed_series

WALL = 1_800_000_000.0


def of(*shown: Series) -> Case:
    return replace(case(), series=shown)


def since(view: View) -> float:
    found = view.viewports[0].playing
    assert found is not None
    return found.since


KASE = of(replace(series("s-1"), values=ImageValues(frame_time_ms=(50.0,))), series("s-2"))
VIEW = scrolled(initial_view(KASE), 4)


def at(view: View, seconds: float, kase: Case = KASE) -> View:
    return due(view, kase, WALL + seconds, window_for)


def test_it_begins_with_what_is_shown_and_goes_on_by_the_clock() -> None:
    view = begun(playing(VIEW), None, KASE, WALL)
    assert since(view) == pytest.approx(WALL - 0.2)
    assert [place_of(at(view, seconds)) for seconds in (0.0, 0.05, 0.79, 0.8)] == [4, 5, 19, 0]
    assert at(view, 0.01) is view, "nothing is due"


def test_what_plays_already_goes_on_where_it_is() -> None:
    view = begun(playing(VIEW), None, KASE, WALL)
    again = begun(playing(VIEW), at(view, 0.4), KASE, WALL + 0.4)
    assert since(again) == since(view)
    faster = begun(playing(VIEW, replace(PLAYS, rate=2.0)), at(view, 0.4), KASE, WALL + 0.4)
    assert place_of(at(faster, 0.4)) == 4, "at another rate it begins with what is shown"
    other = begun(
        playing(replace(VIEW, viewports=(showing(VIEW.viewports[0], series=SeriesKey("s-2")),))), view, KASE, WALL
    )
    assert since(other) == pytest.approx(WALL - 0.4), "another series begins anew"


def test_a_time_that_is_given_is_kept() -> None:
    assert since(begun(playing(VIEW, replace(PLAYS, since=5.0)), None, KASE, WALL)) == 5.0


def test_times_pass_at_the_place_that_is_shown() -> None:
    dynamic = timed_series("s-1", places=3, labels=("1", "2", "3", "4"))
    kase = of(dynamic)
    view = begun(playing(scrolled(initial_view(kase), 1), Playing("time", 0, 3)), None, kase, WALL)
    moved = at(scrolled(view, 2), 0.25, kase)
    assert (stack_of(moved.viewports[0].shows).place, stack_of(moved.viewports[0].shows).time) == (2, 2)


def test_a_slanted_stack_stays_where_it_is_on_the_screen() -> None:
    plain = series("s-1")
    slanted = tuple((x, y + 2.0 * place, z) for place, (x, y, z) in enumerate(plain.grid.positions))
    kase = of(replace(plain, grid=replace(plain.grid, positions=slanted)))
    view = begun(playing(scrolled(initial_view(kase), 0)), None, kase, WALL)
    before, after = view.viewports[0].camera.center, at(view, 0.3, kase).viewports[0].camera.center
    assert (after[0] - before[0], after[1] - before[1], after[2] - before[2]) == pytest.approx((0.0, 6.0, 0.0))


def test_the_window_goes_with_the_mask() -> None:
    acquired, subtracted = Window(500.0, 900.0), Window(0.0, 100.0)
    plain = series("s-1", modality="XA")
    named = (replace(plain.windows[0], window=acquired), replace(plain.windows[0], window=subtracted, subtracted=True))
    kase = of(replace(plain, windows=named, subtracted=((3, 19),)))
    view = begun(playing(scrolled(initial_view(kase), 0)), None, kase, WALL)
    windows = [at(replace(view, viewports=(replace(view.viewports[0], window=acquired),)), s, kase).viewports[0].window
               for s in (0.2, 0.3)]  # fmt: skip
    assert windows == [acquired, subtracted]


def test_what_is_linked_comes_along_unless_it_plays_itself() -> None:
    first = VIEW.viewports[0]
    second = replace(showing(first, series=SeriesKey("s-2"), place=0), id="b")
    linked = replace(VIEW, layout=Layout(1, 2), viewports=(first, second), link=Link(offset_mm=6.0))
    view = begun(playing(linked), None, KASE, WALL)
    moved = at(view, 0.05)
    assert [stack_of(v.shows).place for v in moved.viewports] == [5, 7]
    alone = at(replace(view, viewports=(view.viewports[0], replace(second, playing=replace(PLAYS, since=WALL)))), 0.05)
    assert [stack_of(v.shows).place for v in alone.viewports] == [5, 0]


def test_of_more_than_two_those_that_are_linked_come_along() -> None:
    first = VIEW.viewports[0]
    others = [replace(showing(first, series=SeriesKey("s-2"), place=0), id=identifier) for identifier in "bcd"]
    link = Link(members=(LinkedViewport("a", 1.0), LinkedViewport("b", 7.0), LinkedViewport("d", -5.0)))
    several = replace(VIEW, layout=Layout(2, 2), viewports=(first, *others), link=link)
    moved = at(begun(playing(several), None, KASE, WALL), 0.05)
    assert [stack_of(v.shows).place for v in moved.viewports] == [5, 7, 0, 3]


def test_planes_play_through_time() -> None:
    kase = of(timed_series("s-1", places=3, labels=("1", "2", "3", "4")))
    first = initial_view(kase).viewports[0]
    plane = replace(first, shows=Plane(Volume(SeriesKey("s-1")), "axial"), playing=Playing("time", 0, 3))
    view = begun(replace(initial_view(kase), viewports=(plane,)), None, kase, WALL)
    shows = at(view, 0.3, kase).viewports[0].shows
    assert isinstance(shows, Plane)
    assert shows.volume.time == 3


def test_a_whole_volume_turns_and_nothing_else_does() -> None:
    first = VIEW.viewports[0]
    whole = Plane(Volume(SeriesKey("s-1")), "coronal", projection="max", whole=True)
    front = replace(first.camera, right=(1.0, 0.0, 0.0), down=(0.0, 0.0, -1.0))
    turning = Playing("turn", 0, 71)
    mip = replace(first, shows=whole, camera=front, playing=turning)
    view = begun(replace(VIEW, viewports=(mip,)), None, KASE, WALL)
    assert [turn_of(at(view, seconds).viewports[0].camera) for seconds in (0.0, 0.1, 7.1, 7.2)] == [0, 1, 71, 0]
    with pytest.raises(Refused, match="only a whole volume turns"):
        check_playing(replace(first, playing=turning), KASE)


def test_the_next_time_is_that_of_whatever_comes_first() -> None:
    first = VIEW.viewports[0]
    second = replace(showing(first, series=SeriesKey("s-2")), id="b", playing=PLAYS)
    two = replace(playing(VIEW), layout=Layout(1, 2), viewports=(playing(VIEW).viewports[0], second))
    view = begun(two, None, KASE, WALL)
    assert next_at(view, KASE, WALL) == pytest.approx(WALL + 0.05, abs=1e-3)
    assert next_at(stopped(view), KASE, WALL) is None
    assert stopped(view).viewports[0].playing is None


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (Playing("place", 4, 4), "places 4 to 4 of 20"),
        (Playing("place", 0, 20), "places 0 to 20 of 20"),
        (Playing("time", 0, 1), "times 0 to 1 of 1"),
    ],
)
def test_what_cannot_be_played_is_refused_with_its_numbers(how: Playing, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        check_playing(playing(VIEW, how).viewports[0], KASE)
    assert refused.value.code == "bad_playing"


def test_planes_do_not_play_through_places() -> None:
    plane = replace(VIEW.viewports[0], shows=Plane(Volume(SeriesKey("s-1")), "axial"), playing=PLAYS)
    with pytest.raises(Refused, match="planes play through time alone"):
        check_playing(plane, KASE)
