"""Access units cut for RTP; put together again by aiortc, which shares no code with ours."""

from __future__ import annotations

import random

import pytest
from aiortc.codecs.h264 import h264_depayload

from consult.media.rtp.burst import MAX_BYTES, run_length
from consult.media.rtp.h264_payload import FU_A, MAX_PAYLOAD, STAP_A, payloads

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


def test_a_shared_payload_is_as_important_as_its_most_important_unit_and_no_larger_than_the_limit() -> None:
    rng = random.Random(1)
    (shared,) = payloads(START + b"\x06ab" + START + b"\x67cd" + START + b"\x41ef")  # SEI 0, SPS 3, slice 2
    assert shared[0] >> 5 == 3
    fits, not_any_more = ([a_unit(rng, 1, 600), a_unit(rng, 1, MAX_PAYLOAD - 605 + more)] for more in (0, 1))
    assert [len(payload) for payload in payloads(START + START.join(fits))] == [MAX_PAYLOAD]
    assert payloads(START + START.join(not_any_more)) == tuple(not_any_more)
    assert payloads(START + b"\x41a" + START) == (b"\x41a",)


def test_small_units_share_a_payload_and_a_lone_one_is_itself() -> None:
    parameters = START + b"\x67ab" + START + b"\x68c"
    (shared,) = payloads(parameters)
    assert shared[0] & 31 == STAP_A
    assert payloads(START + b"\x41xyz") == (b"\x41xyz",)
    assert payloads(b"\x00\x00\x01\x41xyz") == (b"\x41xyz",)


FULL = MAX_PAYLOAD - 2
"""Bytes of a unit in a fragment, at most."""


@pytest.mark.parametrize("size", [MAX_PAYLOAD + 1, 2 * FULL + 1, 2 * FULL + 2, 10_000, 90_001])
def test_fragments_are_of_one_size_and_say_which_is_first_and_last(size: int) -> None:
    cut = payloads(START + a_unit(random.Random(1), 5, size))
    assert {payload[0] & 31 for payload in cut} == {FU_A}
    assert len(cut) == -(-(size - 1) // FULL)
    assert len({len(payload) for payload in cut[:-1]}) == 1
    assert len(cut[0]) - len(cut) <= len(cut[-1]) <= len(cut[0])
    assert run_length([len(payload) for payload in cut], 0) == min(len(cut), MAX_BYTES // len(cut[0]))
    assert [payload[1] >> 6 for payload in cut] == [2, *[0] * (len(cut) - 2), 1]


def test_nothing_is_nothing() -> None:
    assert payloads(b"") == ()
