"""What of a data directory is in Redis and in a bucket: into a backup, and out of one.

Rules of this file:
- In a backup it has the one form of all backups: SQLite files, and files under objects/. So what comes from Redis can
  go on in files, and the other way round.
- Redis is empty before a restore, or nothing is restored. Where one fails, what it has put into Redis is removed again;
  what is in the bucket already stays there, under names of its content, for the next try.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from consult.access.keys import Keys
from consult.model.errors import Refused, StoreFailed
from consult.runtime.keeping.backup.contents import DATABASE, OBJECTS
from consult.runtime.keeping.backup.making import TRIES, Away, Gone, Made, OnProgress, back_up
from consult.store.backend import FileBackend, RedisBackend
from consult.store.bucket import Bucket, join_bucket
from consult.store.copying import copy_stores

if TYPE_CHECKING:
    from consult.store.redis.client import RedisClient

AGAIN_S = 1.0


class Place(NamedTuple):
    """A data directory, and where else what belongs to it is."""

    data: Path
    stores: FileBackend | RedisBackend
    bucket: Bucket | None


async def back_up_all(place: Place, path: Path, now: float, on_progress: OnProgress = lambda done, total: None) -> Made:
    """A backup of a data directory with all that is elsewhere. Raises as `back_up`; Refused: "file_missing"."""
    data, stores = place.data, place.stores
    fetch = None if place.bucket is None else place.bucket.fetch
    if isinstance(stores, FileBackend):
        return await asyncio.to_thread(back_up, data, path, now, on_progress, Away(None, fetch))
    for left in reversed(range(TRIES)):
        with tempfile.TemporaryDirectory(dir=_folder_of(path), prefix=".consult-backup-") as folder:
            databases = Path(folder)
            try:
                await copy_stores(stores, FileBackend(databases), on_progress)
                return await asyncio.to_thread(back_up, data, path, now, on_progress, Away(databases, fetch))
            except Gone:
                if not left:
                    raise Refused("file_missing", "A file of a study is missing, and the index names it.") from None
            except StoreFailed as failed:
                if failed.code != "deleting" or not left:
                    raise
        await asyncio.sleep(AGAIN_S)
    raise AssertionError("the last try raises")


def _folder_of(path: Path) -> Path:
    """Where there is room: what is in Redis is that of patients, and has no place in /tmp."""
    path.absolute().parent.mkdir(parents=True, exist_ok=True)
    return path.absolute().parent


def put_elsewhere(folder: Path, open_redis: Callable[[], RedisClient] | None, bucket: Bucket | None) -> None:
    """Put what `restore` has unpacked into Redis and the bucket, where these are named; blocks.

    Raises:
        Refused: "redis_not_empty".
        StoreFailed.
    """
    if bucket is not None:
        bucket.check_writing()
        for file in sorted((folder / OBJECTS).glob("*/*")):
            bucket.put(file.name, file)
        shutil.rmtree(folder / OBJECTS, ignore_errors=True)
        join_bucket(folder, bucket.url)
    if open_redis is not None:
        asyncio.run(_put_into_redis(folder, open_redis))


def _set_apart(folder: Path) -> Path:
    """The databases, in a folder of their own: a directory whose stores are in Redis has none."""
    databases = folder / "databases"
    databases.mkdir(mode=0o700)
    for path in folder.glob(f"*{DATABASE}"):
        path.rename(databases / path.name)
    return databases


async def _put_into_redis(folder: Path, open_redis: Callable[[], RedisClient]) -> None:
    from consult.store.redis.trust import forget_store, join_store, store_named

    client = open_redis()
    try:
        if await store_named(client):
            sentence = f"Redis at {client.name} holds consults already: a backup is restored into an empty one."
            raise Refused("redis_not_empty", sentence)
        databases = await asyncio.to_thread(_set_apart, folder)
        try:
            store = await join_store(client, folder, Keys.load(folder).proof, has_key=True)
            await copy_stores(FileBackend(databases), RedisBackend(client, store))
        except BaseException:
            await forget_store(client)
            raise
        shutil.rmtree(databases)
    finally:
        await client.close()
