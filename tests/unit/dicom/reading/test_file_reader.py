"""One file to one record, and every real file either read or refused with a reason."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from consult.dicom.reading.file_reader import read_again, read_file
from consult.model.errors import DicomRefused
from tests.support.dicom_files import ABSENT, ct, write
from tests.support.shared_data import shared, table


def test_a_file_is_read(tmp_path: Path) -> None:
    path = write(ct(SeriesDescription="lung", BodyPartExamined="CHEST"), tmp_path / "a.dcm")
    record = read_file(str(path))
    assert (record.study_uid, record.series_uid, record.series_number) == ("1.2.3", "1.2.3.4", 4)
    assert (record.modality, record.unit, record.body_part, record.note) == ("CT", "HU", "CHEST", "")
    assert record.frames[0].file == hashlib.sha256(path.read_bytes()).hexdigest()
    assert record.source_lossy == ""


def test_a_mammogram_is_not_for_reading(tmp_path: Path) -> None:
    assert read_file(str(write(ct(Modality="MG"), tmp_path / "a.dcm"))).note == "not for reading"


def test_many_files_are_read_again_and_a_bad_one_has_nothing(tmp_path: Path) -> None:
    good, bad = write(ct(EchoTime=5), tmp_path / "a.dcm"), tmp_path / "b.dcm"
    bad.write_bytes(b"no DICOM file")
    record = read_file(str(good))
    found = read_again([(str(good), record.file), (str(bad), "b"), (str(tmp_path / "gone.dcm"), "c")])
    assert found == [record, None, None]


@pytest.mark.parametrize(
    ("stated", "ratio", "expected"),
    [
        ("01", "12.5", "12.5:1"),
        ("01", "2068.31", "2070:1"),
        ("01", ABSENT, "yes"),
        ("00", "12.5", ""),
        (ABSENT, ABSENT, ""),
    ],
)
def test_lossy_sources_are_named(tmp_path: Path, stated: object, ratio: object, expected: str) -> None:
    changed = ct(LossyImageCompression=stated, LossyImageCompressionRatio=ratio)
    assert read_file(str(write(changed, tmp_path / "a.dcm"))).source_lossy == expected


def test_a_data_set_that_is_no_object_is_refused(tmp_path: Path) -> None:
    path = write(ct(SOPClassUID=ABSENT, SOPInstanceUID=ABSENT, PixelData=ABSENT), tmp_path / "a.dcm")
    with pytest.raises(DicomRefused) as refused:
        read_file(str(path))
    assert refused.value.code == "not_dicom"


EXPECTED = {
    "conformance/pydicom/MR_truncated.dcm": "truncated",
    "conformance/pydicom/badVR.dcm": "bad_value",
    "conformance/pydicom/no_meta.dcm": "not_dicom",
    "conformance/pydicom/dicomdirtests/DICOMDIR": "dicomdir",
    "conformance/made/us_doppler_h264.dcm": "video",
}


@pytest.mark.parametrize(("file", "code"), EXPECTED.items())
def test_real_files_are_refused_for_what_they_are(file: str, code: str) -> None:
    with pytest.raises(DicomRefused) as refused:
        read_file(str(shared(file)))
    assert refused.value.code == code


def test_an_object_that_cannot_be_shown_is_listed_with_why() -> None:
    record = read_file(str(shared("conformance/pydicom/waveform_ecg.dcm")))
    assert (record.unshown, record.why) == ("Waveform", "Waveforms are not shown.")
    assert record.frames == ()


def test_every_real_picture_is_read_as_its_publisher_describes_it() -> None:
    """INDEX.tsv was made by other means: its facts hold for every file that has a reference picture."""
    rows = [r for r in table("INDEX.tsv") if r["ref_frames"] and r["modality"] != "SEG" and "SEG" not in r["features"]]
    read, refused = 0, set()
    for row in rows:
        try:
            record = read_file(str(shared(row["path"])))
        except DicomRefused as error:
            refused.add(error.code)
            continue
        read += 1
        assert (record.format.rows, record.format.columns) == (int(row["rows"]), int(row["cols"])), row["path"]
        assert len(record.frames) == int(row["frames"] or 1), row["path"]
        assert record.frames[0].inverted == (row["photometric"] == "MONOCHROME1"), row["path"]
        assert (record.series_uid, record.frames[0].sop_instance_uid) == (row["series_uid"], row["sop_uid"])
    assert refused <= {"missing", "no_pixels", "video", "transfer_syntax"}
    assert read >= 200
