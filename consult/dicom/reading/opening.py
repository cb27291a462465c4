"""Opens a DICOM file of unknown virtue: its meta information, its data set up to the pixels, and where those lie.

Rules of this file:
- Nothing is allocated for what a header claims: inflating has limits, nesting is counted before pydicom reads.
- Files without a preamble are taken where their first bytes are a data set's (old files); else they are no DICOM.
- An inflated data set lies in an unnamed temporary file; the decoder reads pixels from where they lie.
"""

from __future__ import annotations

import contextlib
import logging
import mmap
import tempfile
import warnings
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pydicom.config
from pydicom.datadict import keyword_for_tag
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset
from pydicom.uid import UID

from consult.dicom.reading.attributes import CONVERTING
from consult.dicom.reading.structure import PIXEL_TAGS, PixelElement, Walk
from consult.dicom.syntaxes import (
    DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
    EXPLICIT_VR_BIG_ENDIAN,
    EXPLICIT_VR_LITTLE_ENDIAN,
    IMPLICIT_VR_LITTLE_ENDIAN,
    NAMES,
)
from consult.model.errors import DicomRefused

PREAMBLE = 128
INFLATED_BYTES = 1 << 30
INFLATED_FREE = 64 << 20
INFLATED_RATIO = 200
"""Inflating ends at INFLATED_BYTES, and beyond INFLATED_FREE at this ratio."""
CHUNK = 1 << 20
CHARACTER_SET = 0x00080005

pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
logging.getLogger("pydicom").setLevel(logging.CRITICAL)  # a file could fill the log, and with values of its patient


@dataclass(frozen=True)
class OpenedFile:
    """A file that is open.

    Attributes:
        meta: file meta information (PS3.10 7.1); empty where there is none.
        dataset: everything before the pixel data.
        transfer_syntax_uid: as stated, or found where the file has no meta information.
        pixels: the pixel data element, offsets into `content`; None where there is none.
        content: the bytes that hold the data set (inflated); valid while it is open.
        little: little endian.
    """

    meta: Dataset
    dataset: Dataset
    transfer_syntax_uid: str
    pixels: PixelElement | None
    content: memoryview
    little: bool


