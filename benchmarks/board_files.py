"""The cases of the board that is measured: one chest CT as that of many patients."""

from __future__ import annotations

from pathlib import Path

import pydicom
from pydicom.uid import generate_uid

from benchmarks.pictures import write_chest

OF_A_PATIENT = ("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID", "SOPInstanceUID")


def write_cases(folder: Path, count: int) -> list[str]:
    """Write so many patients' CTs below a folder; their StudyInstanceUIDs, in the order of the board."""
    write_chest(folder / "chest")
    files = [pydicom.dcmread(path) for path in sorted((folder / "chest").glob("*/*/*"))]
    for path in sorted((folder / "chest").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    (folder / "chest").rmdir()
    return [_write_patient(folder / f"case-{n}", n, files) for n in range(1, count + 1)]


def _write_patient(folder: Path, number: int, files: list[pydicom.FileDataset]) -> str:
    """The same pixels; another name, other UIDs."""
    folder.mkdir(parents=True)
    uids: dict[str, str] = {}
    for n, file in enumerate(files):
        for keyword in OF_A_PATIENT:
            before = str(file[keyword].value)
            setattr(file, keyword, uids.setdefault(before, str(generate_uid(entropy_srcs=[str(number), before]))))
        file.file_meta.MediaStorageSOPInstanceUID = file.SOPInstanceUID
        file.PatientID, file.PatientName = f"B-{number}", f"BENCH^CASE {number}"
        file.save_as(folder / f"{n:04}.dcm")
    return str(files[0].StudyInstanceUID)
