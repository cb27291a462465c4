"""How long each frame of a clip is shown (PS3.3 C.7.6.5). What cannot be read is left out."""

from __future__ import annotations

from itertools import repeat

from pydicom.dataset import Dataset

from consult.dicom.reading import lenient

RATES = ("CineRate", "RecommendedDisplayFrameRate")
"""Frames a second, where the file gives no time of a frame."""
MIN_MS, MAX_MS = 1.0, 60_000.0


def frame_times(dataset: Dataset, count: int) -> tuple[float, ...]:
    """Of each of `count` frames, in ms; empty where the file does not say."""
    vector = lenient.numbers(dataset, "FrameTimeVector")
    if count > 1 and len(vector) == count:
        return tuple(map(_bounded, _until_next(vector)))
    for each in (*lenient.numbers(dataset, "FrameTime")[:1], *(1000 / rate for rate in _rates(dataset))):
        if each > 0:
            return tuple(repeat(_bounded(each), count))
    return ()


def _until_next(vector: tuple[float, ...]) -> list[float]:
    """FrameTimeVector has the time since the frame before; the last frame is shown as long as the one before it."""
    return [*vector[1:], vector[-1]]


def _rates(dataset: Dataset) -> list[float]:
    return [rate for keyword in RATES for rate in lenient.numbers(dataset, keyword)[:1] if rate > 0]


def _bounded(milliseconds: float) -> float:
    return min(max(milliseconds, MIN_MS), MAX_MS)
