"""Who has which consult. One suite, for leases in memory and in Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from consult.model.identifiers import ConsultId
from consult.sessions.events import Entry
from consult.sessions.features.consult.events import OwnerChanged
from consult.store.leases import HOUSE, Grant, Leases, Node, Replaced, Seen
from consult.store.leases.memory import MemoryLeases
from consult.store.redis.leases import RedisLeases
from consult.store.redis.log import RedisLog
from tests.support.redis_stores import empty_store

ONE = "one"
A, B = Node("a", "a1", "http://a", "v1", 2), Node("b", "b1", "http://b", "v1", 2)


@pytest.fixture(params=["memory", "redis"])
async def leases(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Leases]:
    """Each kind, where there is a consult ONE, with nodes a and b."""
    if request.param == "memory":
        made: Leases = MemoryLeases(exists=lambda consult: consult == ONE)
        await made.join(A), await made.join(B)
        yield made
        return
    async with empty_store(request.getfixturevalue("redis_of_session"), tmp_path) as (client, store):
        await RedisLog(client, store).append(ConsultId(ONE), 0, [Entry(1, 1.0, OwnerChanged("a", 1))])
        made = RedisLeases(client, store)
        await made.join(A), await made.join(B)
        yield made


async def beat_of(leases: Leases, node: Node, of: Node) -> int:
    """The newest beat of one, as the other is told."""
    return next(known.beat for known in (await leases.beat(node)).nodes if known.name == of.name)


async def test_one_has_it_and_keeps_it_while_it_lives(leases: Leases) -> None:
    assert await leases.take(ONE, A) == Grant("granted", 1, "a")
    assert (await leases.take(ONE, A)).epoch == 1, "it has it already"
    await leases.beat(A)
    assert await leases.take(ONE, B) == Grant("held", holder="a")
    assert await leases.holder(ONE) == "a1"


async def test_one_that_stands_still_loses_it_and_is_told(leases: Leases) -> None:
    await leases.take(ONE, A)
    await leases.beat(A)
    seen = Seen("a1", await beat_of(leases, B, A))
    grant = await leases.take(ONE, B, seen)
    assert (grant.kind, grant.epoch) == ("granted", 2)
    assert (await leases.beat(A)).lost == (ONE,)
    assert (await leases.beat(A)).lost == ()
    assert (await leases.take(ONE, A)).kind == "held"


async def test_one_that_has_beaten_since_keeps_it(leases: Leases) -> None:
    await leases.take(ONE, A)
    seen = Seen("a1", await beat_of(leases, B, A))
    await leases.beat(A)
    assert (await leases.take(ONE, B, seen)).kind == "held"


async def test_what_is_let_go_is_free_with_a_greater_epoch(leases: Leases) -> None:
    await leases.take(ONE, A)
    await leases.release(ONE, B)
    assert (await leases.take(ONE, B)).kind == "held", "only its holder lets it go"
    await leases.release(ONE, A)
    assert await leases.holder(ONE) is None
    assert (await leases.take(ONE, B)).epoch == 2


async def test_no_epoch_is_granted_twice(leases: Leases) -> None:
    """Not of two consults either: one that was deleted may come back, and a node that was paused may wake up."""
    first, second = await leases.take(ONE, A), await leases.take(HOUSE, A)
    assert (first.epoch, second.epoch) == (1, 2)
    await leases.release(ONE, A)
    assert (await leases.take(ONE, B)).epoch == 3


async def test_who_leaves_lets_all_go(leases: Leases) -> None:
    await leases.take(ONE, A)
    await leases.take(HOUSE, A)
    await leases.leave(A)
    assert [node.name for node in (await leases.beat(B)).nodes] == ["b"]
    assert [(await leases.take(what, B)).kind for what in (ONE, HOUSE)] == ["granted", "granted"]
    with pytest.raises(Replaced):
        await leases.take(ONE, A)


async def test_a_name_is_one_process_s(leases: Leases) -> None:
    other = Node("a", "a2", "http://a2", "v1", 2)
    beat = await leases.join(other)
    assert beat == 0
    await leases.beat(A)
    assert await leases.join(other, Seen("a1", 0)) == 1, "it lives"
    await leases.take(ONE, A)
    assert await leases.join(other, Seen("a1", 1)) is None
    with pytest.raises(Replaced):
        await leases.beat(A)
    with pytest.raises(Replaced):
        await leases.take(ONE, A)
    assert (await leases.take(ONE, other)).epoch == 2, "a former process's leases are free"


async def test_there_is_no_lease_of_what_there_is_not(leases: Leases) -> None:
    assert await leases.take("nothing", A) == Grant("unknown")
    assert await leases.holder("nothing") is None
    assert (await leases.take("nothing", A, new=True)).kind == "granted"


async def test_an_older_release_does_not_take_what_a_newer_one_wrote(leases: Leases) -> None:
    newer = Node("c", "c1", "http://c", "v2", 3)
    await leases.join(newer)
    await leases.take(ONE, newer)
    await leases.leave(newer)
    assert await leases.take(ONE, A) == Grant("newer", holder="c")


async def test_nodes_know_each_other(leases: Leases) -> None:
    await leases.beat(Node("a", "a1", "http://a", "v1", 2, load=7, leaving=True))
    (found,) = [node for node in (await leases.beat(B)).nodes if node.name == "a"]
    assert found == Node("a", "a1", "http://a", "v1", 2, beat=1, load=7, leaving=True)


async def test_a_holder_is_asked_for_what_another_wants(leases: Leases) -> None:
    await leases.ask(ONE)
    await leases.take(ONE, A)
    await leases.ask(ONE)
    assert (await leases.beat(B)).wanted == ()
    assert (await leases.beat(A)).wanted == (ONE,)
    assert (await leases.beat(A)).wanted == ()
    assert await leases.holder(ONE) == "a1"
