"""The stacks that were asked for lately. A key names its images and their order, so what is here never goes stale."""

from __future__ import annotations

from consult.dicom.records import StackRecord
from consult.dicom.stacks import series_of
from consult.model.identifiers import SeriesKey


class StackCache:
    """Keeps stacks, the least recently asked for go first.

    Args:
        max_frames: of all stacks together; about 2 KB each. One stack stays in any case.
    """

    def __init__(self, max_frames: int) -> None:
        self._stacks: dict[SeriesKey, StackRecord] = {}
        self._free = max_frames

    def get(self, key: SeriesKey) -> StackRecord | None:
        """The stack of that key, if it is here."""
        if (stack := self._stacks.pop(key, None)) is not None:
            self._stacks[key] = stack
        return stack

    def put(self, stack: StackRecord) -> None:
        """Keep a stack."""
        self._remove(stack.series.key)
        self._stacks[stack.series.key] = stack
        self._free -= len(stack.frames)
        while self._free < 0 and len(self._stacks) > 1:
            self._remove(next(iter(self._stacks)))

    def discard(self, series: str) -> None:
        """Forget all stacks of a series."""
        for key in [key for key in self._stacks if series_of(key) == series]:
            self._remove(key)

    def _remove(self, key: SeriesKey) -> None:
        if (stack := self._stacks.pop(key, None)) is not None:
            self._free += len(stack.frames)
