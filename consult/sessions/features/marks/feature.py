"""Marks and key images of the case on the stage; everybody's own acts can be undone."""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from consult.model.identifiers import SeatId
from consult.sessions.features.feature import Feature
from consult.sessions.features.marks.acts import remember
from consult.sessions.features.marks.commands import (
    DeleteMark,
    DropImage,
    KeepImage,
    MarksCommand,
    PutMark,
    Redo,
    Undo,
)
from consult.sessions.features.marks.decide import decide
from consult.sessions.features.marks.events import Act, KeyImageDeleted, KeyImagePut, MarkDeleted, MarkPut
from consult.sessions.features.marks.messages import Draft, Drafts, Measured
from consult.sessions.features.standings import TAKING_PART
from consult.sessions.state import State


def apply(state: State, event: Act, by: SeatId) -> State:
    """The state after an act: its record assigned, and remembered as something that `by` has done."""
    return replace(_assign(state, event), acts=remember(state.acts, by, event, state.records))


def _assign(state: State, event: Act) -> State:
    match event:
        case MarkPut(mark=mark):
            return replace(state, marks={**state.marks, mark.id: mark})
        case MarkDeleted(mark=identifier):
            return replace(state, marks={k: v for k, v in state.marks.items() if k != identifier})
        case KeyImagePut(key_image=image):
            return replace(state, key_images={**state.key_images, image.id: image})
        case KeyImageDeleted(key_image=identifier):
            return replace(state, key_images={k: v for k, v in state.key_images.items() if k != identifier})
        case _ as never:
            assert_never(never)


MARKS = Feature[MarksCommand, Act](
    name="marks",
    commands=dict.fromkeys((PutMark, DeleteMark, KeepImage, DropImage, Undo, Redo), TAKING_PART),
    events=(MarkPut, MarkDeleted, KeyImagePut, KeyImageDeleted),
    messages={Draft: TAKING_PART},
    server_messages=(Drafts, Measured),
    decide=decide,
    apply=apply,
)
