"""What distinguishes frames at one position: b value, echo, phase, time, kind. What cannot be read is left out.

Rules of this file:
- Nothing here refuses a file: these attributes sort and name, they do not measure.
- A functional group of an enhanced object comes before the data set itself (PS3.3 C.7.6.16).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace
from pydicom.datadict import keyword_for_tag
from pydicom.dataset import Dataset

from consult.dicom.reading import lenient
from consult.dicom.reading.attributes import date, date_and_clock, raw, seconds, text
from consult.dicom.reading.diffusion import b_value, direction
from consult.dicom.records import ATTRIBUTES_VERSION, FrameAttributes
from consult.dicom.uptake import read_uptake
from consult.model.errors import DicomRefused

Group = Callable[[str], Dataset]
"""The item of a functional group sequence for one frame; empty where there is none."""
NUMBERS = (
    "EchoTime",
    "InversionTime",
    "NominalPercentageOfCardiacPhase",
    "NominalCardiacTriggerDelayTime",
    "TriggerTime",
    "SliceLocation",
)
GROUP_NUMBERS = (
    ("EchoTime", "MREchoSequence", "EffectiveEchoTime"),
    ("InversionTime", "MRModifierSequence", "InversionTimes"),
    ("NominalPercentageOfCardiacPhase", "CardiacSynchronizationSequence", "NominalPercentageOfCardiacPhase"),
    ("NominalCardiacTriggerDelayTime", "CardiacSynchronizationSequence", "NominalCardiacTriggerDelayTime"),
)
"""(keyword in a classic object, functional group, keyword there)."""
FRAME_TYPES = ("MRImageFrameTypeSequence", "CTImageFrameTypeSequence", "PETFrameTypeSequence")
KNOWN_DIMENSIONS = frozenset(
    {
        *(keyword for keyword, _, _ in GROUP_NUMBERS),
        "DiffusionBValue",
        "EffectiveEchoTime",
        "InversionTimes",
        "DiffusionGradientOrientation",
        "DiffusionGradientDirectionSequence",
        "TemporalPositionIndex",
        "FrameType",
        "ComplexImageComponent",
        "ConvolutionKernel",
        "StackID",
        "InStackPositionNumber",
        "ImagePositionPatient",
        "ImageOrientationPatient",
        "FrameAcquisitionNumber",
    }
)
"""Dimensions that are read as what they are, or that count positions."""


def read_attributes(dataset: Dataset) -> FrameAttributes:
    """Of a classic image, or what an enhanced object has at its top."""
    found = {keyword: lenient.number(dataset, keyword) for keyword in NUMBERS}
    found["DiffusionBValue"] = b_value(dataset)
    found["AcquisitionTime"] = _acquired(dataset)
    found["ContentTime"] = seconds(date(text(dataset, "ContentDate")), text(dataset, "ContentTime"))
    return FrameAttributes(
        image_type=_values(text(dataset, "ImageType")),
        component=text(dataset, "ComplexImageComponent"),
        kernel=text(dataset, "ConvolutionKernel"),
        concatenation=text(dataset, "ConcatenationUID"),
        direction=direction(dataset),
        numbers={keyword: value for keyword, value in found.items() if value is not None},
        version=ATTRIBUTES_VERSION,
        uptake=read_uptake(dataset),
    )


def read_frame_attributes(
    whole: FrameAttributes | None, group: Group, dimensions: Sequence[tuple[int, str]]
) -> FrameAttributes:
    """Of one frame of an enhanced object.

    Args:
        whole: of the object itself.
        group: the frame's functional groups.
        dimensions: as `dimension_keywords` finds them.
    """
    whole = whole or FrameAttributes()
    found = {keyword: lenient.number(group(sequence), inner) for keyword, sequence, inner in GROUP_NUMBERS}
    content = group("FrameContentSequence")
    found["AcquisitionTime"] = _moment(text(content, "FrameAcquisitionDateTime"))
    kinds = next((kind for kind in map(group, FRAME_TYPES) if len(kind)), Dataset())
    diffusion = group("MRDiffusionSequence")
    found["DiffusionBValue"] = b_value(diffusion)
    gradient = (lenient.items(diffusion, "DiffusionGradientDirectionSequence") or [Dataset()])[0]
    indexes = lenient.numbers(content, "DimensionIndexValues")
    return replace(
        whole,
        image_type=_values(text(kinds, "FrameType")) or whole.image_type,
        component=text(kinds, "ComplexImageComponent") or whole.component,
        kernel=text(group("CTReconstructionSequence"), "ConvolutionKernel") or whole.kernel,
        stack=text(content, "StackID"),
        direction=direction(gradient) or whole.direction,
        numbers=whole.numbers | {keyword: value for keyword, value in found.items() if value is not None},
        dimensions={keyword: int(indexes[at]) for at, keyword in dimensions if at < len(indexes)},
    )


def dimension_keywords(dataset: Dataset) -> list[tuple[int, str]]:
    """(index into DimensionIndexValues, keyword) of the dimensions that no other attribute stands for."""
    pointers = [_pointer(item) for item in lenient.items(dataset, "DimensionIndexSequence")]
    named = [(at, keyword_for_tag(tag) if tag is not None else "") for at, tag in enumerate(pointers)]
    return [(at, keyword) for at, keyword in named if keyword and keyword not in KNOWN_DIMENSIONS]


def _pointer(item: Dataset) -> int | None:
    try:
        found = raw(item, "DimensionIndexPointer")
    except DicomRefused:
        return None
    return found if isinstance(found, int) else None


def _values(joined: str) -> tuple[str, ...]:
    return tuple(value.strip() for value in joined.split("\\")) if joined else ()


def _acquired(dataset: Dataset) -> float | None:
    whole = _moment(text(dataset, "AcquisitionDateTime"))
    if whole is not None:
        return whole
    return seconds(date(text(dataset, "AcquisitionDate")), text(dataset, "AcquisitionTime"))


def _moment(value: str) -> float | None:
    """A DT (PS3.5 6.2) in seconds."""
    return seconds(*date_and_clock(value))
