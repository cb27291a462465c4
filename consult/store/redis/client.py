"""Connections to one Redis. redis-py stops here.

Rules of this file:
- A connection is looked at before anything goes over it (`Check`): one to another store, to a replica, or to a Redis
  that confirms what it has not on its disk is not used.
- Nothing is sent twice. What could not be sent is `Unreachable`; what was sent and not answered is `Unanswered`, and
  may be done or not.
- Nothing waits by asyncio.wait_for, which up to Python 3.11 may lose a cancellation: whoever waits for the end of what
  was cancelled would wait for ever.
- Functions are called by the hash of their text. Where Redis does not know them it has done nothing yet: they are
  loaded, and called again.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Awaitable, Callable
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from redis.asyncio.connection import AbstractConnection, ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
)

from consult.clock import steady
from consult.model.errors import StoreFailed
from consult.store.redis import BASE

MAX_CONNECTIONS = 32
CONNECT_S = 2.0
ANSWER_S = 8.0
"""How long an answer may take; the disk may have to end a long write."""
PATIENCE_S = 6.0
"""How long somebody waits for a Redis that restarts."""
AGAIN_S = 0.1
PARTS = ("base", "log", "index", "accounts", "audit", "leases")
"""Of the functions, in their order."""
Word = str | int | float | bytes
Ask = Callable[..., Awaitable[Any]]
Check = Callable[[Ask], Awaitable[None]]
"""Looks at a new connection, by asking over it; raises StoreFailed where it is not to be used."""


class Unreachable(StoreFailed):
    """Redis does not take the connection: nothing was sent."""


class Unanswered(StoreFailed):
    """It was sent, and whether it is done is not known."""


@cache
def library() -> tuple[str, str]:
    """The text of the functions as Redis loads it, and the end of their names."""
    folder = files("consult.store.redis") / "functions"
    text = "\n".join((folder / f"{part}.lua").read_text() for part in PARTS)
    version = hashlib.sha256(text.encode()).hexdigest()[:12]
    return f"#!lua name=consult_{version}\nlocal VERSION = '{version}'\n{text}", version


def shown(url: str) -> str:
    """A URL without user and password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def other_store(name: str) -> StoreFailed:
    """It was emptied, or another has its address."""
    sentence = f"Redis at {name} is not the one that this server began with: nothing is stored in it. "
    return StoreFailed("other_store", sentence + "Whoever runs it must give it its files back.")


