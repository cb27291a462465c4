"""Which of the host's sessions were ended before their time: a session is signed and stored nowhere, its end is.

One line each in a file of the data directory, dropped when the session would have ended by itself.
"""

from __future__ import annotations

import os
from pathlib import Path

from consult.model.errors import StoreFailed

NAME = "ended-sessions"


class EndedSessions:
    """Those of one data directory. Pure in time: seconds since 1970 come in."""

    def __init__(self, data: Path, now: float) -> None:
        self._path = data / NAME
        self._until: dict[str, float] = {}
        self._read()
        self._forget(now)

    def __contains__(self, session: str) -> bool:
        """It was ended."""
        return session in self._until

    def end(self, session: str, until: float, now: float) -> None:
        """End a session that would have gone on until then. Raises StoreFailed: it goes on after a restart."""
        self._forget(now)
        self._until[session] = until
        lines = "".join(f"{ends:.0f} {name}\n" for name, ends in self._until.items())
        partial = self._path.with_name(f".{NAME}")
        try:
            with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(lines)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(self._path)
        except OSError as error:
            raise StoreFailed("store_failed", f"The session's end could not be stored: {error.strerror}.") from None

    def _read(self) -> None:
        try:
            lines = self._path.read_text().splitlines()
        except FileNotFoundError:
            return
        for line in lines:
            ends, _, name = line.partition(" ")
            if ends.isdecimal() and name:
                self._until[name] = float(ends)

    def _forget(self, now: float) -> None:
        self._until = {name: until for name, until in self._until.items() if until > now}
