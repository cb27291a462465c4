"""Files of a study to displayable stacks. Pure.

Rules of this file:
- A stack holds frames of one series that share size, format, orientation, spacing, unit and photometric meaning.
- Frames with a place are sorted in anatomical order, by the axis that lies nearest to the normal: from head to feet,
  front to back, or from the patient's right to the left. Those without a place are sorted by their numbers.
- Several frames at one place (time points, echoes): where every place has as many, each becomes a stack of its own, by
  the frames' numbers; else they stay, one after the other, and the stack says so. One place alone stays one stack.
- A stack's key names its series and its images in their order: other images or another order have another key, and a
  key never comes to mean anything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from msgspec import Struct

from consult.dicom.naming import short_key
from consult.dicom.records import FileRecord, Frame, Plane, StackRecord
from consult.model.catalogue import Series
from consult.model.geometry import Grid, Vec, cross, dot, scale
from consult.model.identifiers import SeriesKey

COSINE = 1e-4
"""1 - cosine of the angle (0.8 degrees) within which orientations are one."""
DIAGONAL = 1e-3
"""Between two axes the order is that of the later one, whatever rounding says: z before y before x."""
SAME_PLACE_MM = 0.01
SPACING_RELATIVE = 1e-3
UNEVEN_RELATIVE, UNEVEN_MM = 0.02, 0.01
UNEVEN = "spacing uneven"
TOGETHER = "several images at one position"


class _Item(Struct, frozen=True):
    """A frame and the file it is in."""

    file: FileRecord
    frame: Frame


def build_stacks(files: Iterable[FileRecord]) -> list[StackRecord]:
    """All stacks of the files, series by series in the order of the files."""
    series: dict[tuple[str, str], list[_Item]] = {}
    for file in files:
        items = series.setdefault((file.study_uid, file.series_uid), [])
        items.extend(_Item(file, frame) for frame in file.frames)
    return [stack for uids, items in series.items() for stack in _series_stacks(series_key(*uids), items)]


def series_key(study_uid: str, series_uid: str) -> str:
    """Key of a series. Both UIDs count: no key is ever shared by two patients' studies."""
    return short_key(study_uid, series_uid)


def series_of(key: SeriesKey) -> str:
    """Key of the series that a stack is of."""
    return key.partition("-")[0]


def stack_sources(stack: StackRecord) -> list[str]:
    """Its images in their order, as `stack_of` takes them."""
    return [frame.source_digest for frame in stack.frames]


def stack_of(files: Iterable[FileRecord], sources: Sequence[str]) -> StackRecord | None:
    """A stack as it was before files were added or the rules of order were others.

    Args:
        files: of its series, now.
        sources: what `stack_sources` said then.

    Returns:
        The stack of exactly these images in this order; None where one is not there.
    """
    there = {frame.source_digest: _Item(file, frame) for file in files for frame in file.frames}
    if not sources or any(source not in there for source in sources):
        return None
    items = [there[source] for source in sources]
    return _stack(series_key(items[0].file.study_uid, items[0].file.series_uid), items, "")


def _series_stacks(series: str, items: Sequence[_Item]) -> list[StackRecord]:
    """The stacks of one series, largest first."""
    parts = [part for group in _groups(items) for part in _by_place(group)]
    parts.sort(key=lambda part: (-len(part[0]), part[0][0].frame.order))
    return [_stack(series, *part) for part in parts]


def _groups(items: Iterable[_Item]) -> list[list[_Item]]:
    """Items that may lie in one stack."""
    groups: list[list[_Item]] = []
    for item in items:
        for group in reversed(groups):
            if _alike(group[0], item):
                group.append(item)
                break
        else:
            groups.append([item])
    return groups


def _alike(a: _Item, b: _Item) -> bool:
    first, second = a.frame, b.frame
    return (
        a.file.format == b.file.format
        and a.file.unit == b.file.unit
        and first.inverted == second.inverted
        and first.unit == second.unit
        and a.file.frame_of_reference_uid == b.file.frame_of_reference_uid
        and _near(first.row_spacing, second.row_spacing)
        and _near(first.column_spacing, second.column_spacing)
        and _same_orientation(first.plane, second.plane)
    )


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= SPACING_RELATIVE * a


