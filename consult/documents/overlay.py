"""What is drawn over a key picture: letters of the sides, the scale, marks with the values that the note has.

All in device pixels of the picture, so that it lies on the anatomy as exactly as the picture itself. The page's own way
(web/js/features/marks/marks-layer.js, core/view/scale-bar.js) is the model.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct

from consult.documents.contents import KeyPicture, Value
from consult.model.catalogue import Series
from consult.model.geometry import Vec, add, cross, dot, orientation_letters, scale, subtract
from consult.model.mark import Mark
from consult.model.view import Camera, Plane, Stack, shown_base
from consult.rendering.affine import mm_per_pixel
from consult.sessions.features.findings.events import Number

Point = tuple[float, float]
Line = tuple[Point, ...]
Size = tuple[int, int]
Box = tuple[Point, float, float]
"""Where a text begins, its width (negative: to the left) and its height."""
CORNERS = 64
"""Of the polygon that stands for an ellipse."""
COLOURS = ("#fa6f3e", "#41d1ff", "#f0ff84", "#dd7cc4", "#e5bb1e", "#51a081", "#cef6fa", "#adbf7a")
"""Of people, as web/css/tokens.css has them."""
CAP, HEAD, PROBE, GAP = 6.0, 11.0, 7.0, 8.0
"""Lengths in pixels of the screen (`unit` device pixels each)."""
FONT, LEADING, GLYPH = 13.0, 1.3, 0.58
"""Of a value: its height, that of a line, and the width of a glyph, in heights."""
SHOWN = ("length", "angle", "area", "mean", "value", "velocity", "depth")
"""Quantities that stand beside a mark."""
THIN_MM = 0.5
"""So far from a plane a mark still lies in it."""
BAR_LENGTHS_MM = (50.0, 10.0, 100.0, 1.0, 500.0)
BAR_LEAST, BAR_PART = 24.0, 0.45
OPPOSITE = {"R": "L", "L": "R", "A": "P", "P": "A", "H": "F", "F": "H"}


class Letters(Struct, frozen=True):
    """Of the four sides; "" where nothing says it."""

    left: str = ""
    right: str = ""
    top: str = ""
    bottom: str = ""


class Bar(Struct, frozen=True):
    """A scale: its length in device pixels and in mm; `unit` of the grid; `ticks`: parts."""

    pixels: float
    mm: float
    unit: str
    ticks: int


class Drawing(Struct, frozen=True):
    """One mark on the picture.

    Attributes:
        lines: polygons, open.
        values: what stands beside it; its label, where it measures nothing.
        at: where that begins, or ends where `to_the_left`.
    """

    colour: str
    lines: tuple[Line, ...]
    label: str
    values: tuple[Number, ...]
    at: Point
    to_the_left: bool


class Canvas(Struct, frozen=True):
    """What is drawn on: its size in device pixels, and how many of them make a pixel of the screen."""

    width: int
    height: int
    unit: float

    @property
    def size(self) -> Size:
        """(width, height)."""
        return self.width, self.height


class Overlay(Struct, frozen=True):
    """All that lies over a picture. `unit`: device pixels for a pixel of the screen."""

    width: int
    height: int
    unit: float
    letters: Letters
    bar: Bar | None
    drawings: tuple[Drawing, ...]


def overlay_of(
    picture: KeyPicture, series: Series, values: Sequence[Value], colours: dict[str, int], canvas: Canvas
) -> Overlay:
    """What lies over a picture.

    Args:
        picture: with the marks of its finding.
        series: that it shows.
        values: of these marks.
        colours: index of each author's.
        canvas: its size.
    """
    camera, size, unit = picture.viewport.camera, canvas.size, canvas.unit
    numbers = {value.mark: value.numbers for value in values}
    taken: list[Box] = []
    drawings = [
        _drawing(mark, numbers.get(mark.id, ()), colours.get(mark.author, 0), (camera, canvas), taken)
        for mark in picture.marks
        if is_in(mark, picture, series)
    ]
    bar = _bar(mm_per_pixel(camera, size), size[0], unit, series.grid.unit)
    return Overlay(*size, unit, letters_of(picture, series), bar, tuple(drawings))


def is_in(mark: Mark, picture: KeyPicture, series: Series) -> bool:
    """Whether a picture shows a mark whole: on its own image, or all of it in the plane that is shown."""
    base, camera = shown_base(picture.viewport.shows), picture.viewport.camera
    if isinstance(base, Stack) and mark.series == series.key:
        return mark.image == series.image(base.place, base.time)
    if not mark.frame_of_reference or mark.frame_of_reference != series.frame_of_reference:
        return False
    reach = max(THIN_MM, base.slab_mm / 2 if isinstance(base, Plane) else series.slice_thickness_mm / 2)
    normal = cross(camera.right, camera.down)
    centre = series.grid.positions[base.place] if isinstance(base, Stack) else camera.center
    return all(abs(dot(subtract(point, centre), normal)) <= reach for point in mark.points)


def letters_of(picture: KeyPicture, series: Series) -> Letters:
    """By its plane, else by PatientOrientation (PS3.3 C.7.6.1.1.1); none where there is neither."""
    camera = picture.viewport.camera
    right, down = camera.right, camera.down
    if series.grid.space == "patient":
        found = [orientation_letters(d) for d in (scale(right, -1), right, scale(down, -1), down)]
        return Letters(*found)
    base = shown_base(picture.viewport.shows)
    if not series.orientations or not isinstance(base, Stack):
        return Letters()
    image = series.image(base.place, base.time) or 0
    orientation = series.orientations[0 if len(series.orientations) == 1 else image]
    return Letters(*(_in_image(d, orientation) for d in (scale(right, -1), right, scale(down, -1), down)))


def _in_image(direction: Vec, orientation: tuple[str, str]) -> str:
    """Of a direction in an image that has no plane; nothing aslant."""
    x, y, _ = direction
    along, letters = (x, orientation[0]) if abs(x) > abs(y) else (y, orientation[1])
    if abs(along) < 0.999 or not all(orientation):
        return ""
    return letters if along > 0 else "".join(OPPOSITE.get(letter, "") for letter in letters)


def _bar(mm: float, width: int, unit: float, grid_unit: str) -> Bar | None:
    """5 cm, or another length where that does not fit; None where no length is known."""
    if grid_unit == "px":
        return None
    fitting = (one for one in BAR_LENGTHS_MM if BAR_LEAST * unit <= one / mm <= width * BAR_PART)
    length = next(fitting, None)
    if length is None:
        return None
    return Bar(length / mm, length, grid_unit.removeprefix("mm").strip(), 5 if length == 50 else 1)


def _drawing(
    mark: Mark,
    numbers: tuple[Number, ...],
    colour: int,
    where: tuple[Camera, Canvas],
    taken: list[Box],
) -> Drawing:
    camera, size, unit = where[0], where[1].size, where[1].unit
    drawn = [tuple(_pixel(camera, size, point) for point in line) for line in lines_in_space(mark)]
    outline: Line = tuple(point for line in drawn for point in line)
    lines = (*(line for line in drawn if len(line) > 1), *_extras(mark.kind, outline, unit))
    texts = len(lines_of(mark.label, numbers))
    longest = max((len(text) for text in lines_of(mark.label, numbers)), default=0)
    wide, high = longest * GLYPH * FONT * unit, texts * LEADING * FONT * unit
    at, to_the_left = _text_place(outline, (wide, high), size, unit)
    at = _clear(at, wide if not to_the_left else -wide, high, taken)
    taken.append((at, wide if not to_the_left else -wide, high))
    return Drawing(COLOURS[colour % len(COLOURS)], lines, mark.label, numbers, at, to_the_left)


def lines_of(label: str, numbers: Sequence[Number]) -> list[str]:
    """About what stands beside a mark, to know how much place it takes: the page's words are the language's."""
    shown = [n for n in numbers if n.quantity in SHOWN]
    return [text for text in (label, *(f"{n.value:.1f} {n.unit} 00" for n in shown)) if text]


def _text_place(outline: Line, text: tuple[float, float], size: Size, unit: float) -> tuple[Point, bool]:
    """Right of what is drawn; left of it, where the right has no room."""
    right = max(outline, key=lambda point: point[0])
    left = min(outline, key=lambda point: point[0])
    to_the_left = right[0] + GAP * unit + text[0] > size[0] - GAP * unit and left[0] > size[0] - right[0]
    x, y = (left[0] - GAP * unit, left[1]) if to_the_left else (right[0] + GAP * unit, right[1])
    return (x, min(max(y - text[1] / 2, GAP * unit), max(size[1] - text[1] - GAP * unit, GAP * unit))), to_the_left


def _clear(at: Point, wide: float, high: float, taken: Sequence[Box]) -> Point:
    """Moved down, so that it lies on no text that is there already."""
    for (x, y), width, height in taken:
        apart = max(at[0], at[0] + wide) < min(x, x + width) or min(at[0], at[0] + wide) > max(x, x + width)
        if not apart and at[1] < y + height and y < at[1] + high:
            at = (at[0], y + height)
    return at


def _pixel(camera: Camera, size: Size, point: Vec) -> Point:
    """Where a point of space lies: from the left upper corner, whose pixel's centre is (0.5, 0.5)."""
    mm, from_centre = mm_per_pixel(camera, size), subtract(point, camera.center)
    return size[0] / 2 + dot(from_centre, camera.right) / mm, size[1] / 2 + dot(from_centre, camera.down) / mm


