"""What a pixel measures, and what it may claim."""

from __future__ import annotations

from typing import Any

import pytest

from consult.dicom.reading.spacing import Spacing, aspect, flat_spacing, millimetres
from consult.model.errors import DicomRefused
from tests.support.dicom_files import item


@pytest.mark.parametrize("wrong", [[0, 1], [1, 0], [-1, 1], [1, -1], [1], [1, 1, 1], [2000, 1]])
def test_spacing_is_above_zero_or_refused(wrong: list[float]) -> None:
    with pytest.raises(DicomRefused) as refused:
        millimetres(item(PixelSpacing=wrong), "PixelSpacing")
    assert (refused.value.code, refused.value.tag) == ("spacing", "PixelSpacing")


@pytest.mark.parametrize(
    ("values", "modality", "spacing"),
    [
        ({"ImagerPixelSpacing": [0.1, 0.2]}, "CR", Spacing(0.1, 0.2, "mm at detector")),
        ({"PixelSpacing": [0.3, 0.3], "ImagerPixelSpacing": [0.1, 0.2]}, "DX", Spacing(0.3, 0.3, "mm calibrated")),
        ({"PixelSpacing": [0.2, 0.2], "ImagerPixelSpacing": [0.2, 0.2]}, "DX", Spacing(0.2, 0.2, "mm at detector")),
        (
            {"PixelSpacing": [0.16, 0.16], "PixelSpacingCalibrationType": "FIDUCIAL"},
            "DX",
            Spacing(0.16, 0.16, "mm calibrated (fiducial)"),
        ),
        ({"PixelSpacing": [0, 0], "ImagerPixelSpacing": [0.1, 0.2]}, "DX", Spacing(0.1, 0.2, "mm at detector")),
        ({"NominalScannedPixelSpacing": [0.05, 0.05]}, "OT", Spacing(0.05, 0.05, "mm at detector")),
        ({"PixelSpacing": [0, 0]}, "CR", Spacing(1, 1, "px")),
        ({"PixelSpacing": [0.3, 0.3]}, "US", Spacing(1, 1, "px")),
        ({"PixelAspectRatio": [2, 1]}, "OT", Spacing(1, 0.5, "px")),
        ({}, "MG", Spacing(1, 1, "px")),
    ],
)
def test_without_a_place_a_length_claims_no_more_than_is_known(
    values: dict[str, Any], modality: str, spacing: Spacing
) -> None:
    assert flat_spacing(item(**values), modality) == spacing


@pytest.mark.parametrize("wrong", [[0, 1], [1, 0], [-1, 1], [1], [1, 1000]])
def test_an_aspect_ratio_that_is_none_is_refused(wrong: list[int]) -> None:
    with pytest.raises(DicomRefused):
        aspect(item(PixelAspectRatio=wrong))
