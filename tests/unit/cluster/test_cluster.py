"""What a node does with leases: it beats, has, loses, hands over, and says where a consult is."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from consult.cluster import cluster as module
from consult.cluster.cluster import APART_S, Cluster, Elsewhere
from consult.cluster.peers import DEAD_S, LAPSE_S
from consult.model.errors import Refused, StoreFailed
from consult.model.identifiers import ConsultId
from consult.store.leases import Node, Pulse, Seen
from consult.store.leases.memory import MemoryLeases
from tests.support.waiting import until

LATER_S = 0.02
"""By so much it is later whenever somebody looks: who waits for a time need not wait."""


class Time:
    """A steady clock and a wall clock of the test's own."""

    def __init__(self) -> None:
        self.now = self.wall = 1000.0

    def steady(self) -> float:
        """It is a little later each time."""
        self.now += LATER_S
        return self.now


class Leases(MemoryLeases):
    """Those in memory, which may be cut off, and call back when somebody asks for a consult."""

    is_cut_off = False

    async def taken_by(self, name: str) -> Seen | None:
        """See `NamedLeases.taken_by`."""
        node = self.nodes.get(name)
        return None if node is None else Seen(node.incarnation, node.beat)

    async def beat(self, node: Node) -> Pulse:
        """See `Leases.beat`."""
        if self.is_cut_off:
            raise StoreFailed("unreachable", "Redis does not answer.")
        return await super().beat(node)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """The clocks that nodes go by; each beats once when it joins, then when the test says so."""
    time = Time()
    monkeypatch.setattr(module, "steady", time.steady)
    monkeypatch.setattr(module, "wall_now", lambda: time.wall)
    monkeypatch.setattr(module, "BEAT_S", 1e6)
    monkeypatch.setattr(module, "AGAIN_S", 0.0)
    return time


@asynccontextmanager
async def node(leases: Leases, name: str, load: Callable[[], int] = lambda: 0) -> AsyncIterator[Cluster]:
    """One that has joined."""
    made = Cluster(leases, Node(name, f"{name}1", f"http://{name}", "v1", 2), {}, load)
    await made.join()
    try:
        yield made
    finally:
        await made.leave()


@pytest.fixture
def leases(time: Time) -> Leases:
    """Of all nodes."""
    return Leases(wall=lambda: 1000.0)


@pytest.fixture
async def two(leases: Leases) -> AsyncIterator[tuple[Cluster, Cluster]]:
    """Two nodes that know of each other."""
    async with node(leases, "a") as a, node(leases, "b") as b:
        await a._beat()
        yield a, b


async def stand_still(looking: Cluster, time: Time) -> None:
    """All others, while this one looks on."""
    for _ in range(3):
        time.now += DEAD_S / 2
        await looking._beat()


async def test_what_one_has_the_other_says_where_it_is(two: tuple[Cluster, Cluster]) -> None:
    a, b = two
    await a.own("c", new=True)
    assert a._epochs == {ConsultId("c"): 1}
    assert await a.whose("c") is None
    there = await b.whose("c")
    assert there is not None
    assert there.name == "a"
    with pytest.raises(Elsewhere) as elsewhere:
        await b.own("c")
    assert elsewhere.value.node == "a"
    await a.release("c")
    await b.own("c")
    assert b._epochs == {ConsultId("c"): 2}, "a greater one"
    assert not a._epochs, "with which nothing more is appended"


async def test_who_insists_gets_it_once_the_other_has_let_it_go(two: tuple[Cluster, Cluster]) -> None:
    a, b = two
    asked = list[str]()
    a.on_wanted(asked.append)
    await a.own("c", new=True)
    insisting = asyncio.create_task(b.own("c", insist=True))
    while not asked:
        await a._beat()
        await asyncio.sleep(0)
    assert set(asked) == {"c"}
    await a.release("c")
    await insisting
    assert await b.whose("c") is None


