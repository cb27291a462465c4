"""What every index must do, run on each."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from consult.model.errors import StoreFailed
from consult.store.index import Index, IndexedFile, IndexedStudy, MemoryIndex, SqliteIndex, open_index
from consult.store.redis.index import RedisIndex
from tests.support.redis_stores import empty_store


@pytest.fixture(params=["memory", "sqlite", "redis"])
async def index(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Index]:
    if request.param == "redis":
        async with empty_store(request.getfixturevalue("redis_of_session"), tmp_path) as (client, store):
            made: Index = RedisIndex(client, store)
            yield made
            await made.close()
            return
    made = MemoryIndex() if request.param == "memory" else SqliteIndex(tmp_path / "index.sqlite")
    yield made
    await made.close()


def a_file(sop: str, *, file: str = "", study: str = "s1", series: str = "k1", images: int = 1) -> IndexedFile:
    return IndexedFile(sop, file or f"hash of {sop}", study, series, "CT", images, f"data of {sop}".encode())


async def test_files_are_found_by_study_and_by_series_in_the_order_they_came(index: Index) -> None:
    await index.put_files([a_file("b"), a_file("a", series="k2"), a_file("c", study="s2", series="k3")])
    assert await index.files_of_study("s1") == [b"data of b", b"data of a"]
    assert await index.files_of_series("k2") == [b"data of a"]
    assert await index.sample_of_study("s1") == b"data of b"
    assert await index.sample_of_study("s3") is None
    assert await index.files_of_study("s3") == []


async def test_an_instance_that_is_here_stays_as_it_is_and_its_file_is_reported(index: Index) -> None:
    assert await index.put_files([a_file("a")]) == [""]
    assert await index.put_files([a_file("a", file="other", study="s9"), a_file("b")]) == ["hash of a", ""]
    assert await index.files_of_study("s9") == []
    assert await index.files_of_study("s1") == [b"data of a", b"data of b"]


async def test_one_instance_twice_in_a_batch_is_here_once(index: Index) -> None:
    assert await index.put_files([a_file("a"), a_file("a", file="other")]) == ["", "hash of a"]
    assert await index.files_of_study("s1") == [b"data of a"]


async def test_studies_are_counted(index: Index) -> None:
    await index.put_files([a_file("a", images=3), a_file("b", series="k2"), a_file("c", study="s2")])
    assert await index.studies() == [
        IndexedStudy("s1", b"data of a", ("CT",), 2, 4),
        IndexedStudy("s2", b"data of c", ("CT",), 1, 1),
    ]


async def test_small_things_are_stored_and_replaced(index: Index) -> None:
    assert await index.derived("w") is None
    await index.put_derived({"w": b"1", "v": b"3"})
    await index.put_derived({"w": b"2"})
    assert [await index.derived("w"), await index.derived("v")] == [b"2", b"3"]


async def test_files_are_forgotten_and_may_come_again(index: Index) -> None:
    await index.put_files([a_file("a"), a_file("b", study="s2"), a_file("c")])
    await index.delete_files(["a", "nothing here"])
    assert await index.files_of_study("s1") == [b"data of c"]
    assert await index.files_of_study("s2") == [b"data of b"]
    assert await index.put_files([a_file("a")]) == [""]


async def test_derived_things_are_forgotten_by_how_their_names_begin(index: Index) -> None:
    await index.put_derived({"stack/k1-1": b"1", "stack/k1-2": b"2", "stack/k2-1": b"3", "stack_k1": b"4"})
    await index.delete_derived(["stack/k1"])
    names = ("stack/k1-1", "stack/k1-2", "stack/k2-1", "stack_k1")
    assert [await index.derived(name) for name in names] == [None, None, b"3", b"4"]


async def test_close_may_be_called_twice(index: Index) -> None:
    await index.put_files([a_file("a")])
    for _ in range(2):
        await index.close()
    if not isinstance(index, MemoryIndex):
        with pytest.raises(StoreFailed, match="closed"):
            await index.studies()
    else:
        assert len(await index.studies()) == 1


async def test_what_was_put_is_there_after_a_restart(tmp_path: Path) -> None:
    first = SqliteIndex(tmp_path / "index.sqlite")
    await first.put_files([a_file("a")])
    await first.close()
    second = SqliteIndex(tmp_path / "index.sqlite")
    assert await second.files_of_study("s1") == [b"data of a"]
    await second.close()


async def test_two_processes_share_one_file(tmp_path: Path) -> None:
    first, second = (SqliteIndex(tmp_path / "index.sqlite") for _ in range(2))
    await first.put_files([a_file("a")])
    assert await second.put_files([a_file("a", file="x")]) == ["hash of a"]
    await first.close()
    await second.close()


async def test_a_full_disk_stores_nothing_and_is_an_error(tmp_path: Path) -> None:
    def small(path: Path) -> sqlite3.Connection:
        database = open_index(path)
        database.execute("PRAGMA max_page_count = 12")
        return database

    index = SqliteIndex(tmp_path / "index.sqlite", connect=small)
    await index.put_files([a_file("a")])
    with pytest.raises(StoreFailed) as failed:
        await index.put_files([a_file("b"), a_file("c" * 60_000)])
    assert failed.value.code == "disk_full"
    assert await index.files_of_study("s1") == [b"data of a"]
    assert await index.put_files([a_file("d")]) == [""]
    await index.close()
    with pytest.raises(StoreFailed) as closed:
        await index.studies()
    assert closed.value.code == "closed"


async def test_an_index_that_cannot_be_opened_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed) as failed:
        SqliteIndex(tmp_path / "nowhere" / "index.sqlite")
    assert failed.value.code == "cannot_open"


async def test_all_files_come_in_parts_with_their_numbers(index: Index) -> None:
    files = [a_file("b"), a_file("a", series="k2", images=3), a_file("c", study="s2", series="k3")]
    await index.put_files(files)
    await index.delete_files(["a"])
    await index.put_files([a_file("d")])
    found, after = [], 0
    while part := await index.files(after, 2):
        assert len(part) <= 2
        found += [file for _, file in part]
        after = part[-1][0]
    assert found == [files[0], files[2], a_file("d")]


async def test_all_derived_names_come_in_parts(index: Index) -> None:
    await index.put_derived({"stack/b": b"2", "stack/a": b"1", "window/z": b"3"})
    assert await index.derived_names(limit=2) == ["stack/a", "stack/b"]
    assert await index.derived_names("stack/b", 2) == ["window/z"]
    assert await index.derived_names("window/z") == []
