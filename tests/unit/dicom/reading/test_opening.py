"""Files of unknown virtue: what is opened, what is refused, and that nothing is allocated for lies."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import BinaryIO

import pytest
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from consult.dicom.reading import opening
from consult.dicom.reading.file_reader import read_file
from consult.dicom.reading.opening import open_dicom, syntax_name
from consult.dicom.syntaxes import DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN
from consult.dicom.workers import Refusal, attempt
from consult.model.errors import DicomRefused
from tests.support.dicom_files import ABSENT, ct, nested, write, write_deflated


def refusal(path: Path) -> str:
    with pytest.raises(DicomRefused) as refused, open_dicom(path):
        pass
    return refused.value.code


def test_a_sound_file_is_opened_up_to_its_pixels(tmp_path: Path) -> None:
    with open_dicom(write(ct(), tmp_path / "a.dcm")) as opened:
        assert opened.transfer_syntax_uid == ExplicitVRLittleEndian
        assert opened.pixels is not None
        assert (opened.pixels.keyword, opened.pixels.length) == ("PixelData", 128)
        assert len(opened.content) == opened.pixels.start + 128
        assert "PixelData" not in opened.dataset
        assert opened.dataset.PatientID == "10042"


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian])
def test_a_data_set_without_preamble_and_meta_is_opened_by_its_first_element(tmp_path: Path, syntax: str) -> None:
    path = tmp_path / "bare.dcm"
    dataset = ct()
    del dataset.file_meta
    implicit, little = syntax == ImplicitVRLittleEndian, syntax != ExplicitVRBigEndian
    dataset.save_as(path, implicit_vr=implicit, little_endian=little, enforce_file_format=False)
    with open_dicom(path) as opened:
        assert opened.transfer_syntax_uid == syntax
        assert opened.dataset.Rows == 8
        assert opened.pixels is not None


@pytest.mark.parametrize("content", [b"", b"short", b"%PDF-1.7 " + bytes(400), b"\x89PNG\r\n\x1a\n" + bytes(200)])
def test_what_is_no_dicom_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    assert refusal(path) == "not_dicom"


def test_a_deflated_file_is_inflated(tmp_path: Path) -> None:
    plain = write(ct(), tmp_path / "plain.dcm")
    with open_dicom(plain) as opened:
        start = bytes(opened.content).index(b"\x08\x00\x16\x00UI")
        inflated = bytes(opened.content)[start:]
    with open_dicom(write_deflated(tmp_path / "deflated.dcm", inflated)) as opened:
        assert opened.transfer_syntax_uid == DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN
        assert opened.dataset.PatientName == "DEMO^ANNA"
        assert bytes(opened.content) == inflated


def test_a_bomb_is_refused_at_its_limit_and_in_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_deflated(tmp_path / "bomb.dcm", bytes(100 << 20))
    inflated: list[int] = []

    def counted(content: memoryview, start: int, into: BinaryIO) -> None:
        try:
            inflate(content, start, into)
        finally:
            inflated.append(into.tell())

    inflate = opening._inflate
    monkeypatch.setattr(opening, "_inflate", counted)
    assert path.stat().st_size < 200_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refusal(path) == "bomb"
    assert inflated[0] <= opening.INFLATED_FREE
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 << 10


def test_inflating_ends_at_its_limit_whatever_the_ratio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "INFLATED_BYTES", 1 << 20)
    assert refusal(write_deflated(tmp_path / "x.dcm", bytes(2 << 20))) == "bomb"


def test_a_broken_deflated_file_is_refused(tmp_path: Path) -> None:
    path = write_deflated(tmp_path / "x.dcm", b"")
    path.write_bytes(path.read_bytes() + b"\xff\xff\xff\xff no deflate" * 9)
    assert refusal(path) in ("unreadable", "not_dicom")


@pytest.mark.parametrize("defined", [False, True])
def test_deep_nesting_is_refused_before_pydicom_reads(tmp_path: Path, defined: bool) -> None:
    path = tmp_path / "deep.dcm"
    path.write_bytes(write(ct(), path).read_bytes()[:132] + nested(3000, defined=defined))
    assert refusal(path) == "nesting"


def test_names_are_reported_where_they_are_known() -> None:
    assert syntax_name("1.2.840.10008.1.2") == "Implicit VR Little Endian"
    assert syntax_name("1.2.3") == "1.2.3"


def test_a_value_that_claims_more_than_the_file_has_is_named_and_not_called_too_much_memory(tmp_path: Path) -> None:
    """pydicom asks for as much memory as a length claims."""
    path = write(ct(InstitutionName="HOSPITAL", PixelData=ABSENT), tmp_path / "a.dcm")
    content, name = path.read_bytes(), b"\x08\0\x80\0LO\x08\0HOSPITAL"
    assert name in content
    path.write_bytes(content.replace(name, b"\x08\0\x80\0UN\0\0\xf0\xff\xff\x7fHOSPITAL"))
    limit = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (memory_of_this_process() + (1 << 30), limit[1]))
    try:
        found = attempt(read_file, (str(path),))
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limit)
    assert isinstance(found, Refusal)
    assert (found.code, found.tag) == ("truncated", "InstitutionName")


def memory_of_this_process() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
