"""One frame's stored values, exactly. In the worker.

Rules of this file:
- The header is checked, and held against what is there, before anything is allocated (`describe_pixels`).
- Bits beyond BitsStored are not values: they are masked off, or the sign is extended over them (PS3.5 8.1.1).
- What a header has is cached for the next frame of the same file; pixels are read anew.
"""

from __future__ import annotations

import contextlib
import mmap
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.dicom.pixels.codecs import decompress
from consult.dicom.pixels.colour import eight_bits, paint_by_palette, spread_chroma, ybr_to_rgb
from consult.dicom.pixels.description import PixelDescription, describe_pixels
from consult.dicom.pixels.frames import Fragment, PixelBytes, find_frames, join, read_bytes
from consult.dicom.pixels.lookup import LookupTable, Palette, modality_lut, palette
from consult.dicom.reading.opening import OpenedFile, open_dicom
from consult.dicom.reading.pixel_attributes import PALETTE
from consult.dicom.records import PixelFormat
from consult.dicom.syntaxes import DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN, JPEG, JPEG_XL
from consult.model.errors import DicomRefused

CACHED_HEADERS = 4
Stored = NDArray[Any]


@dataclass(frozen=True)
class PixelHeader:
    """All that the header has of a file's pixels.

    Attributes:
        little: samples are little endian.
        words: the VR is OW: smaller samples stand in words of 16 bits.
        frames: fragments by frame; empty where the pixels are native.
        modality_lut: applied to grey stored values.
        palette: for PALETTE COLOR.
    """

    description: PixelDescription
    pixels: PixelBytes
    little: bool
    words: bool
    frames: tuple[tuple[Fragment, ...], ...]
    modality_lut: LookupTable | None
    palette: Palette | None


def decode_frame(path: str | Path, frame: int, pixel_format: PixelFormat) -> Stored:
    """Stored values of one frame, or the Modality LUT's result; of colour, RGB.

    Args:
        path: of the file.
        frame: within the file, from 0.
        pixel_format: what the index has; the file is held against it.

    Returns:
        `pixel_format.shape`, of `pixel_format.dtype`.

    Raises:
        DicomRefused: names tag, value and rule.
    """
    with _open_pixels(path) as (header, content):
        _check(header.description, frame, pixel_format)
        samples = _samples(header, content, frame)
    values = _rgb(samples, header) if pixel_format.colour else _grey(samples, header)
    return _as_type(values, pixel_format.dtype)


def raw_samples(path: str | Path, frame: int) -> Stored:
    """The samples of a frame as they stand, bits beyond BitsStored too. Raises DicomRefused."""
    with _open_pixels(path) as (header, content):
        return np.array(_samples(header, content, frame))


@contextlib.contextmanager
def _open_pixels(path: str | Path) -> Iterator[tuple[PixelHeader, memoryview]]:
    """The header, and the content that holds the pixels."""
    stat = os.stat(path)
    header = _cached_header(str(path), stat.st_size, stat.st_mtime_ns)
    if header is None:
        with open_dicom(path) as opened:
            yield _header_of(opened), opened.content
        return
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        content = memoryview(mapped)
        try:
            yield header, content
        finally:
            content.release()


@lru_cache(CACHED_HEADERS)
def _cached_header(path: str, size: int, modified_ns: int) -> PixelHeader | None:
    """The header of a file; None where the pixels lie in what must be inflated first."""
    with open_dicom(path) as opened:
        deflated = opened.transfer_syntax_uid == DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN
        return None if deflated else _header_of(opened)


def _header_of(opened: OpenedFile) -> PixelHeader:
    description = describe_pixels(opened)
    element = opened.pixels
    assert element is not None  # describe_pixels has refused it
    there = len(opened.content) - element.start
    available = there if element.length is None else min(element.length, there)
    extended = opened.dataset.get("ExtendedOffsetTable") or b""
    pixels = PixelBytes(element.keyword, element.start, available, extended)
    vr = bytes(opened.content[element.start - 8 : element.start - 6])
    return PixelHeader(
        description=description,
        pixels=pixels,
        little=opened.little,
        words=vr == b"OW",
        frames=find_frames(opened.content, pixels, description.frames) if element.length is None else (),
        modality_lut=None if description.colour else modality_lut(opened.dataset, signed=description.signed),
        palette=palette(opened.dataset) if description.photometric == PALETTE else None,
    )


def _check(description: PixelDescription, frame: int, pixel_format: PixelFormat) -> None:
    """Hold a file against what the index has of it. Raises DicomRefused("no_frame", "changed")."""
    if not 0 <= frame < description.frames:
        rule = f"frame {frame + 1} is not among them"
        raise DicomRefused("no_frame", rule, tag="NumberOfFrames", value=str(description.frames))
    found = _shape(description.rows, description.columns, colour=description.colour)
    expected = _shape(pixel_format.rows, pixel_format.columns, colour=pixel_format.colour)
    if found != expected:
        raise DicomRefused("changed", f"the index has {expected}", tag="Rows", value=found)


