"""Presentation states of a study to states of its series: which images each shows how. Without pydicom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from consult.dicom.presenting.state_records import Annotated, Box, Instance, StateRecord
from consult.dicom.records import Frame, StackRecord
from consult.model.catalogue import Series
from consult.model.geometry import Grid
from consult.model.states.state import Drawing, Look, Pairs, PresentationState

MAX_STATES = 32
"""Of a series."""


def with_states(stack: StackRecord, records: Iterable[StateRecord]) -> StackRecord:
    """A stack with the states that are about images of it."""
    found = [state for record in records if (state := _state(record, stack)) is not None]
    return replace(stack, series=replace(stack.series, states=tuple(found[:MAX_STATES]))) if found else stack


def _state(record: StateRecord, stack: StackRecord) -> PresentationState | None:
    images: dict[Look, list[int]] = {}
    for image, frame in enumerate(stack.frames):
        if _is_of(record.about, frame):
            images.setdefault(_look(record, frame, stack.series), []).append(image)
    if not images:
        return None
    looks = tuple(replace(look, images=tuple(of)) for look, of in images.items())
    return PresentationState(record.name, looks, record.creator, record.date, ", ".join(record.lacks))


def _is_of(instances: Sequence[Instance], frame: Frame) -> bool:
    return any(
        one.uid == frame.sop_instance_uid and (not one.frames or frame.frame + 1 in one.frames) for one in instances
    )


def _look(record: StateRecord, frame: Frame, series: Series) -> Look:
    """Without its images. A file's MONOCHROME1 is not looked at: the state alone says what is white (PS3.3 C.11.6)."""
    parts = [part for part in record.parts if not part.of or _is_of(part.of, frame)]
    area = next((part.area for part in parts if part.area is not None), None)
    annotations = [one for part in parts for one in part.annotations]
    shown = area or _whole(series.grid)
    return Look(
        images=(),
        window=next((part.window for part in parts if part.window is not None), None),
        invert=not series.colour and record.inverse != frame.inverted,
        area=area,
        quarters=record.quarters,
        flipped=record.flipped,
        shutters=record.shutters,
        drawings=tuple(_drawing(one, shown, record) for one in annotations),
    )


def _whole(grid: Grid) -> Box:
    return -0.5, -0.5, grid.columns - 0.5, grid.rows - 0.5


def _drawing(one: Annotated, area: Box, record: StateRecord) -> Drawing:
    """In the image's own pixels."""
    if not one.relative:
        return one.drawing
    given = one.drawing.points
    pairs = (_in_image(x, y, area, record) for x, y in zip(given[::2], given[1::2], strict=True))
    points: Pairs = tuple(value for pair in pairs for value in pair)
    return replace(one.drawing, points=points)


def _in_image(x: float, y: float, area: Box, record: StateRecord) -> tuple[float, float]:
    """A place of the displayed area, 0 to 1 as it is turned and flipped, in the image."""
    across = 1 - x if record.flipped else x
    u, v = ((across, y), (y, 1 - across), (1 - across, 1 - y), (1 - y, across))[record.quarters]
    left, top, right, bottom = area
    return left + u * (right - left), top + v * (bottom - top)
