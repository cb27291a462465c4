"""Access units cut for RTP; put together again by aiortc, which shares no code with ours."""

from __future__ import annotations

import random

import pytest
from aiortc.codecs.h264 import h264_depayload

from consult.media.h264_payload import FU_A, MAX_PAYLOAD, STAP_A, payloads

START = b"\x00\x00\x00\x01"


def a_unit(rng: random.Random, kind: int, size: int) -> bytes:
    """A NAL unit without zeros, so that no start code is in it."""
    return bytes((0x60 | kind, *(rng.randrange(1, 256) for _ in range(size - 1))))


def put_together(cut: tuple[bytes, ...]) -> bytes:
    return b"".join(h264_depayload(payload) for payload in cut)


@pytest.mark.parametrize("seed", range(40))
def test_what_is_cut_comes_together_again(seed: int) -> None:
    rng = random.Random(seed)
    sizes = [rng.choice((2, 30, 600, MAX_PAYLOAD - 3, MAX_PAYLOAD, MAX_PAYLOAD + 1, 5000, 90_000)) for _ in range(6)]
    whole = b"".join(START + a_unit(rng, rng.choice((1, 5, 6, 7, 8)), size) for size in sizes)
    cut = payloads(whole)
    assert put_together(cut) == whole
    assert all(0 < len(payload) <= MAX_PAYLOAD for payload in cut)


def test_small_units_share_a_payload_and_a_lone_one_is_itself() -> None:
    parameters = START + b"\x67ab" + START + b"\x68c"
    (shared,) = payloads(parameters)
    assert shared[0] & 31 == STAP_A
    assert payloads(START + b"\x41xyz") == (b"\x41xyz",)
    assert payloads(b"\x00\x00\x01\x41xyz") == (b"\x41xyz",)


def test_fragments_are_of_nearly_one_size_and_say_which_is_first_and_last() -> None:
    cut = payloads(START + a_unit(random.Random(1), 5, 10_000))
    assert {payload[0] & 31 for payload in cut} == {FU_A}
    assert max(map(len, cut)) - min(map(len, cut)) <= 1
    assert [payload[1] >> 6 for payload in cut] == [2, *[0] * (len(cut) - 2), 1]


def test_nothing_is_nothing() -> None:
    assert payloads(b"") == ()
