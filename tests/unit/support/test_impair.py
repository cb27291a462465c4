"""The seeded bad link of the tests does what it says, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import cast

import pytest
import pytest_asyncio

from tests.support.impair import LOOPBACK, Address, Impairment, Link, Relay
from tests.support.waiting import until


def arrivals(link: Link, times: list[float], size: int = 1000) -> list[float | None]:
    return [link.arrival(size, now) for now in times]


def test_a_good_link_passes_everything_at_once() -> None:
    link = Link(1)
    assert arrivals(link, [0.0, 0.1, 0.2]) == [0.0, 0.1, 0.2]
    assert (link.counts.offered, link.counts.passed, link.counts.bytes) == (3, 3, 3000)


def test_equal_seeds_lose_the_same_datagrams_and_others_others() -> None:
    times = [i / 100 for i in range(1000)]
    runs = [arrivals(Link(seed, Impairment(loss=0.1)), times) for seed in (1, 1, 2)]
    assert runs[0] == runs[1] != runs[2]
    assert 60 < runs[0].count(None) < 140


def test_delay_and_jitter_keep_the_order() -> None:
    link = Link(1, Impairment(delay_s=0.05, jitter_s=0.02))
    times = [i / 1000 for i in range(500)]
    taken = [at for at in arrivals(link, times) if at is not None]
    assert taken == sorted(taken)
    assert all(at - now >= 0.05 for now, at in zip(times, taken, strict=True))
    assert max(at - now for now, at in zip(times, taken, strict=True)) > 0.06


def test_some_are_overtaken() -> None:
    link = Link(1, Impairment(reorder=0.1))
    taken = [at for at in arrivals(link, [i / 1000 for i in range(500)]) if at is not None]
    assert len(taken) == 500
    assert 20 < sum(a > b for a, b in pairwise(taken)) < 80


def test_a_limit_passes_its_rate_and_drops_what_its_queue_does_not_hold() -> None:
    link = Link(1, Impairment(bits_per_s=1_000_000, queue_bytes=20_000))
    taken = [at for at in arrivals(link, [i / 1000 for i in range(1000)]) if at is not None]  # 8 Mbit/s
    assert 8 * 1000 * len(taken) / taken[-1] == pytest.approx(1_000_000, rel=0.01)
    assert link.counts.overflowed == 1000 - len(taken)
    assert max(at - i / 1000 for i, at in enumerate(taken)) <= 1.2
    assert link.bits_per_s(0, 1) == pytest.approx(8_000_000)
    assert link.peak_bits_per_s(0.1) == pytest.approx(8_000_000, rel=0.02)


class Echo(asyncio.DatagramProtocol):
    """A server on one port: answers everybody, remembers who sent what."""

    def __init__(self) -> None:
        self.received: dict[Address, list[bytes]] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self.received.setdefault(addr, []).append(data)
        self.transport.sendto(b"to " + data, addr)


class Peer(Echo):
    """Only listens."""

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self.received.setdefault(addr, []).append(data)


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Echo]:
    loop = asyncio.get_running_loop()
    transport, echo = await loop.create_datagram_endpoint(Echo, local_addr=(LOOPBACK, 0))
    yield echo
    transport.close()


@pytest_asyncio.fixture
async def relay(server: Echo) -> AsyncIterator[Relay]:
    async with Relay(server.transport.get_extra_info("sockname")[1], seed=3) as relay:
        yield relay


@pytest_asyncio.fixture
async def peers(relay: Relay) -> AsyncIterator[list[Peer]]:
    loop = asyncio.get_running_loop()
    made = [(await loop.create_datagram_endpoint(Peer, remote_addr=(LOOPBACK, relay.port)))[1] for _ in range(3)]
    yield made
    for peer in made:
        peer.transport.close()


async def test_many_peers_pass_one_port_and_each_gets_its_own_answers(
    server: Echo, relay: Relay, peers: list[Peer]
) -> None:
    for turn in range(2):
        for name, peer in enumerate(peers):
            peer.transport.sendto(f"{name}.{turn}".encode())
    front = (LOOPBACK, relay.port)
    await until(lambda: all(len(peer.received.get(front, ())) == 2 for peer in peers))
    for name, peer in enumerate(peers):
        assert peer.received == {front: [f"to {name}.{turn}".encode() for turn in range(2)]}
    assert sorted(map(len, server.received.values())) == [2, 2, 2]
    assert front not in server.received


async def test_a_black_hole_swallows_both_ways_and_opens_again(server: Echo, relay: Relay, peers: list[Peer]) -> None:
    peer, late = peers[:2]
    front = (LOOPBACK, relay.port)
    peer.transport.sendto(b"before")
    await until(lambda: len(peer.received.get(front, ())) == 1)
    relay.block()
    (theirs,) = server.received
    peer.transport.sendto(b"lost")
    late.transport.sendto(b"lost too")
    server.transport.sendto(b"lost as well", theirs)
    await until(lambda: [link.counts.blocked for way in ("up", "down") for link in relay.links(way)] == [1, 1, 1, 0])
    relay.unblock()
    peer.transport.sendto(b"after")
    late.transport.sendto(b"after")
    await until(lambda: len(peer.received[front]) == 2 and len(late.received.get(front, ())) == 1)
    assert peer.received[front] == [b"to before", b"to after"]
    assert [one for some in server.received.values() for one in some] == [b"before", b"after", b"after"]


async def test_impairments_change_while_it_runs(relay: Relay, peers: list[Peer]) -> None:
    front = (LOOPBACK, relay.port)
    peers[0].transport.sendto(b"one")
    await until(lambda: len(peers[0].received.get(front, ())) == 1)
    relay.impair("down", Impairment(loss=1.0))
    for peer in peers[:2]:
        peer.transport.sendto(b"two")
    await until(lambda: [link.counts.lost for link in relay.links("down")] == [1, 1])
    relay.impair("down", Impairment(delay_s=0.02))
    peers[0].transport.sendto(b"three")
    await until(lambda: len(peers[0].received[front]) == 2)
    assert peers[0].received[front] == [b"to one", b"to three"]
