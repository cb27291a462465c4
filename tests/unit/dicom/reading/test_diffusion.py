"""b values and gradients: the standard's attributes, else those of the makers, however they are encoded."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

import pytest
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

from consult.dicom.reading.diffusion import b_value, direction
from tests.support.dicom_files import item

SIEMENS, GE, PHILIPS = "SIEMENS MR HEADER", "GEMS_PARM_01", "Philips Imaging DD 001"
Private = tuple[int, str, int, str, Any]


def private(*elements: Private, creators: bool = True) -> Dataset:
    dataset = Dataset()
    for group, creator, element, vr, value in elements:
        if creators:
            dataset.private_block(group, creator, create=True).add_new(element, vr, value)
        else:
            dataset.add(DataElement((group << 16) | 0x1000 | element, vr, value))
    return dataset


@pytest.mark.parametrize(
    ("dataset", "found"),
    [
        (item(DiffusionBValue=800), 800),
        (private((0x0019, SIEMENS, 0x0C, "IS", 1000)), 1000),
        (private((0x0019, SIEMENS, 0x0C, "UN", b"1000")), 1000),
        (private((0x0019, SIEMENS, 0x0C, "IS", 50), creators=False), 50),
        (private((0x0043, GE, 0x39, "IS", [600, 8, 0, 0])), 600),
        (private((0x0043, GE, 0x39, "IS", [1_000_000_700, 8, 0, 0])), 700),
        (private((0x0043, GE, 0x39, "UN", b"1000000700\\8\\0\\0")), 700),
        (private((0x2001, PHILIPS, 0x03, "FL", 500.0)), 500),
        (private((0x2001, PHILIPS, 0x03, "UN", struct.pack("<f", 500.0))), 500),
        (private((0x0019, SIEMENS, 0x27, "FD", [300.1, 1.0, 2.0, 400.2, 3.0, 299.9])), 1000),
        (
            item(
                DiffusionBMatrixSequence=[item(DiffusionBValueXX=100, DiffusionBValueYY=200, DiffusionBValueZZ=300)],
            ),
            600,
        ),
        (item(DiffusionDirectionality="NONE"), 0),
        (private((0x0043, "SOMEBODY ELSE", 0x39, "IS", [600])), None),
        (private((0x2001, PHILIPS, 0x03, "FL", -1.0)), None),
        (private((0x0019, SIEMENS, 0x0C, "UN", b"\xff\xfe\x01")), None),
        (Dataset(), None),
    ],
)
def test_the_b_value_is_found_wherever_a_maker_writes_it(dataset: Dataset, found: float | None) -> None:
    assert b_value(dataset) == found


@pytest.mark.parametrize(
    ("dataset", "found"),
    [
        (item(DiffusionGradientOrientation=[0.70710678, -0.70710678, -0.00001]), (0.707, -0.707, 0.0)),
        (item(DiffusionGradientOrientation=[0, 0, 0]), ()),
        (private((0x0019, SIEMENS, 0x0E, "FD", [0.0, 0.6, 0.8])), (0.0, 0.6, 0.8)),
        (private(*((0x0019, "GEMS_ACQU_01", 0xBB + n, "DS", v) for n, v in enumerate((1, 0, 0)))), (1.0, 0.0, 0.0)),
        (private(*((0x0019, "GEMS_ACQU_01", 0xBB + n, "DS", v) for n, v in enumerate((7, 22, 4)))), ()),
        (
            private(*((0x2005, "Philips MR Imaging DD 001", 0xB0 + n, "FL", v) for n, v in enumerate((0.0, 1.0, 0.0)))),
            (0.0, 1.0, 0.0),
        ),
        (Dataset(), ()),
    ],
)
def test_the_gradient_is_a_unit_vector_or_none(dataset: Dataset, found: Sequence[float]) -> None:
    assert direction(dataset) == found
