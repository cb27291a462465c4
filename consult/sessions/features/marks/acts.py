"""Undo and redo: whose act was what, from the log alone.

Rules of this file:
- Everybody has two lists: what they have done and can undo, and what they have undone and can do again. A new act
  empties the second. A switch of the case empties all: what is undone is of the case on the stage.
- An act can be undone only while what it led to is still so: who deletes somebody's mark makes the acts before moot.
- The inverse of an act is an event like any other, with a field that names it one.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from consult.model.identifiers import SeatId
from consult.model.mark import KeyImage, Mark
from consult.sessions.features.marks.events import (
    Act,
    Doing,
    KeyImageDeleted,
    KeyImagePut,
    MarkDeleted,
    MarkPut,
)

UNDO_DEPTH = 64
"""Acts of a seat that can be undone."""

Record = Mark | KeyImage
Records = tuple[Mapping[str, Mark], Mapping[str, KeyImage]]
"""Marks and key images, as they are."""


class MarkChange(Struct, frozen=True, tag="mark"):
    """One act on a mark: what was there before and after. None: nothing."""

    id: str
    before: Mark | None
    after: Mark | None


class ImageChange(Struct, frozen=True, tag="key_image"):
    """One act on a key image: what was there before and after. None: nothing."""

    id: str
    before: KeyImage | None
    after: KeyImage | None


Change = MarkChange | ImageChange


class Acts(Struct, frozen=True):
    """One seat's acts, the newest last."""

    done: tuple[Change, ...] = ()
    undone: tuple[Change, ...] = ()


def remember(acts: dict[SeatId, Acts], seat: SeatId, act: Act, records: Records) -> dict[SeatId, Acts]:
    """The acts of all after one more.

    Args:
        acts: before it.
        seat: whose act it is.
        act: its event.
        records: as they were before it.
    """
    known = acts.get(seat, Acts())
    change = _change(act, records)
    match act.doing:
        case "do":
            after = Acts((*known.done, change)[-UNDO_DEPTH:])
        case "undo":
            done, found = _split(known.done, change.id, change.before, "after")
            after = Acts(done, (*known.undone, *found))
        case "redo":
            undone, found = _split(known.undone, change.id, change.before, "before")
            after = Acts((*known.done, *found)[-UNDO_DEPTH:], undone)
    return {**acts, seat: after}


def undoable(acts: Acts, records: Records) -> Change | None:
    """The newest act that can be undone."""
    return next((c for c in reversed(acts.done) if _now(records, c) == c.after), None)


def redoable(acts: Acts, records: Records) -> Change | None:
    """The newest act that can be done again."""
    return next((c for c in reversed(acts.undone) if _now(records, c) == c.before), None)


def event_of(change: Change, record: Record | None, doing: Doing) -> Act:
    """The event that makes what a change is about into `record`."""
    match record:
        case Mark():
            return MarkPut(record, doing)
        case KeyImage():
            return KeyImagePut(record, doing)
        case None:
            is_mark = isinstance(change, MarkChange)
            return MarkDeleted(change.id, doing) if is_mark else KeyImageDeleted(change.id, doing)


def _change(act: Act, records: Records) -> Change:
    marks, images = records
    match act:
        case MarkPut(mark=mark):
            return MarkChange(mark.id, marks.get(mark.id), mark)
        case MarkDeleted(mark=identifier):
            return MarkChange(identifier, marks.get(identifier), None)
        case KeyImagePut(key_image=image):
            return ImageChange(image.id, images.get(image.id), image)
        case KeyImageDeleted(key_image=identifier):
            return ImageChange(identifier, images.get(identifier), None)


def _now(records: Records, change: Change) -> Record | None:
    return records[0].get(change.id) if isinstance(change, MarkChange) else records[1].get(change.id)


def _split(
    changes: tuple[Change, ...], identifier: str, now: Record | None, side: str
) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """What lies before the newest change of that id that led to `now`, and that change. Newer ones are moot."""
    for i in range(len(changes) - 1, -1, -1):
        if changes[i].id == identifier and getattr(changes[i], side) == now:
            return changes[:i], changes[i : i + 1]
    return changes, ()