async def test_a_node_that_died_is_waited_for_and_followed(two: tuple[Cluster, Cluster], time: Time) -> None:
    a, b = two
    lost = list[str]()
    a.on_lost(lost.extend)
    await a.own("c", new=True)
    end = b.end_of(a.node)
    await stand_still(b, time)
    assert end.is_set(), "nothing is passed on to it any more"
    assert await b.whose("c") is None
    await b.own("c")
    await a._beat()
    assert lost == ["c"], "it was paused, wakes up, and is told"
    assert not a._epochs
    with pytest.raises(Elsewhere):
        await a.own("c")


async def test_who_is_cut_off_ends_what_it_has_by_itself(
    two: tuple[Cluster, Cluster], leases: Leases, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a word from the store: others may have it by now."""
    a, _ = two
    lost = list[str]()
    a.on_lost(lost.extend)
    await a.own("c", new=True)
    leases.is_cut_off = True
    time.now += LAPSE_S
    with pytest.raises(StoreFailed, match="lost touch"):
        await a.check()
    monkeypatch.setattr(module, "BEAT_S", 0.0)
    running = asyncio.create_task(a._run())
    await until(lambda: bool(lost))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert not a._epochs
    leases.is_cut_off = False
    await a._beat()
    await a.check()
    await a.own("c")
    assert a._epochs, "nobody had taken it"


async def test_a_second_process_of_one_name_does_not_start_while_the_first_lives(leases: Leases, time: Time) -> None:
    async with node(leases, "a") as first:
        second = Cluster(leases, Node("a", "a2", "http://a", "v1", 2), {})
        joining = asyncio.create_task(second.join())
        while not joining.done():
            await first._beat()
            await asyncio.sleep(0)
        with pytest.raises(Refused, match="another name with --node"):
            joining.result()
        await second.join()  # the first stands still now, and is followed
        await second.leave()


async def test_one_whose_name_was_taken_takes_nothing_more(leases: Leases, monkeypatch: pytest.MonkeyPatch) -> None:
    async with node(leases, "a") as first, node(leases, "b"):
        lost = list[str]()
        first.on_lost(lost.extend)
        await first.own("c", new=True)
        leases.nodes["a"] = Node("a", "a2", "http://a")
        monkeypatch.setattr(module, "BEAT_S", 0.0)
        await first._run()  # which ends
        assert lost == ["c"]
        with pytest.raises(StoreFailed, match="Another process runs as node 'a'"):
            await first.check()
        with pytest.raises(Elsewhere):
            await first.own("d", new=True)


@pytest.mark.parametrize("apart", [-APART_S - 1, APART_S + 1])
async def test_a_clock_that_is_wrong_stops_the_start(leases: Leases, time: Time, apart: float) -> None:
    time.wall += apart
    with pytest.raises(Refused, match=re.escape(f"{apart:+.0f} s from that of Redis")):
        async with node(leases, "a"):
            pass
    assert not leases.nodes, "it is no node"


async def test_a_clock_that_goes_wrong_later_is_said(leases: Leases, time: Time) -> None:
    async with node(leases, "a") as a:
        await a.check()
        time.wall += 3600
        await a._beat()
        with pytest.raises(StoreFailed, match=r"\+3600 s from that of Redis"):
            await a.check()


async def test_who_leaves_gets_nothing_more_and_says_so(two: tuple[Cluster, Cluster]) -> None:
    a, b = two
    await a.own("c", new=True)
    await a.drain()
    await b._beat()
    assert b.least() is None, "not the one that leaves"
    there = a.least()
    assert there is not None
    assert there.name == "b"
    with pytest.raises(Elsewhere):
        await a.own("d", new=True)
    handed = asyncio.create_task(b.whose("c"))
    await asyncio.sleep(0)
    assert not handed.done(), "it is waited for until it is handed over"
    await a.release("c")
    assert await handed is None


async def test_what_is_opened_between_two_beats_is_spread(leases: Leases) -> None:
    opened = 0
    async with node(leases, "a", lambda: opened) as a, node(leases, "b"):
        await a._beat()
        for _ in range(8):
            opened += a.least() is None
        assert opened == 4
