"""RTP packets as bytes (RFC 3550 5.1, RFC 8285 4.2, RFC 4588 4). Pure.

| extension | bytes |
| --- | --- |
| media identification (RFC 9143) | the line's name |
| absolute send time | NTP time, 6.18 bits of seconds |
| playout delay | least and most, 12 bits each, 10 ms: both 0, paint at once |
| audio level (RFC 6464) | 1 bit voice, 7 bits -dBov |
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping

MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
ABSOLUTE_SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
PLAYOUT_DELAY = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"
AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
AT_ONCE = bytes(3)
"""Playout delay of nothing."""
_FIXED = struct.Struct("!BBHLL")
_NUMBER = struct.Struct("!H")
_ONE_BYTE = 0xBEDE
_VERSION, _EXTENDED, _MARKED = 0x80, 0x10, 0x80


def extensions(ids: Mapping[str, int], values: Iterable[tuple[str, bytes]]) -> bytes:
    """A header extension block with one-byte headers.

    Args:
        ids: number of each URI that the peer takes, 1 to 14; a value of another is left out.
        values: URI and value, 1 to 16 bytes.

    Returns:
        Profile, length and elements, padded to 32 bits; empty where there is none.
    """
    block = b"".join(
        bytes((ids[uri] << 4 | len(value) - 1,)) + value for uri, value in values if 1 <= ids.get(uri, 0) <= 14
    )
    if not block:
        return b""
    block += bytes(-len(block) % 4)
    return struct.pack("!HH", _ONE_BYTE, len(block) // 4) + block


def head(payload_type: int, sequence: int, timestamp: int, ssrc: int, block: bytes, *, marker: bool) -> bytes:
    """All of a packet that stands before its payload. `block`: of `extensions`."""
    first = _VERSION | _EXTENDED if block else _VERSION
    return _FIXED.pack(first, payload_type | (_MARKED if marker else 0), sequence, timestamp, ssrc) + block


def original(sequence: int) -> bytes:
    """What stands before the payload in a retransmission (RFC 4588 4): the number it was sent with first."""
    return _NUMBER.pack(sequence)


def send_time(seconds: float) -> bytes:
    """Absolute send time of a moment, 3 bytes."""
    return (int(seconds * (1 << 18)) & 0xFFFFFF).to_bytes(3, "big")


def audio_level(level: int, *, voice: bool) -> bytes:
    """Audio level, 1 byte."""
    return bytes(((0x80 if voice else 0) | (level & 0x7F),))
