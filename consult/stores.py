"""The stores that the settings name, without a server: for `consult.app`, and for commands that only look."""

from __future__ import annotations

from contextlib import AsyncExitStack

from consult.access.keys import Keys
from consult.disk import make_folder
from consult.settings import Settings
from consult.store.backend import FileBackend, RedisBackend, open_backend, store_of


def has_stores(settings: Settings) -> bool:
    """A server has run on that data directory."""
    files = (settings.data / "log.sqlite", settings.data / "audit.sqlite")
    return bool(settings.redis or store_of(settings.data)) or any(file.is_file() for file in files)


async def open_stores(stack: AsyncExitStack, settings: Settings) -> FileBackend | RedisBackend:
    """Where log, index and audit trail are; `stack` closes the way to them.

    Raises:
        Refused: "bad_folder"; the data directory and Redis do not belong together.
        StoreFailed: Redis is not reached, or must not be used.
    """
    make_folder(settings.data)
    has_key = (settings.data / "key").exists()

    def proof() -> str:
        return Keys.load(settings.data).proof()

    password = settings.redis_password
    backend = await open_backend(settings.data, settings.redis, password, proof, has_key=has_key)
    stack.push_async_callback(backend.close)
    return backend