def lines_in_space(mark: Mark) -> list[list[Vec]]:
    """What is drawn of a mark: closed where it encloses something; two lines of a bidirectional and of a Cobb angle."""
    points = list(mark.points)
    match mark.kind:
        case "ellipse" | "circle":
            return [_polygon(mark)]
        case "rectangle" | "freehand" | "polygon":
            return [[*points, points[0]]]
        case "bidirectional" | "cobb":
            return [points[:2], points[2:]]
        case _:
            return [points]


def _polygon(mark: Mark) -> list[Vec]:
    centre, *ends = mark.points
    one, other = (subtract(end, centre) for end in ends)
    turns = [2 * math.pi * (i % CORNERS) / CORNERS for i in range(CORNERS + 1)]
    return [add(centre, add(scale(one, math.cos(turn)), scale(other, math.sin(turn)))) for turn in turns]


def _extras(kind: str, outline: Line, unit: float) -> tuple[Line, ...]:
    """Caps, heads and crosses."""
    first = outline[0]
    if kind == "probe":
        (x, y), reach = first, PROBE * unit
        return ((x - reach, y), (x + reach, y)), ((x, y - reach), (x, y + reach))
    if kind in ("length", "bidirectional"):
        return _cap(first, outline[1], CAP * unit), _cap(outline[1], first, CAP * unit)
    return (_head(first, outline[1], HEAD * unit),) if kind == "arrow" else ()


def _cap(at: Point, other: Point, size: float) -> Line:
    across, down = other[0] - at[0], other[1] - at[1]
    far = math.hypot(across, down) or 1.0
    x, y = -down / far * size / 2, across / far * size / 2
    return (at[0] + x, at[1] + y), (at[0] - x, at[1] - y)


def _head(tip: Point, tail: Point, size: float) -> Line:
    turn = math.atan2(tail[1] - tip[1], tail[0] - tip[0])
    sides = [(tip[0] + size * math.cos(turn + by), tip[1] + size * math.sin(turn + by)) for by in (0.45, -0.45)]
    return sides[0], tip, sides[1]
