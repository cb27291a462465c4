"""Single DICOM files, sound or broken in one respect."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian, generate_uid

ABSENT = object()
SIZE = 8


def ct(**changes: Any) -> Dataset:
    """A sound CT image, 8 x 8, but for `changes` by keyword; ABSENT removes an attribute."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID = CTImageStorage, generate_uid()
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.FrameOfReferenceUID = "1.2.3", "1.2.3.4", "1.2.3.5"
    dataset.PatientName, dataset.PatientID = "DEMO^ANNA", "10042"
    dataset.PatientBirthDate, dataset.PatientSex = "19610314", "F"
    dataset.StudyDate, dataset.StudyTime = "20261124", "091240.5"
    dataset.Modality, dataset.SeriesNumber, dataset.InstanceNumber = "CT", 4, 7
    dataset.ImagePositionPatient, dataset.ImageOrientationPatient = [-10, -20, 30], [1, 0, 0, 0, 1, 0]
    dataset.PixelSpacing, dataset.SliceThickness = [0.5, 0.75], 3
    dataset.Rows = dataset.Columns = SIZE
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
    dataset.RescaleSlope, dataset.RescaleIntercept = 1, -1024
    dataset.WindowCenter, dataset.WindowWidth = [40, -600], [400, 1500]
    dataset.WindowCenterWidthExplanation = ["SOFT", "LUNG"]
    dataset.PixelData = bytes(2 * SIZE * SIZE)
    dataset["PixelData"].VR = "OW"
    return changed(dataset, changes)


def changed(made: Dataset, changes: dict[str, Any]) -> Dataset:
    """It, with these values by keyword; ABSENT removes an attribute."""
    for keyword, value in changes.items():
        if value is not ABSENT:
            setattr(made, keyword, value)
        elif keyword in made:
            delattr(made, keyword)
    return made


def item(**values: Any) -> Dataset:
    """An item of a sequence."""
    made = Dataset()
    for keyword, value in values.items():
        setattr(made, keyword, value)
    return made


def write(dataset: Dataset, path: Path) -> Path:
    """As a DICOM file with preamble and meta information; `path` is returned."""
    dataset.file_meta.MediaStorageSOPClassUID = dataset.get("SOPClassUID", "1.2")
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.get("SOPInstanceUID", "1.2")
    dataset.save_as(path, enforce_file_format=True)
    return path


def write_deflated(path: Path, inflated: bytes) -> Path:
    """A file of Deflated Explicit VR Little Endian around any data set."""
    uid = DeflatedExplicitVRLittleEndian.encode()
    element = struct.pack("<HH2sH", 2, 0x10, b"UI", len(uid)) + uid
    length = struct.pack("<HH2sHL", 2, 0, b"UL", 4, len(element))
    packer = zlib.compressobj(6, wbits=-zlib.MAX_WBITS)
    path.write_bytes(bytes(128) + b"DICM" + length + element + packer.compress(inflated) + packer.flush())
    return path


def nested(depth: int, *, defined: bool = False) -> bytes:
    """Explicit VR: sequences within sequences, (0008,1140), of undefined length or of defined."""
    content = b""
    for _ in range(depth):
        if defined:
            content = struct.pack("<HHL", 0xFFFE, 0xE000, len(content)) + content
            content = struct.pack("<HH2sHL", 0x0008, 0x1140, b"SQ", 0, len(content)) + content
        else:
            end = struct.pack("<HHL", 0xFFFE, 0xE00D, 0) + struct.pack("<HHL", 0xFFFE, 0xE0DD, 0)
            start = struct.pack("<HH2sHL", 0x0008, 0x1140, b"SQ", 0, 0xFFFFFFFF)
            content = start + struct.pack("<HHL", 0xFFFE, 0xE000, 0xFFFFFFFF) + content + end
    return content
