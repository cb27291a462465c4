"""A mosaic shows images of one series, a step apart; anything else is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from consult.model.catalogue import Axis, Case
from consult.model.errors import Refused
from consult.model.identifiers import SeriesKey
from consult.model.view import Layout, Link, Mosaic, Plane, Playing, Stack, View, Volume
from consult.sessions.features.view.mosaic import check_mosaic
from consult.sessions.views import check_view, initial_view
from tests.support.cases import case, series, timed_series

TABLE: list[dict[str, Any]] = json.loads((Path(__file__).parents[4] / "mosaics.json").read_text())["mosaics"]
CASE = replace(case(), series=(series("s-1"), series("s-2")))


def case_of(row: dict[str, Any]) -> Case:
    """A case whose series lacks what the row says."""
    timed = timed_series("s-1", places=row["places"], missing=0)
    missing = tuple((1, place) for place in row["missing"])
    axis = Axis("DiffusionBValue", ("b 0", "b 1000"), missing)
    return replace(case(), series=(replace(timed, axis=axis, images=timed.images - len(missing)),))


def mosaic(places: list[int], *, step: int = 1, time: int = 0, of: Case = CASE, **changes: object) -> View:
    """A mosaic of these places, which may be none."""
    first = initial_view(of).viewports[0]
    viewports = tuple(
        replace(first, id="abcdefghi"[i], shows=Stack(SeriesKey("s-1"), place, time)) for i, place in enumerate(places)
    )
    view = View(Layout(1, len(places)), viewports, "a", mosaic=Mosaic(step))
    return replace(view, **changes)


@pytest.mark.parametrize("row", [row for row in TABLE if row["shows"]], ids=lambda row: str(row["name"]))
def test_what_the_page_lays_out_passes_and_nothing_else(row: dict[str, Any]) -> None:
    of = case_of(row)
    check_mosaic(mosaic(row["shows"], step=row["step"], time=row["time"], of=of), of)
    for wrong in (row["shows"][::-1], [*row["shows"][:-1], row["shows"][0]]):
        with pytest.raises(Refused, match=r"Each cell of the mosaic shows what lies \d behind the one before") as found:
            check_mosaic(mosaic(wrong, step=row["step"], time=row["time"], of=of), of)
        assert found.value.code == "bad_mosaic"


def test_a_mosaic_of_the_case_is_shown() -> None:
    check_view(mosaic([3, 4, 5], layout=Layout(1, 3)), CASE)


ONE = mosaic([3, 4, 5])
A, B, C = ONE.viewports
PLANE = replace(C, shows=Plane(Volume(SeriesKey("s-1")), "axial"))
BAD = {
    "alone": mosaic([3]),
    "linked": replace(ONE, link=Link()),
    "with a primary": replace(ONE, layout=Layout(1, 2, "c")),
    "of two series": replace(ONE, viewports=(A, B, replace(C, shows=Stack(SeriesKey("s-2"), 5)))),
    "a plane among them": replace(ONE, viewports=(A, B, PLANE)),
    "playing along its images": replace(ONE, viewports=(A, B, replace(C, playing=Playing("place", 0, 19)))),
}


@pytest.mark.parametrize("view", BAD.values(), ids=list(BAD))
def test_what_is_no_mosaic_is_refused_with_a_sentence(view: View) -> None:
    with pytest.raises(Refused) as found:
        check_mosaic(view, CASE)
    assert found.value.code == "bad_mosaic"
    assert str(found.value).endswith(".")


def test_the_cells_show_one_time() -> None:
    of = case_of({"places": 8, "missing": []})
    both = mosaic([3, 4], of=of)
    later = replace(both.viewports[1], shows=Stack(SeriesKey("s-1"), 4, 1))
    with pytest.raises(Refused, match="at one time"):
        check_mosaic(replace(both, viewports=(both.viewports[0], later)), of)


def test_what_is_called_no_mosaic_is_none() -> None:
    check_view(replace(mosaic([3, 9], layout=Layout(1, 2)), mosaic=None), CASE)
