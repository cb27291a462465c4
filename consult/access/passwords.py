"""Passwords as they are kept: Argon2id by argon2-cffi, with the parameters of RFC 9106, 4 (64 MiB). argon2 stops here.

A hash takes a tenth of a second and 64 MiB: it is made in a thread, TOGETHER at a time, and only so many wait.
"""

from __future__ import annotations

import asyncio
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from consult.access.weak_passwords import MAX_LENGTH, normalized
from consult.model.errors import Refused

TOGETHER = 2
MAX_WAITING = 32
BUSY = "Very many are signing in just now. Try again in a moment."


class Passwords:
    """Hashes and compares."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = asyncio.Semaphore(TOGETHER)
        self._waiting = 0

    def hash(self, password: str) -> str:
        """What is kept of a password: a PHC string. Blocks."""
        return self._hasher.hash(normalized(password))

    def is_outdated(self, kept: str) -> bool:
        """It was made with less than today's parameters."""
        return self._hasher.check_needs_rehash(kept)

    async def matches(self, kept: str, password: str) -> bool:
        """Whether it is the password of which that hash is kept.

        Where none is kept ("") it takes as long: a password is compared all the same, with one that nobody has.

        Raises:
            Refused: "too_often": too many wait for their turn.
        """
        if self._waiting >= MAX_WAITING:
            raise Refused("too_often", BUSY)
        self._waiting += 1
        try:
            async with self._turns:
                return await asyncio.to_thread(self._compare, kept, password)
        finally:
            self._waiting -= 1

    def _compare(self, kept: str, password: str) -> bool:
        nobodys = self._nobodys  # whoever asks first waits for it, whether they are known or not
        try:
            self._hasher.verify(kept or nobodys, normalized(password[: MAX_LENGTH + 1]))
        except (Argon2Error, InvalidHashError):
            return False
        return kept != ""

    @cached_property
    def _nobodys(self) -> str:
        """Of the same parameters as all that are made today."""
        return self._hasher.hash("a password that nobody has")
