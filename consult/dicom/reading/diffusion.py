"""b value and gradient of a diffusion image: by the standard's attributes, else by the maker's own.

Rules of this file:
- The standard comes first (PS3.3 C.8.13.5.9), then what Siemens, GE and Philips write into classic MR objects.
- A b matrix has the b value as its trace. An image that says it has no direction has b 0.
- Nothing here refuses a file.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from typing import Any

from pydicom.dataset import Dataset

from consult.dicom.library_errors import LIBRARY_ERRORS
from consult.dicom.reading import lenient
from consult.dicom.reading.attributes import text

PRIVATE_B_VALUES = (
    (0x0019, "SIEMENS MR HEADER", 0x0C),
    (0x0043, "GEMS_PARM_01", 0x39),
    (0x2001, "Philips Imaging DD 001", 0x03),
)
"""(group, private creator, element in its block)."""
SIEMENS_B_MATRIX = (0x0019, "SIEMENS MR HEADER", 0x27)
"""Six values: xx, xy, xz, yy, yz, zz."""
PRIVATE_DIRECTIONS = (
    ((0x0019, "SIEMENS MR HEADER", 0x0E),),
    tuple((0x0019, "GEMS_ACQU_01", element) for element in (0xBB, 0xBC, 0xBD)),
    tuple((0x2005, "Philips MR Imaging DD 001", element) for element in (0xB0, 0xB1, 0xB2)),
)
B_MATRIX_TRACE = ("DiffusionBValueXX", "DiffusionBValueYY", "DiffusionBValueZZ")
GE_MARKED, GE_MARK = 1e9, 1e5
"""GE adds multiples of the mark to the b values of some sequences."""
MAX_B = 50_000.0
UNIT_TOLERANCE = 0.05
"""Of a direction's length: in other sequences the same elements hold other numbers."""
FIRST_BLOCK = 0x10
Element = tuple[int, str, int]


def b_value(dataset: Dataset) -> float | None:
    """In s/mm2, of a classic image or of the item of an MRDiffusionSequence; None where it has none."""
    for found in (lenient.numbers(dataset, "DiffusionBValue"), *(_private(dataset, at) for at in PRIVATE_B_VALUES)):
        if found and 0 <= (value := found[0] % GE_MARK if found[0] >= GE_MARKED else found[0]) <= MAX_B:
            return value
    if (trace := _trace(dataset)) is not None:
        return round(trace)
    return 0.0 if text(dataset, "DiffusionDirectionality") == "NONE" else None


def direction(dataset: Dataset) -> tuple[float, ...]:
    """A unit vector, of a classic image or an item of a DiffusionGradientDirectionSequence; empty where it has none.

    Rounded, since the direction of one volume is written with other last digits in each of its images.
    """
    own = lenient.numbers(dataset, "DiffusionGradientOrientation")
    makers = ([value for at in maker for value in _private(dataset, at)] for maker in PRIVATE_DIRECTIONS)
    found = next((values for values in (own, *makers) if len(values) == 3), ())
    if not found or abs(math.hypot(*found) - 1) > UNIT_TOLERANCE:
        return ()
    return tuple(round(value, 3) + 0.0 for value in found)


def _trace(dataset: Dataset) -> float | None:
    matrix = _private(dataset, SIEMENS_B_MATRIX)
    if len(matrix) == 6:
        return matrix[0] + matrix[3] + matrix[5]
    for item in lenient.items(dataset, "DiffusionBMatrixSequence")[:1]:
        found = [value for keyword in B_MATRIX_TRACE for value in lenient.numbers(item, keyword)]
        if len(found) == 3:
            return sum(found)
    return None


def _private(dataset: Dataset, at: Element) -> Sequence[float]:
    """Values of a private element; of the first block where its creator was left out. Empty where there are none."""
    group, creator, element = at
    try:
        blocks = dataset.private_creators(group)
        if creator in blocks:
            value = dataset.private_block(group, creator)[element].value
        elif not blocks:
            value = dataset[group, FIRST_BLOCK << 8 | element].value
        else:
            return ()
    except (*LIBRARY_ERRORS, KeyError):
        return ()
    return _as_numbers(value)


def _as_numbers(value: Any) -> Sequence[float]:
    """Of a value, or of bytes whose VR nobody knew: text, else little-endian floats."""
    if isinstance(value, bytes):
        return _unpacked(value)
    several = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    try:
        found = [float(v) for v in several]
    except (TypeError, ValueError):
        return ()
    return found if all(map(math.isfinite, found)) else ()


def _unpacked(value: bytes) -> Sequence[float]:
    written = value.rstrip(b" \0").decode("ascii", "replace")
    try:
        return [float(part) for part in written.split("\\")]
    except ValueError:
        size, kind = (4, "f") if len(value) == 4 else (8, "d")
        count = len(value) // size
        found = struct.unpack(f"<{count}{kind}", value[: count * size])
    return [number for number in found if math.isfinite(number)]
