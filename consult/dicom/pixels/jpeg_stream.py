"""The markers of a JPEG stream (ISO/IEC 10918-1 B): frame, scans, tables, and what they say of its colours."""

from __future__ import annotations

from dataclasses import dataclass, field

from consult.model.errors import DicomRefused

LOSSLESS, PROGRESSIVE = 0xC3, frozenset({0xC2})
SOI, EOI, SOS, DHT, DRI, JFIF, ADOBE = 0xD8, 0xD9, 0xDA, 0xC4, 0xDD, 0xE0, 0xEE
RESTARTS = range(0xD0, 0xD8)
FRAMES = frozenset(range(0xC0, 0xD0)) - {DHT, 0xC8, 0xCC}
Table = bytes
"""A Huffman table as DHT has it: 16 counts, then the symbols."""


@dataclass(frozen=True)
class Component:
    """A component of the frame, its sampling factors, and its quantization table."""

    identifier: int
    across: int
    down: int
    quantization: int = 0


@dataclass(frozen=True)
class Scan:
    """A scan: which components, by which tables, which coefficients; and its restart intervals, without stuffing.

    Attributes:
        components: numbers of components of the frame.
        tables: (DC or lossless, AC) Huffman table of each; empty where the stream has not defined it.
        first, last, high, low: Ss, Se, Ah and Al.
        interval: MCUs between restarts; 0 where there are none.
        restarts: number (0 to 7) of the marker that ends each interval but the last.
        intervals: entropy-coded bytes.
    """

    components: tuple[int, ...]
    tables: tuple[tuple[Table, Table], ...]
    first: int
    last: int
    high: int
    low: int
    interval: int
    restarts: tuple[int, ...]
    intervals: tuple[bytes, ...]


@dataclass
class JpegStream:
    """What the markers say.

    Attributes:
        bits: of a sample.
        process: the start-of-frame marker: C0 baseline, C1 extended, C2 progressive, C3 lossless; 0: there is none.
        adobe: the colour transform of an Adobe marker: 0 none, 1 YCbCr; None where there is no such marker.
    """

    process: int = 0
    bits: int = 0
    rows: int = 0
    columns: int = 0
    components: tuple[Component, ...] = ()
    scans: list[Scan] = field(default_factory=list)
    jfif: bool = False
    adobe: int | None = None

    @property
    def chroma(self) -> bool | None:
        """Its colours are luma and chroma, not RGB; None where nothing in the stream tells."""
        if self.adobe is not None:
            return self.adobe != 0
        if self.jfif:
            return True
        if bytes(component.identifier for component in self.components) in (b"RGB", b"rgb"):
            return False
        kinds = {(c.across, c.down, c.quantization) for c in self.components}
        return True if len(kinds) > 1 else None  # what is coded coarser than the first is chroma


def read_jpeg(data: bytes) -> JpegStream:
    """Read all markers of a stream.

    Raises:
        DicomRefused: "damaged": there is no such stream, or a marker is cut.
    """
    if data[:2] != b"\xff\xd8":
        raise damaged("the frame does not begin as a JPEG stream does", data)
    return _Reader(data).read()


def damaged(rule: str, data: bytes) -> DicomRefused:
    """The refusal of a frame whose stream is damaged."""
    return DicomRefused("damaged", f"the image is damaged: {rule}", tag="PixelData", value=f"{len(data)} bytes")


