"""Commands about the cases of a consult."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from consult.model.identifiers import SeriesKey, StudyKey
from consult.sessions.features.kinds import ParticipantCommand, ServerCommand


class SwitchCase(ParticipantCommand, frozen=True, tag="switch_case"):
    """Go to another case of the list."""

    to: Annotated[str, Meta(min_length=1, max_length=40)]


class HidePatients(ParticipantCommand, frozen=True, tag="hide_patients"):
    """Guests are told a label in place of every patient's name, ID and birth date, or no longer."""

    hidden: bool


class NoteDeletedStudy(ServerCommand, frozen=True, tag="note_deleted_study"):
    """The images of a study are no longer on the server."""

    study: StudyKey


class NoteDeletedImages(ServerCommand, frozen=True, tag="note_deleted_images"):
    """Images of a series are no longer on the server: (first, last) of each run, with those of before."""

    series: SeriesKey
    images: tuple[tuple[int, int], ...]


CasesCommand = SwitchCase | HidePatients | NoteDeletedStudy | NoteDeletedImages
