"""DICOM files written byte by byte: whatever no library would write."""

from __future__ import annotations

import io
import struct
from pathlib import Path

from pydicom import dcmread
from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset

LONG = (b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV")
UNDEFINED = 0xFFFFFFFF
Elements = dict[int, tuple[bytes, bytes]]
"""VR and value by tag."""


def elements(dataset: Dataset) -> Elements:
    """Of a sound data set, as they stand in its file."""
    content = io.BytesIO()
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.save_as(content, enforce_file_format=True)
    content.seek(0)
    raw = dcmread(content)
    found = {int(tag): raw.get_item(tag) for tag in raw.keys()}  # noqa: SIM118  # values would be converted
    return {tag: (str(item.VR).encode(), bytes(item.value or b"")) for tag, item in found.items()}


def element(tag: int, vr: bytes, value: bytes, length: int | None = None) -> bytes:
    """Explicit VR Little Endian; `length` is what it claims."""
    stated = len(value) if length is None else length
    head = struct.pack("<HH", tag >> 16, tag & 0xFFFF) + vr
    return head + (struct.pack("<HL", 0, stated) if vr in LONG else struct.pack("<H", stated & 0xFFFF)) + value


def item(content: bytes, length: int | None = None) -> bytes:
    """An item of a sequence, or a fragment."""
    return struct.pack("<HHL", 0xFFFE, 0xE000, len(content) if length is None else length) + content


def write_raw(path: Path, content: bytes, syntax: bytes = b"1.2.840.10008.1.2.1", meta: bytes | None = None) -> Path:
    """A file with preamble and meta information around a data set."""
    uid = syntax + b"\0" * (len(syntax) % 2)
    stated = element(0x00020010, b"UI", uid)
    group = element(0x00020000, b"UL", struct.pack("<L", len(stated)))
    path.write_bytes(bytes(128) + b"DICM" + (group + stated if meta is None else meta) + content)
    return path


def encoded(found: Elements) -> bytes:
    """A data set of them."""
    return b"".join(element(tag, *found[tag]) for tag in sorted(found))


def changed(path: Path, dataset: Dataset, keyword: str, vr: bytes, value: bytes) -> Path:
    """A sound file with one attribute's VR and value as given."""
    found = elements(dataset)
    tag = tag_for_keyword(keyword)
    assert tag is not None
    found[int(tag)] = (vr, value)
    return write_raw(path, encoded(found))
