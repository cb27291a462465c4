"""Which Redis is used, and which is refused by a sentence."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from consult.model.errors import ConsultError, Refused, StoreFailed
from consult.model.identifiers import ConsultId
from consult.sessions.events import Entry
from consult.sessions.features.consult.events import OwnerChanged
from consult.store.backend import REDIS_NAME, FileBackend, open_backend, store_of
from consult.store.redis.client import RedisClient, Unreachable, shown
from consult.store.redis.log import RedisLog
from consult.store.redis.trust import join_store
from tests.support.redis_server import RedisServer, redis_server
from tests.support.redis_stores import empty_store

ONE = ConsultId("one")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    """One of the test's own."""
    with redis_server(tmp_path / "redis") as made:
        yield made


def entry(seq: int) -> Entry:
    return Entry(seq, 1.5, OwnerChanged("a", seq))


async def join(server: RedisServer, data: Path, proof: str = "proof", *, has_key: bool = True) -> str:
    """What is said to a node that starts, or the id of its store."""
    data.mkdir(exist_ok=True)  # noqa: ASYNC240 - nothing else runs meanwhile
    client = RedisClient(server.url)
    try:
        return await join_store(client, data, lambda: proof, has_key=has_key)
    except ConsultError as error:
        return f"{error.code}: {error.sentence}"
    finally:
        await client.close()


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("appendonly", "no", "set `appendonly yes` in its redis.conf"),
        ("appendfsync", "everysec", "set `appendfsync always` in its redis.conf"),
        ("appendfsync", "no", "set `appendfsync always` in its redis.conf"),
        ("maxmemory_policy", "allkeys-lru", "set `maxmemory-policy noeviction` in its redis.conf"),
    ],
)
async def test_a_redis_that_may_lose_what_it_confirms_is_refused(
    server: RedisServer, tmp_path: Path, setting: str, value: str, sentence: str
) -> None:
    server.set(**{setting: value})
    said = await join(server, tmp_path / "data")
    assert said.startswith("redis_unsafe: ")
    assert sentence in said
    assert not (tmp_path / "data" / REDIS_NAME).exists()


async def test_a_setting_that_is_changed_while_it_runs_is_found(server: RedisServer, tmp_path: Path) -> None:
    async with empty_store(server, tmp_path) as (client, store):
        log = RedisLog(client, store)
        await log.append(ONE, 0, [entry(1)])
        server.set(appendfsync="everysec")
        with pytest.raises(StoreFailed, match="appendfsync everysec"):
            await log.check()


async def test_a_replica_is_refused(server: RedisServer, tmp_path: Path) -> None:
    with server.client() as client:
        client.replicaof("127.0.0.1", 1)
    assert "is a replica: name its primary" in await join(server, tmp_path / "data")


async def test_a_redis_that_is_not_there_and_one_that_asks_for_another_password(
    server: RedisServer, tmp_path: Path
) -> None:
    server.set(requirepass="right")
    assert "does not take the password" in await join(server, tmp_path / "data")
    server.kill()
    assert (await join(server, tmp_path / "data")).startswith("unreachable: ")


async def test_what_is_no_address_is_said() -> None:
    with pytest.raises(StoreFailed, match="is no address of a Redis"):
        RedisClient("http://host/0")
    assert shown("redis://user:secret@host:6379/0") == "redis://host:6379/0"


async def test_nodes_of_one_directory_join_one_store(server: RedisServer, tmp_path: Path) -> None:
    first = await join(server, tmp_path / "data", has_key=False)
    assert first == store_of(tmp_path / "data") != ""
    assert await join(server, tmp_path / "data") == first
    (tmp_path / "data" / REDIS_NAME).unlink()
    assert await join(server, tmp_path / "data") == first, "the key file shows that it is the same directory"


async def test_a_volume_that_is_not_shared_is_refused_and_left_as_it_is(server: RedisServer, tmp_path: Path) -> None:
    await join(server, tmp_path / "data")
    for proof, has_key in (("proof", False), ("another", True)):
        said = await join(server, tmp_path / "other", proof, has_key=has_key)
        assert said.startswith("volume_not_shared: ")
        assert "on a volume that they share" in said
    assert list((tmp_path / "other").iterdir()) == []


