"""What happens to the cases of a consult."""

from __future__ import annotations

from consult.model.identifiers import SeriesKey, StudyKey
from consult.sessions.features.kinds import Event


class CaseSwitched(Event, frozen=True, tag="case_switched"):
    """Another case is on the stage. `epoch` counts switches."""

    epoch: int
    case: str


class HidingChanged(Event, frozen=True, tag="hiding_changed"):
    """Guests are told a label in place of every patient's data, or no longer. Hosts alone are sent it: guests begin
    anew."""

    hidden: bool


class StudyDeleted(Event, frozen=True, tag="study_deleted"):
    """The images of a study are no longer on the server; what was drawn and said about it stays."""

    study: StudyKey


class ImagesDeleted(Event, frozen=True, tag="images_deleted"):
    """Of a series these images are no longer on the server: (first, last) of each run. What was said of them stays."""

    series: SeriesKey
    images: tuple[tuple[int, int], ...]


CasesEvent = CaseSwitched | HidingChanged | StudyDeleted | ImagesDeleted