class RedisClient:
    """Some connections to one Redis; opened when they are needed.

    Args:
        url: redis://, rediss:// or unix://.
        password: "": the URL's, or none.
        check: of each new connection.

    Raises:
        StoreFailed: "bad_redis": the URL is none.
    """

    def __init__(self, url: str, password: str = "", *, check: Check | None = None) -> None:
        self.name, self.check = shown(url), check
        self._places = asyncio.Semaphore(MAX_CONNECTIONS)
        self._idle: list[AbstractConnection] = []
        self._closed = False
        more = {"password": password} if password else {}
        try:
            self._maker = ConnectionPool.from_url(
                url,
                retry=Retry(NoBackoff(), 0),
                socket_timeout=None,  # `_exchange` has its own: redis-py's is by asyncio.wait_for
                socket_connect_timeout=CONNECT_S,
                **more,
            )
        except ValueError as error:
            raise StoreFailed("bad_redis", f"{self.name} is no address of a Redis: {error}.") from None

    async def call(self, function: str, *words: Word, patience_s: float = 0.0, again: bool = False) -> Any:
        """The answer of a function of `functions/`.

        Args:
            function: its name.
            words: its arguments.
            patience_s: so long it is tried to reach Redis.
            again: it may be done twice: it is also tried again where its answer is lost.

        Raises:
            Unreachable, Unanswered; StoreFailed: Redis refuses it, and nothing is done.
        """
        version = library()[1]
        until = steady() + patience_s
        while True:
            try:
                return await self._called(version, function, words)
            except (Unreachable, Unanswered) as failed:
                if steady() >= until or (isinstance(failed, Unanswered) and not again):
                    raise
            await asyncio.sleep(AGAIN_S)

    async def ask(self, *words: Word, patience_s: float = 0.0) -> Any:
        """The answer to a command that may be done twice. Raises as `call`."""
        until = steady() + patience_s
        while True:
            try:
                return await self._once(*words)
            except (Unreachable, Unanswered):
                if steady() >= until:
                    raise
            await asyncio.sleep(AGAIN_S)

    async def close(self) -> None:
        """Nothing is asked any more; what is under way ends."""
        self._closed = True
        for connection in self._idle:
            await connection.disconnect()
        self._idle.clear()

    async def _called(self, version: str, function: str, words: tuple[Word, ...]) -> Any:
        command: tuple[Word, ...] = ("FCALL", f"{function}_{version}", 1, BASE, *words)
        try:
            return await self._once(*command)
        except _NoFunction:
            with contextlib.suppress(_Loaded):
                await self._once("FUNCTION", "LOAD", library()[0])
            return await self._once(*command)

    async def _once(self, *words: Word) -> Any:
        async with self._places:
            connection = await self._connected()
            try:
                return await self._exchange(connection, words)
            except ResponseError as error:
                raise self._refused(error) from error
            except BaseException as error:
                await connection.disconnect()
                if isinstance(error, RedisError | OSError):
                    raise Unanswered("unknown_outcome", "It is not known whether this was stored.") from error
                raise
            finally:
                if connection.is_connected and not self._closed:
                    self._idle.append(connection)
                elif connection.is_connected:
                    await connection.disconnect()

    async def _connected(self) -> AbstractConnection:
        """A connection that is open and was looked at. Raises Unreachable; StoreFailed: it is not to be used."""
        if self._closed:
            raise StoreFailed("closed", "The store is closed.")
        while self._idle:
            idle = self._idle.pop()
            with contextlib.suppress(RedisError, OSError):
                if not await idle.can_read_destructive():  # type: ignore[no-untyped-call]
                    return idle
            await idle.disconnect()
        connection: AbstractConnection = self._maker.make_connection()  # type: ignore[no-untyped-call]
        try:
            async with asyncio.timeout(ANSWER_S):
                await connection.connect()  # type: ignore[no-untyped-call]
            if self.check is not None:
                await self.check(lambda *words: self._exchange(connection, words))
        except BaseException as error:
            await connection.disconnect()
            if isinstance(error, RedisError | OSError):
                raise self._unreachable(error) from error
            raise
        return connection

    async def _exchange(self, connection: AbstractConnection, words: tuple[Word, ...]) -> Any:
        async with asyncio.timeout(ANSWER_S):
            await connection.send_command(*words)
            return await connection.read_response()

    def _unreachable(self, error: Exception) -> StoreFailed:
        if isinstance(error, AuthenticationError):
            return StoreFailed("redis_refuses", f"Redis at {self.name} does not take the password of this server.")
        if isinstance(error, BusyLoadingError):
            return Unreachable("unreachable", f"Redis at {self.name} is reading its file. Try again in a moment.")
        return Unreachable("unreachable", f"Redis at {self.name} does not answer. Try again in a moment.")

    def _refused(self, error: ResponseError) -> StoreFailed:
        text = str(error)
        if "Function not found" in text:
            return _NoFunction("redis_refuses", text)
        if "already exists" in text:
            return _Loaded("redis_refuses", text)
        if isinstance(error, OutOfMemoryError):
            sentence = f"Redis at {self.name} is full: this is not stored. Whoever runs it must raise its maxmemory."
            return StoreFailed("not_stored", sentence)
        if isinstance(error, ReadOnlyError):
            return StoreFailed("not_stored", f"Redis at {self.name} is a replica now, and takes nothing.")
        if text.startswith("OTHERSTORE"):
            return other_store(self.name)
        if isinstance(error, BusyLoadingError):
            return Unreachable("unreachable", f"Redis at {self.name} is reading its file. Try again in a moment.")
        return StoreFailed("not_stored", f"Redis at {self.name} refused this ({text.split(' ', 1)[0]}).")


class _NoFunction(StoreFailed):
    """Redis does not know the functions yet."""


class _Loaded(StoreFailed):
    """Somebody else has loaded them."""
