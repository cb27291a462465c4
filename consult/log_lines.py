"""What strangers make the server say, said once a minute: no peer can fill the disk with log lines.

A kind is a logger, a text before its values are put in, and, of a traceback, where it was raised. Warnings and worse
are rationed, and so are the lines of the web server and of asyncio at any level; the next line of a kind says how many
were left out. What is asked for by `--log-level info` of consult itself is written whole.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

from consult.clock import steady

MINUTE_S = 60.0
MAX_KINDS = 1024
"""Remembered, those that were said last. More kinds than the source has of them come from values in the text."""
OF_STRANGERS = ("uvicorn", "websockets", "asyncio", "aioice", "aiortc")
Kind = tuple[str, str, str]


class OncePerMinute(logging.Filter):
    """Lets the first line of a kind in a minute pass. `now`: seconds, never falling."""

    def __init__(self, now: Callable[[], float] = steady) -> None:
        super().__init__()
        self._now = now
        self._logged: dict[Kind, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is written; how many of its kind were not, it says itself."""
        if record.levelno < logging.WARNING and not record.name.startswith(OF_STRANGERS):
            return True
        kind, now = kind_of(record), self._now()
        at, left_out = self._logged.get(kind, (float("-inf"), 0))
        if now - at < MINUTE_S:
            self._logged[kind] = (at, left_out + 1)
            return False
        self._logged.pop(kind, None)
        self._logged[kind] = (now, 0)
        if len(self._logged) > MAX_KINDS:
            del self._logged[next(iter(self._logged))]
        if left_out:
            record.msg = f"{str(record.msg).rstrip()} (and {left_out} more like this since the last such line)"
        return True


def kind_of(record: logging.LogRecord) -> Kind:
    """What makes two lines of one kind."""
    where = ""
    if record.exc_info and record.exc_info[1] is not None:
        error = record.exc_info[1]
        raised = traceback.extract_tb(error.__traceback__)[-1:]
        where = type(error).__name__ + "".join(f" {frame.filename}:{frame.lineno}" for frame in raised)
    return record.name, str(record.msg), where
