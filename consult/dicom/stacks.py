"""Files of a study to displayable stacks. Pure.

Rules of this file:
- What may lie in one stack is the matter of grouping.py; what makes a second axis, of series_axis.py.
- Frames with a place are sorted in anatomical order, by the axis that lies nearest to the normal: from head to feet,
  front to back, or from the patient's right to the left. Those without a place are sorted by their numbers and times.
- Several frames at one place are a second axis where something distinguishes them. Where nothing does, they stay in one
  stack, one after the other, and the stack's note names it. A single place whose images are numbered is in order.
- A stack's key names its series, its images in their order, and the shape of its axis: other images or another order
  have another key, and a key never comes to mean anything else. Words are not part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from consult.dicom.grouping import Group, common_format, find_groups, split_objects
from consult.dicom.image_values import image_values
from consult.dicom.naming import short_key
from consult.dicom.per_image import per_image
from consult.dicom.placing import Item, find_places, is_uneven, reading_order, without_place
from consult.dicom.presenting.completeness import announced_images, expected_images
from consult.dicom.presenting.first_look import opening_window
from consult.dicom.presenting.series import presented
from consult.dicom.records import FileRecord, Frame, FrameAttributes, Plane, StackRecord
from consult.dicom.series_axis import find_axis
from consult.model.catalogue import Axis, Series, Suv
from consult.model.geometry import Grid
from consult.model.identifiers import SeriesKey
from consult.model.planes.volume import MOSAIC, interpolated, why_no_planes
from consult.model.view import Window
from consult.rendering.suv import suv

UNEVEN = "spacing uneven"
TOGETHER = "several images at one position"
NOWHERE = Plane((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))


class StackContent(Struct, frozen=True, omit_defaults=True):
    """What a stack was made of, so that `stack_of` makes it again.

    Attributes:
        sources: its images in their order.
        axis: None where each image is a place.
        description, note: of its series; None where an older version did not store them: the files' own.
        tiled: as in grouping.Group: its images have no positions.
        expected: as its series had it.
    """

    sources: list[str]
    axis: Axis | None = None
    description: str | None = None
    note: str | None = None
    tiled: str = ""
    expected: int = 0


class _Part(Struct, frozen=True):
    """Items of one stack in their order, and what they are called. `announced`: as `expected_images` has it."""

    items: Sequence[Item]
    axis: Axis | None
    description: str
    note: str
    tiled: str = ""
    announced: int = 0


def build_stacks(files: Iterable[FileRecord]) -> list[StackRecord]:
    """All stacks of the files, series by series in the order of the files."""
    return [_stack(series, part) for series, parts in _series_parts(files) for part in parts]


def stack_content(stack: StackRecord) -> StackContent:
    """What a stack is made of."""
    series = stack.series
    sources = [frame.source_digest for frame in stack.frames]
    return StackContent(sources, series.axis, series.description, series.note, stack.tiled, series.expected)


def series_key(study_uid: str, series_uid: str) -> str:
    """Key of a series. Both UIDs count: no key is ever shared by two patients' studies."""
    return short_key(study_uid, series_uid)


def series_of(key: SeriesKey) -> str:
    """Key of the series that a stack is of."""
    return key.partition("-")[0]


def stack_of(files: Iterable[FileRecord], content: StackContent) -> StackRecord | None:
    """A stack as it was before files were added or the rules of order were others.

    Args:
        files: of its series, now.
        content: what `stack_content` gave then.

    Returns:
        The stack of exactly these images in this order; None where none is there. One whose file was deleted since
        keeps its number: nothing can be decoded of it.
    """
    there = {frame.source_digest: Item(file, frame) for file in files for frame in file.frames}
    found = next((there[source] for source in content.sources if source in there), None)
    if found is None:
        return None
    items = [there.get(source) or _deleted(found, source) for source in content.sources]
    items = list(map(without_place, items)) if content.tiled else items
    series = series_key(items[0].file.study_uid, items[0].file.series_uid)
    description = items[0].file.series_description if content.description is None else content.description
    note = _file_notes(items) if content.note is None else content.note
    stack = _stack(series, _Part(items, content.axis, description, note, content.tiled))
    return replace(stack, series=replace(stack.series, expected=content.expected))


