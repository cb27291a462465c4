"""An H.264 access unit as RTP payloads (RFC 6184, packetization-mode 1). Pure.

Small units that follow each other share a payload (STAP-A, 5.7.1); one that is too large is cut into fragments (FU-A,
5.8) of one size, the last a little smaller, so that one system call takes them (`burst.py`); others stand alone (5.6).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_PAYLOAD = 1200
"""Bytes; with RTP, SRTP, TURN and a VPN around it a payload still fits an Ethernet frame."""
STAP_A, FU_A = 24, 28
FIRST, LAST = 0x80, 0x40
_REFERENCE, _KIND = 0x60, 0x1F
_START = re.compile(b"\x00{2,}\x01")


def payloads(access_unit: bytes) -> tuple[bytes, ...]:
    """Payloads of one access unit in Annex B, in their order; the last one gets the marker."""
    packed: list[bytes] = []
    together: list[bytes] = []
    for unit in _units(access_unit):
        if together and _size(together) + 2 + len(unit) > MAX_PAYLOAD:
            packed.append(_joined(together))
            together = []
        if len(unit) > MAX_PAYLOAD:
            packed += _fragments(unit)
        else:
            together.append(unit)
    return (*packed, _joined(together)) if together else tuple(packed)


def _units(access_unit: bytes) -> Iterator[bytes]:
    """NAL units without start codes (ITU-T H.264 Annex B)."""
    starts = list(_START.finditer(access_unit))
    for i, start in enumerate(starts):
        end = starts[i + 1].start() if i + 1 < len(starts) else len(access_unit)
        if end > start.end():
            yield access_unit[start.end() : end]


def _size(together: list[bytes]) -> int:
    return 1 + sum(2 + len(unit) for unit in together)


def _joined(together: list[bytes]) -> bytes:
    if len(together) == 1:
        return together[0]
    reference = max(unit[0] & _REFERENCE for unit in together)
    return bytes((reference | STAP_A,)) + b"".join(len(unit).to_bytes(2, "big") + unit for unit in together)


def _fragments(unit: bytes) -> list[bytes]:
    kind, body = unit[0] & _KIND, memoryview(unit)[1:]
    count = -(-len(body) // (MAX_PAYLOAD - 2))
    step = -(-len(body) // count)
    indicator = unit[0] & ~_KIND | FU_A
    return [
        bytes((indicator, kind | (0 if begin else FIRST) | (LAST if begin + step >= len(body) else 0)))
        + body[begin : begin + step]
        for begin in range(0, len(body), step)
    ]
