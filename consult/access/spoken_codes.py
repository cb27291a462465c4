"""Spoken codes: six digits that let one person before the door of a consult, for ten minutes.

Rules of this file:
- A code is stored as HMAC-SHA256 of the server's key, nowhere in plain text: who reads the file learns nothing of it.
- The first three digits name the code: no two that live share them. So a wrong guess is a guess of somebody's code, or
  of nobody's. Of one code six wrong guesses in a minute are one too many, from wherever they come, and ten end it.
  Whoever guesses at random hits, and ends, no more by this than by six digits that name nothing.
- Wrong guesses are stored as they come: a restart gives nobody ten more.
- Several processes may use the file: it is read again for each act, and one acts at a time.
- That a code lets in one person is the consult's own to decide (`features/seats`); here it is taken away once it has.
Pure in time: `wall` is in seconds since 1970, `now` in seconds of a clock that is never set.
"""

from __future__ import annotations

import logging
import secrets
from collections import deque
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from consult.access.keys import Keys, same_secret
from consult.disk import locked, write_whole
from consult.model.errors import Refused, StoreFailed
from consult.model.identifiers import ConsultId, InvitationId

logger = logging.getLogger(__name__)
NAME = "spoken-codes"
LIFE_S = 600.0
WRONG_A_MINUTE = 5
"""Of one code; the next one in that minute is not looked at."""
MINUTE_S = 60.0
WRONG_AT_ALL = 10
"""Of one code, which then ends."""
GROUP = 1000
"""Three digits."""
MAX_CODES = 100
"""Of one server at a time: with all of them one guess in 10,000 hits one."""
MAX_OF_CONSULT = 5


class StoredCode(Struct, frozen=True):
    """A code that lives.

    Attributes:
        group, code: HMAC of its first three digits, and of all six.
        until: seconds since 1970.
        wrong: how often it was guessed wrongly.
    """

    group: str
    code: str
    consult: ConsultId
    invitation: InvitationId
    until: float
    wrong: int = 0


_decoder = msgspec.json.Decoder(list[StoredCode])


class SpokenCodes:
    """Those of one data directory."""

    def __init__(self, data: Path, keys: Keys) -> None:
        self._path, self._keys = data / NAME, keys
        self._codes: dict[str, StoredCode] = {}
        self._wrong_at: dict[str, deque[float]] = {}
        self._ended: set[InvitationId] = set()
        """What this process has ended, and the file may still have."""
        self._read()

    def make(self, consult: ConsultId, invitation: InvitationId, wall: float) -> tuple[str, float]:
        """A new code, six digits, and until when it lives.

        Raises:
            Refused: "too_many_codes".
            StoreFailed: it is not stored, and none was made.
        """
        with locked(self._path):
            self._read()
            self._forget(wall)
            return self._make(consult, invitation, wall)

    def _make(self, consult: ConsultId, invitation: InvitationId, wall: float) -> tuple[str, float]:
        of_consult = sum(one.consult == consult for one in self._codes.values())
        if of_consult >= MAX_OF_CONSULT or len(self._codes) >= MAX_CODES:
            raise Refused("too_many_codes", "There are as many codes as there may be. They end by themselves.")
        group = secrets.choice([g for g in map("{:03}".format, range(GROUP)) if self._group(g) not in self._codes])
        code = f"{group}{secrets.randbelow(GROUP):03}"
        made = StoredCode(self._group(code), self._whole(code), consult, invitation, wall + LIFE_S)
        self._store({**self._codes, made.group: made})
        return code, made.until

    def guess(self, code: str, now: float, wall: float) -> StoredCode | None:
        """The code that these six digits are; None where they are none.

        Raises:
            Refused: "too_often": that code was guessed wrongly so often in a minute.
            StoreFailed: that it was guessed wrongly is not stored.
        """
        with locked(self._path):
            self._read()
            self._forget(wall)
            return self._guess(code, now)

    def _guess(self, code: str, now: float) -> StoredCode | None:
        meant = self._codes.get(self._group(code))
        if meant is None:
            return None
        lately = self._lately(meant.group, now)
        if len(lately) >= WRONG_A_MINUTE:
            raise Refused("too_often", "This code was guessed wrongly too often. Wait a minute, or ask for a new one.")
        if same_secret(self._whole(code), meant.code):
            return meant
        self._count_wrong(meant, now)
        return None

    def end(self, invitation: InvitationId) -> None:
        """The code of an invitation is used, or opens nothing any more; there need be none. Where that is not stored it
        is logged: to another process, or behind a restart, the code is there, by which its consult lets nobody in."""
        self._ended.add(invitation)
        try:
            with locked(self._path):
                self._read()
                self._end(invitation)
        except StoreFailed as failed:
            logger.warning("that a spoken code has ended is not stored: %s", failed)

    def _end(self, invitation: InvitationId) -> None:
        if any(one.invitation == invitation for one in self._codes.values()):
            self._store({group: one for group, one in self._codes.items() if one.invitation != invitation})
        self._ended.discard(invitation)

    def _count_wrong(self, meant: StoredCode, now: float) -> None:
        self._wrong_at.setdefault(meant.group, deque(maxlen=WRONG_A_MINUTE)).append(now)
        more = replace(meant, wrong=meant.wrong + 1)
        others = {group: one for group, one in self._codes.items() if group != meant.group}
        self._store(others if more.wrong >= WRONG_AT_ALL else {**others, meant.group: more})

    def _lately(self, group: str, now: float) -> list[float]:
        return [at for at in self._wrong_at.get(group, ()) if now - at < MINUTE_S]

    def _group(self, code: str) -> str:
        return self._keys.code_proof(code[:3])

    def _whole(self, code: str) -> str:
        return self._keys.code_proof(code)

    def _forget(self, wall: float) -> None:
        """What has ended; in the file it stays until something else is written."""
        lives = {group: one for group, one in self._codes.items() if one.until > wall}
        self._codes = {group: one for group, one in lives.items() if one.invitation not in self._ended}
        self._wrong_at = {group: times for group, times in self._wrong_at.items() if group in self._codes}

    def _store(self, codes: dict[str, StoredCode]) -> None:
        write_whole(self._path, msgspec.json.encode(list(codes.values())))
        self._codes = codes

    def _read(self) -> None:
        try:
            stored = _decoder.decode(self._path.read_bytes())
        except (FileNotFoundError, msgspec.MsgspecError):  # a damaged file opens nothing
            stored = []
        self._codes = {one.group: one for one in stored}
