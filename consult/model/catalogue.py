"""The catalogue of a case: what there is to show, with what a page needs to show it rightly.

It travels to guests: no UID, no file name. It is also what the pure packages know of images.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, assert_never

from msgspec import Struct
from msgspec.structs import replace

from consult.model.errors import Refused
from consult.model.geometry import Grid, Vec
from consult.model.identifiers import SegmentationKey, SeriesKey, StudyKey
from consult.model.presentation_states.state import PresentationState
from consult.model.segmentations.segmentation import Segmentation
from consult.model.view import Fusion, NamedWindow, Part, Plane, Shown, Stack, Volume, Window

SUV_TOP = 5.0
"""PET opens from 0 to this (web/js/core/planes/uptake.js has the same)."""


class Patient(Struct, frozen=True):
    """Who it is (PS3.3 C.7.1.1). Empty where the file says nothing."""

    name: str
    id: str
    birth_date: str = ""
    """ISO 8601 date, or empty."""
    sex: str = ""
    issuer: str = ""
    """IssuerOfPatientID: two hospitals may give one ID to two patients."""
    hidden: bool = False
    """In what a guest is told: `name` is a label of the case, and nobody's name (`disclosure.py`)."""


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
    """Of an earlier day than the newest study of the case (`study_role.is_prior`)."""
    deleted: bool = False
    """Its images are no longer on the server."""


class Axes(Struct, frozen=True):
    """The axes of an ultrasound trace: time goes across.

    Attributes:
        time_ms: of a pixel across.
        down: of a pixel down, in `unit`; negative where values grow upwards.
        unit: "cm/s" of a spectrum, "mm" of an M-mode, whose rows are depths.
        zero: the row of the image where the value is 0; None where the file does not say it.
    """

    time_ms: float
    down: float
    unit: Literal["cm/s", "mm"]
    zero: float | None = None


class Region(Struct, frozen=True):
    """An ultrasound region with a calibration of its own (PS3.3 C.8.5.5).

    Attributes:
        box: (left, top, right, bottom) in pixels, all inside.
        mm: (across, down) of a pixel in a picture of tissue; None where a length means nothing (a trace, a spectrum).
        axes: of a trace whose axes are known.
    """

    box: tuple[int, int, int, int]
    mm: tuple[float, float] | None = None
    axes: Axes | None = None


class Unshown(Struct, frozen=True):
    """Objects of a study that are here and cannot be shown.

    Attributes:
        kind: in words: "Presentation state".
        name: of the document or the series; "" where it has none.
        count: objects of its series.
        number: of its series; 0 where that has none, and in logs of before 30 Nov 2026.
        why: the sentence why not; "" in logs of before 30 Nov 2026.
    """

    study: StudyKey
    kind: str
    name: str = ""
    count: int = 1
    number: int = 0
    why: str = ""


class Axis(Struct, frozen=True):
    """The second axis of a series whose images repeat at each place: time, phase, b value, echo.

    Attributes:
        attribute: DICOM keyword that makes it ("DiffusionBValue", "EchoTime", "TemporalPositionIdentifier", ...).
        labels: of each time, as people read them ("b 0", "TE 12 ms", "phase 3").
        missing: (time, place) pairs that have no image: a dynamic that was stopped early has a short last phase.
    """

    attribute: str
    labels: tuple[str, ...]
    missing: tuple[tuple[int, int], ...] = ()


class ImageValues(Struct, frozen=True, omit_defaults=True):
    """What the files say of single images: of each image one value, or one alone for all; empty where none is known.

    Attributes:
        instance_number: InstanceNumber, as a report calls an image.
        acquired: HH:MM:SS, of AcquisitionDateTime or AcquisitionTime.
        slice_thickness_mm: SliceThickness.
        slice_location_mm: SliceLocation, only where an image's differs from what its position gives.
        echo_time_ms: EchoTime.
        b_value: DiffusionBValue, s/mm2; of a series that has one above 0.
        frame_time_ms: how long a frame of a clip is shown.
    """

    instance_number: tuple[int | None, ...] = ()
    acquired: tuple[str | None, ...] = ()
    slice_thickness_mm: tuple[float | None, ...] = ()
    slice_location_mm: tuple[float | None, ...] = ()
    echo_time_ms: tuple[float | None, ...] = ()
    b_value: tuple[float | None, ...] = ()
    frame_time_ms: tuple[float | None, ...] = ()


