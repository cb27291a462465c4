"""A process that would harm the other nodes does not become one, and says why. With a real redis-server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest

from consult.clock import now
from consult.cluster import cluster as clusters
from consult.cluster.cluster import Cluster, Elsewhere
from consult.model.errors import Refused, StoreFailed
from consult.model.identifiers import ConsultId
from consult.sessions.events import Entry
from consult.sessions.features.consult.events import OwnerChanged
from consult.store.leases import Node
from consult.store.redis.client import RedisClient
from consult.store.redis.leases import RedisLeases
from consult.store.redis.log import RedisLog
from tests.support.redis_server import RedisServer
from tests.support.redis_stores import empty_store

HOUR_S = 3600.0


@pytest.fixture
async def leases(redis_of_session: RedisServer, tmp_path: Path) -> AsyncIterator[RedisLeases]:
    """Of an empty store."""
    async with empty_store(redis_of_session, tmp_path) as (client, store):
        yield RedisLeases(client, store)


def node(leases: RedisLeases, name: str, incarnation: str, form: int = 2) -> Cluster:
    return Cluster(leases, Node(name, incarnation, f"http://{name}", "v1", form), {})


async def test_two_nodes_of_one_name_are_one_too_many(leases: RedisLeases, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen to fail: the second one took the first one's consults."""
    first = node(leases, "a", "a1")
    await first.join()
    monkeypatch.setattr(clusters, "FIND_S", 0.3)
    with pytest.raises(Refused, match=r"A node named 'a' runs already: give this one another name with --node"):
        await node(leases, "a", "a2").join()
    await first.check()
    assert [known.incarnation for known in first.living()] == ["a1"]
    await first.leave()


@pytest.mark.parametrize("ahead", [HOUR_S, -HOUR_S])
async def test_a_clock_that_is_an_hour_off_is_no_nodes(
    leases: RedisLeases, monkeypatch: pytest.MonkeyPatch, ahead: float
) -> None:
    first = node(leases, "a", "a1")
    await first.join()
    monkeypatch.setattr(clusters, "wall_now", lambda: now() + ahead)
    with pytest.raises(Refused, match=r"3600 s from that of Redis.*set by NTP"):
        await node(leases, "b", "b1").join()
    await first._beat()  # one that runs is set wrong now
    assert [known.name for known in first.living()] == ["a"], "who was refused has left"
    with pytest.raises(StoreFailed, match=r"3600 s from that of Redis"):
        await first.check()  # /readyz asks
    await first.leave()


async def test_a_node_whose_redis_was_emptied_or_is_full_says_so(
    leases: RedisLeases, redis_of_session: RedisServer
) -> None:
    first = node(leases, "a", "a1")
    await first.join()
    redis_of_session.set(maxmemory="1")
    try:
        await first._beat()  # it lives on
        with pytest.raises(StoreFailed, match="is full"):
            await first.own("new", new=True)
    finally:
        redis_of_session.set(maxmemory="0")
    with redis_of_session.client() as client:
        client.flushall()
    with pytest.raises(StoreFailed, match=r"is not the one that this server began with.*give it its files back"):
        await first._beat()
    await first.leave()


async def test_a_client_of_nobody_is_unreachable(leases: RedisLeases) -> None:
    gone = RedisClient("redis://127.0.0.1:9")
    with pytest.raises(StoreFailed, match="does not answer"):
        await RedisLeases(gone, "store").beat(Node("a", "a1"))
    await gone.close()


async def test_what_a_newer_release_has_written_is_left_to_it(
    leases: RedisLeases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a rolling restart. Seen to fail: the older node took it, and could not read it; and where the newer one had
    let it go, the older one sent nobody there."""
    old, new = node(leases, "old", "o1"), node(leases, "new", "n1", form=3)
    log = RedisLog(leases._client, leases._store)
    log.epochs = cast(dict[ConsultId, int], new._epochs)
    await old.join()
    await new.join()
    await new.own("one", new=True)
    await log.append(ConsultId("one"), 0, [Entry(1, 1.0, OwnerChanged("new", 1))])
    await new.release("one")
    with pytest.raises(Elsewhere):
        await old.own("one")
    await old._beat()
    found = await old.whose("one")
    assert found is not None
    assert found.name == "new"
    await new.leave()
    await old._beat()
    monkeypatch.setattr(clusters, "FIND_S", 0.3)
    with pytest.raises(Elsewhere):
        await old.whose("one")
    await old.own("two", new=True)
    await old.leave()
