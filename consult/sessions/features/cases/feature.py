"""Cases: one of the list is on the stage. A switch raises the case epoch, so that nothing of one patient lands on
the next. A study or series whose images are deleted stays in its case, and says so."""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from consult.model.errors import Refused
from consult.model.identifiers import SeatId, StudyKey
from consult.sessions.features.board.cases import time_switch
from consult.sessions.features.cases.commands import (
    CasesCommand,
    HidePatients,
    NoteDeletedImages,
    NoteDeletedStudy,
    SwitchCase,
)
from consult.sessions.features.cases.events import (
    CasesEvent,
    CaseSwitched,
    HidingChanged,
    ImagesDeleted,
    StudyDeleted,
)
from consult.sessions.features.feature import Feature
from consult.sessions.features.kinds import Event
from consult.sessions.features.standings import (
    HOSTS,
    MODERATORS,
    PARTICIPANT_IN_CONTROL,
    PREPARER_IN_CONTROL,
    READING,
)
from consult.sessions.state import State, put_on_stage


def decide(state: State, actor: SeatId, command: CasesCommand, now: float) -> list[Event]:
    """What a command about the cases leads to.

    Raises:
        Refused: "unknown_case".
    """
    match command:
        case SwitchCase(to=to):
            if state.find_case(to) is None:
                raise Refused("unknown_case", "This consult does not have that case.")
            return [] if to == state.current else [*time_switch(state, now), CaseSwitched(state.case + 1, to)]
        case HidePatients(hidden=hidden):
            return [] if hidden == state.patients_hidden else [HidingChanged(hidden)]
        case NoteDeletedStudy(study=study):
            return [StudyDeleted(study)] if uses(state, study) else []
        case NoteDeletedImages(series=series, images=images):
            known = [found.deleted for case in state.cases if (found := case.find(series)) is not None]
            return [ImagesDeleted(series, images)] if any(before != images for before in known) else []
        case _ as never:
            assert_never(never)


def uses(state: State, study: StudyKey) -> bool:
    """Whether a case of the consult has images of that study."""
    return any(found.key == study and not found.deleted for case in state.cases for found in case.studies)


def apply(state: State, event: CasesEvent, by: SeatId) -> State:
    """The state with that case on the stage (what can be undone was of the former one), or without those images."""
    match event:
        case CaseSwitched(epoch=epoch, case=case):
            return replace(put_on_stage(state, epoch, case), acts={})
        case HidingChanged(hidden=hidden):
            return replace(state, patients_hidden=hidden)
        case StudyDeleted(study=study):
            return replace(state, cases=tuple(case.without_images_of(study) for case in state.cases))
        case ImagesDeleted(series=series, images=images):
            return replace(state, cases=tuple(case.with_deleted(series, images) for case in state.cases))
        case _ as never:
            assert_never(never)


CASES = Feature[CasesCommand, CasesEvent](
    name="cases",
    commands={
        SwitchCase: HOSTS | MODERATORS | READING | PARTICIPANT_IN_CONTROL | PREPARER_IN_CONTROL,
        HidePatients: HOSTS,
    },
    server_commands=frozenset({NoteDeletedStudy, NoteDeletedImages}),
    events=(CaseSwitched, HidingChanged, StudyDeleted, ImagesDeleted),
    decide=decide,
    apply=apply,
)
