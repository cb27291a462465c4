"""What travels over the media WebSocket: binary messages, all numbers big-endian.

| to the page | bytes |
| --- | --- |
| frame | 1, flags (1: keyframe), number u32, RTP timestamp u32, then an H.264 access unit (Annex B) |
| ping | 2, number u32 |

| from the page | bytes |
| --- | --- |
| acknowledgement | 1, number u32 of the newest frame that is decoded; all before it are too |
| pong | 2, number u32 |
| keyframe wanted | 3 |
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from consult.model.errors import Malformed

FRAME, PING = 1, 2
ACKNOWLEDGEMENT, PONG, KEYFRAME = 1, 2, 3
KEY_FLAG = 1
_FRAME = struct.Struct("!BBLL")
_NUMBERED = struct.Struct("!BL")


@dataclass(frozen=True)
class Acknowledged:
    """The page has decoded that frame and all before it."""

    number: int


@dataclass(frozen=True)
class Ponged:
    """A ping has come back."""

    number: int


@dataclass(frozen=True)
class KeyframeWanted:
    """The page's decoder has failed: what is on its way to it is of no use."""


ClientReport = Acknowledged | Ponged | KeyframeWanted


def frame(number: int, rtp: int, data: bytes, *, key: bool) -> bytes:
    """A frame as a message."""
    return _FRAME.pack(FRAME, KEY_FLAG if key else 0, number, rtp) + data


def ping(number: int) -> bytes:
    """A ping as a message."""
    return _NUMBERED.pack(PING, number)


def read(message: bytes) -> ClientReport:
    """A message of the page. Raises Malformed."""
    if message == bytes((KEYFRAME,)):
        return KeyframeWanted()
    if len(message) == _NUMBERED.size:
        kind, number = _NUMBERED.unpack(message)
        if kind == ACKNOWLEDGEMENT:
            return Acknowledged(number)
        if kind == PONG:
            return Ponged(number)
    raise Malformed("not_media", "This is no message of the media socket.")