class Suv(Struct, frozen=True, omit_defaults=True):
    """How the values of a PET become standardized uptake values.

    Attributes:
        body_weight: SUVbw, g/ml, of one unit of the modality values; 0: there is none, and `reason` says why.
        lean_mass: SUL (Janmahasatian), g/ml, of one unit; 0: there is none, and `lean_reason` says why.
        reason: a sentence; "" where there is SUVbw.
        lean_reason: a sentence; "" where there is SUL or no SUVbw either, and in logs of before 1 Dec 2026.
    """

    body_weight: float = 0.0
    lean_mass: float = 0.0
    reason: str = ""
    lean_reason: str = ""


class ListSizes(Struct, frozen=True):
    """Of a series without its lists of places, times and images: how many places and times it has."""

    places: int
    times: int


class ImageLists(Struct, frozen=True, omit_defaults=True):
    """The lists of a series that grow with its images: as in `Series`, `Axis` and `Grid`."""

    positions: tuple[Vec, ...]
    labels: tuple[str, ...] = ()
    missing: tuple[tuple[int, int], ...] = ()
    orientations: tuple[tuple[str, str], ...] = ()
    values: ImageValues = ImageValues()
    subtracted: tuple[tuple[int, int], ...] = ()
    projections: tuple[str, ...] = ()
    regions: tuple[tuple[Region, ...], ...] = ()


