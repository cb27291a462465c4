"""Attributes that nothing depends on but themselves: one that cannot be read is as absent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pydicom.dataset import Dataset

from consult.dicom.reading import attributes
from consult.model.errors import DicomRefused

Value = TypeVar("Value")


def _lenient(read: Callable[[Dataset, str], Value], absent: Value) -> Callable[[Dataset, str], Value]:
    """`read`, and `absent` where it refuses."""

    def value(dataset: Dataset, keyword: str) -> Value:
        try:
            return read(dataset, keyword)
        except DicomRefused:
            return absent

    return value


integer: Callable[[Dataset, str], int | None] = _lenient(attributes.integer, None)
number: Callable[[Dataset, str], float | None] = _lenient(attributes.number, None)
numbers: Callable[[Dataset, str], tuple[float, ...]] = _lenient(attributes.numbers, ())
items: Callable[[Dataset, str], list[Dataset]] = _lenient(attributes.items, [])
"""Nobody changes the list that is returned."""
