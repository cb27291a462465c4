"""What travels over the picture socket: binary messages, all numbers big-endian.

| to the page | bytes |
| --- | --- |
| still | 1, flags (1: of the newest picture, not ahead of it; 2: JPEG XL, 8: raw, else PNG; 4: of colours), number u32,
case epoch u32, digest (32 bytes), SHA-256 of the pixels (32 bytes), then the picture |
| ping | 2, number u32 |
| not to be had | 3, digest (32 bytes): the page asks for it by HTTP, and is told why |

| from the page | bytes |
| --- | --- |
| acknowledgement | 1, number u32 of the newest still that has come; all before it have too |
| pong | 2, number u32 |
| forgotten | 3, then digests (32 bytes each) of stills that the page does not have any more |
| decodes | 4, formats (1: JPEG XL, proven by a hash; 2: raw, on the server's own machine) |
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from consult.model.errors import Malformed

STILL, PING, MISSING = 1, 2, 3
ACKNOWLEDGEMENT, PONG, FORGOTTEN, DECODES = 1, 2, 3, 4
DUE_FLAG, JPEG_XL_FLAG, COLOUR_FLAG, RAW_FLAG = 1, 2, 4, 8
DIGEST_BYTES = 32
_STILL = struct.Struct("!BBLL32s32s")
_NUMBERED = struct.Struct("!BL")


@dataclass(frozen=True)
class Acknowledged:
    """The page has that still and all before it."""

    number: int


@dataclass(frozen=True)
class Ponged:
    """A ping has come back."""

    number: int


@dataclass(frozen=True)
class Forgotten:
    """The page does not have these stills any more; their digests, hexadecimal."""

    digests: tuple[str, ...]


@dataclass(frozen=True)
class Decodes:
    """What the page can decode, beside PNG."""

    jpeg_xl: bool
    raw: bool = False


StillReport = Acknowledged | Ponged | Forgotten | Decodes


@dataclass(frozen=True)
class StillHeader:
    """What travels before a picture.

    Attributes:
        case: epoch of the case that it is of.
        digest, sha256: hexadecimal.
        due: of the newest picture.
        raw: the pixels themselves, row by row.
    """

    number: int
    case: int
    digest: str
    sha256: str
    due: bool
    jpeg_xl: bool = False
    colour: bool = False
    raw: bool = False


def still(header: StillHeader, picture: bytes) -> bytes:
    """A still as a message."""
    flags = (DUE_FLAG if header.due else 0) | (JPEG_XL_FLAG if header.jpeg_xl else 0)
    flags |= (COLOUR_FLAG if header.colour else 0) | (RAW_FLAG if header.raw else 0)
    names = bytes.fromhex(header.digest), bytes.fromhex(header.sha256)
    return _STILL.pack(STILL, flags, header.number, header.case, *names) + picture


def missing(digest: str) -> bytes:
    """That it cannot be had, as a message."""
    return bytes((MISSING,)) + bytes.fromhex(digest)


def ping(number: int) -> bytes:
    """A ping as a message."""
    return _NUMBERED.pack(PING, number)


def read(message: bytes) -> StillReport:
    """A message of the page. Raises Malformed."""
    kind = message[0] if message else 0
    if len(message) == _NUMBERED.size and kind in (ACKNOWLEDGEMENT, PONG):
        number: int = _NUMBERED.unpack(message)[1]
        return Acknowledged(number) if kind == ACKNOWLEDGEMENT else Ponged(number)
    if kind == FORGOTTEN and len(message) % DIGEST_BYTES == 1:
        parts = (message[at : at + DIGEST_BYTES] for at in range(1, len(message), DIGEST_BYTES))
        return Forgotten(tuple(part.hex() for part in parts))
    if kind == DECODES and len(message) == 2:
        return Decodes(bool(message[1] & 1), bool(message[1] & 2))
    raise Malformed("not_a_report", "This is no message of the picture socket.")
