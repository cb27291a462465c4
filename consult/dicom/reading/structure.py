"""The structure of a data set, walked without pydicom: where its pixel data begin, and how deep it nests.

Rules of this file:
- It walks with a list of open ends, never by recursion: nesting is counted, not suffered.
- Elements, items and fragments are counted before pydicom makes an object of each (limits.py).
- It reads tags, VRs and lengths only (PS3.5 7.1 to 7.5); values are skipped.
- Within sequences of implicit VR only known ones (PS3.6) are entered; pydicom enters others only when asked.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field

from pydicom.datadict import dictionary_VR

from consult.dicom.limits import MAX_DEPTH, MAX_ELEMENTS, MAX_FRAGMENTS, MAX_ITEMS
from consult.model.errors import DicomRefused

UNDEFINED = 0xFFFFFFFF
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
PIXEL_TAGS = {0x7FE00008: "FloatPixelData", 0x7FE00009: "DoubleFloatPixelData", 0x7FE00010: "PixelData"}
LONG_VRS = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})
"""Explicit VRs with a length of 32 bits (PS3.5 7.1.2)."""

Buffer = memoryview


@dataclass(frozen=True)
class PixelElement:
    """The pixel data element of a data set. `length` is None where it is encapsulated (undefined length)."""

    keyword: str
    tag: int
    start: int
    length: int | None


@dataclass
class _Level:
    """A sequence or item that is open: where it ends (None: at its delimiter), and how it is encoded."""

    end: int | None
    explicit: bool
    sequence: bool


@dataclass
class Walk:
    """Walks one data set.

    Attributes:
        data: the bytes that hold it.
        at: where it begins, then where the walk is.
        explicit, little: explicit VR, little endian.
        cut: the tag of a value that is longer than what there is of it, where the walk ended.
    """

    data: Buffer
    at: int
    explicit: bool
    little: bool
    cut: int | None = None
    elements: int = 0
    items: int = 0
    _open: list[_Level] = field(default_factory=list)

    def until(self, stop: Callable[[int], bool]) -> None:
        """Walk until an element at the top whose tag `stop` wants, or the end.

        Raises:
            DicomRefused: "nesting".
        """
        while self.at + 8 <= len(self.data):
            self._leave_full()
            tag, vr, length, start = self._header()
            if not self._open and stop(tag):
                return
            self.at = start
            self._enter(tag, vr, length)
            self._count(tag)

    def _count(self, tag: int) -> None:
        """What was walked so far. Raises DicomRefused("nesting", "too_many")."""
        if len(self._open) > 2 * MAX_DEPTH:  # a sequence and its item each
            raise DicomRefused("nesting", f"sequences nest deeper than {MAX_DEPTH}")
        if tag == ITEM:
            self.items += 1
        else:
            self.elements += 1
        if self.items > MAX_ITEMS:
            raise DicomRefused("too_many", f"its sequences may have {MAX_ITEMS} items")
        if self.elements > MAX_ELEMENTS:
            raise DicomRefused("too_many", f"a data set may have {MAX_ELEMENTS} elements")

    def pixel_element(self) -> PixelElement | None:
        """The pixel data of the data set, if it has some; the walk ends before it. Raises DicomRefused("nesting")."""
        self.until(lambda tag: tag in PIXEL_TAGS)
        if self.at + 8 > len(self.data):
            return None
        tag, _, length, start = self._header()
        return PixelElement(PIXEL_TAGS[tag], tag, start, None if length == UNDEFINED else length)

    def _leave_full(self) -> None:
        while self._open and (end := self._open[-1].end) is not None and self.at >= end:
            self._open.pop()

    def _header(self) -> tuple[int, bytes, int, int]:
        """Tag, VR (empty where implicit), length, and where the value starts."""
        at, order = self.at, "<" if self.little else ">"
        group, element = struct.unpack_from(order + "HH", self.data, at)
        tag = group << 16 | element
        explicit = self._open[-1].explicit if self._open else self.explicit
        vr = bytes(self.data[at + 4 : at + 6]) if explicit else b""
        if group == 0xFFFE or not (vr.isalpha() and vr.isupper()):
            return tag, b"", struct.unpack_from(order + "L", self.data, at + 4)[0], at + 8
        if vr not in LONG_VRS:
            return tag, vr, struct.unpack_from(order + "H", self.data, at + 6)[0], at + 8
        if at + 12 > len(self.data):
            return tag, vr, 0, len(self.data)
        return tag, vr, struct.unpack_from(order + "L", self.data, at + 8)[0], at + 12

    def _enter(self, tag: int, vr: bytes, length: int) -> None:
        """Go into a sequence or an item, out of one, or past a value."""
        if tag == ITEM:
            self._push(length, sequence=False)
        elif tag == ITEM_END:
            self._pop(sequence=False)
        elif tag == SEQUENCE_END:
            self._pop(sequence=True)
        elif length == UNDEFINED and vr in (b"OB", b"OW"):
            self._skip_fragments()
        elif length == UNDEFINED or vr == b"SQ" or (not vr and _is_sequence(tag)):
            self._push(length, sequence=True, implicit=vr == b"UN")
        else:
            self.at += length
            self.cut = tag if self.at > len(self.data) else None

    def _push(self, length: int, *, sequence: bool, implicit: bool = False) -> None:
        explicit = (self._open[-1].explicit if self._open else self.explicit) and not implicit
        self._open.append(_Level(None if length == UNDEFINED else self.at + length, explicit, sequence))

    def _pop(self, *, sequence: bool) -> None:
        while self._open:
            if self._open.pop().sequence == sequence:
                return

    def _skip_fragments(self) -> None:
        self.at = past_fragments(self.data, self.at, little=self.little)


def past_fragments(data: Buffer, at: int, *, little: bool) -> int:
    """Where the fragments of encapsulated data end (PS3.5 A.4). Raises DicomRefused("too_many")."""
    order, fragments = "<" if little else ">", 0
    while at + 8 <= len(data):
        group, element, length = struct.unpack_from(order + "HHL", data, at)
        at += 8
        if group << 16 | element != ITEM:
            break
        fragments = count_fragment(fragments)
        at += length
    return at


def count_fragment(before: int) -> int:
    """One more. Raises DicomRefused("too_many")."""
    if before >= MAX_FRAGMENTS:
        raise DicomRefused("too_many", f"may have {MAX_FRAGMENTS} fragments", tag="PixelData", value="more")
    return before + 1


def _is_sequence(tag: int) -> bool:
    try:
        return dictionary_VR(tag) == "SQ"
    except KeyError:
        return False
