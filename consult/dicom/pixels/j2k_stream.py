"""Is a JPEG 2000 codestream whole? Its markers (ISO/IEC 15444-1 A), and the bytes that no coder writes.

Rules of this file:
- Every tile must be there, and every tile-part to its stated length (Psot). OpenJPEG holds packets against the length.
- An arithmetic decoder takes any bytes for good. A hole of zeros is found by its length: a coder writes a run of zero
  bytes only as the headers of empty packets, so one that is longer than all packets of a tile is none of a coder's.
- FF90 to FFFF are markers, never code: what is found of them within tile data has come from elsewhere.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field

import numpy as np

from consult.dicom.pixels.boxes import boxes
from consult.dicom.pixels.jpeg_stream import damaged

SOC, SIZ, COD, COC, SOT, SOD, EOC, CAP = 0xFF4F, 0xFF51, 0xFF52, 0xFF53, 0xFF90, 0xFF93, 0xFFD9, 0xFF50
SOP, EPH = 0x91, 0x92
"""In-stream markers, second byte: start of packet, end of packet header."""
SIZ_BYTES = 36
"""Before what it says of each component."""
CHANCE_ZEROS = 12
"""Further zero bytes in a row that a coder may write by chance: one in 2 ** 96."""
LONGEST_RUN = 1 << 24
RAW_ZEROS = 64
"""As much for HTJ2K, whose magnitudes and signs stand as plain bits: so many positive values in a row are none."""
BYPASS = 0x01
"""Code-block style: raw bits instead of the arithmetic coder; there zeros may stand in any number."""


@dataclass
class Codestream:
    """What the main header says.

    Attributes:
        rows, columns: of the image.
        samples, bits, signed: how many components, and of the widest of them.
        tiles: how many it has.
        packets: at most, of one tile; 0 where it cannot be told.
    """

    rows: int = 0
    columns: int = 0
    samples: int = 0
    bits: int = 0
    signed: bool = False
    tiles: int = 1
    packets: int = 0
    high_throughput: bool = False
    bypass: bool = False
    parts: list[tuple[int, int, int]] = field(default_factory=list)
    """Tile, first and last byte of the data of each tile-part."""


def codestream_of(data: bytes) -> bytes:
    """The codestream itself, where it lies in a JP2 file (15444-1 I)."""
    if data[4:8] != b"jP  ":
        return data
    if b"pclr" in data[: data.find(b"jp2c")]:  # a palette of up to 255 columns makes as many planes of one
        raise damaged("its JPEG 2000 file has a palette of its own", data)
    for kind, start, end in boxes(data):
        if kind == b"jp2c":
            return data[start:end]
    raise damaged("there is no codestream in its JPEG 2000 file", data)


def read_codestream(data: bytes) -> Codestream:
    """Read the main header and the tile-parts' headers.

    Raises:
        DicomRefused: "damaged": what must be there is not.
    """
    try:
        found, at = _main_header(data)
        _tile_parts(data, at, found)
    except (struct.error, IndexError, ZeroDivisionError):
        raise damaged("a marker of its JPEG 2000 stream is cut", data) from None
    return found


def check_codestream(found: Codestream, data: bytes) -> None:
    """Refuse a codestream that is not whole. Raises DicomRefused("damaged")."""
    missing = found.tiles - len({tile for tile, _, _ in found.parts})
    if missing:
        raise damaged(f"{missing} of {found.tiles} tiles are missing in its JPEG 2000 stream", data)
    for _, start, end in found.parts:
        _check_coded(found, data[start:end], data)


def _main_header(data: bytes) -> tuple[Codestream, int]:
    """What it says, and where the first tile-part begins."""
    if data[:4] != b"\xff\x4f\xff\x51":
        raise damaged("the frame does not begin as a JPEG 2000 stream does", data)
    found, at, size = Codestream(), 2, b""
    while (marker := struct.unpack_from(">H", data, at)[0]) != SOT:
        (length,) = struct.unpack_from(">H", data, at + 2)
        segment = data[at + 4 : at + 2 + length]
        if marker < 0xFF00 or length < 2:
            raise damaged(f"byte {at} of its JPEG 2000 stream must be a marker", data)
        if marker == SIZ:
            size = segment
            _size(segment, found)
        elif marker == COD:
            _coding(segment, size, found)
        found.high_throughput |= marker == CAP
        at += 2 + length
    return found, at


def _size(segment: bytes, found: Codestream) -> None:
    """SIZ (A.5.1)."""
    _, x1, y1, x0, y0, width, height, tile_x, tile_y, count = struct.unpack_from(">H8LH", segment)
    found.rows, found.columns = y1 - y0, x1 - x0
    found.tiles = -(-(x1 - tile_x) // width) * -(-(y1 - tile_y) // height)
    if not count or len(segment) < SIZ_BYTES + 3 * count:
        raise IndexError
    kinds = segment[SIZ_BYTES : SIZ_BYTES + 3 * count : 3]
    found.samples, found.bits = count, 1 + max(kind & 0x7F for kind in kinds)
    found.signed = bool(kinds[0] & 0x80)


def _coding(segment: bytes, size: bytes, found: Codestream) -> None:
    """COD (A.6.1); precincts are counted generously."""
    style, _, layers, _, levels, _, _, block_style, _ = struct.unpack_from(">BBHBBBBBB", segment)
    _, x1, y1, x0, y0, width, height, _, _, count = struct.unpack_from(">H8LH", size)
    found.bypass = bool(block_style & BYPASS)
    across, down = min(width, x1 - x0), min(height, y1 - y0)
    precincts = 0
    for resolution in range(levels + 1):
        exponents = segment[10 + resolution] if style & 1 else 0xFF
        shrink = levels - resolution
        columns = ((across >> shrink) >> (exponents & 15)) + 2
        rows = ((down >> shrink) >> (exponents >> 4)) + 2
        precincts += columns * rows if style & 1 else 1
    found.packets = layers * count * precincts


def _tile_parts(data: bytes, at: int, found: Codestream) -> None:
    """Follow the lengths from tile-part to tile-part (A.4.2)."""
    while at + 2 <= len(data) and struct.unpack_from(">H", data, at)[0] == SOT:
        _, tile, length, _, _ = struct.unpack_from(">HHLBB", data, at + 2)
        end = at + length if length else _end(data)
        if end > len(data):
            raise damaged(f"a tile of its JPEG 2000 stream ends at byte {end}", data)
        found.parts.append((tile, _data_of(data, at + 12, end), end))
        at = end
    if at + 2 <= len(data) and struct.unpack_from(">H", data, at)[0] != EOC and any(data[at:]):
        raise damaged(f"byte {at} of its JPEG 2000 stream must be a tile or the end", data)


def _end(data: bytes) -> int:
    """A last tile-part without a length goes to the end-of-codestream marker."""
    end = data.rfind(b"\xff\xd9")
    if end < 0:
        raise damaged("its JPEG 2000 stream does not end", data)
    return end


def _data_of(data: bytes, at: int, end: int) -> int:
    """Where a tile-part's data begin, behind its markers."""
    while (marker := struct.unpack_from(">H", data, at)[0]) != SOD:
        at += 2 + struct.unpack_from(">H", data, at + 2)[0]
        if marker < 0xFF00 or at >= end:
            raise damaged("the header of a tile of its JPEG 2000 stream is broken", data)
    return at + 2


def _check_coded(found: Codestream, coded: bytes, data: bytes) -> None:
    """No bytes that a coder does not write."""
    longest = found.packets + (RAW_ZEROS if found.high_throughput else CHANCE_ZEROS)
    if not found.bypass and re.search(rb"\0{%d}" % min(longest, LONGEST_RUN), coded):
        raise damaged(f"its JPEG 2000 stream has a hole of {longest} bytes or more", data)
    if found.high_throughput:
        return  # OpenJPEG holds its segments against each other
    values = np.frombuffer(coded, np.uint8)
    following = values[1:][values[:-1] == 0xFF]
    if ((following > 0x8F) & (following != SOP) & (following != EPH)).any():
        raise damaged("the data of a tile of its JPEG 2000 stream hold a marker", data)
