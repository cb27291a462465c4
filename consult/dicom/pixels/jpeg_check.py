"""Is a JPEG stream whole? libjpeg draws what is left of one and says nothing.

Rules of this file:
- A stream is whole where its entropy-coded data hold exactly the blocks or samples that its frame asks for, restart by
  restart, and its scans every coefficient. An end-of-image marker is no proof: a stream may have a hole.
- What changes no pixel is let be: a missing end-of-image marker, fill bytes, two bytes of padding.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.dicom.pixels.jpeg_stream import LOSSLESS, PROGRESSIVE, JpegStream, Scan, Table, damaged
from consult.model.errors import DicomRefused

SEQUENTIAL = frozenset({0xC0, 0xC1})
PADDING_BYTES = 2
ONE_BIT = 1 << 8
"""A code of one bit that means 0: a DC coefficient's further bit."""
HOLE = bytes(64)
TABLES = 32
"""Lookup tables that are kept: the files of a series mostly share theirs."""


def check_jpeg(stream: JpegStream, data: bytes) -> None:
    """Refuse a stream that is not whole.

    Args:
        stream: its markers.
        data: all of it.

    Raises:
        DicomRefused: "damaged", "codec".
    """
    if stream.process not in SEQUENTIAL | PROGRESSIVE | {LOSSLESS}:
        raise DicomRefused("codec", "this process of JPEG is not decoded", tag="PixelData", value=_process(stream))
    if not all(1 <= c.across <= 4 and 1 <= c.down <= 4 for c in stream.components):
        raise damaged("its JPEG stream has impossible sampling factors", data)
    walks = _Walks(stream)
    for number, scan in enumerate(stream.scans):
        try:
            walks.check(scan)
        except _Broken as broken:
            scans = f" (scan {number + 1})" if len(stream.scans) > 1 else ""
            raise damaged(f"{broken} in its JPEG stream{scans}", data) from None
    _check_coverage(stream, data)


class _Broken(Exception):
    """What is wrong with a scan, in words."""


def _process(stream: JpegStream) -> str:
    return f"SOF{stream.process - 0xC0}" if stream.process else "no frame"


class _Walks:
    """Walks the scans of a stream in their order: a progressive one refines what earlier ones have found."""

    def __init__(self, stream: JpegStream) -> None:
        self.stream = stream
        self.known: dict[int, NDArray[np.bool_]] = {}
        """Per component (blocks, 64): coefficients that are not 0."""

    def check(self, scan: Scan) -> None:
        """Walk all restart intervals. Raises _Broken."""
        mcus = _mcus(self.stream, scan)
        lengths = _interval_lengths(scan, mcus)
        if any(number != n % 8 for n, number in enumerate(scan.restarts)):
            raise _Broken("a restart marker is missing")
        tables = np.stack([_lookup(table) for pair in scan.tables for table in pair])
        _check_zeros(scan, tables)
        done = 0
        for data, length in zip(scan.intervals, lengths, strict=True):
            bits = self._walk(scan, tables, data, range(done, done + length))
            if bits < 0:
                raise _Broken(f"coded data end or are invalid after {done - 1 - bits} of {mcus} blocks")
            _check_rest(data, bits)
            done += length

    def _walk(self, scan: Scan, tables: NDArray[np.uint16], data: bytes, mcus: range) -> int:
        """Bits of a restart interval's MCUs; -1 - n where MCU n of them is broken."""
        from consult.dicom.pixels import walks

        padded, end, process = np.frombuffer(data + bytes(8), np.uint8), 8 * len(data), self.stream.process
        if process in PROGRESSIVE and scan.first > 0:
            walk = walks.walk_progressive_refinement if scan.high else walks.walk_progressive_ac
            known = self._known(scan)[mcus.start : mcus.stop]
            return int(walk(padded, end, tables[1:], known, (scan.first, scan.last)))
        units = _units(self.stream, scan)
        if process in SEQUENTIAL:
            return int(walks.walk_sequential(padded, end, tables, units, len(mcus)))
        if process in PROGRESSIVE and scan.high:
            tables = np.full_like(tables, ONE_BIT)
        return int(walks.walk_differences(padded, end, tables, units, len(mcus)))

    def _known(self, scan: Scan) -> NDArray[np.bool_]:
        if len(scan.components) != 1 or not scan.first <= scan.last < 64:
            raise _Broken("a scan has impossible coefficients")
        number = scan.components[0]
        if number not in self.known:
            self.known[number] = np.zeros((np.prod(_blocks(self.stream, number)), 64), np.bool_)
        return self.known[number]


