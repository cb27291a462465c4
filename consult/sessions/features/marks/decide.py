"""What people do with marks and key images, and what of it must be measured.

Rules:
- A mark is changed by its author alone; it is deleted by its author or by the host.
- Everything happens on the case on the stage: the epoch of the command has been checked before.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from msgspec.structs import replace

from consult.model.catalogue import Case
from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.model.mark import MAX_LABEL, KeyImage, Mark, Shape, key_image_id
from consult.model.view import Viewport
from consult.sessions.features.cases.events import CaseSwitched
from consult.sessions.features.kinds import Event
from consult.sessions.features.limits import MAX_KEY_IMAGES, MAX_MARKS, full
from consult.sessions.features.marks.acts import (
    Acts,
    Change,
    ImageChange,
    MarkChange,
    Record,
    event_of,
    redoable,
    undoable,
)
from consult.sessions.features.marks.commands import (
    DeleteMark,
    DropImage,
    KeepImage,
    MarksCommand,
    PutMark,
    Redo,
    Undo,
)
from consult.sessions.features.marks.events import Doing, KeyImageDeleted, KeyImagePut, MarkDeleted, MarkPut
from consult.sessions.features.marks.shapes import check_shape
from consult.sessions.features.texts import clean_line
from consult.sessions.state import State
from consult.sessions.views import check_viewport


def decide(state: State, actor: SeatId, command: MarksCommand, now: float) -> list[Event]:
    """What an act on marks or key images leads to.

    Raises:
        Refused: "unknown_mark", "not_yours", "other_kind", "too_many_marks", "unknown_key_image",
            "too_many_key_images", "nothing_to_undo", "nothing_to_redo"; those of `check_shape` and `check_viewport`.
    """
    case = state.current_case
    if case is None:
        raise Refused("nothing_to_show", "There is no case on the stage.")
    match command:
        case PutMark(mark=shape):
            return _put(state, actor, shape, case)
        case DeleteMark(mark=identifier):
            return _delete(state, actor, identifier)
        case KeepImage(viewport=viewport):
            return _keep(state, actor, viewport, case)
        case DropImage(key_image=identifier):
            return _drop(state, actor, identifier)
        case Undo():
            return _again(state, actor, undoable(_acts(state, actor), state.records), "undo")
        case Redo():
            return _again(state, actor, redoable(_acts(state, actor), state.records), "redo")
        case _ as never:
            assert_never(never)


def shapes_to_measure(state: State, events: Iterable[Event]) -> tuple[Shape, ...]:
    """Of what just happened, the shapes whose values or side are read; after a switch all of the case."""
    due: list[Shape] = []
    for event in events:
        if isinstance(event, CaseSwitched):
            return all_to_measure(state)
        if isinstance(event, MarkPut):
            due.append(shape_of(event.mark))
    return tuple(due)


def all_to_measure(state: State) -> tuple[Shape, ...]:
    """The marks of the case on the stage: values or side of each are read from pixels."""
    here = (m for m in state.marks.values() if m.case == state.current)
    return tuple(shape_of(mark) for mark in here)


def shape_of(mark: Mark) -> Shape:
    """A mark as it was drawn."""
    return Shape(**{name: getattr(mark, name) for name in Shape.__struct_fields__})


def _acts(state: State, actor: SeatId) -> Acts:
    return state.acts.get(actor, Acts())


def _put(state: State, actor: SeatId, shape: Shape, case: Case) -> list[Event]:
    series = check_shape(shape, case)
    frame = series.frame_of_reference if series.grid.space == "patient" else ""
    fields = {name: getattr(shape, name) for name in Shape.__struct_fields__}
    fields["label"] = clean_line(shape.label, MAX_LABEL)
    mark = Mark(**fields, case=case.id, author=actor, frame_of_reference=frame)
    before = state.marks.get(shape.id)
    if before is None:
        _check_capacity(state, MarkChange(mark.id, None, mark), mark)
    else:
        _check_author(before, actor)
        if (before.kind, before.case) != (mark.kind, mark.case):
            raise Refused("other_kind", "There is a mark of that name and of another kind.")
    return [] if mark == before else [MarkPut(mark)]


def _delete(state: State, actor: SeatId, identifier: str) -> list[Event]:
    mark = state.marks.get(identifier)
    if mark is None or mark.case != state.current:
        raise Refused("unknown_mark", "There is no such mark (any more).")
    _check_author_or_host(state, mark, actor)
    return [MarkDeleted(mark.id)]


def _keep(state: State, actor: SeatId, viewport: Viewport, case: Case) -> list[Event]:
    check_viewport(viewport, case)
    viewport = replace(viewport, id="a", playing=None)
    series, index = case.shown_image(viewport.shows)
    image = KeyImage(id=key_image_id(series.key, index, viewport), case=case.id, viewport=viewport, author=actor)
    if image.id in state.key_images:
        return []
    _check_capacity(state, ImageChange(image.id, None, image), image)
    return [KeyImagePut(image)]


def _drop(state: State, actor: SeatId, identifier: str) -> list[Event]:
    image = state.key_images.get(identifier)
    if image is None or image.case != state.current:
        raise Refused("unknown_key_image", "This image is not kept (any more).")
    _check_author_or_host(state, image, actor)
    return [KeyImageDeleted(image.id)]


def _again(state: State, actor: SeatId, change: Change | None, doing: Doing) -> list[Event]:
    if change is None:
        raise Refused(f"nothing_to_{doing}", f"There is nothing to {doing} since this case came on the stage.")
    record = change.before if doing == "undo" else change.after
    if record is not None:
        _check_capacity(state, change, record)
    return [event_of(change, record, doing)]


def _check_capacity(state: State, change: Change, record: Record) -> None:
    """There may be one more of what would be put where nothing is."""
    if isinstance(record, Mark) and change.id not in state.marks and len(state.marks) >= MAX_MARKS:
        raise full("too_many_marks", MAX_MARKS, "marks", "delete some or begin")
    if isinstance(record, KeyImage) and change.id not in state.key_images and len(state.key_images) >= MAX_KEY_IMAGES:
        raise full("too_many_key_images", MAX_KEY_IMAGES, "key images", "drop some or begin")


def _check_author(record: Record, actor: SeatId) -> None:
    if record.author != actor:
        raise Refused("not_yours", "Only who drew a mark can change it.")


def _check_author_or_host(state: State, record: Record, actor: SeatId) -> None:
    if record.author != actor and state.seats[actor].role != "host":
        raise Refused("not_yours", "Only who made it, or the host, can delete it.")
