"""What reading a DICOM file leaves behind: plain records. pydicom objects never leave the worker.

`FileRecord` is one file as read. `StackRecord` is one displayable stack, as the index keeps it.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from msgspec import Struct

from consult.dicom.presentation_states.records import PresentationStateRecord
from consult.dicom.presenting.records import SupplementalPalette, VoiLut
from consult.dicom.segmentations.records import SegmentationRecord
from consult.model.catalogue import Patient, Region, Series, Study
from consult.model.geometry import SpacingUnit, Vec
from consult.model.image import VoiFunction
from consult.model.view import NamedWindow, Part
from consult.rendering.suv import Uptake


class Plane(Struct, frozen=True):
    """Where a frame lies in the patient (PS3.3 C.7.6.2.1.1, or the functional groups of PS3.3 C.7.6.16.2)."""

    position: Vec
    right: Vec
    down: Vec


ATTRIBUTES_VERSION = 6
"""Of how files are described; a record of a lower one is described anew (library/former_records.py).
2: what is in FrameAttributes. 3: PatientOrientation, calibrated spacing, IssuerOfPatientID, body part and notes too.
4: `uptake`, of PET alone. 5: axes of traces, of ultrasound alone.
6: what presentation states ask for."""


class Mask(Struct, frozen=True):
    """What is subtracted from a frame (PS3.3 C.7.6.10): the mean of frames of its file, from 0.

    Attributes:
        shift: (rows, columns) that the mask is moved by (MaskSubPixelShift).
    """

    frames: tuple[int, ...]
    shift: tuple[float, float] = (0.0, 0.0)


class Presentation(Struct, frozen=True, omit_defaults=True):
    """What a file says of how a frame is to be shown.

    Attributes:
        padding: as in model.image.Image.
        parts: of the file's own presentation that the frame has.
        projection: side and view ("R MLO"); "" where neither is known.
        regions: of ultrasound.
        notes: what must be said with it, of this frame.
    """

    padding: tuple[float, float] | None = None
    voi_luts: tuple[VoiLut, ...] = ()
    mask: Mask | None = None
    parts: tuple[Part, ...] = ()
    projection: str = ""
    regions: tuple[Region, ...] = ()
    notes: tuple[str, ...] = ()


class FrameAttributes(Struct, frozen=True, omit_defaults=True):
    """What may distinguish a frame from the others of its series at the same position, and what is said of it.

    Attributes:
        version: ATTRIBUTES_VERSION when its file was read; 1 in records of 29 Nov 2026.
        image_type: ImageType (PS3.3 C.7.6.1.1.2), or the FrameType of an enhanced object.
        component: ComplexImageComponent (PS3.3 C.8.13.3.1.1): "MAGNITUDE", "PHASE", ...
        kernel: ConvolutionKernel; several values joined by \\.
        stack: StackID of an enhanced object (PS3.3 C.7.6.16.2.2).
        concatenation: ConcatenationUID: files of one are parts of one object (PS3.3 C.7.6.16.1).
        direction: DiffusionGradientOrientation, a unit vector.
        numbers: values by DICOM keyword: DiffusionBValue in s/mm2; EchoTime, InversionTime, TriggerTime and
            NominalCardiacTriggerDelayTime in ms; NominalPercentageOfCardiacPhase; AcquisitionTime and ContentTime in
            seconds, with their date where the file has one; SliceLocation in mm; FrameTime, how long the frame is
            shown, in ms.
        dimensions: DimensionIndexValues (PS3.3 C.7.6.17) by the keyword of their DimensionIndexPointer; without those
            that count positions, and those whose values are in `numbers`.
        presentation: None in records of before 30 Nov 2026.
        uptake: of PET, else None.
    """

    image_type: tuple[str, ...] = ()
    component: str = ""
    kernel: str = ""
    stack: str = ""
    concatenation: str = ""
    direction: tuple[float, ...] = ()
    numbers: dict[str, float] = {}
    dimensions: dict[str, int] = {}
    version: int = 1
    presentation: Presentation | None = None
    uptake: Uptake | None = None


DECODER_VERSION = 2
"""Counts changes of the decoders that change a stored value of any file: what was decoded before is made anew.
2: HTJ2K and lossy values at the ends of the range, JPEG colour by the markers, streams that are not whole refused."""


class Frame(Struct, frozen=True):
    """One displayable frame.

    Attributes:
        file: SHA-256 of the file's content, hex; names the object that holds it.
        frame: index within the file, from 0.
        plane: None where the frame has no place in the patient.
        row_spacing, column_spacing: in `unit`; 1 : aspect where unit is "px".
        order: sorts frames that share a position: (temporal index, acquisition number, instance number, frame).
        attributes: None in records of before 29 Nov 2026.
        orientation: PatientOrientation, letters of where rows and columns lead to; None where absent, and in records of
            before 30 Nov 2026.
    """

    file: str
    frame: int
    sop_instance_uid: str
    plane: Plane | None
    row_spacing: float
    column_spacing: float
    unit: SpacingUnit
    slope: float = 1.0
    intercept: float = 0.0
    inverted: bool = False
    voi_function: VoiFunction = "LINEAR"
    windows: tuple[NamedWindow, ...] = ()
    slice_thickness_mm: float = 0.0
    order: tuple[int, int, int, int] = (0, 0, 0, 0)
    attributes: FrameAttributes | None = None
    orientation: tuple[str, str] | None = None

    @property
    def source_digest(self) -> str:
        """Names the frame."""
        return f"{self.file}/{self.frame}"

    @property
    def pixels_digest(self) -> str:
        """Names its stored values, as they are decoded today."""
        return f"{self.source_digest}/{DECODER_VERSION}"

    @property
    def offered_windows(self) -> tuple[NamedWindow, ...]:
        """The file's own windows, then those of its VOI LUTs (PS3.3 C.11.2.1: they are alternatives)."""
        luts = self.presentation.voi_luts
        return (*self.windows, *(lut.window(number) for number, lut in enumerate(luts, 1)))

    @property
    def presentation(self) -> Presentation:
        """What its file says of how it is to be shown."""
        return (self.attributes and self.attributes.presentation) or Presentation()


