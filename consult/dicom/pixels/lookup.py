"""Lookup tables of a file: the Modality LUT and the palette (PS3.3 C.11.1.1, C.7.6.3.1.5, C.7.9.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from consult.dicom.reading.attributes import lut_items, written
from consult.model.errors import DicomRefused

MAX_ENTRIES = 65_536
PLANES = ("Red", "Green", "Blue")


@dataclass(frozen=True)
class LookupTable:
    """Entries for the stored values from `first` on; what lies outside has the nearest end's.

    Attributes:
        entries: (n,) uint8 or uint16.
        first: stored value of the first entry.
        bits: of an entry, by the descriptor.
    """

    entries: NDArray[Any]
    first: int
    bits: int

    def apply(self, stored: NDArray[Any]) -> NDArray[Any]:
        """(rows, columns) stored values to entries."""
        index = np.clip(stored.astype(np.int64) - self.first, 0, len(self.entries) - 1)
        return np.asarray(self.entries[index])


def lookup_table(descriptor: Any, data: Any, keyword: str, *, signed: bool) -> LookupTable:
    """A table from its descriptor and data.

    Args:
        descriptor: (entries, first stored value mapped, bits of an entry).
        data: bytes (OW, UN) or numbers (US) of the entries.
        keyword: of the descriptor, for the sentence.
        signed: the stored values are, and by that the second number.

    Raises:
        DicomRefused: "lut".
    """
    numbers = _three(descriptor, keyword)
    count = numbers[0] % MAX_ENTRIES or MAX_ENTRIES
    first = numbers[1] % MAX_ENTRIES
    first = first - MAX_ENTRIES if signed and first >= MAX_ENTRIES // 2 else first
    entries = _entries(data, count)
    if len(entries) < count:
        raise DicomRefused("lut", f"{count} entries are promised, {len(entries)} are there", tag=keyword)
    return LookupTable(entries[:count], first, 16 if numbers[2] > 8 else 8)


Palette = tuple[LookupTable, LookupTable, LookupTable]
"""Red, green, blue."""


def modality_lut(dataset: Dataset, *, signed: bool) -> LookupTable | None:
    """Of the Modality LUT Sequence (PS3.3 C.11.1.1); None where it has no table. Raises DicomRefused("lut")."""
    for item in lut_items(dataset, "ModalityLUTSequence"):
        return lookup_table(item.get("LUTDescriptor"), item.get("LUTData"), "LUTDescriptor", signed=signed)
    return None


def palette(dataset: Dataset, *, signed: bool = False) -> Palette:
    """The palette of a data set; `signed`: the stored values are.

    Raises:
        DicomRefused: "lut": it is missing or does not hold what it promises.
    """
    red, green, blue = (_palette_table(dataset, plane, signed=signed) for plane in PLANES)
    return red, green, blue


def _palette_table(dataset: Dataset, plane: str, *, signed: bool) -> LookupTable:
    keyword = f"{plane}PaletteColorLookupTableDescriptor"
    data = dataset.get(f"{plane}PaletteColorLookupTableData")
    segmented = dataset.get(f"Segmented{plane}PaletteColorLookupTableData")
    descriptor = dataset.get(keyword)
    if data is None and segmented is not None:
        numbers = _three(descriptor, keyword)
        data = expand_segments(segmented, numbers[2])
    return lookup_table(descriptor, data, keyword, signed=signed)


def _three(descriptor: Any, keyword: str) -> tuple[int, int, int]:
    try:
        count, first, bits = (int(number) for number in descriptor)
    except (TypeError, ValueError):
        rule = "a table's descriptor has three numbers"
        raise DicomRefused("lut", rule, tag=keyword, value=written(descriptor)) from None
    return count, first, bits


def _entries(data: Any, count: int) -> NDArray[Any]:
    """Entries as (n,): bytes where there are as many as entries, else 16-bit words."""
    if data is None:
        return np.empty(0, np.uint8)
    if not isinstance(data, bytes):
        return np.atleast_1d(np.asarray(data)).astype(np.uint16)
    if len(data) < 2 * count:
        return np.frombuffer(data, np.uint8)
    return np.frombuffer(data[: 2 * count], "<u2")


def expand_segments(data: Any, bits: int) -> bytes:
    """The entries of a segmented table (PS3.3 C.7.9.2), as 16-bit little-endian words or as bytes.

    Raises:
        DicomRefused: "lut".
    """
    wide = bits > 8
    words = np.frombuffer(data, "<u2" if wide else np.uint8).astype(int).tolist()
    out: list[int] = []
    at = 0
    while at + 1 < len(words) and len(out) <= MAX_ENTRIES:
        at = _expand_one(words, at, out, wide=wide)
    entries: NDArray[Any] = np.clip(np.asarray(out), 0, 65_535 if wide else 255)
    return entries.astype("<u2" if wide else np.uint8).tobytes()


def _expand_one(words: list[int], at: int, out: list[int], *, wide: bool) -> int:
    """One segment; returns where the next begins."""
    opcode, length = words[at], words[at + 1]
    if opcode == 0:
        out += words[at + 2 : at + 2 + length]
        return at + 2 + length
    if opcode == 1 and out and at + 2 < len(words):
        start, end = out[-1], words[at + 2]
        out += [round(start + (end - start) * step / length) for step in range(1, length + 1)]
        return at + 3
    if opcode == 2 and (offset := _offset(words, at, wide=wide)) is not None:
        for _ in range(length):
            if words[offset] == 2:
                break
            offset = _expand_one(words, offset, out, wide=wide)
        return at + (4 if wide else 6)
    raise DicomRefused("lut", "a segmented table has discrete, linear and indirect segments", value=str(opcode))


def _offset(words: list[int], at: int, *, wide: bool) -> int | None:
    """Where an indirect segment points to, in words."""
    if at + (4 if wide else 6) > len(words):
        return None
    offset = words[at + 2] | words[at + 3] << 16 if wide else sum(words[at + 2 + i] << 8 * i for i in range(4))
    offset = offset // 2 if wide else offset
    return offset if offset + 1 < len(words) and offset < at else None
