"""The stores that the settings name, without a server: for `consult.app`, and for commands that only look."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from consult.access.keys import Keys
from consult.disk import make_folder
from consult.library.object_store import ObjectStore
from consult.settings import Settings
from consult.store.backend import FileBackend, RedisBackend, open_backend, store_of
from consult.store.bucket import Bucket, join_bucket

if TYPE_CHECKING:
    from consult.store.redis.client import RedisClient


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


def volumes_folder(settings: Settings) -> Path:
    """Where decoded volumes lie, and copies of a bucket's files: each node has its own."""
    named = f"volumes-{settings.node or socket.gethostname()}" if settings.redis else "volumes"
    return settings.volumes or settings.data / named


def open_objects(settings: Settings) -> ObjectStore:
    """The files of studies: in the data directory, or in a bucket.

    Raises:
        Refused: data directory and bucket do not belong together.
    """
    join_bucket(settings.data, settings.objects)
    return ObjectStore(settings.data, bucket_named(settings), volumes_folder(settings) / "objects")


def bucket_named(settings: Settings) -> Bucket | None:
    """The bucket of the settings, if they name one."""
    if not settings.objects:
        return None
    of = settings
    key_id, secret = of.objects_key_id, of.objects_secret
    return Bucket(of.objects, endpoint=of.objects_endpoint, region=of.objects_region, key_id=key_id, secret=secret)


def redis_named(settings: Settings) -> Callable[[], RedisClient] | None:
    """Opens the Redis of the settings, if they name one; what is done with it is whoever opens it's matter."""
    if not settings.redis:
        return None
    from consult.store.redis.client import RedisClient

    return lambda: RedisClient(settings.redis, settings.redis_password)