def _deleted(like: Item, source: str) -> Item:
    """Stands for an image whose file is gone."""
    file, _, frame = source.partition("/")
    return Item(like.file, replace(like.frame, file=file, frame=int(frame)))


def _series_parts(files: Iterable[FileRecord]) -> Iterator[tuple[str, list[_Part]]]:
    """By series: its parts, largest first, clips in the order in which they were acquired."""
    series: dict[tuple[str, str], list[FileRecord]] = {}
    for file in files:
        series.setdefault((file.study_uid, file.series_uid), []).append(file)
    for uids, of_series in series.items():
        items = [Item(file, frame) for file in of_series for frame in file.frames]
        pages = [item for item in items if item.file.document]
        groups = find_groups([item for item in items if not item.file.document])
        parts = [part for group in groups if not group.clip for part in _arranged(group)]
        parts.sort(key=lambda part: (-len(part.items), part.items[0].frame.order, reading_order(part.items[0])))
        clips = [part for group in groups if group.clip for part in _arranged(group)]
        if len(parts) == 1 and not clips and not pages:
            parts = [replace(parts[0], announced=announced_images(of_series))]
        yield series_key(*uids), parts + clips + _documents(pages)


def _documents(pages: Sequence[Item]) -> list[_Part]:
    """Each document is an entry of its own, its pages in their order."""
    files: dict[str, list[Item]] = {}
    for item in pages:
        files.setdefault(item.file.file, []).append(item)
    in_order = (sorted(found, key=lambda item: item.frame.frame) for found in files.values())
    return [_Part(found, None, found[0].file.series_description, _file_notes(found)) for found in in_order]


def _arranged(group: Group) -> list[_Part]:
    """One group in its order; its multi-frame objects one by one where they are not times of one acquisition."""
    items, axis, note = _ordered(group.items)
    if axis is None and len(objects := split_objects(group)) > 1 and items[0].frame.plane is not None:
        return [part for one in objects for part in _arranged(one)]
    description = ", ".join(filter(None, (items[0].file.series_description, group.name)))
    tiled = f"{group.tiled}: lengths in px" if group.tiled else ""
    notes = ", ".join(filter(None, (_file_notes(items), note, tiled)))
    return [_Part(items, axis, description, notes, group.tiled)]


def _ordered(items: Sequence[Item]) -> tuple[list[Item], Axis | None, str]:
    """In their order, with their axis and what is to be noted."""
    if items[0].frame.plane is None:
        return sorted(items, key=reading_order), None, ""
    places = find_places(items)
    note = UNEVEN if is_uneven(places) else ""
    if (found := find_axis(places)) is not None:
        return *found, note
    if not _in_order(places):
        note = ", ".join(filter(None, (note, TOGETHER)))
    return [item for place in places for item in place], None, note


def _file_notes(items: Sequence[Item]) -> str:
    """Of each kind of note the first: where 300 files have 300 unusable positions, one is named."""
    kinds: dict[str, str] = {}
    for item in items:
        kinds.setdefault(item.file.note.partition(":")[0], item.file.note)
    return ", ".join(filter(None, kinds.values()))


def _in_order(places: Sequence[Sequence[Item]]) -> bool:
    """Whether each place has one image, or one place has all, each with a number of its own."""
    if len(places) == 1:
        return len({item.frame.order for item in places[0]}) == len(places[0])
    return all(len(place) == 1 for place in places)


def _key(series: str, part: _Part) -> SeriesKey:
    names = [item.frame.source_digest for item in part.items]
    if (axis := part.axis) is not None:
        names += [f"{axis.attribute} x {len(axis.labels)}", *(f"{time},{place}" for time, place in axis.missing)]
    if part.tiled:
        names.append(part.tiled)
    return SeriesKey(f"{series}-{short_key(*names)}")