class PixelFormat(Struct, frozen=True):
    """How a stack's frames are stored once decoded.

    Attributes:
        dtype: numpy name: "int16", "uint8", "float32", ...; of stored values, or of a Modality LUT's output.
        colour: (rows, columns, 3) uint8 RGB instead of (rows, columns).
    """

    rows: int
    columns: int
    dtype: str
    colour: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one frame."""
        return (self.rows, self.columns, 3) if self.colour else (self.rows, self.columns)

    @property
    def frame_bytes(self) -> int:
        """Of one frame."""
        return math.prod(self.shape) * np.dtype(self.dtype).itemsize


class FileRecord(Struct, frozen=True):
    """One file as read: who, what, and its frames.

    Attributes:
        study: `prior` is not known yet.
        acquired: ISO 8601 date and time of the acquisition, else the series, else "".
        source_lossy: as in model.catalogue.Series.
        note: what a viewer must show with it; "" mostly.
        accession_number: of the study (PS3.3 C.7.2.1); only for the host. "" in records of before 25 Nov 2026.
        file_name: as it was taken in; only for the host. "" in records of before 30 Nov 2026.
        unshown: what it is, where it cannot be shown: it has no frames then.
        object_file, object_uid: name what has no frames.
        why: it cannot be shown; "" in records of before 30 Nov 2026.
        document: what its frames are pages of; "": they are images.
        segmentation: what it marks, where it marks regions of images: it has no frames then either.
        presentation_state: what it asks for, where it is a presentation state: without frames too.
        palette: colours of its frames' upper values; None in records of before 1 Dec 2026.
        announced: how many instances it says that its series has; 0 where it does not, and in records of before
            1 Dec 2026.
    """

    patient: Patient
    study_uid: str
    study: Study
    series_uid: str
    series_number: int
    series_description: str
    modality: str
    frame_of_reference_uid: str
    format: PixelFormat
    transfer_syntax_uid: str
    frames: tuple[Frame, ...]
    unit: str = ""
    body_part: str = ""
    acquired: str = ""
    source_lossy: str = ""
    note: str = ""
    accession_number: str = ""
    file_name: str = ""
    unshown: str = ""
    object_file: str = ""
    object_uid: str = ""
    why: str = ""
    document: Literal["", "report", "pdf"] = ""
    segmentation: SegmentationRecord | None = None
    presentation_state: PresentationStateRecord | None = None
    palette: SupplementalPalette | None = None
    announced: int = 0

    @property
    def file(self) -> str:
        """SHA-256 of its content, hex."""
        return self.frames[0].file if self.frames else self.object_file

    @property
    def sop_instance(self) -> str:
        """Its SOPInstanceUID."""
        return self.frames[0].sop_instance_uid if self.frames else self.object_uid


class StackRecord(Struct, frozen=True):
    """One displayable stack: what pages see of it (`series`), and where its pixels are.

    Attributes:
        tiled: "mosaic" or "slide tiles": its images have no positions for that; else "".
        palettes: of files whose upper values have colours, by their hash.
    """

    patient: Patient
    study_uid: str
    study: Study
    series_uid: str
    series: Series
    format: PixelFormat
    frames: tuple[Frame, ...]
    tiled: str = ""
    palettes: dict[str, SupplementalPalette] = {}

    @property
    def middle_image(self) -> int:
        """The index of the image that stands for all: at the middle place, at the middle time where that has one; of a
        document its first page."""
        series = self.series
        if series.document:
            return 0
        place, middle = series.places // 2, series.times // 2
        for time in sorted(range(series.times), key=lambda time: abs(time - middle)):
            if (image := series.image(place, time)) is not None:
                return image
        return series.images // 2

    @property
    def middle(self) -> Frame:
        """The frame of the image that stands for all."""
        return self.frames[self.middle_image]