async def test_another_key_file_is_refused(server: RedisServer, tmp_path: Path) -> None:
    await join(server, tmp_path / "data")
    said = await join(server, tmp_path / "data", "another")
    assert said.startswith("other_key: ")
    assert "is not the key file of the other nodes" in said


async def test_a_redis_that_has_lost_its_files_is_refused(server: RedisServer, tmp_path: Path) -> None:
    await join(server, tmp_path / "data")
    server.kill()
    shutil.rmtree(server.folder / "appendonlydir")
    server.start()
    said = await join(server, tmp_path / "data")
    assert said.startswith("redis_empty: ")
    assert "Give it its files back" in said


async def test_a_redis_of_another_directory_is_refused(server: RedisServer, tmp_path: Path) -> None:
    await join(server, tmp_path / "data")
    with server.client() as client:
        client.flushall()
    await join(server, tmp_path / "other")
    assert (await join(server, tmp_path / "data")).startswith("redis_other: ")


@pytest.mark.parametrize("what", ["consults", "users"])
async def test_a_directory_whose_consults_are_in_files_is_not_forgotten(
    server: RedisServer, tmp_path: Path, what: str
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    opened = FileBackend(data).log() if what == "consults" else FileBackend(data).accounts()
    await opened.close()
    said = await join(server, data)
    assert said.startswith("log_elsewhere: ")
    assert f"The {what} of " in said
    assert store_of(data) == ""


async def test_one_whose_consults_are_in_redis_wants_it_named(server: RedisServer, tmp_path: Path) -> None:
    await join(server, tmp_path / "data")
    with pytest.raises(Refused, match="name it with --redis"):
        await open_backend(tmp_path / "data", "", "", lambda: "proof", has_key=True)


async def test_a_running_server_stores_nothing_in_a_redis_that_has_lost_its_files(
    server: RedisServer, tmp_path: Path
) -> None:
    async with empty_store(server, tmp_path) as (client, store):
        log = RedisLog(client, store)
        await log.append(ONE, 0, [entry(1)])
        server.kill()
        shutil.rmtree(server.folder / "appendonlydir")
        server.start()
        for consult, after in ((ONE, 1), (ConsultId("new"), 0)):
            with pytest.raises(StoreFailed, match="not the one that this server began with"):
                await log.append(consult, after, [entry(after + 1)])
        with server.client() as own:
            assert own.dbsize() == 0


async def test_nor_in_one_that_was_emptied_below_its_hands(server: RedisServer, tmp_path: Path) -> None:
    async with empty_store(server, tmp_path) as (client, store):
        log = RedisLog(client, store)
        await log.append(ONE, 0, [entry(1)])
        with server.client() as own:
            own.flushall()
        with pytest.raises(StoreFailed, match="not the one"):
            await log.append(ConsultId("new"), 0, [entry(1)])


async def test_a_closed_client_says_so(server: RedisServer, tmp_path: Path) -> None:
    async with empty_store(server, tmp_path) as (client, _):
        await client.close()
        with pytest.raises(StoreFailed, match="closed"):
            await client.ask("PING")
    server.kill()
    client = RedisClient(server.url)
    with pytest.raises(Unreachable):
        await client.ask("PING")
    await client.close()


async def test_a_cancellation_is_never_lost(server: RedisServer) -> None:
    """Wherever it comes. Seen to fail with redis-py's own time limit on Python 3.11: a node that left while Redis
    refused its beat never ended."""
    client = RedisClient(server.url)
    for turns in range(200):
        asked = asyncio.create_task(client.ask("PING"))
        for _ in range(turns):
            await asyncio.sleep(0)
        if asked.done():
            break
        asked.cancel()
        await asyncio.wait([asked])
        assert asked.cancelled(), f"after {turns} turns"
    await client.close()