def _stack(series_name: str, part: _Part) -> StackRecord:
    items, first = part.items, part.items[0]
    file, stored = first.file, common_format(items)
    series = Series(
        key=_key(series_name, part),
        study=file.study.key,
        modality=file.modality,
        number=file.series_number,
        description=part.description,
        images=len(items),
        grid=_grid(first.frame, stored.shape, _planes(items, part.axis)),
        colour=stored.colour,
        unit=file.unit,
        frame_of_reference=short_key(file.frame_of_reference_uid) if file.frame_of_reference_uid else "",
        source_lossy=max(item.file.source_lossy for item in items),
        acquired=min((item.file.acquired for item in items if item.file.acquired), default=""),
        body_part=file.body_part,
        note=part.note,
        axis=part.axis,
        orientations=_orientations([item.frame for item in items]),
        values=image_values(items),
        document=file.document,
    )
    frames = tuple(item.frame for item in items)
    palettes = {item.file.file: item.file.palette for item in items if item.file.palette is not None}
    whose = file.patient, file.study_uid, file.study, file.series_uid
    stack = StackRecord(*whose, series, stored, frames, part.tiled, palettes)
    middle = stack.middle
    shown = replace(
        series,
        windows=middle.offered_windows,
        opening=_opening(stack),
        slice_thickness_mm=middle.slice_thickness_mm,
        **presented(stack.frames),
    )
    shown = replace(shown, suv=_suv(items), expected=expected_images(shown, part.announced))
    return replace(stack, series=_as_volume(shown, part.tiled))


def _as_volume(series: Series, tiled: str) -> Series:
    """With why there are no planes of it, or what they interpolate. Of a second axis the first time counts."""
    return replace(series, no_planes=MOSAIC if tiled else why_no_planes(series), interpolated=interpolated(series))


def _suv(items: Sequence[Item]) -> Suv | None:
    """How values become SUV, by all files of the stack; records of an older version do not know."""
    attributes = [item.frame.attributes for item in items]
    uptakes = [found.uptake for found in attributes if found is not None and found.uptake is not None]
    return suv(items[0].file.unit, uptakes) if uptakes else None


def _opening(stack: StackRecord) -> Window | None:
    """The window that it opens with, where that is not its first one."""
    series, middle = stack.series, stack.middle
    if series.modality != "CT" or series.unit != "HU" or series.colour:
        return None
    attributes = middle.attributes or FrameAttributes()
    if "LOCALIZER" in attributes.image_type:
        return None
    described = stack.study.description, series.description
    return opening_window(series.body_part, attributes.kernel, described, middle.offered_windows)


def _orientations(frames: Sequence[Frame]) -> tuple[tuple[str, str], ...]:
    """Of images without a place."""
    nothing = ("", "")
    return per_image([frame.orientation or nothing for frame in frames if frame.plane is None], nothing)


def _planes(items: Sequence[Item], axis: Axis | None) -> list[Plane | None]:
    """Of each place: that of the first image there."""
    if axis is None:
        return [item.frame.plane for item in items]
    times, missing = len(axis.labels), set(axis.missing)
    places = (len(items) + len(missing)) // times
    cells = [(time, place) for time in range(times) for place in range(places) if (time, place) not in missing]
    planes: dict[int, Plane | None] = {}
    for (_, place), item in zip(cells, items, strict=True):
        planes.setdefault(place, item.frame.plane)
    return [planes[place] for place in range(places)]


def _grid(frame: Frame, shape: tuple[int, ...], planes: Sequence[Plane | None]) -> Grid:
    """Of the first frame, with all places; without a place a grid of its own at the origin."""
    first = frame.plane or NOWHERE
    return Grid(
        space="image" if frame.plane is None else "patient",
        rows=shape[0],
        columns=shape[1],
        row_spacing=frame.row_spacing,
        column_spacing=frame.column_spacing,
        unit=frame.unit,
        right=first.right,
        down=first.down,
        positions=tuple((plane or first).position for plane in planes),
    )