def _same_orientation(a: Plane | None, b: Plane | None) -> bool:
    if a is None or b is None:
        return a is b
    return dot(a.right, b.right) > 1 - COSINE and dot(a.down, b.down) > 1 - COSINE


def _by_place(group: list[_Item]) -> list[tuple[list[_Item], str]]:
    """Sorted stacks of one group, each with what must be said of it."""
    group = sorted(group, key=lambda item: (item.frame.order, item.frame.file))
    first = group[0].frame.plane
    if first is None:
        return [(group, "")]
    onward = _onward(first)
    places = _places(group, onward)
    note = UNEVEN if _uneven([_way(place[0], onward) for place in places]) else ""
    counts = {len(place) for place in places}
    if len(places) == 1:  # one slice through time
        return [(places[0], "")]
    if len(counts) == 1:
        return [([place[n] for place in places], note) for n in range(counts.pop())]
    return [([item for place in places for item in place], ", ".join(filter(None, (note, TOGETHER))))]


def _onward(plane: Plane) -> Vec:
    """Unit vector from one image to the next: the normal, or its opposite where that leads the anatomical way (LPS)."""
    normal = cross(plane.right, plane.down)
    x, y, z = normal
    if abs(z) >= max(abs(x), abs(y)) - DIAGONAL:
        return scale(normal, -1.0) if z > 0 else normal
    leading = y if abs(y) >= abs(x) - DIAGONAL else x
    return normal if leading > 0 else scale(normal, -1.0)


def _places(group: list[_Item], onward: Vec) -> list[list[_Item]]:
    """Items by place in anatomical order; at one place in the order they came."""
    places: list[list[_Item]] = []
    for item in sorted(group, key=lambda item: _way(item, onward)):
        if places and _way(item, onward) - _way(places[-1][0], onward) < SAME_PLACE_MM:
            places[-1].append(item)
        else:
            places.append([item])
    for place in places:
        place.sort(key=lambda item: (item.frame.order, item.frame.file))
    return places


def _way(item: _Item, onward: Vec) -> float:
    """How far it lies that way, in mm."""
    assert item.frame.plane is not None  # a group has a place for all or for none
    return dot(item.frame.plane.position, onward)


def _uneven(ways: Sequence[float]) -> bool:
    gaps = [b - a for a, b in pairwise(ways)]
    if not gaps:
        return False
    middle = median(gaps)
    return max(abs(gap - middle) for gap in gaps) > UNEVEN_RELATIVE * middle + UNEVEN_MM


def _stack(series_name: str, items: Sequence[_Item], note: str) -> StackRecord:
    content = short_key(*(item.frame.source_digest for item in items))
    first, middle = items[0], items[len(items) // 2]
    file = first.file
    notes = dict.fromkeys(item.file.note for item in items)
    series = Series(
        key=SeriesKey(f"{series_name}-{content}"),
        study=file.study.key,
        modality=file.modality,
        number=file.series_number,
        description=file.series_description,
        images=len(items),
        grid=_grid(items),
        colour=file.format.colour,
        unit=file.unit,
        windows=middle.frame.windows,
        frame_of_reference=short_key(file.frame_of_reference_uid) if file.frame_of_reference_uid else "",
        slice_thickness_mm=middle.frame.slice_thickness_mm,
        source_lossy=max(item.file.source_lossy for item in items),
        acquired=min((item.file.acquired for item in items if item.file.acquired), default=""),
        body_part=file.body_part,
        note=", ".join(filter(None, (*notes, note))),
    )
    frames = tuple(item.frame for item in items)
    return StackRecord(file.patient, file.study_uid, file.study, file.series_uid, series, file.format, frames)


def _grid(items: Sequence[_Item]) -> Grid:
    """Of the first frame, with all positions; without a place a grid of its own at the origin."""
    frame, shape = items[0].frame, items[0].file.format
    planes = [item.frame.plane for item in items]
    first = planes[0] or Plane((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
    return Grid(
        space="image" if frame.plane is None else "patient",
        rows=shape.rows,
        columns=shape.columns,
        row_spacing=frame.row_spacing,
        column_spacing=frame.column_spacing,
        unit=frame.unit,
        right=first.right,
        down=first.down,
        positions=tuple((plane or first).position for plane in planes),
    )
