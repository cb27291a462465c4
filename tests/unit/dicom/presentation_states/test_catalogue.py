"""How the images of a case are shown by a presentation state: held against the same done by numpy, pixel by pixel."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from consult.dicom.presentation_states.catalogue import NO_IMAGE, OTHER_RESCALE, catalogued, turned
from consult.dicom.presentation_states.drawable import drawn_state, in_image
from consult.dicom.presentation_states.records import Area, PresentationStateRecord, Reference, Voi
from consult.dicom.presenting.records import VoiLut
from consult.dicom.records import FileRecord, Frame, PixelFormat, StackRecord
from consult.model.catalogue import Patient, Series, Study
from consult.model.geometry import Grid, Vec, add, scale
from consult.model.identifiers import SeriesKey, StudyKey
from consult.model.image import Image
from consult.model.presentation_states.state import STATE_LUT, Look
from consult.model.view import Camera, Window
from consult.rendering.stack import render_viewport

ROWS, COLUMNS = 6, 8
GRID = Grid(
    "patient", ROWS, COLUMNS, 1.0, 1.0, "mm", (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), ((0.0, 0.0, 0.0), (0.0, 0.0, 2.0))
)
KEY = SeriesKey("s-1")
STORED = np.arange(ROWS * COLUMNS, dtype=np.int16).reshape(ROWS, COLUMNS) * 5
NO_PIXELS = PixelFormat(0, 0, "uint8")
PATIENT, STUDY = Patient("DEMO^ANNA", "1"), Study(StudyKey("st"), "", "2026-11-24", "")


def stack(**frame: Any) -> StackRecord:
    """Two images, "1.1" and "1.2"."""
    frames = tuple(Frame(f"f{n}", 0, f"1.{n}", None, 1.0, 1.0, "mm", **frame) for n in (1, 2))
    series = Series(KEY, STUDY.key, "CT", 4, "CT", 2, GRID)
    return StackRecord(PATIENT, "1.2", STUDY, "1.2.3", series, PixelFormat(ROWS, COLUMNS, "int16"), frames)


def asking(**asked: Any) -> PresentationStateRecord:
    return PresentationStateRecord(**{"images": (Reference("1.1"), Reference("1.2")), "label": "A"} | asked)


def of_file(asked: PresentationStateRecord) -> FileRecord:
    return FileRecord(
        PATIENT, "1.2", STUDY, "1.2.9", 80, "", "PR", "", NO_PIXELS, "", (), object_file="ab", presentation_state=asked
    )


def look_of(asked: PresentationStateRecord, **frame: Any) -> Look:
    (look,) = catalogued(of_file(asked), [stack(**frame)]).looks
    return look


def painted(asked: PresentationStateRecord, **frame: Any) -> NDArray[np.uint8]:
    """The first image as the state asks, a device pixel for each of its pixels."""
    look, own = look_of(asked, **frame), stack(**frame).frames[0]
    image = Image(STORED, own.slope, own.intercept, own.inverted, own.voi_function)
    shown, window = drawn_state(asked, [stack(**frame)]).of(KEY, 0).greys(image, look.window)
    left, top, right, bottom = look.area or (-0.5, -0.5, COLUMNS - 0.5, ROWS - 0.5)
    centre = ((left + right) / 2, (top + bottom) / 2, 0.0)
    lying = look.right[0] == 0
    size = (round(bottom - top), round(right - left)) if lying else (round(right - left), round(bottom - top))
    camera = Camera(centre, min(size) / 2, direction(look.right), direction(look.down))
    return render_viewport(shown, GRID, 0, camera, window, size, invert=look.invert)


def direction(along: tuple[int, int]) -> Vec:
    return add(scale(GRID.right, along[0]), scale(GRID.down, along[1]))


def by_numpy(values: NDArray[Any], center: float, width: float) -> NDArray[np.uint8]:
    """PS3.3 C.11.2.1.2.1, word by word."""
    level = ((values - (center - 0.5)) / (width - 1) + 0.5) * 255
    level[values <= center - 0.5 - (width - 1) / 2], level[values > center - 0.5 + (width - 1) / 2] = 0, 255
    return np.asarray(np.floor(level + 0.5), np.uint8)


WINDOW = Voi(center=100.0, width=200.0)
PLAIN = by_numpy(STORED.astype(float), 100.0, 200.0)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("flipped", [False, True])
def test_the_image_is_rotated_clockwise_and_then_flipped(rotation: int, flipped: bool) -> None:
    # Seen to fail: with the flip before the rotation, at 90 and 270 degrees.
    expected = np.rot90(PLAIN, -rotation // 90)
    expected = np.fliplr(expected) if flipped else expected
    assert (painted(asking(vois=(WINDOW,), rotation=rotation, flipped=flipped)) == expected).all()


def test_all_windows_are_offered_on_the_images_own_values() -> None:
    several = Voi(center=100.0, width=200.0, explanation="WIDE", others=((50.0, 20.0, "NARROW"),))
    look = look_of(asking(vois=(several,)))
    assert look.window == Window(100.0, 200.0)
    assert [(one.explanation, one.window) for one in look.windows] == [
        ("WIDE", Window(100.0, 200.0)), ("NARROW", Window(50.0, 20.0)),
    ]  # fmt: skip
    converted = look_of(asking(vois=(several,), slope=2.0), slope=1.0)
    assert [one.window.width for one in converted.windows] == [(200 - 1) / 2 + 1, (20 - 1) / 2 + 1]
    assert look_of(asking(vois=(WINDOW,))).windows == ()


def test_what_lies_at_the_right_of_the_patient_is_where_it_must_be() -> None:
    """An axial image, its rows to the patient's left: rotated by 180 degrees and flipped it stands on its head, and
    the patient's right stays at the left of the screen."""
    look = look_of(asking(rotation=180, flipped=True))
    assert direction(look.right) == (1.0, 0.0, 0.0), "to the patient's left"
    assert direction(look.down) == (0.0, -1.0, 0.0), "to the patient's front"