def _check_zeros(scan: Scan, tables: NDArray[np.uint16]) -> None:
    """Huffman codes fall into step again behind a hole, at times by chance with as many symbols as there were.

    A hole of zeros is told by what zeros mean: the shortest code, again and again. Where that is no difference or the
    end of a block, it is a plain area; else it is a slope that no image has for so long.
    """
    plain = not (tables[:, 0][tables[:, 0] > 0] & 0xF).any()
    if not plain and not scan.high and any(HOLE in data for data in scan.intervals):
        raise _Broken(f"there is a hole of {len(HOLE)} bytes or more")


def _interval_lengths(scan: Scan, mcus: int) -> list[int]:
    """MCUs of each restart interval. Raises _Broken where others are there."""
    interval = scan.interval or mcus
    count = -(-mcus // interval)
    if len(scan.intervals) != count:
        raise _Broken(f"there are {len(scan.intervals)} of {count} restart intervals")
    return [min(interval, mcus - start) for start in range(0, mcus, interval)]


def _check_rest(data: bytes, bits: int) -> None:
    rest = data[(bits + 7) // 8 :]
    unused = -bits % 8
    if unused and data[bits // 8] & ((1 << unused) - 1) not in (0, (1 << unused) - 1):
        raise _Broken("coded data end in the middle of a byte")
    if len(rest) > PADDING_BYTES or any(byte not in (0, 0xFF) for byte in rest):
        raise _Broken(f"{len(rest)} bytes of coded data are too many")


def _units(stream: JpegStream, scan: Scan) -> NDArray[np.int64]:
    """Rows of `tables` for each block or sample of an MCU."""
    rows = []
    for i, number in enumerate(scan.components):
        component = stream.components[number]
        count = component.across * component.down if len(scan.components) > 1 else 1
        rows += [(2 * i, 2 * i + 1)] * count
    return np.array(rows, np.int64)


def _mcus(stream: JpegStream, scan: Scan) -> int:
    """How many the scan has (A.2)."""
    if not scan.components or not stream.rows or not stream.columns:
        raise _Broken("the size of the image is missing")
    if len(scan.components) == 1:
        columns, rows = _blocks(stream, scan.components[0])
        return columns * rows
    unit = 1 if stream.process == LOSSLESS else 8
    across, down = _most(stream)
    return -(-stream.columns // (unit * across)) * -(-stream.rows // (unit * down))


def _blocks(stream: JpegStream, number: int) -> tuple[int, int]:
    """Blocks (or samples) across and down of a component by itself."""
    unit = 1 if stream.process == LOSSLESS else 8
    component, (across, down) = stream.components[number], _most(stream)
    columns = -(-stream.columns * component.across // across)
    rows = -(-stream.rows * component.down // down)
    return -(-columns // unit), -(-rows // unit)


def _most(stream: JpegStream) -> tuple[int, int]:
    return max(c.across for c in stream.components), max(c.down for c in stream.components)


def _check_coverage(stream: JpegStream, data: bytes) -> None:
    """Does every component have all its coefficients, to the last bit?"""
    missing: NDArray[Any] = np.ones((len(stream.components), 64), np.bool_)
    for scan in stream.scans:
        spans = slice(scan.first, scan.last + 1) if stream.process in PROGRESSIVE else slice(0, 64)
        missing[list(scan.components), spans] = stream.process in PROGRESSIVE and scan.low > 0
    if missing.any() or not stream.components:
        raise damaged("scans of its JPEG stream are missing", data)


@lru_cache(TABLES)
def _lookup(table: Table) -> NDArray[np.uint16]:
    """Length x 256 + symbol of the code that the next 16 bits begin with (C.2); 0 where it is none."""
    entries = np.zeros(65_536, np.uint16)
    code, symbols = 0, iter(table[16:])
    for length, count in enumerate(table[:16], 1):
        for _ in range(count):
            first = code << (16 - length)
            entries[first : first + (1 << (16 - length))] = length << 8 | next(symbols)
            code += 1
        code <<= 1
    return entries
