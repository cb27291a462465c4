"""The study index in Redis. Its records are compressed: they lie in memory there."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from consult.model.errors import StoreFailed
from consult.store.index import IndexedFile, IndexedStudy
from consult.store.redis import BASE
from consult.store.redis.client import PATIENCE_S, RedisClient, Word
from consult.store.redis.rewriting import rewrite

BATCH = 256
PART_ROWS, PART_BYTES = 1000, 4 << 20


class RedisIndex:
    """Implements `Index`.

    Args:
        client: of that Redis.
        store: its id.
    """

    def __init__(self, client: RedisClient, store: str) -> None:
        self._client, self._store, self._closed = client, store, False

    async def put_files(self, files: Sequence[IndexedFile]) -> list[str]:
        """See `Index.put_files`. Where an answer is lost it is done again: a file may then seem to be here before."""
        words: list[Word] = []
        for file in files:
            words += [file.sop_uid, file.file, file.study_uid, file.series_key, file.modality, file.images]
            words.append(zlib.compress(file.data, 1))
        return [before.decode() for before in await self._call("put_files", self._store, *words)]

    async def files_of_study(self, study_uid: str) -> list[bytes]:
        """See `Index.files_of_study`."""
        return await self._records("study", study_uid)

    async def sample_of_study(self, study_uid: str) -> bytes | None:
        """See `Index.sample_of_study`."""
        _, found = await self._call("records", "study", study_uid, 0, 1, PART_BYTES)
        return zlib.decompress(found[0]) if found else None

    async def files_of_series(self, series_key: str) -> list[bytes]:
        """See `Index.files_of_series`."""
        return await self._records("series", series_key)

    async def studies(self) -> list[IndexedStudy]:
        """See `Index.studies`."""
        studies, last = list[IndexedStudy](), 0
        while rows := await self._call("studies", last, BATCH):
            studies += [_study(*row) for row in rows]
            last = int(rows[-1][0])
        return studies

    async def files(self, after: int = 0, limit: int = 1000) -> list[tuple[int, IndexedFile]]:
        """See `Index.files`."""
        found = await self._call("files", after, limit, PART_BYTES)
        return [(int(row[0]), _file(row[1:])) for row in found]

    async def derived_names(self, after: str = "", limit: int = 1000) -> list[str]:
        """See `Index.derived_names`."""
        self._check_open()
        words = f"{BASE}:derived_names", f"({after}" if after else "-", "+", "BYLEX", "LIMIT", 0, limit
        return [name.decode() for name in await self._client.ask("ZRANGE", *words, patience_s=PATIENCE_S)]

    async def delete_files(self, sop_uids: Sequence[str]) -> None:
        """See `Index.delete_files`."""
        await self._call("delete_files", self._store, *sop_uids)

    async def delete_derived(self, prefixes: Sequence[str]) -> None:
        """See `Index.delete_derived`."""
        await self._call("delete_derived", self._store, *prefixes)

    async def scrub(self) -> None:
        """See `Index.scrub`."""
        self._check_open()
        await rewrite(self._client)

    async def put_derived(self, things: Mapping[str, bytes]) -> None:
        """See `Index.put_derived`."""
        words: list[Word] = [word for name, data in things.items() for word in (name, zlib.compress(data, 1))]
        await self._call("put_derived", self._store, *words)

    async def derived(self, name: str) -> bytes | None:
        """See `Index.derived`."""
        self._check_open()
        data: bytes | None = await self._client.ask("HGET", f"{BASE}:derived", name, patience_s=PATIENCE_S)
        return None if data is None else zlib.decompress(data)

    async def close(self) -> None:
        """See `Index.close`."""
        self._closed = True

    async def _records(self, kind: str, name: str) -> list[bytes]:
        found, last = list[bytes](), 0
        while True:
            last, part = await self._call("records", kind, name, last, PART_ROWS, PART_BYTES)
            if not part:
                return found
            found += [zlib.decompress(data) for data in part]

    async def _call(self, function: str, *words: Word) -> Any:
        self._check_open()
        return await self._client.call(function, *words, patience_s=PATIENCE_S, again=True)

    def _check_open(self) -> None:
        if self._closed:
            raise StoreFailed("closed", "The index is closed.")


def _file(row: Sequence[bytes]) -> IndexedFile:
    sop, file, study, series, modality = (word.decode() for word in row[:5])
    return IndexedFile(sop, file, study, series, modality, int(row[5]), zlib.decompress(row[6]))


def _study(_number: bytes, uid: bytes, sample: bytes, flat: Sequence[bytes]) -> IndexedStudy:
    counts = {name.decode(): int(count) for name, count in zip(flat[::2], flat[1::2], strict=True)}
    modalities = tuple(sorted(name[1:] for name in counts if name.startswith("m")))
    series = sum(name.startswith("s") for name in counts)
    return IndexedStudy(uid.decode(), zlib.decompress(sample), modalities, series, counts.get("i", 0))
