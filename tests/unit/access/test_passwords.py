"""Passwords are kept as Argon2id hashes; whether there is one is not seen from how they are compared."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from consult.access import passwords
from consult.access.passwords import Passwords
from consult.model.errors import Refused

SECRET = "zwei Tassen Kaffee am Fenster"


class Counting(PasswordHasher):
    """Counts what it compares."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified: list[Any] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Any:  # noqa: A002  # argon2's own name
        self.verified.append(hash)
        return super().verify(hash, password)


def test_it_is_argon2id_as_rfc_9106_recommends_and_no_two_are_alike() -> None:
    kept = Passwords().hash(SECRET)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert SECRET not in kept
    cheap = Passwords(PasswordHasher.from_parameters(CHEAPEST))
    assert cheap.hash(SECRET) != cheap.hash(SECRET)
    assert Passwords().is_outdated(cheap.hash(SECRET))


async def test_the_right_one_matches_and_no_other() -> None:
    made = Passwords(Counting())
    kept = made.hash(SECRET)
    assert await made.matches(kept, SECRET)
    assert not await made.matches(kept, SECRET + " ")
    assert not await made.matches("no hash", SECRET)


async def test_where_there_is_none_as_much_is_compared() -> None:
    """Seen to fail: without the comparison an unknown user is answered at once."""
    hasher = Counting()
    made = Passwords(hasher)
    kept = made.hash(SECRET)
    assert not await made.matches(kept, "wrong")
    assert not await made.matches("", "wrong")
    assert not await made.matches("", "a password that nobody has")
    assert len(hasher.verified) == 3
    known, *unknown = (str(kept).rpartition("$")[0].rpartition("$")[0] for kept in hasher.verified)
    assert set(unknown) == {known}, "with the same parameters"


async def test_only_so_many_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    made, held = Passwords(Counting()), asyncio.Event()

    async def hold(*_: Any) -> bool:
        await held.wait()
        return False

    monkeypatch.setattr(asyncio, "to_thread", hold)
    waiting = [asyncio.create_task(made.matches("", "x")) for _ in range(passwords.MAX_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(Refused, match="too_often"):
        await made.matches("", "x")
    held.set()
    assert await asyncio.gather(*waiting) == [False] * passwords.MAX_WAITING
