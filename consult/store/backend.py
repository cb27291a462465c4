"""Where a server keeps log, index, users and audit trail: in files of its data directory, or in Redis."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from consult.model.errors import Refused
from consult.model.identifiers import ConsultId
from consult.store.accounts import AccountStore
from consult.store.accounts.sqlite import SqliteAccounts
from consult.store.audit import AuditLog
from consult.store.audit.sqlite import NAME as AUDIT
from consult.store.audit.sqlite import SqliteAudit
from consult.store.index import Index, SqliteIndex
from consult.store.log import Log
from consult.store.log.sqlite import SqliteLog

if TYPE_CHECKING:
    from consult.store.redis.client import RedisClient
    from consult.store.redis.leases import RedisLeases

REDIS_NAME = "redis-store"
"""File of a data directory whose log is in Redis: the id of its store there."""


class Backend(Protocol):
    """Opens the stores of one data directory; whoever opens one closes it."""

    def log(self) -> Log:
        """Raises StoreFailed."""

    def index(self) -> Index:
        """Raises StoreFailed."""

    def audit(self) -> AuditLog:
        """Raises StoreFailed."""

    def accounts(self) -> AccountStore:
        """Raises StoreFailed."""

    async def close(self) -> None:
        """Behind the stores."""


class FileBackend:
    """SQLite files in the data directory."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def log(self) -> Log:
        """See `Backend.log`."""
        return SqliteLog(self._data / "log.sqlite")

    def index(self) -> Index:
        """See `Backend.index`."""
        return SqliteIndex(self._data / "index.sqlite")

    def audit(self) -> AuditLog:
        """See `Backend.audit`."""
        return SqliteAudit(self._data / AUDIT)

    def accounts(self) -> AccountStore:
        """See `Backend.accounts`."""
        return SqliteAccounts(self._data)

    async def close(self) -> None:
        """See `Backend.close`."""


class RedisBackend:
    """One store in one Redis."""

    def __init__(self, client: RedisClient, store: str) -> None:
        self.client, self.store = client, store

    def log(self) -> Log:
        """See `Backend.log`."""
        from consult.store.redis.log import RedisLog

        return RedisLog(self.client, self.store)

    def index(self) -> Index:
        """See `Backend.index`."""
        from consult.store.redis.index import RedisIndex

        return RedisIndex(self.client, self.store)

    def audit(self) -> AuditLog:
        """See `Backend.audit`."""
        from consult.store.redis.audit import RedisAudit

        return RedisAudit(self.client, self.store)

    def accounts(self) -> AccountStore:
        """See `Backend.accounts`."""
        from consult.store.redis.accounts import RedisAccounts

        return RedisAccounts(self.client, self.store)

    def leases(self) -> RedisLeases:
        """Of its nodes."""
        from consult.store.redis.leases import RedisLeases

        return RedisLeases(self.client, self.store)

    def epochs(self, log: Log) -> MutableMapping[ConsultId, int]:
        """Where a log of this backend looks up the epochs of leases."""
        from consult.store.redis.log import RedisLog

        assert isinstance(log, RedisLog)
        return log.epochs

    async def close(self) -> None:
        """See `Backend.close`."""
        await self.client.close()


def store_of(data: Path) -> str:
    """Id of the store in Redis that a data directory belongs to; "" where it belongs to none. Raises Refused."""
    try:
        return (data / REDIS_NAME).read_text().strip()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        raise Refused("bad_folder", f"The file {data / REDIS_NAME} cannot be read.") from None


def check_no_redis(data: Path) -> None:
    """Raises Refused("redis_missing"): the log of that directory is in Redis, and none is named."""
    if store_of(data):
        sentence = f"The consults of {data} are in Redis: name it with --redis, or CONSULT_REDIS."
        raise Refused("redis_missing", sentence)


async def open_backend(
    data: Path, url: str, password: str, proof: Callable[[], str], *, has_key: bool
) -> FileBackend | RedisBackend:
    """Where the stores of that data directory are. redis-py is imported where they are in Redis alone.

    Args:
        data: the directory; it is there.
        url: of the Redis; "": in files.
        password: of it; "": none, or the URL's.
        proof: of the key file; it is made where it is missing.
        has_key: it was there before.

    Raises:
        Refused: directory and Redis do not belong together.
        StoreFailed: Redis is not reached, or must not be used.
    """
    if not url:
        check_no_redis(data)
        return FileBackend(data)
    from consult.store.redis.client import RedisClient
    from consult.store.redis.trust import join_store

    client = RedisClient(url, password)
    try:
        return RedisBackend(client, await join_store(client, data, proof, has_key=has_key))
    except BaseException:
        await client.close()
        raise
