"""Attributes as plain values."""

from __future__ import annotations

import pytest
from pydicom.dataset import Dataset

from consult.dicom.reading.attributes import date, integer, items, moment, number, numbers, order_number, text, time
from consult.model.errors import DicomRefused
from tests.support.dicom_files import item


def test_text_is_one_clean_line() -> None:
    dataset = item(StudyDescription="CT\tchest ", ImageType=["ORIGINAL", "PRIMARY"])
    assert text(dataset, "StudyDescription") == "CT chest"
    assert text(dataset, "ImageType") == "ORIGINAL\\PRIMARY"
    assert text(dataset, "PatientName") == ""


def test_text_keeps_half_spaces_and_turns_nothing() -> None:
    dataset = item(SpecificCharacterSet="ISO_IR 192", StudyDescription="می\u200cرود", SeriesDescription="a\u202eb")
    assert text(dataset, "StudyDescription") == "می\u200cرود"
    assert text(dataset, "SeriesDescription") == "a b"


def test_numbers_are_finite_or_refused() -> None:
    dataset = item(PixelSpacing=[1, 2.5], WindowCenter=40)
    assert numbers(dataset, "PixelSpacing") == (1.0, 2.5)
    assert number(dataset, "WindowCenter") == 40
    assert number(dataset, "WindowWidth") is None
    dataset.TableHeight = float("nan")
    with pytest.raises(DicomRefused) as refused:
        numbers(dataset, "TableHeight")
    assert (refused.value.code, refused.value.tag) == ("bad_value", "TableHeight")


def test_whole_numbers_are_whole() -> None:
    dataset = item(SliceThickness=2.5, Rows=4)
    assert integer(dataset, "Rows") == 4
    with pytest.raises(DicomRefused):
        integer(dataset, "SliceThickness")
    assert order_number(dataset, "SliceThickness") == 0
    assert order_number(dataset, "Rows") == 4


def test_items_of_a_sequence() -> None:
    dataset = item(ReferencedImageSequence=[item(Rows=1), item(Rows=2)])
    assert [i.Rows for i in items(dataset, "ReferencedImageSequence")] == [1, 2]
    assert items(Dataset(), "ReferencedImageSequence") == []


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("20261124", "2026-11-24"),
        ("2026.11.24", "2026-11-24"),
        ("20260230", ""),
        ("00000000", ""),
        ("2026", ""),
        ("", ""),
        ("٢٠٢٦١١٢٤", ""),
    ],
)
def test_dates(written: str, iso: str) -> None:
    assert date(written) == iso


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("091240.123", "09:12:40"),
        ("0912", "09:12:00"),
        ("09", "09:00:00"),
        ("09:12:40", "09:12:40"),
        ("2561", ""),
        ("", ""),
    ],
)
def test_times(written: str, iso: str) -> None:
    assert time(written) == iso


def test_a_moment_needs_a_date() -> None:
    assert moment("2026-11-24", "09:12:40") == "2026-11-24T09:12:40"
    assert moment("2026-11-24", "") == "2026-11-24"
    assert moment("", "09:12:40") == ""