@contextlib.contextmanager
def open_dicom(path: str | Path) -> Iterator[OpenedFile]:
    """Open a file; everything of it is closed at the end.

    Raises:
        DicomRefused: "not_dicom", "transfer_syntax", "bomb", "nesting", "too_many", "unreadable".
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")  # what is odd but readable is no matter; what is not is refused
        file: BinaryIO = stack.enter_context(open(path, "rb"))
        content = _mapped(stack, file)
        meta, start, syntax = _begin(file, content)
        if syntax == DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN:
            file = stack.enter_context(tempfile.TemporaryFile())
            _inflate(content, start, file)
            content, start = _mapped(stack, file), 0
        little = syntax != EXPLICIT_VR_BIG_ENDIAN
        explicit = _is_explicit(content, start, little=little, stated=syntax != IMPLICIT_VR_LITTLE_ENDIAN)
        walk = Walk(content, start, explicit, little)
        pixels = walk.pixel_element()
        dataset = _read(file, walk, start)
        dataset.file_meta = meta  # type: ignore[assignment]  # a plain Dataset: pydicom checks more than old files hold
        yield OpenedFile(meta, dataset, syntax, pixels, content, little)


def _mapped(stack: contextlib.ExitStack, file: BinaryIO) -> memoryview:
    """The bytes of a file, without reading it. Raises DicomRefused("not_dicom")."""
    file.seek(0, 2)
    if file.tell() < 16:
        raise DicomRefused("not_dicom", "the file is empty or too short to be DICOM")
    mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    stack.callback(mapped.close)
    view = memoryview(mapped)
    stack.callback(view.release)
    return view


def _begin(file: BinaryIO, content: memoryview) -> tuple[Dataset, int, str]:
    """The meta information, where the data set begins, and its transfer syntax."""
    start = PREAMBLE + 4 if bytes(content[PREAMBLE : PREAMBLE + 4]) == b"DICM" else 0
    if not start and not _begins_like_a_data_set(content):
        raise DicomRefused("not_dicom", "the file is not a DICOM file (PS3.10 7.1 asks for DICM at byte 128)")
    meta = Dataset()
    walk = Walk(content, start, explicit=True, little=True)
    if int.from_bytes(content[start : start + 2], "little") == 2:
        walk.explicit = _is_explicit(content, start, little=True, stated=True)
        walk.until(lambda tag: tag >> 16 != 2)
        file.seek(start)
        meta = read_dataset(file, not walk.explicit, True, stop_when=lambda tag, vr, length: tag.group != 2)
    stated = str(meta.get("TransferSyntaxUID") or "").strip()
    return meta, walk.at, stated or _found_syntax(content, walk.at)


def _begins_like_a_data_set(content: memoryview) -> bool:
    """Group 2 or 8 with a small first element, little or big endian."""
    for order in ("little", "big"):
        group, element = (int.from_bytes(content[at : at + 2], order) for at in (0, 2))
        if group in (2, 8) and element <= 0x0018:
            vr = bytes(content[4:6])
            length = int.from_bytes(content[4:8], order)
            if (vr.isalpha() and vr.isupper()) or length <= 256:
                return True
    return False


def _found_syntax(content: memoryview, start: int) -> str:
    """The uncompressed transfer syntax of a data set that does not name it, by its first element.

    Raises:
        DicomRefused: "not_dicom": there is no data set.
    """
    if start + 8 > len(content):
        raise DicomRefused("not_dicom", "the file has no data set")
    if int.from_bytes(content[start : start + 2], "little") >= 0x0100:
        return EXPLICIT_VR_BIG_ENDIAN
    explicit = _is_explicit(content, start, little=True, stated=False)
    return EXPLICIT_VR_LITTLE_ENDIAN if explicit else IMPLICIT_VR_LITTLE_ENDIAN


def _is_explicit(content: memoryview, start: int, *, little: bool, stated: bool) -> bool:
    """Whether the first element has a VR; files that state one and do the other are common."""
    vr = bytes(content[start + 4 : start + 6])
    return stated if len(vr) < 2 or not little else vr.isalpha() and vr.isupper()


def _read(file: BinaryIO, walk: Walk, start: int) -> Dataset:
    """The data set before the pixels. Raises DicomRefused("unreadable", "truncated")."""
    try:
        return _read_until(file, walk, start, lambda tag: tag in PIXEL_TAGS)
    except MemoryError:
        if walk.cut is None:
            raise
        tag = keyword_for_tag(walk.cut) or f"{walk.cut:08X}"
        found = f"{len(walk.data)} bytes of data set"
        raise DicomRefused("truncated", "its value ends beyond the end of the file", tag=tag, value=found) from None
    except CONVERTING as error:
        why = str(error)[:200]
        if not _reads(file, walk, start, lambda tag: tag > CHARACTER_SET):
            rule = f"must name character sets (PS3.3 C.12.1.1.2; {why})"
            raise DicomRefused("bad_value", rule, tag="SpecificCharacterSet") from error
        raise DicomRefused("unreadable", f"the data set's structure is broken ({why})") from error


def _reads(file: BinaryIO, walk: Walk, start: int, stop: Callable[[int], bool]) -> bool:
    try:
        _read_until(file, walk, start, stop)
    except CONVERTING:
        return False
    return True


def _read_until(file: BinaryIO, walk: Walk, start: int, stop: Callable[[int], bool]) -> Dataset:
    file.seek(start)
    return read_dataset(file, not walk.explicit, walk.little, stop_when=lambda tag, vr, length: stop(int(tag)))


def _inflate(content: memoryview, start: int, into: BinaryIO) -> None:
    """Inflate what is behind `start` (PS3.5 A.5) within limits. Raises DicomRefused("bomb", "unreadable")."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    size = 0
    limit = min(INFLATED_BYTES, max(INFLATED_FREE, INFLATED_RATIO * (len(content) - start)))
    try:
        for at in range(start, len(content), CHUNK):
            rest = bytes(content[at : at + CHUNK])  # a copy: what an error keeps must not hold the file
            while rest and not inflater.eof:
                piece = inflater.decompress(rest, CHUNK)
                rest = inflater.unconsumed_tail
                size += len(piece)
                if size > limit:
                    raise DicomRefused("bomb", f"it inflates to more than {limit >> 20} MiB")
                into.write(piece)
        into.write(inflater.flush())
    except zlib.error as error:
        raise DicomRefused("unreadable", f"the deflated data set is broken ({error})") from error
    into.flush()


def syntax_name(uid: str) -> str:
    """Name of a transfer syntax or SOP class, else its UID."""
    return NAMES.get(uid) or str(UID(uid).name)


def named(uid: str) -> str:
    """Name and UID of a transfer syntax or SOP class, as a refusal names it."""
    name = syntax_name(uid)
    return f"{name} ({uid})" if name != uid else uid
