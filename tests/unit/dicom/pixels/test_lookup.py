"""Tables of a file: where they begin, what lies outside, segments, and descriptors that lie."""

from __future__ import annotations

import numpy as np
import pytest
from pydicom.dataset import Dataset

from consult.dicom.pixels.lookup import expand_segments, lookup_table, modality_lut, palette
from consult.model.errors import DicomRefused


def words(*numbers: int) -> bytes:
    return np.array(numbers, "<u2").tobytes()


def test_what_lies_outside_has_the_nearest_end() -> None:
    table = lookup_table([3, 10, 16], words(100, 200, 300), "LUTDescriptor", signed=False)
    assert table.apply(np.array([[0, 10], [11, 12], [13, 65535]])).tolist() == [[100, 100], [200, 300], [300, 300]]


def test_the_first_value_is_signed_where_the_pixels_are() -> None:
    for signed, stored in ((True, -2), (False, 65534)):
        table = lookup_table([2, 65534, 16], words(7, 8), "LUTDescriptor", signed=signed)
        assert table.apply(np.array([[stored, stored + 1]])).tolist() == [[7, 8]]


def test_no_entries_means_65536() -> None:
    table = lookup_table([0, 0, 16], np.arange(65536, dtype="<u2").tobytes(), "LUTDescriptor", signed=False)
    assert table.apply(np.array([[65535]])).item() == 65535


def test_bytes_are_entries_where_there_are_as_many() -> None:
    assert lookup_table([4, 0, 8], b"\1\2\3\4", "X", signed=False).entries.tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("descriptor", "data"), [(None, b"12"), ([1, 2], b"12"), ([5, 0, 16], words(1, 2)), ([2, 0, 8], None)]
)
def test_what_is_no_table_is_refused(descriptor: list[int] | None, data: bytes | None) -> None:
    with pytest.raises(DicomRefused, match="lut: "):
        lookup_table(descriptor, data, "LUTDescriptor", signed=False)


def test_there_is_no_modality_lut_in_most_files() -> None:
    assert modality_lut(Dataset(), signed=False) is None


def test_segments() -> None:
    data = words(0, 2, 10, 20, 1, 4, 40, 2, 1, 0, 0)
    assert np.frombuffer(expand_segments(data, 16), "<u2").tolist() == [10, 20, 25, 30, 35, 40, 10, 20]


@pytest.mark.parametrize(
    "data", [words(9, 1, 0), words(1, 4, 40), words(2, 1, 400, 0), words(2, 1), words(0, 1, 5, 2, 1, 6, 0)]
)
def test_segments_that_are_none_are_refused(data: bytes) -> None:
    with pytest.raises(DicomRefused, match="segmented"):
        expand_segments(data, 16)


def test_a_segmented_palette() -> None:
    dataset = Dataset()
    for plane in ("Red", "Green", "Blue"):
        setattr(dataset, f"{plane}PaletteColorLookupTableDescriptor", [4, 0, 16])
        setattr(dataset, f"Segmented{plane}PaletteColorLookupTableData", words(0, 1, 0, 1, 3, 300))
    assert [table.entries.tolist() for table in palette(dataset)] == [[0, 100, 200, 300]] * 3


def test_a_palette_that_is_missing_is_refused() -> None:
    with pytest.raises(DicomRefused, match="RedPaletteColorLookupTableDescriptor"):
        palette(Dataset())
