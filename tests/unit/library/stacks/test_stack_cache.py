"""Stacks stay within a bound; the least recently asked for go first."""

from __future__ import annotations

import pytest

from consult.dicom.records import PixelFormat, StackRecord
from consult.library.stacks.stack_cache import StackCache
from consult.model.identifiers import SeriesKey
from tests.support.stacks import make_stack


def stack(key: str, images: int = 4) -> StackRecord:
    return make_stack([f"{key}-{i}" for i in range(images)], PixelFormat(4, 4, "uint16"), SeriesKey(key))


def held(cache: StackCache) -> str:
    return "".join(key for key in "abc" if cache.get(SeriesKey(key)) is not None)


def test_the_least_recently_asked_for_goes_first() -> None:
    cache = StackCache(max_frames=8)
    cache.put(stack("a"))
    cache.put(stack("b"))
    assert cache.get(SeriesKey("a")) == stack("a")
    cache.put(stack("c"))
    assert held(cache) == "ac"


@pytest.mark.parametrize("times", [1, 3])
def test_what_is_put_again_counts_once(times: int) -> None:
    cache = StackCache(max_frames=8)
    for _ in range(times):
        cache.put(stack("a"))
    cache.put(stack("b"))
    assert held(cache) == "ab"


def test_one_that_is_too_large_stays_by_itself() -> None:
    cache = StackCache(max_frames=8)
    cache.put(stack("a"))
    cache.put(stack("b", images=9))
    assert held(cache) == "b"
    cache.put(stack("c"))
    assert held(cache) == "c"
