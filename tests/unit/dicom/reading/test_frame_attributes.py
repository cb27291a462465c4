"""What distinguishes frames is read from classic images and functional groups; what cannot be read is left out."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from pydicom.dataset import Dataset

from consult.dicom.reading.attributes import DAY_S
from consult.dicom.reading.file_frames import read_frames
from consult.dicom.reading.frame_attributes import read_attributes
from consult.dicom.reading.pixel_attributes import Pixels
from consult.dicom.records import ATTRIBUTES_VERSION, FrameAttributes, PixelFormat
from tests.support.dicom_files import ABSENT, ct, item


def test_a_classic_image_has_what_its_data_set_has() -> None:
    found = read_attributes(
        ct(
            ImageType=["ORIGINAL", "PRIMARY", "M", "ND"],
            ComplexImageComponent="MAGNITUDE",
            ConvolutionKernel=["B30f", "1"],
            DiffusionBValue=1000,
            EchoTime=4.6,
            InversionTime=800,
            TriggerTime=70,
            NominalCardiacTriggerDelayTime=72,
            NominalPercentageOfCardiacPhase=40,
            DiffusionGradientOrientation=[0.70710678, -0.70710678, -0.00001],
        )
    )
    assert found == FrameAttributes(
        image_type=("ORIGINAL", "PRIMARY", "M", "ND"),
        component="MAGNITUDE",
        kernel="B30f\\1",
        direction=(0.707, -0.707, 0.0),
        numbers={
            "DiffusionBValue": 1000,
            "EchoTime": 4.6,
            "InversionTime": 800,
            "NominalPercentageOfCardiacPhase": 40,
            "NominalCardiacTriggerDelayTime": 72,
            "TriggerTime": 70,
        },
        version=ATTRIBUTES_VERSION,
    )


DAY = 739676 * DAY_S  # 1 Mar 2026


@pytest.mark.parametrize(
    ("keywords", "seconds"),
    [
        ({"AcquisitionDateTime": "20260301103003.25+0100"}, DAY + 37803.25),
        ({"AcquisitionDate": "20260301", "AcquisitionTime": "103003.5"}, DAY + 37803.5),
        ({"AcquisitionTime": "1030"}, 37800),
        ({"AcquisitionDateTime": "20260301", "AcquisitionTime": "10:30:03"}, 37803),
        ({"AcquisitionTime": "half past ten"}, None),
        ({"AcquisitionTime": "103003.x"}, None),
    ],
)
def test_moments_are_seconds_with_their_date_where_there_is_one(
    keywords: dict[str, str], seconds: float | None
) -> None:
    assert read_attributes(ct(**keywords)).numbers.get("AcquisitionTime") == seconds
    content = {keyword.replace("Acquisition", "Content"): value for keyword, value in keywords.items()}
    if "AcquisitionDateTime" not in keywords:
        assert read_attributes(ct(**content)).numbers.get("ContentTime") == seconds


def test_what_cannot_be_read_is_left_out_and_refuses_nothing() -> None:
    dataset = ct(EchoTime="4.6")
    dataset["EchoTime"]._value = "long"
    assert read_attributes(dataset) == FrameAttributes(version=ATTRIBUTES_VERSION)


def enhanced(*groups: dict[str, Any], **top: Any) -> list[FrameAttributes]:
    """Attributes of frames with these functional groups."""
    absent = dict.fromkeys(("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing"), ABSENT)
    shared = item(MRImageFrameTypeSequence=[item(FrameType=["ORIGINAL", "PRIMARY"], ComplexImageComponent="PHASE")])
    own = [item(**{keyword: [value] for keyword, value in group.items()}) for group in groups]
    dataset = ct(**absent, SharedFunctionalGroupsSequence=[shared], PerFrameFunctionalGroupsSequence=own, **top)
    pixels = Pixels(PixelFormat(8, 8, "uint16"), len(groups), inverted=False)
    found = [frame.attributes for frame in read_frames(dataset, pixels, "f" * 64, "MR")]
    return [attributes for attributes in found if attributes is not None]


def test_frames_of_an_enhanced_object_have_what_their_functional_groups_have() -> None:
    direction = item(DiffusionGradientOrientation=[0, 0, 1])
    first, second = enhanced(
        {
            "MRDiffusionSequence": item(DiffusionBValue=500, DiffusionGradientDirectionSequence=[direction]),
            "MREchoSequence": item(EffectiveEchoTime=12),
            "MRModifierSequence": item(InversionTimes=[800, 900]),
            "CardiacSynchronizationSequence": item(
                NominalCardiacTriggerDelayTime=120, NominalPercentageOfCardiacPhase=10
            ),
            "FrameContentSequence": item(FrameAcquisitionDateTime="20260301103003", StackID="2"),
            "CTReconstructionSequence": item(ConvolutionKernel="FC18"),
            "MRImageFrameTypeSequence": item(FrameType=["DERIVED", "PRIMARY"], ComplexImageComponent="MAGNITUDE"),
        },
        {},
        EchoTime=7,
        ImageType=["MIXED"],
    )
    assert replace(first, presentation=None) == FrameAttributes(
        image_type=("DERIVED", "PRIMARY"),
        component="MAGNITUDE",
        kernel="FC18",
        direction=(0, 0, 1),
        numbers={
            "DiffusionBValue": 500,
            "EchoTime": 12,
            "InversionTime": 800,
            "NominalCardiacTriggerDelayTime": 120,
            "NominalPercentageOfCardiacPhase": 10,
            "AcquisitionTime": DAY + 37803,
        },
        stack="2",
        version=ATTRIBUTES_VERSION,
    )
    assert replace(second, presentation=None) == FrameAttributes(
        image_type=("ORIGINAL", "PRIMARY"), component="PHASE", numbers={"EchoTime": 7}, version=ATTRIBUTES_VERSION
    )


def pointer(tag: int) -> Dataset:
    return item(DimensionIndexPointer=tag)


def test_dimensions_are_read_by_their_pointers_but_for_places_and_what_has_a_value() -> None:
    stack_id, position, flip_angle, echo = 0x00209056, 0x00209057, 0x00181314, 0x00189082
    found = enhanced(
        {"FrameContentSequence": item(DimensionIndexValues=[1, 4, 2, 3])},
        {"FrameContentSequence": item(DimensionIndexValues=[1, 4])},
        DimensionIndexSequence=[pointer(tag) for tag in (stack_id, position, flip_angle, echo)],
    )
    assert [attributes.dimensions for attributes in found] == [{"FlipAngle": 2}, {}]
