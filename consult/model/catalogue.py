"""The catalogue of a case: what there is to show, with what a page needs to show it rightly.

It travels to guests: no UID, no file name. It is also what the pure rooms know of images.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from consult.model.geometry import Grid
from consult.model.identifiers import SeriesKey, StudyKey
from consult.model.view import Window


class Patient(Struct, frozen=True):
    """Who it is (PS3.3 C.7.1.1). Empty where the file says nothing."""

    name: str
    id: str
    birth_date: str = ""
    """ISO 8601 date, or empty."""
    sex: str = ""


class Study(Struct, frozen=True):
    """One study (PS3.3 C.7.2.1). `date` ISO 8601 (YYYY-MM-DD), `time` HH:MM:SS; empty where unknown."""

    key: StudyKey
    description: str
    date: str
    time: str
    institution: str = ""
    age: str = ""
    """PatientAge as in the file ("065Y"), or computed from the dates; empty where unknown."""
    prior: bool = False
    """Not the newest study of the case."""


class NamedWindow(Struct, frozen=True):
    """A window that the file itself offers (Window Center & Width Explanation)."""

    window: Window
    explanation: str = ""


class Series(Struct, frozen=True):
    """One displayable stack: images of one series that share size, spacing and orientation.

    Attributes:
        images: how many (frames count one by one).
        colour: RGB, no window.
        unit: of the values after the modality LUT: "HU", "BQML", ... or "".
        windows: the file's own, else one from the percentiles of a representative image; empty for colour.
        frame_of_reference: equal strings share a frame of reference; "" where there is none.
        slice_thickness_mm: 0 where unknown.
        source_lossy: e.g. "10:1" or "yes" where LossyImageCompression is 01 or the transfer syntax is lossy; else "".
        acquired: ISO 8601 date and time of the acquisition (or series), empty where unknown.
        note: what a viewer must say ("not for reading", "spacing uneven"), empty mostly.
    """

    key: SeriesKey
    study: StudyKey
    modality: str
    number: int
    description: str
    images: int
    grid: Grid
    colour: bool = False
    unit: str = ""
    windows: tuple[NamedWindow, ...] = ()
    frame_of_reference: str = ""
    slice_thickness_mm: float = 0.0
    source_lossy: str = ""
    acquired: str = ""
    body_part: str = ""
    note: str = ""


class Case(Struct, frozen=True):
    """One patient's studies, as they are consulted about. Never two patients.

    Attributes:
        id: stable within the consult ("c1", "c2", ...).
        studies: newest first.
        series: by study, then by series number.
    """

    id: str
    title: str
    patient: Patient
    studies: tuple[Study, ...]
    series: tuple[Series, ...]

    def find(self, key: SeriesKey) -> Series | None:
        """The series of that key, if this case has it."""
        return next((s for s in self.series if s.key == key), None)


Role = Literal["host", "participant", "viewer"]
"""Host: owns the consult. Participant: may point, draw and be given control. Viewer: looks and listens. None of them
is control, which is apart: a host without control is still the host."""