def _shape(rows: int, columns: int, *, colour: bool) -> str:
    return f"{rows} x {columns}, {'colour' if colour else 'grey'}"


def _samples(header: PixelHeader, content: memoryview, frame: int) -> Stored:
    """(rows, columns) or (rows, columns, samples): unsigned words as they stand, a codec's integers, or reals."""
    if header.frames:
        if not header.frames[frame]:
            rule = f"the image is missing: the file ends before frame {frame + 1}"
            raise DicomRefused("truncated", rule, tag=header.pixels.keyword, value=f"{header.pixels.available} bytes")
        return decompress(join(content, header.pixels, header.frames[frame]), header.description)
    description = header.description
    first_bit = frame * description.frame_bits
    start, end = first_bit // 8, (first_bit + description.frame_bits + 7) // 8
    if description.bits_allocated == 1:
        return _single_bits(_native(header, content, start, end), first_bit % 8, description)
    width = description.bits_allocated // 8
    kind = "f" if description.floats else "u"
    samples = np.frombuffer(_native(header, content, start, end), f"{'<' if header.little else '>'}{kind}{width}")
    if description.subsampled:
        return spread_chroma(samples, description.rows, description.columns)
    rows, columns = description.rows, description.columns
    if description.samples == 1:
        return samples.reshape(rows, columns)
    if description.planar:
        return np.moveaxis(samples.reshape(description.samples, rows, columns), 0, -1)
    return samples.reshape(rows, columns, description.samples)


def _native(header: PixelHeader, content: memoryview, start: int, end: int) -> bytes:
    """Bytes of native pixels; where big-endian words (OW) hold smaller samples, in the order of the samples."""
    if header.little or not header.words or header.description.bits_allocated > 8:
        return read_bytes(content, header.pixels, start, end - start)
    first, last = start - start % 2, min(end + end % 2, header.pixels.available)
    words = read_bytes(content, header.pixels, first, last - first)
    whole = len(words) // 2 * 2
    straight = np.frombuffer(words[:whole], ">u2").astype("<u2").tobytes() + words[whole:]
    return straight[start - first : end - first]


def _single_bits(raw: bytes, first: int, description: PixelDescription) -> Stored:
    """Frames of single bits follow each other without padding, the lowest bit first (PS3.5 8.1.1)."""
    bits = np.unpackbits(np.frombuffer(raw, np.uint8), bitorder="little")
    size = description.rows * description.columns
    return bits[first : first + size].reshape(description.rows, description.columns)


def _grey(samples: Stored, header: PixelHeader) -> Stored:
    """Stored values; a Modality LUT applied."""
    values = samples if header.description.floats else stored_values(samples, header.description)
    return values if header.modality_lut is None else header.modality_lut.apply(values)


def stored_values(samples: Stored, description: PixelDescription) -> Stored:
    """Words to numbers: BitsStored of them, up to HighBit, count; the highest of these is the sign."""
    width = max(description.bits_allocated // 8, samples.dtype.itemsize)
    words = samples.astype(f"<u{width}", copy=False)
    if shift := description.high_bit + 1 - description.bits_stored:
        words = words >> shift
    unused = 8 * width - description.bits_stored
    if not description.signed:
        return words & words.dtype.type((1 << description.bits_stored) - 1) if unused else words
    numbers = words.view(f"<i{width}")
    return (numbers << unused) >> unused if unused else numbers


def _rgb(samples: Stored, header: PixelHeader) -> NDArray[np.uint8]:
    """RGB of colour samples. JPEG and JPEG 2000 decoders give RGB, whatever the stream holds."""
    description = header.description
    if header.palette is not None:
        return paint_by_palette(stored_values(samples, description), header.palette)
    rgb = eight_bits(samples, description.bits_stored)
    luma_and_chroma = description.photometric in ("YBR_FULL", "YBR_FULL_422")
    return ybr_to_rgb(rgb) if luma_and_chroma and description.transfer_syntax not in JPEG | JPEG_XL else rgb


def _as_type(values: Stored, dtype: str) -> Stored:
    """Values in the volume's type. Raises DicomRefused("changed") where it cannot hold them."""
    wanted = np.dtype(dtype)
    if values.dtype == wanted or np.can_cast(values.dtype, wanted, "safe"):
        return values.astype(wanted, copy=False)
    cast = values.astype(wanted)
    if not np.array_equal(cast, values):
        raise DicomRefused("changed", f"its values do not fit {dtype}", tag="BitsStored", value=str(values.dtype))
    return cast