class _Reader:
    """Goes from marker to marker."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 2
        self.stream = JpegStream()
        self.tables: dict[int, Table] = {}
        self.interval = 0

    def read(self) -> JpegStream:
        """To the end-of-image marker, or the last byte."""
        while (marker := self._marker()) != EOI and marker:
            if marker in RESTARTS or marker == SOI:
                continue
            self._segment(marker, self._parameters())
        return self.stream

    def _marker(self) -> int:
        """The next one, fill bytes passed over; 0 at the end. Raises DicomRefused where there is something else."""
        data, at = self.data, self.at
        while at + 1 < len(data) and data[at] == data[at + 1] == 0xFF:
            at += 1
        if at + 1 >= len(data) or not any(data[at:]):
            return 0
        if data[at] != 0xFF or data[at + 1] == 0:
            raise damaged(f"byte {at} of its JPEG stream must be a marker", data)
        self.at = at + 2
        return data[at + 1]

    def _parameters(self) -> bytes:
        length = int.from_bytes(self.data[self.at : self.at + 2], "big")
        end = self.at + length
        if length < 2 or end > len(self.data):
            raise damaged(f"a marker of its JPEG stream ends at byte {end}", self.data)
        parameters = self.data[self.at + 2 : end]
        self.at = end
        return parameters

    def _segment(self, marker: int, parameters: bytes) -> None:
        try:
            if marker in FRAMES:
                self._frame(marker, parameters)
            elif marker == DHT:
                self._huffman(parameters)
            elif marker == DRI:
                self.interval = int.from_bytes(parameters[:2], "big")
            elif marker == SOS:
                self._scan(parameters)
            elif marker == JFIF and parameters[:5] == b"JFIF\0":
                self.stream.jfif = True
            elif marker == ADOBE and parameters[:5] == b"Adobe" and len(parameters) >= 12:
                self.stream.adobe = parameters[11]
        except IndexError:
            raise damaged(f"a marker (FF{marker:02X}) of its JPEG stream is too short", self.data) from None

    def _frame(self, marker: int, p: bytes) -> None:
        stream = self.stream
        if stream.process:  # libjpeg would decode the first
            raise damaged("its JPEG stream has two frames", self.data)
        stream.process, stream.bits = marker, p[0]
        stream.rows, stream.columns = int.from_bytes(p[1:3], "big"), int.from_bytes(p[3:5], "big")
        stream.components = tuple(
            Component(p[6 + 3 * i], p[7 + 3 * i] >> 4, p[7 + 3 * i] & 15, p[8 + 3 * i]) for i in range(p[5])
        )

    def _huffman(self, p: bytes) -> None:
        while p:
            size = 17 + sum(p[1:17])
            if len(p) < size:
                raise IndexError
            self.tables[p[0]] = p[1:size]
            p = p[size:]

    def _scan(self, p: bytes) -> None:
        count = p[0]
        numbers = {component.identifier: i for i, component in enumerate(self.stream.components)}
        chosen = [(p[1 + 2 * i], p[2 + 2 * i]) for i in range(count)]
        if any(identifier not in numbers for identifier, _ in chosen):
            raise damaged("a scan of its JPEG stream has a component that its frame has not", self.data)
        tables = tuple((self.tables.get(t >> 4, b""), self.tables.get(0x10 | t & 15, b"")) for _, t in chosen)
        first, last, approximation = p[1 + 2 * count : 4 + 2 * count]
        restarts, intervals = self._entropy_coded()
        numbers_of = tuple(numbers[identifier] for identifier, _ in chosen)
        scan = Scan(
            numbers_of, tables, first, last, approximation >> 4, approximation & 15, self.interval, restarts, intervals
        )
        self.stream.scans.append(scan)

    def _entropy_coded(self) -> tuple[tuple[int, ...], tuple[bytes, ...]]:
        """To the next marker that is no restart."""
        restarts: list[int] = []
        intervals: list[bytes] = []
        start = at = self.at
        while True:
            at = self.data.find(b"\xff", at)
            if at < 0 or at + 1 >= len(self.data):
                at = len(self.data)
                break
            following = self.data[at + 1]
            if following in RESTARTS:
                intervals.append(_without_stuffing(self.data[start:at]))
                restarts.append(following & 7)
                start = at + 2
            elif following not in (0, 0xFF):
                break
            at += 1 if following == 0xFF else 2
        self.at = at
        intervals.append(_without_stuffing(self.data[start:at]))
        return tuple(restarts), tuple(intervals)


def _without_stuffing(data: bytes) -> bytes:
    """FF00 is a byte FF of the code; other FF before the marker are fill."""
    return data.replace(b"\xff\x00", b"\xff")
