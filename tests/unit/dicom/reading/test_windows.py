"""Rescale, unit and windows of a file."""

from __future__ import annotations

from typing import Any

import pytest

from consult.dicom.reading.windows import Rescale, rescale, unit, voi_function, windows
from consult.model.view import NamedWindow, Window
from tests.support.dicom_files import ct, item


def test_rescale_is_identity_where_nothing_is_stated_and_where_a_table_is_applied() -> None:
    assert rescale(ct()) == Rescale(1, -1024)
    assert rescale(item()) == Rescale()
    assert rescale(ct(ModalityLUTSequence=[item(LUTDescriptor=[2, 0, 16])])) == Rescale()
    assert rescale(item(DoseGridScaling="0.5")) == Rescale(0.5)


def test_a_slope_of_zero_leaves_stored_values_without_a_unit() -> None:
    assert rescale(ct(RescaleSlope=0)) == Rescale(usable=False)
    assert unit(ct(RescaleSlope=0, RescaleType="HU"), "CT") == ""


@pytest.mark.parametrize(
    ("values", "modality", "expected"),
    [
        ({"RescaleSlope": 1}, "CT", "HU"),
        ({}, "CT", ""),
        ({"RescaleType": "US"}, "MR", ""),
        ({"RescaleType": "Houndsfield Unit"}, "CT", "HU"),
        ({"RescaleType": "OD"}, "CR", "OD"),
        ({"Units": "BQML", "RescaleSlope": 2}, "PT", "BQML"),
        ({"DoseUnits": "GY"}, "RTDOSE", "GY"),
        ({"ModalityLUTSequence": [item(ModalityLUTType="OD", LUTDescriptor=[2, 0, 16])]}, "CR", "OD"),
    ],
)
def test_the_unit_of_the_values(values: dict[str, Any], modality: str, expected: str) -> None:
    assert unit(item(**values), modality) == expected


def test_all_windows_with_their_explanations() -> None:
    assert windows(ct()) == (NamedWindow(Window(40, 400), "SOFT"), NamedWindow(Window(-600, 1500), "LUNG"))
    assert windows(item(WindowCenter=1, WindowWidth=2)) == (NamedWindow(Window(1, 2)),)


def test_a_window_that_means_nothing_is_left_out() -> None:
    odd = item(WindowCenter=[40, 1e12, 50], WindowWidth=[0, 1, 80], WindowCenterWidthExplanation=["A", "B", "C"])
    assert windows(odd) == (NamedWindow(Window(50, 80), "C"),)
    assert windows(item()) == ()


def test_the_voi_function_is_one_that_exists() -> None:
    assert voi_function(item(VOILUTFunction="SIGMOID")) == "SIGMOID"
    assert voi_function(item(VOILUTFunction="CUBIC")) == "LINEAR"
    assert voi_function(item()) == "LINEAR"