class Series(Struct, frozen=True):
    """One displayable stack: images of one series that share size, spacing and orientation.

    Its images are ordered time by time, and in each time place by place; missing ones are left out. Without an axis
    an image's index is its place.

    Attributes:
        images: how many (frames count one by one), over all places and times.
        grid: its positions are those of the places.
        colour: RGB, no window.
        unit: of the values after the modality LUT: "HU", "BQML", ... or "".
        windows: the file's own, else one from the percentiles of a representative image; empty for colour.
        frame_of_reference: equal strings share a frame of reference; "" where there is none.
        slice_thickness_mm: 0 where unknown.
        source_lossy: e.g. "10:1" or "yes" where LossyImageCompression is 01 or the transfer syntax is lossy; else "".
        acquired: ISO 8601 date and time of the acquisition (or series), empty where unknown.
        note: what a viewer must say ("not for reading", "spacing uneven"), empty mostly.
        orientations: where images have no place in the patient: PatientOrientation of each, or one for all; letters of
            where their rows and their columns lead to. Empty where no image has any.
        values: of its single images.
        presents: parts of the files' own presentation that are applied, and can be left out.
        subtracted: (first, last) image of each run from which a mask is subtracted.
        projections: side and view of each image ("R MLO"), or one for all; empty where no image has any.
        regions: ultrasound regions of each image, or one tuple for all.
        suv: of a PET; None of any other.
        no_planes: the sentence why there are no planes of it; "" where there are.
        interpolated: what planes of it interpolate; "" where its images lie evenly.
        opening: the window that it opens with, where that is not the first of `windows`: brain, for a head.
        deleted: (first, last) image of each run that is no longer on the server.
        expected: how many images it should have, where some are not here; 0: none is known to be missing.
        document: what its images are pages of: a structured report, a PDF; "": they are images.
        unlisted: in what a page is told: its `ImageLists` are left out here, and at `series/KEY`.
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
    axis: Axis | None = None
    orientations: tuple[tuple[str, str], ...] = ()
    values: ImageValues = ImageValues()
    presents: tuple[Part, ...] = ()
    subtracted: tuple[tuple[int, int], ...] = ()
    projections: tuple[str, ...] = ()
    regions: tuple[tuple[Region, ...], ...] = ()
    suv: Suv | None = None
    no_planes: str = ""
    interpolated: str = ""
    opening: Window | None = None
    deleted: tuple[tuple[int, int], ...] = ()
    unlisted: ListSizes | None = None
    document: Literal["", "report", "pdf"] = ""
    expected: int = 0

    @property
    def places(self) -> int:
        """How many places along the normal."""
        return len(self.grid.positions)

    @property
    def times(self) -> int:
        """How many images there may be at each place."""
        return len(self.axis.labels) if self.axis is not None else 1

    def image(self, place: int, time: int = 0) -> int | None:
        """The index of the image at a place and a time; None where that one is missing.

        Raises:
            IndexError: the series has no such place, or no such time.
        """
        if not (0 <= place < self.places and 0 <= time < self.times):
            raise IndexError(f"place {place} of {self.places}, time {time} of {self.times}")
        if (time, place) in self._missing:
            return None
        return time * self.places + place - sum(gap < (time, place) for gap in self._missing)

    def locate(self, image: int) -> tuple[int, int]:
        """The (place, time) of an image.

        Raises:
            IndexError: the series has no such image.
        """
        if not 0 <= image < self.images:
            raise IndexError(f"image {image} of {self.images}")
        cell = image
        for time, place in sorted(self._missing):
            if time * self.places + place > cell:
                break
            cell += 1
        return cell % self.places, cell // self.places

    @property
    def _missing(self) -> tuple[tuple[int, int], ...]:
        return self.axis.missing if self.axis is not None else ()


class Case(Struct, frozen=True):
    """One patient's studies, as they are consulted about. Never two patients.

    Attributes:
        id: stable within the consult ("c1", "c2", ...).
        studies: newest first.
        series: by study, then by series number.
        segmentations: what marks regions of the images.
        unshown: what the studies hold besides.
        withheld: in what a guest is told: another patient's, of whom nothing is here but the id.
        presentation_states: what asks how images are shown.
    """

    id: str
    title: str
    patient: Patient
    studies: tuple[Study, ...]
    series: tuple[Series, ...]
    unshown: tuple[Unshown, ...] = ()
    withheld: bool = False
    segmentations: tuple[Segmentation, ...] = ()
    presentation_states: tuple[PresentationState, ...] = ()

    def find(self, key: SeriesKey) -> Series | None:
        """The series of that key, if this case has it."""
        return next((s for s in self.series if s.key == key), None)

    def find_segmentation(self, key: SegmentationKey) -> Segmentation | None:
        """The segmentation of that key, if this case has it."""
        return next((s for s in self.segmentations if s.key == key), None)

    def find_presentation_state(self, key: str) -> PresentationState | None:
        """The presentation state of that key, if this case has it."""
        return next((state for state in self.presentation_states if state.key == key), None)

    def without_images_of(self, study: StudyKey) -> Case:
        """The case as it is once that study is deleted."""
        studies = tuple(replace(s, deleted=True) if s.key == study else s for s in self.studies)
        return replace(self, studies=studies)

    def with_deleted(self, key: SeriesKey, runs: tuple[tuple[int, int], ...]) -> Case:
        """The case as it is once these images of a series, and no others of it, are deleted."""
        series = tuple(replace(s, deleted=runs) if s.key == key else s for s in self.series)
        return replace(self, series=series)

    def shown_image(self, shows: Shown, what: str = "The view") -> tuple[Series, int]:
        """The series and the index of the image that is shown; of a plane, the image that stands for its volume.

        `what` begins the sentence of a refusal.

        Raises:
            Refused: "unknown_series", "image_out_of_range" or "image_missing".
        """
        match shows:
            case Stack(series=key, place=place, time=time):
                return self._stack_image(key, place, time, what)
            case Plane(volume=volume):
                return self._volume_image(volume, what)
            case Fusion(base=base):
                return self.shown_image(base, what)
            case _ as never:
                assert_never(never)

    def _volume_image(self, volume: Volume, what: str) -> tuple[Series, int]:
        """The image nearest to the middle."""
        series = self.find(volume.series)
        if series is None:
            raise Refused("unknown_series", f"{what} shows a series that this case does not have.")
        if not 0 <= volume.time < series.times:
            raise Refused("image_out_of_range", f"{what} shows time {volume.time} of {series.times}.")
        for place in _from_middle(series.places):
            if (image := series.image(place, volume.time)) is not None:
                return series, image
        raise Refused("image_missing", f"{what} shows time {volume.time}, where there is no image.")

    def _stack_image(self, key: SeriesKey, place: int, time: int, what: str) -> tuple[Series, int]:
        series = self.find(key)
        if series is None:
            raise Refused("unknown_series", f"{what} shows a series that this case does not have.")
        if not 0 <= place < series.places:
            raise Refused("image_out_of_range", f"{what} shows place {place} of {series.places}.")
        if not 0 <= time < series.times:
            raise Refused("image_out_of_range", f"{what} shows time {time} of {series.times}.")
        image = series.image(place, time)
        if image is None:
            raise Refused("image_missing", f"{what} shows place {place} at time {time}, where there is no image.")
        return series, image


def _from_middle(places: int) -> Iterator[int]:
    """All places, the middle first, then those on both sides of it: a drag asks many times a second."""
    middle = places // 2
    for off in range(middle + 1):
        yield from (place for place in dict.fromkeys((middle - off, middle + off)) if place < places)


Role = Literal["host", "moderator", "participant", "viewer", "preparer", "reader"]
"""Host: owns the consult. Participant: may point, draw and be given control. Viewer: looks and listens. Reader: reads
the signed note of one case and opens its pictures, and is never in the consult itself. None of them is control, which
is apart: a host without control is still the host."""


def suv_window(series: Series) -> Window | None:
    """0 to 5 SUV; None where that is not known."""
    if series.suv is None or series.suv.body_weight <= 0:
        return None
    return Window(SUV_TOP / 2 / series.suv.body_weight, SUV_TOP / series.suv.body_weight)


def opens_inverted(series: Series) -> bool:
    """PET is read dark on white."""
    return series.modality == "PT" and not series.colour
