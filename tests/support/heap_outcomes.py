"""Decodes broken streams and prints what came of each, a line each: run with two fillings of fresh memory, one output.

`python -m tests.support.heap_outcomes`, with glibc's MALLOC_PERTURB_ set.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from typing import Any

import imagecodecs
import numpy as np

from consult.dicom.pixels.codecs import decompress
from consult.dicom.pixels.description import PixelDescription
from consult.model.errors import DicomRefused
from tests.unit.dicom.pixels.test_codecs import COLOUR, GREY, LOSSLESS, described

SEED = 14
BROKEN = 24
"""Of each stream: cut somewhere, or with bytes that are others."""


def streams() -> Iterator[tuple[bytes, PixelDescription]]:
    """Sound ones: each coder, grey and colour."""
    for syntax, encode in LOSSLESS.items():
        yield encode(GREY), described(syntax)
        if syntax != "1.2.840.10008.1.2.4.70":
            yield encode(COLOUR), described(syntax, samples=3, bits=8, photometric="RGB")
    ybr = described("1.2.840.10008.1.2.4.50", samples=3, bits=8, photometric="YBR_FULL_422")
    yield bytes(imagecodecs.jpeg8_encode(COLOUR)), ybr
    yield bytes(imagecodecs.jpegxl_encode(GREY, lossless=True)), described("1.2.840.10008.1.2.4.110")


def broken(data: bytes, chance: random.Random) -> bytes:
    """Cut, or changed in some places."""
    if chance.random() < 0.3:
        return data[: chance.randrange(len(data))]
    changed = bytearray(data)
    for _ in range(chance.randrange(1, 6)):
        changed[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(changed)


def outcome(data: bytes, description: PixelDescription) -> str:
    """The digest of the samples, or the code of the refusal."""
    try:
        samples: Any = decompress(data, description)
    except DicomRefused as refused:
        return refused.code
    return hashlib.sha256(np.ascontiguousarray(samples).tobytes()).hexdigest()


def main() -> None:
    """First what fresh memory looks like, then every stream."""
    print(hashlib.sha256(np.empty(1 << 20, np.uint8).tobytes()).hexdigest())
    chance = random.Random(SEED)
    for data, description in streams():
        print(description.transfer_syntax, outcome(data, description))
        for _ in range(BROKEN):
            print(description.transfer_syntax, outcome(broken(data, chance), description))


if __name__ == "__main__":
    main()