@pytest.mark.parametrize("rotation", [0, 90])
def test_the_area_is_cut_out_before_it_is_turned(rotation: int) -> None:
    box = (1.5, 0.5, 5.5, 4.5)
    expected = np.rot90(PLAIN[1:5, 2:6], -rotation // 90)
    assert (painted(asking(vois=(WINDOW,), areas=(Area(box),), rotation=rotation)) == expected).all()


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("inverse", [False, True])
def test_the_state_alone_says_which_end_is_white(inverse: bool, inverted: bool) -> None:
    # Seen to fail: IDENTITY of a MONOCHROME1 image was white where it must be black (PS3.4 N.2.1.4).
    found = painted(asking(vois=(WINDOW,), inverse=inverse), inverted=inverted)
    assert (found == (255 - PLAIN if inverse else PLAIN)).all()


@pytest.mark.parametrize(("slope", "intercept"), [(1.0, 0.0), (2.0, -50.0), (-1.0, 200.0), (0.5, 3.0)])
@pytest.mark.parametrize("own", [(1.0, 0.0), (1.0, -1024.0), (0.25, 8.0)])
def test_its_own_rescale_stands_in_place_of_the_images(
    slope: float, intercept: float, own: tuple[float, float]
) -> None:
    # Seen to fail: a window on stored values was laid over HU.
    asked = asking(vois=(WINDOW,), slope=slope, intercept=intercept)
    expected = by_numpy(STORED * slope + intercept, 100.0, 200.0).astype(int)
    found = painted(asked, slope=own[0], intercept=own[1]).astype(int)
    assert np.abs(found - expected).max() <= 1, "a grey that lies between two may be either"
    notes = catalogued(of_file(asked), [stack(slope=own[0], intercept=own[1])]).notes
    assert notes == (() if (slope, intercept) == own else (OTHER_RESCALE,))


def test_a_sigmoid_window_bends_greys_though_the_images_is_straight() -> None:
    found = painted(asking(vois=(Voi(center=100.0, width=100.0, function="SIGMOID"),)))
    expected = 255 / (1 + np.exp(-4 * (STORED.astype(float) - 100) / 100))
    assert np.abs(found - expected).max() <= 1


def test_its_voi_lut_gives_each_value_its_entry() -> None:
    entries = np.arange(256, dtype="<u2")[::-1]
    asked = asking(vois=(Voi(lut=VoiLut(0, 8, entries.tobytes())),))
    assert look_of(asked).window == Window(128.0, 256.0, STATE_LUT)
    assert (painted(asked) == 255 - STORED).all()


def test_images_that_are_shown_alike_share_a_look_and_others_have_their_own() -> None:
    vois = (Voi((Reference("1.2"),), 1.0, 2.0), Voi((Reference("1.1"),), 3.0, 4.0))
    looks = catalogued(of_file(asking(vois=vois)), [stack()]).looks
    assert [(look.images, look.window) for look in looks] == [
        (((0, 0),), Window(3.0, 4.0)), (((1, 1),), Window(1.0, 2.0)),
    ]  # fmt: skip
    assert look_of(asking(vois=(WINDOW,))).images == ((0, 1),)


def test_frames_that_are_named_alone_are_shown_alone() -> None:
    second = Frame("f1", 1, "1.1", None, 1.0, 1.0, "mm")
    one = stack()
    clip = StackRecord(PATIENT, "1.2", STUDY, "1.2.3", one.series, one.format, (one.frames[0], second))
    state = catalogued(of_file(asking(images=(Reference("1.1", (2,)),))), [clip])
    assert [look.images for look in state.looks] == [((1, 1),)]
    assert state.look(KEY, 0) is None


def test_a_state_for_images_that_are_not_here_says_so() -> None:
    state = catalogued(of_file(asking(images=(Reference("9.9"),))), [stack()])
    assert (state.looks, state.why) == ((), NO_IMAGE)


@pytest.mark.parametrize(
    ("rotation", "flipped", "expected"),
    [(0, False, (-0.5, -0.5)), (90, False, (-0.5, 5.5)), (180, False, (7.5, 5.5)), (0, True, (7.5, -0.5)),
     (90, True, (-0.5, -0.5))],
)  # fmt: skip
def test_parts_of_the_area_are_counted_from_its_corner_on_the_screen(
    rotation: int, flipped: bool, expected: tuple[float, float]
) -> None:  # fmt: skip
    box = (-0.5, -0.5, COLUMNS - 0.5, ROWS - 0.5)
    assert in_image((0.0, 0.0), box, turned(rotation, flipped=flipped)) == expected
