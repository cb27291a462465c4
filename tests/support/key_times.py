"""When keyframes were made, by the clock that the streams were given: a busy machine changes nothing of it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from consult.media.pacing.frame_scheduler import KEY_GAP_S, FrameScheduler, Next


class KeyTimes:
    """Of all streams of a test that has one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.times: list[float] = []
        real = FrameScheduler.take

        def take(scheduler: FrameScheduler, now: float) -> Next:
            made = real(scheduler, now)
            if made.key:
                self.times.append(now)
            return made

        monkeypatch.setattr(FrameScheduler, "take", take)

    @property
    def too_close(self) -> list[tuple[float, float]]:
        """Neighbours with less between them than `KEY_GAP_S`."""
        return [(earlier, later) for earlier, later in pairwise(self.times) if later - earlier < KEY_GAP_S]
