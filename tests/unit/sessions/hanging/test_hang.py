"""A case as rules hang it: which rule applies, which series each cell finds, and where two are linked."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from consult.model.catalogue import Case, Patient, Series, Study
from consult.model.geometry import Grid, Vec, dot
from consult.model.identifiers import SeriesKey, StudyKey
from consult.model.view import Layout, Link, NamedWindow, Window
from consult.sessions.hanging.hang import hangings, hung, opening_view
from consult.sessions.hanging.rules import Cell, Rule
from consult.sessions.views import check_view, initial_view
from tests.support.cases import grid, place_of, series, stack_of

NOW = Study(StudyKey("now"), "CT Thorax", "2026-11-24", "")
OLD = Study(StudyKey("old"), "CT Thorax", "2026-05-19", "", prior=True)
OLDER = Study(StudyKey("older"), "CT Thorax", "2025-05-19", "", prior=True)


def one(key: str, study: str = "now", description: str = "lung", **more: object) -> Series:
    """A CT of a study."""
    return replace(series(key, study=study), description=description, **more)


def case_of(*shown: Series) -> Case:
    """Three studies, and what they hold."""
    return Case("c1", "", Patient("", ""), (NOW, OLD, OLDER), shown)


def turned(right: Vec, down: Vec) -> Grid:
    """A stack in another plane."""
    return replace(grid(), right=right, down=down)


def keys(rule: Rule, case: Case) -> list[str] | None:
    """Of the series that a rule shows."""
    view = hung(rule, case)
    return None if view is None else [stack_of(viewport.shows).series for viewport in view.viewports]


PAIR = Rule(name="With the prior", layout=Layout(1, 2), show=(Cell(), Cell(study="prior")), link=True)
SOFT = one("soft", description="soft tissue")
CASE = case_of(one("lung"), SOFT, one("old-soft", "old", "soft tissue"), one("old-lung", "old"), one("x", "older"))
SAGITTAL = replace(one("sag", modality="MR"), grid=turned((0.0, 1.0, 0.0), (0.0, 0.0, -1.0)))
AXIAL = one("ax", modality="MR")
MAMMOGRAMS = tuple(
    replace(one(f"mg-{n}", modality="MG"), projections=(view,)) for n, view in enumerate(("L CC", "R CC", "R MLO"))
)
APPLIES: dict[str, tuple[Rule, Case, list[str] | None]] = {
    "the main series alone": (Rule(name="r"), CASE, ["lung"]),
    "the prior most alike": (PAIR, CASE, ["lung", "old-lung"]),
    "by description": (Rule(name="r", show=(Cell(description="SOFT"),)), CASE, ["soft"]),
    "the newest prior": (PAIR, case_of(one("a"), one("c", "older"), one("b", "old")), ["a", "b"]),
    "no prior": (PAIR, case_of(one("a")), None),
    "a prior of another modality is none": (PAIR, case_of(one("a"), one("b", "old", modality="MR")), None),
    "each series once": (
        Rule(name="r", layout=Layout(1, 2), show=(Cell(), Cell())), CASE, ["lung", "soft"],
    ),
    "more cells than series": (
        Rule(name="r", layout=Layout(1, 3), show=(Cell(), Cell(), Cell())), CASE, None,
    ),
    "a modality that is there": (Rule(name="r", modality=("CT",)), CASE, ["lung"]),
    "both modalities": (Rule(name="r", modality=("CT", "PT")), CASE, None),
    "the study's description": (Rule(name="r", description="thorax|chest"), CASE, ["lung"]),
    "another description": (Rule(name="r", description="abdomen"), CASE, None),
    "a body part": (Rule(name="r", body_part="chest"), case_of(one("a", body_part="CHEST")), ["a"]),
    "another body part": (Rule(name="r", body_part="head"), case_of(one("a", body_part="CHEST")), None),
    "what a prior says does not count": (
        Rule(name="r", body_part="head"), case_of(one("a"), one("b", "old", body_part="HEAD")), None,
    ),
    "by plane": (
        Rule(name="r", layout=Layout(1, 2), show=(Cell(facing="sagittal"), Cell(facing="axial"))),
        case_of(AXIAL, SAGITTAL), ["sag", "ax"],
    ),
    "by projection": (
        Rule(name="r", layout=Layout(1, 2), show=(Cell(projection="R CC"), Cell(projection="L CC"))),
        case_of(*MAMMOGRAMS), ["mg-1", "mg-0"],
    ),
    "a projection that is missing": (Rule(name="r", show=(Cell(projection="L MLO"),)), case_of(*MAMMOGRAMS), None),
    "a report is no image, though it is of the newest study": (
        Rule(name="r"), case_of(one("a", document="report", colour=True), one("b", "old")), None,
    ),
    "not what is empty, or has no window": (
        Rule(name="r"), case_of(one("a", images=0), one("b", windows=()), one("c")), ["c"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "case", "shown"), APPLIES.values(), ids=APPLIES)
def test_each_cell_shows_the_best_series_that_it_asks_for(rule: Rule, case: Case, shown: list[str] | None) -> None:
    assert keys(rule, case) == shown


def test_a_deleted_prior_is_not_hung() -> None:
    assert keys(PAIR, CASE.without_images_of(StudyKey("old"))) == ["lung", "x"]


def test_one_series_shows_several_projections_at_their_images() -> None:
    film = replace(one("mg", modality="MG"), images=3, grid=grid(3), projections=("L CC", "R CC", "R MLO"))
    rule = Rule(name="r", layout=Layout(1, 2), show=(Cell(projection="R MLO"), Cell(projection="L CC")))
    view = hung(rule, case_of(film))
    assert view is not None
    assert [stack_of(viewport.shows).place for viewport in view.viewports] == [2, 0]


def test_the_first_rule_that_applies_and_opens_decides() -> None:
    never, offered, opens = PAIR, Rule(name="offered", opens=False), Rule(name="soft", show=(Cell(description="soft"),))
    alone = case_of(one("lung"), SOFT)
    rules = (never, offered, opens, Rule(name="main"))
    assert stack_of(opening_view(alone, rules).viewports[0].shows).series == "soft"
    assert [hanging.name for hanging in hangings(alone, rules)] == ["offered", "soft", "main"]
    assert opening_view(alone) == opening_view(alone, (never, offered)) == initial_view(alone)


def test_what_is_hung_passes_as_a_presenters_view_would() -> None:
    for rule in (PAIR, Rule(name="r", layout=Layout(2, 2), show=(Cell(),) * 2 + (Cell(study="prior"),) * 2)):
        view = hung(rule, CASE)
        assert view is not None
        check_view(view, CASE)


def test_a_further_cell_opens_where_the_first_is_in_the_patient() -> None:
    a = replace(one("a"), frame_of_reference="f")
    low = replace(grid(), positions=tuple((x, y, z - 12.0) for x, y, z in grid().positions))
    b = replace(one("b"), frame_of_reference="f", grid=low)
    view = hung(Rule(name="r", layout=Layout(1, 2), show=(Cell(), Cell())), case_of(a, b))
    assert view is not None
    assert [stack_of(viewport.shows).place for viewport in view.viewports] == [10, 14]


def test_a_window_of_a_rule_is_that_of_its_cell() -> None:
    wide = Window(40.0, 400.0)
    view = hung(Rule(name="r", layout=Layout(1, 2), show=(Cell(window=wide), Cell())), CASE)
    assert view is not None
    assert [viewport.window for viewport in view.viewports] == [wide, Window(-600.0, 1500.0)]


class TestLinked:
    """Current and prior, as the page's own Compare links them."""

    def test_head_end_lies_on_head_end_in_another_frame_of_reference(self) -> None:
        raised = replace(grid(), positions=tuple((x + 8.0, y, z + 300.0) for x, y, z in grid().positions))
        view = hung(PAIR, case_of(one("a"), one("b", "old", grid=raised)))
        assert view is not None
        assert view.link == Link(300.0, (8.0, 0.0))
        first, second = view.viewports
        assert place_of(view) == stack_of(second.shows).place
        assert second.camera.center[0] - first.camera.center[0] == 8.0
        assert (second.window, second.camera.radius) == (first.window, first.camera.radius)

    def test_one_frame_of_reference_needs_no_offset(self) -> None:
        raised = replace(grid(), positions=tuple((x, y, z + 9.0) for x, y, z in grid().positions))
        a, b = one("a", frame_of_reference="f"), one("b", "old", frame_of_reference="f", grid=raised)
        view = hung(PAIR, case_of(a, b))
        assert view is not None
        assert view.link == Link(0.0, (0.0, 0.0))
        shown = [s.grid.location(stack_of(v.shows).place) for s, v in zip((a, b), view.viewports, strict=True)]
        assert shown[0] == shown[1]

    def test_both_are_seen_whole(self) -> None:
        small = one("b", "old", grid=grid(size=32))
        view = hung(PAIR, case_of(one("a"), small))
        assert view is not None
        assert {viewport.camera.radius for viewport in view.viewports} == {64.0}

    def test_a_prior_of_another_unit_keeps_its_own_window(self) -> None:
        other = one("b", "old", unit="US", windows=(NamedWindow(Window(1.0, 2.0)),))
        view = hung(PAIR, case_of(one("a", unit="HU"), other))
        assert view is not None
        assert view.viewports[1].window == Window(1.0, 2.0)

    def test_stacks_that_are_not_parallel_are_beside_each_other_unlinked(self) -> None:
        view = hung(PAIR, case_of(one("a"), one("b", "old", grid=turned((0.0, 1.0, 0.0), (0.0, 0.0, -1.0)))))
        assert view is not None
        assert view.link is None
        assert abs(dot(view.viewports[0].camera.right, view.viewports[1].camera.right)) < 1e-9
        assert [SeriesKey(key) for key in ("a", "b")] == [stack_of(v.shows).series for v in view.viewports]
