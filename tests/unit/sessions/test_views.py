"""What may be shown of a case, and what is shown first."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from consult.model.catalogue import Axis, Case, Patient, Series, Study, Suv
from consult.model.errors import Refused
from consult.model.geometry import Grid
from consult.model.identifiers import PresentationStateKey, SegmentationKey, SeriesKey, StudyKey
from consult.model.presentation_states.state import STATE_LUT, Look, PresentationState
from consult.model.segmentations.segmentation import Segment, Segmentation
from consult.model.view import Camera, Layout, Link, LinkedViewport, ShownSegmentation, Stack, View, Viewport, Window
from consult.sessions.views import check_view, fitted_camera, initial_view, main_series
from tests.support.cases import case, grid, series, timed_series

DWI = timed_series("s-dwi", places=20, missing=3)
CASE = replace(case(), series=(series("s-1"), series("s-2"), series("s-rgb", colour=True), DWI))
VIEW = initial_view(CASE)


def viewport(**changes: object) -> View:
    """The view with its one viewport changed."""
    return replace(VIEW, viewports=(replace(VIEW.viewports[0], **changes),))


def shows(series: str = "s-1", place: int = 10, time: int = 0) -> Stack:
    """What is shown."""
    return Stack(SeriesKey(series), place, time)


def many(count: int, **layout: Any) -> View:
    """A view of so many viewports."""
    viewports = tuple(replace(VIEW.viewports[0], id="abcdefghijklmnopq"[i]) for i in range(count))
    return replace(VIEW, layout=Layout(**layout), viewports=viewports)


def camera(**changes: object) -> View:
    """The view with its camera changed."""
    return viewport(camera=replace(VIEW.viewports[0].camera, **changes))


def two(**changes: object) -> View:
    """Two viewports beside each other."""
    other = replace(VIEW.viewports[0], id="b", shows=shows("s-2"))
    view = View(layout=Layout(1, 2), viewports=(VIEW.viewports[0], other), active="b", link=Link(-3.0))
    return replace(view, **changes)


def four(*linked: str, offset: float = 2.0) -> View:
    """Four, some of them linked."""
    link = Link(members=tuple(LinkedViewport(identifier, offset) for identifier in linked))
    return replace(many(4, rows=2, columns=2), link=link)


COS, SIN = math.cos(0.3), math.sin(0.3)
GOOD: dict[str, View] = {
    "as it opens": VIEW,
    "the last image": viewport(shows=shows(place=19)),
    "the last image at the last time": viewport(shows=shows("s-dwi", 16, 1)),
    "the last image at the first time": viewport(shows=shows("s-dwi", 19, 0)),
    "two by two": many(4, rows=2, columns=2),
    "three by three and a primary": many(10, rows=3, columns=3, primary="j"),
    "a full grid and a primary": many(17, rows=4, columns=4, primary="a"),
    "turned in the plane": camera(right=(COS, SIN, 0.0), down=(-SIN, COS, 0.0)),
    "flipped": camera(right=(-1.0, 0.0, 0.0)),
    "two, linked": two(),
    "two, not linked": two(link=None),
    "three of four linked": four("a", "b", "d"),
    "colour without a window": viewport(shows=shows("s-rgb"), window=None),
    "inverted": viewport(invert=True),
    "in a palette": viewport(palette="hot_iron"),
}
NAN, INF = float("nan"), float("inf")
BAD: dict[str, tuple[View, str]] = {
    "a viewport too many": (replace(two(), layout=Layout(1, 1)), "bad_layout"),
    "a viewport too few": (replace(VIEW, layout=Layout(1, 2)), "bad_layout"),
    "a primary too few": (many(9, rows=3, columns=3, primary="i"), "bad_layout"),
    "a primary that is not there": (many(5, rows=2, columns=2, primary="x"), "bad_layout"),
    "a viewport twice": (two(viewports=(VIEW.viewports[0],) * 2), "bad_layout"),
    "viewports in another order": (two(viewports=two().viewports[::-1]), "bad_layout"),
    "an active one that is not there": (replace(VIEW, active="b"), "bad_layout"),
    "one linked alone": (replace(VIEW, link=Link()), "bad_layout"),
    "four linked": (replace(many(4, rows=2, columns=2), link=Link()), "bad_layout"),
    "one of four linked": (four("a"), "bad_layout"),
    "one of four linked twice": (four("a", "a"), "bad_layout"),
    "one linked that is not there": (four("a", "x"), "bad_layout"),
    "two named that are all": (two(link=four("a", "b").link), "bad_layout"),
    "one of four of no size": (four("a", "b", offset=NAN), "bad_layout"),
    "an offset of no size": (two(link=Link(NAN)), "bad_layout"),
    "another patient's series": (viewport(shows=shows("s-9")), "unknown_series"),
    "a place too many": (viewport(shows=shows(place=20)), "image_out_of_range"),
    "a place before the first": (viewport(shows=shows(place=-1)), "image_out_of_range"),
    "a time where there is none": (viewport(shows=shows(time=1)), "image_out_of_range"),
    "a time too many": (viewport(shows=shows("s-dwi", 0, 2)), "image_out_of_range"),
    "an image that is missing": (viewport(shows=shows("s-dwi", 17, 1)), "image_missing"),
    "grey without a window": (viewport(window=None), "bad_window"),
    "colour with a window": (viewport(shows=shows("s-rgb")), "bad_window"),
    "colour in a palette": (viewport(shows=shows("s-rgb"), window=None, palette="pet"), "bad_palette"),
    "a window of no width": (viewport(window=Window(0.0, INF)), "bad_window"),
    "a camera nowhere": (camera(center=(NAN, 0.0, 0.0)), "bad_camera"),
    "a camera far away": (camera(center=(1e6, 0.0, 0.0)), "bad_camera"),
    "a circle of no size": (camera(radius=0.0), "bad_camera"),
    "a circle without end": (camera(radius=1e9), "bad_camera"),
    "a long right": (camera(right=(1.01, 0.0, 0.0)), "bad_camera"),
    "no down": (camera(down=(0.0, 0.0, 0.0)), "bad_camera"),
    "a skewed camera": (camera(down=(SIN, COS, 0.0)), "bad_camera"),
    "a camera across the images": (camera(down=(0.0, 0.0, 1.0)), "bad_camera"),
    "a camera that is tilted": (camera(down=(0.0, COS, SIN)), "bad_camera"),
    "bad in the second viewport": (
        two(viewports=(VIEW.viewports[0], replace(two().viewports[1], shows=shows(place=99)))),
        "image_out_of_range",
    ),
}


@pytest.mark.parametrize("view", GOOD.values(), ids=GOOD)
def test_what_the_case_has_is_shown(view: View) -> None:
    check_view(view, CASE)
    assert all(CASE.find(key) is not None for key in view.series)


@pytest.mark.parametrize(("view", "code"), BAD.values(), ids=BAD)
def test_anything_else_is_refused_with_a_sentence(view: View, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_view(view, CASE)
    assert refused.value.code == code
    assert refused.value.sentence.endswith(".")


@settings(deadline=None)
@given(st.floats(0, 2 * math.pi), st.booleans())
def test_any_turn_in_the_plane_is_shown(angle: float, flipped: bool) -> None:
    c, s, f = math.cos(angle), math.sin(angle), -1.0 if flipped else 1.0
    check_view(camera(right=(f * c, f * s, 0.0), down=(-s, c, 0.0)), CASE)
    assert math.isclose(c * c + s * s, 1)


def of_newest(*shown: Series, studies: tuple[Study, ...] = ()) -> Case:
    """A case of these series."""
    newest = Study(StudyKey("st-1"), "", "2026-11-24", "")
    return Case("c1", "", Patient("", ""), studies or (newest,), shown)


def test_it_opens_with_the_middle_place_in_the_files_own_window() -> None:
    (shown,) = VIEW.viewports
    assert (VIEW.layout, VIEW.active, VIEW.link) == (Layout(1, 1), "a", None)
    assert (shown.id, shown.shows, shown.window) == ("a", shows("s-1", 10), Window(-600.0, 1500.0))
    assert shown.camera == Camera((0.0, 0.0, 30.0), 64.0, (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
    check_view(VIEW, CASE)


def image_space(columns: int, rows: int) -> Grid:
    """One image without a place in the patient."""
    return Grid("image", rows, columns, 1.0, 1.0, "px", (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), ((0.0, 0.0, 0.0),))


@pytest.mark.parametrize(("columns", "rows"), [(512, 512), (3328, 4096), (640, 480)])
def test_the_whole_image_is_within_the_circles_square(columns: int, rows: int) -> None:
    fitted = fitted_camera(image_space(columns, rows), 0)
    assert fitted.center == ((columns - 1) / 2, (rows - 1) / 2, 0.0)
    assert fitted.radius == max(columns, rows) / 2


HANGING: dict[str, tuple[Callable[[], Case], str]] = {
    "CT before others": (lambda: of_newest(series("mr", modality="MR", images=99), series("ct", images=2)), "ct"),
    "the larger CT": (lambda: of_newest(series("small", images=3), series("large", images=30)), "large"),
    "the first of equals": (lambda: of_newest(series("one"), series("two")), "one"),
    "in patient space before more images": (
        lambda: of_newest(
            replace(series("us", modality="US", images=80), grid=image_space(8, 8)),
            series("mr", modality="MR", images=9),
        ),
        "mr",
    ),
    "the newest study before CT": (
        lambda: of_newest(
            series("old", study="st-0"),
            series("new", modality="CR", images=1),
            studies=(
                Study(StudyKey("st-1"), "", "2026-11-24", ""),
                Study(StudyKey("st-0"), "", "2026-05-01", "", prior=True),
            ),
        ),
        "new",
    ),
    "not one without images": (lambda: of_newest(series("empty", images=0), series("mr", modality="MR")), "mr"),
}


@pytest.mark.parametrize(("make", "key"), HANGING.values(), ids=HANGING)
def test_hanging(make: Callable[[], Case], key: str) -> None:
    assert main_series(make()).key == key


@pytest.mark.parametrize(
    "shown", [(), (series("s", images=0),), (replace(series("s"), windows=()),)], ids=["none", "empty", "no window"]
)
def test_a_case_with_nothing_to_show_does_not_open(shown: tuple[Series, ...]) -> None:
    with pytest.raises(Refused, match="nothing_to_show"):
        initial_view(of_newest(*shown))


def test_pet_opens_dark_on_white_from_0_to_5_suv_where_it_has_suv() -> None:
    pet = replace(series("s-pet"), modality="PT", unit="BQML", suv=Suv(body_weight=0.0002))
    shown = initial_view(replace(CASE, series=(pet,))).viewports[0]
    assert (shown.window, shown.invert) == (Window(12_500.0, 25_000.0), True)
    raw = replace(pet, suv=Suv(reason="The injected dose is not known (RadionuclideTotalDose)."))
    assert initial_view(replace(CASE, series=(raw,))).viewports[0].window == raw.windows[0].window


def test_colour_opens_without_a_window() -> None:
    view = initial_view(of_newest(series("rgb", colour=True)))
    assert isinstance(view.viewports[0], Viewport)
    assert view.viewports[0].window is None


def test_the_grid_of_tests_is_what_it_says() -> None:
    assert grid().centre(0) == (0.0, 0.0, 0.0)


def test_it_opens_at_the_first_time_that_has_the_image() -> None:
    axis = Axis("EchoTime", ("TE 12 ms", "TE 24 ms"), ((0, 10),))
    (shown,) = initial_view(of_newest(replace(DWI, images=39, axis=axis))).viewports
    assert shown.shows == shows("s-dwi", 10, 1)


LIVER = Segmentation(
    SegmentationKey("g-1"), StudyKey("st-1"), "regions", "Liver", 90, (Segment(1, "Liver", (255, 0, 0)),)
)
MARKED = replace(CASE, segmentations=(LIVER,))


def test_a_segmentation_of_the_case_may_be_shown_wherever_it_lies() -> None:
    check_view(viewport(segmentations=(ShownSegmentation(LIVER.key, 0.3, (1,)),)), MARKED)


@pytest.mark.parametrize(
    ("segmentations", "code"),
    [
        ((ShownSegmentation(SegmentationKey("g-9")),), "unknown_segmentation"),
        ((ShownSegmentation(LIVER.key), ShownSegmentation(LIVER.key, 0.1)), "bad_segmentation"),
        ((ShownSegmentation(LIVER.key, math.nan),), "bad_segmentation"),
    ],
)
def test_segmentations_that_cannot_be_shown_are_refused(
    segmentations: tuple[ShownSegmentation, ...], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        check_view(viewport(segmentations=segmentations), MARKED)
    assert refused.value.code == code


STATE = PresentationState(
    PresentationStateKey("p-1"), StudyKey("st-1"), "LUNG",
    looks=(Look(SeriesKey("s-1"), ((0, 3),), window=Window(8.0, 4.0, STATE_LUT)),),
)  # fmt: skip
STATED = replace(CASE, presentation_states=(STATE,))


@pytest.mark.parametrize("frames", [(), (3,), (0, 4, 19)])
def test_frames_of_the_series_may_make_the_mask(frames: tuple[int, ...]) -> None:
    check_view(viewport(mask_frames=frames), CASE)


@pytest.mark.parametrize("frames", [(20,), (4, 3), (3, 3)])
def test_other_frames_are_refused(frames: tuple[int, ...]) -> None:
    with pytest.raises(Refused) as refused:
        check_view(viewport(mask_frames=frames), CASE)
    assert refused.value.code == "bad_mask"


def test_a_presentation_state_of_the_case_may_be_shown_with_its_lut() -> None:
    check_view(viewport(presentation_state=STATE.key, window=Window(8.0, 4.0, STATE_LUT)), STATED)


def test_a_presentation_state_that_the_case_does_not_have_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        check_view(viewport(presentation_state=PresentationStateKey("p-9")), STATED)
    assert refused.value.code == "unknown_presentation_state"


def test_the_lut_of_a_state_needs_that_state() -> None:
    with pytest.raises(Refused) as refused:
        check_view(viewport(window=Window(8.0, 4.0, STATE_LUT)), STATED)
    assert refused.value.code == "bad_window"


def test_a_case_opens_with_images_whatever_documents_are_newer() -> None:
    letter = replace(series("s-0", modality="CT", colour=True), document="pdf")
    assert main_series(replace(CASE, series=(letter, series("s-1", modality="MR")))).key == "s-1"
    assert main_series(replace(CASE, series=(letter,))).key == "s-0"
