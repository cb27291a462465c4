"""When a stream makes its next frame, and which. Pure: `now` in seconds is an argument.

Rules:
- Frames only while the view changes, at most one each `INTERVAL_S`; the newest view wins.
- Requests for a keyframe are answered together: one at most in `KEY_GAP_S`, however many ask.
- A stream that is sent only on change never learns that its tail was lost: after the last change the picture is
  repeated `REPEATS` times (frames of unchanged blocks, a few hundred bytes each).
"""

from __future__ import annotations

from dataclasses import dataclass

INTERVAL_S = 0.030
KEY_GAP_S = 0.250
REPEAT_S = 1 / 30
REPEATS = 3


@dataclass(frozen=True)
class Next:
    """What to make now. `fresh`: the view has changed since the last frame; else the same picture again."""

    fresh: bool
    key: bool


class FrameScheduler:
    """When one stream is due a frame. `due` says when to call `take`; `made` or `nothing` says what came of it."""

    def __init__(self) -> None:
        self._changed = False
        self._key_wanted = False
        self._repeats = 0
        self._last = self._last_key = float("-inf")
        self._empty = True
        """There is no picture that could be repeated."""

    def change(self) -> None:
        """The view has changed."""
        self._changed = True

    def request_key(self) -> None:
        """Somebody needs a keyframe."""
        self._key_wanted = True

    def due(self) -> float | None:
        """When the next frame is to be made; None: not before something happens."""
        at: list[float] = []
        if self._changed:
            at.append(self._last + INTERVAL_S)
        if not self._empty:
            if self._key_wanted:
                at.append(max(self._last + INTERVAL_S, self._last_key + KEY_GAP_S))
            if self._repeats:
                at.append(self._last + REPEAT_S)
        return min(at, default=None)

    def take(self, now: float) -> Next:
        """Make a frame now."""
        fresh = self._changed
        key = self._key_wanted and now >= self._last_key + KEY_GAP_S
        self._changed = False
        self._repeats = REPEATS if fresh or key else max(0, self._repeats - 1)
        self._last = now
        if key:
            self._key_wanted = False
            self._last_key = now
        return Next(fresh, key)

    def made(self, *, key: bool) -> None:
        """The frame is out. An encoder's first is a keyframe that nobody asked for: it counts."""
        self._empty = False
        if key:
            self._key_wanted = False
            self._last_key = self._last

    def nothing(self) -> None:
        """There is no picture, new or old: wait for a change."""
        self._empty, self._repeats = True, 0
