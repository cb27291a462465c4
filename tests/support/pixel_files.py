"""One small DICOM file around given pixel bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydicom._uid_dict import UID_dictionary
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian

from consult.dicom.syntaxes import NAMES

for unknown, name in NAMES.items():  # pydicom writes no file of a transfer syntax that it does not know
    UID_dictionary.setdefault(unknown, (name, "Transfer Syntax", "", "", ""))
EXPLICIT_LITTLE = str(ExplicitVRLittleEndian)


def write_file(
    path: Path,
    data: bytes | Sequence[bytes],
    *,
    syntax: str = EXPLICIT_LITTLE,
    element: str = "PixelData",
    offset_table: bool = True,
    **attributes: Any,
) -> Path:
    """Write a 16-bit grey file of one frame, unless attributes are otherwise.

    Args:
        data: native bytes, or a sequence of compressed frames.
        element: keyword of the pixel data.
        offset_table: with a basic offset table, where the data are compressed.
    """
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = UID(syntax)
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = CTImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = UID("1.2.3")
    dataset.Modality, dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = "OT", 2, 3, 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    bits = int(attributes.get("BitsAllocated", 16))
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = bits, bits, bits - 1, 0
    for keyword, value in attributes.items():
        if value is None:
            delattr(dataset, keyword)
        else:
            setattr(dataset, keyword, value)
    if not isinstance(data, bytes):
        data = encapsulate(list(data), has_bot=offset_table)
    setattr(dataset, element, data)
    if element == "PixelData":
        dataset["PixelData"].VR = "OB" if syntax not in NATIVE or bits == 8 else "OW"
        dataset["PixelData"].is_undefined_length = syntax not in NATIVE
    little = syntax != "1.2.840.10008.1.2.2"
    dataset.save_as(path, enforce_file_format=True, little_endian=little, implicit_vr=syntax == "1.2.840.10008.1.2")
    return path


NATIVE = ("1.2.840.10008.1.2", EXPLICIT_LITTLE, "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2")
