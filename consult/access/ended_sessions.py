"""Which of the host's sessions were ended before their time: a session is signed and stored nowhere, its end is.

One line each in a file of the data directory, dropped when the session would have ended by itself. Several processes
may use it: it is read again where another has written it.
"""

from __future__ import annotations

from pathlib import Path

from consult.disk import locked, write_whole

NAME = "ended-sessions"


class EndedSessions:
    """Those of one data directory. Pure in time: seconds since 1970 come in."""

    def __init__(self, data: Path, now: float) -> None:
        self._path = data / NAME
        self._until: dict[str, float] = {}
        self._version: tuple[int, int] | None = None
        self._read()
        self._forget(now)

    def __contains__(self, session: str) -> bool:
        """It was ended."""
        self._read()
        return session in self._until

    def end(self, session: str, until: float, now: float) -> None:
        """End a session that would have gone on until then. Raises StoreFailed: it goes on after a restart."""
        with locked(self._path):
            self._read()
            self._forget(now)
            self._until[session] = until
            lines = "".join(f"{ends:.0f} {name}\n" for name, ends in self._until.items())
            write_whole(self._path, lines.encode())

    def _read(self) -> None:
        try:
            stat = self._path.stat()
            if self._version == (stat.st_ino, stat.st_mtime_ns):
                return
            lines = self._path.read_text().splitlines()
        except FileNotFoundError:
            return
        self._version = stat.st_ino, stat.st_mtime_ns
        for line in lines:
            ends, _, name = line.partition(" ")
            if ends.isdecimal() and name:
                self._until[name] = float(ends)

    def _forget(self, now: float) -> None:
        self._until = {name: until for name, until in self._until.items() if until > now}
