"""Values that a parser, msgspec, SQLite or JSON stumbles over: refused by tag, value and rule, or read as absent."""

from __future__ import annotations

import math
import struct
from pathlib import Path

import msgspec
import pytest

from consult.dicom import tasks
from consult.dicom.reading import file_reader
from consult.dicom.records import FileRecord
from consult.dicom.stacks import build_stacks
from consult.dicom.workers import Refusal, attempt
from tests.support.dicom_files import ct
from tests.support.hostile_files import changed

DIGITS = b"9" * 40
NOT_A_NUMBER, INFINITE, HUGE = (struct.pack("<d", value) for value in (math.nan, math.inf, 1e308))
VALUES = (
    (b"IS", DIGITS),
    (b"IS", b"-" + DIGITS),
    (b"IS", b"9" * 5000),
    (b"DS", b"1e400"),
    (b"DS", b"nan"),
    (b"DS", b"-inf"),
    (b"DS", b"1e300\\1e300\\1e300\\1e300\\1e300\\1e300"),
    (b"DS", b"1e14\\1e14\\1e14\\1e14\\1e14\\1e14"),
    (b"DS", b"-1"),
    (b"DS", b"0"),
    (b"DS", b"1e-320\\1e-320"),
    (b"UV", b"\xff" * 8),
    (b"SV", bytes(7) + b"\x80"),
    (b"UL", b"\xff" * 4),
    (b"SS", b"\x00\x80"),
    (b"FD", NOT_A_NUMBER),
    (b"FD", INFINITE),
    (b"FD", HUGE),
    (b"LO", b"a\0b"),
    (b"LO", b"\xed\xa0\x80"),
    (b"LO", b"\x1b$B\x1b"),
    (b"UT", b"x" * 300_000),
    (b"UT", b"\\" * 30_000),
    (b"SQ", b""),
    (b"UN", b"\xff" * 7),
    (b"US", b"\1"),
    (b"UL", b"\1\2\3"),
    (b"FD", b"\1" * 7),
    (b"AT", b"\x10\0\x10\0"),
)
KEYWORDS = """
    Rows Columns NumberOfFrames BitsAllocated BitsStored HighBit SamplesPerPixel PixelRepresentation
    PlanarConfiguration InstanceNumber SeriesNumber AcquisitionNumber TemporalPositionIdentifier RescaleSlope
    RescaleIntercept WindowCenter WindowWidth PixelSpacing ImagePositionPatient ImageOrientationPatient
    SliceThickness EchoTime SliceLocation PixelPaddingValue PatientName PatientID PatientBirthDate StudyInstanceUID
    SOPInstanceUID StudyDate StudyTime SeriesDescription Modality FrameTime AcquisitionDateTime ImageType
    SpecificCharacterSet PhotometricInterpretation PatientOrientation ModalityLUTSequence VOILUTSequence
    PerFrameFunctionalGroupsSequence SharedFunctionalGroupsSequence SequenceOfUltrasoundRegions
    DimensionIndexSequence ShutterShape
    """


def unfit(value: object) -> bool:
    """What JSON, JavaScript or UTF-8 cannot hold."""
    match value:
        case float():
            return not math.isfinite(value)
        case int():
            return abs(value) > 2**53
        case str():
            return any("\ud800" <= character <= "\udfff" or character < " " for character in value)
        case dict():
            return any(unfit(each) for each in (*value, *value.values()))
        case list() | tuple():
            return any(map(unfit, value))
    return False


@pytest.mark.parametrize("keyword", KEYWORDS.split())
def test_whatever_an_attribute_holds_the_file_is_refused_by_it_or_fits_everywhere(keyword: str, tmp_path: Path) -> None:
    for number, (vr, value) in enumerate(VALUES):
        path = changed(tmp_path / f"{number}.dcm", ct(), keyword, vr, value)
        found = attempt(tasks.read_file, (str(path),))
        context = (keyword, vr, value[:20], found)
        assert not unfit(msgspec.to_builtins(found, builtin_types=(bytes,))), context
        if isinstance(found, Refusal):
            assert found.tag, context
            assert found.rule, context
            assert len(found.value) <= 300, context
            continue
        for stack in build_stacks([found]):
            assert not unfit(msgspec.to_builtins(stack, builtin_types=(bytes,))), context
            window = attempt(tasks.measure_window, (str(path), stack.middle, stack.format, False))
            assert isinstance(window, Refusal) or not unfit(list(window)), context


@pytest.mark.parametrize(
    ("keyword", "vr", "value"),
    [
        ("InstanceNumber", b"IS", DIGITS),
        ("SeriesNumber", b"UV", b"\xff" * 8),
        ("AcquisitionNumber", b"SV", bytes(7) + b"\x80"),
        ("Rows", b"IS", DIGITS),
        ("NumberOfFrames", b"UV", b"\xff" * 8),
    ],
)
def test_a_number_of_more_than_64_bits_is_named(keyword: str, vr: bytes, value: bytes, tmp_path: Path) -> None:
    found = attempt(tasks.read_file, (str(changed(tmp_path / "a.dcm", ct(), keyword, vr, value)),))
    assert isinstance(found, Refusal)
    assert (found.code, found.tag) == ("out_of_range", keyword)
    assert "1e+15" in found.rule
    assert found.value


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        *((keyword, value) for keyword in ("Rows", "Columns") for value in (0, -1, 65_536, 2**31)),
        *(("NumberOfFrames", value) for value in (0, -1, 20_001, 2**31)),
        *(("BitsAllocated", value) for value in (0, -8, 7, 64, 2**31)),
        *(("SamplesPerPixel", value) for value in (0, -1, 2, 4, 2**31)),
    ],
)
def test_what_is_to_be_allocated_is_refused_by_name(keyword: str, value: int, tmp_path: Path) -> None:
    path = changed(tmp_path / "a.dcm", ct(), keyword, b"IS", str(value).encode())
    found = attempt(tasks.read_file, (str(path),))
    assert isinstance(found, Refusal)
    assert found.tag == keyword
    assert str(value) in found.value


def test_what_no_reader_has_seen_is_still_refused_by_its_field(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = changed(tmp_path / "a.dcm", ct(), "SeriesNumber", b"IS", b"4")
    for value, tag in ((2**70, ""), (math.nan, "SeriesNumber"), ("\ud800", "")):
        monkeypatch.setattr(file_reader, "order_number", lambda *_, value=value: value)
        found = attempt(tasks.read_file, (str(path),))
        assert isinstance(found, Refusal)
        assert (found.code, found.tag) == ("bad_value", tag)


def test_what_is_read_of_a_header_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = changed(tmp_path / "a.dcm", ct(), "SeriesNumber", b"IS", b"4")
    assert isinstance(attempt(tasks.read_file, (str(path),)), FileRecord)
    monkeypatch.setattr(file_reader, "MAX_RECORD_BYTES", 100)
    found = attempt(tasks.read_file, (str(path),))
    assert isinstance(found, Refusal)
    assert found.code == "too_large"


def test_a_file_writes_nothing_into_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = changed(tmp_path / "a.dcm", ct(), "SeriesDescription", b"LO", b"\x1b$B\x1b")
    attempt(tasks.read_file, (str(path),))
    assert caplog.records == []
