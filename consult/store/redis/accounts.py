"""Users, sign-ins and used launch links in Redis: who signs out at one node is signed out at all."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from consult.model.errors import StoreFailed
from consult.store.accounts import MAX_SIGN_INS, SessionTimes, SignIn, User, unknown_user, user_exists
from consult.store.redis.client import PATIENCE_S, RedisClient, Word


class RedisAccounts:
    """Implements `AccountStore`. Where an answer is lost it is done again; what was done counts as done.

    Args:
        client: of that Redis.
        store: its id.
    """

    def __init__(self, client: RedisClient, store: str) -> None:
        self._client, self._store, self._closed = client, store, False

    # Users

    async def users(self) -> list[User]:
        """See `AccountStore.users`."""
        return [_user(row) for row in await self._ask("users")]

    async def user(self, name: str) -> User | None:
        """See `AccountStore.user`."""
        return _user_or_none(await self._ask("user", name))

    async def user_of_subject(self, subject: str) -> User | None:
        """See `AccountStore.user_of_subject`."""
        return _user_or_none(await self._ask("user_of_subject", subject)) if subject else None

    async def has_passwords(self) -> bool:
        """See `AccountStore.has_passwords`."""
        return bool(await self._ask("has_passwords"))

    async def password_of(self, name: str) -> str:
        """See `AccountStore.password_of`."""
        password: bytes = await self._ask("password_of", name)
        return password.decode()

    async def add(self, user: User, password: str = "") -> None:
        """See `AccountStore.add`."""
        words = user.name, user.full_name, user.title, user.subject, repr(user.created_at), password
        outcome = await self._change("add_user", _operation(), *words)
        if outcome == b"exists":
            raise user_exists(user.name)
        _check_subject(outcome)

    async def describe(self, user: User) -> None:
        """See `AccountStore.describe`."""
        _check_subject(await self._change("describe_user", user.name, user.full_name, user.title, user.subject))

    async def set_password(self, name: str, password: str, *, but: str = "") -> None:
        """See `AccountStore.set_password`."""
        if not await self._change("set_password", name, password, but):
            raise unknown_user(name)

    async def rehash_password(self, name: str, former: str, password: str) -> None:
        """See `AccountStore.rehash_password`."""
        await self._change("rehash_password", name, former, password)

    async def remove(self, name: str) -> None:
        """See `AccountStore.remove`."""
        if not await self._change("remove_user", _operation(), name):
            raise unknown_user(name)

    # Sign-ins

    async def begin(self, proof: str, sign_in: SignIn, times: SessionTimes) -> None:
        """See `AccountStore.begin`."""
        at = sign_in.began_at
        words = proof, sign_in.id, sign_in.user, sign_in.way, sign_in.browser, sign_in.address, repr(at)
        await self._change("begin_sign_in", *_bounds(at, times), MAX_SIGN_INS, *words)

    async def sign_in(self, proof: str, now: float, times: SessionTimes) -> SignIn | None:
        """See `AccountStore.sign_in`."""
        row = await self._ask("sign_in", *_bounds(now, times), proof)
        return _sign_in(row) if row else None

    async def sign_ins(self, user: str, now: float, times: SessionTimes) -> list[SignIn]:
        """See `AccountStore.sign_ins`."""
        return [_sign_in(row) for row in await self._ask("sign_ins", *_bounds(now, times), user)]

    async def last_used(self) -> dict[str, float]:
        """See `AccountStore.last_used`."""
        return {user.decode(): float(at) for user, at in await self._ask("last_used")}

    async def touch(self, session: str, now: float) -> None:
        """See `AccountStore.touch`."""
        await self._change("touch_sign_in", session, repr(now))

    async def end(self, user: str, session: str) -> bool:
        """See `AccountStore.end`."""
        return bool(await self._change("end_sign_in", _operation(), user, session))

    async def end_others(self, user: str, but: str) -> int:
        """See `AccountStore.end_others`. Where an answer is lost, fewer may be counted."""
        return int(await self._change("end_sign_ins", user, but))

    # Launch links

    async def use_launch(self, signature: str, until: float, now: float) -> bool:
        """See `AccountStore.use_launch`."""
        return bool(await self._change("use_launch", _operation(), signature, repr(until), repr(now)))

    async def close(self) -> None:
        """See `AccountStore.close`."""
        self._closed = True

    async def _ask(self, function: str, *words: Word) -> Any:
        self._check_open()
        return await self._client.call(function, *words, patience_s=PATIENCE_S, again=True)

    async def _change(self, function: str, *words: Word) -> Any:
        return await self._ask(function, self._store, *words)

    def _check_open(self) -> None:
        if self._closed:
            raise StoreFailed("closed", "The users are closed.")


def _operation() -> str:
    """Names what is done once, so that doing it again answers as the first time did."""
    return secrets.token_hex(8)


def _bounds(now: float, times: SessionTimes) -> tuple[str, str]:
    """What was last used, or began, so long ago or longer is over."""
    return repr(now - times.idle_s), repr(now - times.max_s)


def _check_subject(outcome: bytes) -> None:
    if outcome == b"subject":
        raise StoreFailed("store_failed", "The users could not be written: a subject is somebody else's.")


def _user_or_none(row: Sequence[bytes]) -> User | None:
    return _user(row) if row else None


def _user(row: Sequence[bytes]) -> User:
    name, full_name, title, subject, created_at, has_password = (word.decode() for word in row)
    return User(name, full_name, title, subject, float(created_at), bool(has_password))


def _sign_in(row: Sequence[bytes]) -> SignIn:
    id_, user, way, browser, address, began_at, used_at = (word.decode() for word in row)
    return SignIn(id_, user, way, browser, address, float(began_at), float(used_at))  # type: ignore[arg-type]
