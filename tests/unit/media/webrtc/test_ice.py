"""One UDP port for all peers: who vouches for whom, and what a stranger can do (nothing)."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from aioice import Candidate, stun
from aioice.ice import Connection

from consult.media.webrtc import ice
from consult.media.webrtc.ice import MAX_ADDRESSES, MAX_WAITING, UdpPort, advertised, open_port
from consult.model.errors import Refused
from tests.support.waiting import PATIENCE_S

STRANGER, OTHER = ("127.0.0.1", 9), ("127.0.0.1", 10)
DTLS = bytes((22, 254, 253)) + bytes(50)


@pytest_asyncio.fixture
async def port() -> AsyncIterator[UdpPort]:
    async with open_port("127.0.0.1") as made:
        yield made


@pytest_asyncio.fixture
async def make(port: UdpPort) -> AsyncIterator[Callable[[], Awaitable[Connection]]]:
    """Makes peers of the port, as aiortc does: each has gathered."""
    made: list[Connection] = []

    async def one() -> Connection:
        connection = port.connection()
        made.append(connection)
        await connection.gather_candidates()
        return connection

    yield one
    await asyncio.gather(*(connection.close() for connection in made))


def check(peer: Connection, *, password: str = "", username: str = "", priority: bool = True) -> bytes:
    """A browser's check, as bytes."""
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes["USERNAME"] = username or f"{peer.local_username}:browser"
    if priority:
        message.attributes["PRIORITY"] = 1
    message.attributes["ICE-CONTROLLED"] = 1
    message.add_message_integrity((password or peer.local_password).encode())
    return bytes(message)


async def browser_of(peer: Connection) -> Connection:
    """Stock aioice, connected to a peer of the port."""
    browser = Connection(ice_controlling=False)
    await browser.gather_candidates()
    browser.remote_username, browser.remote_password = peer.local_username, peer.local_password
    peer.remote_username, peer.remote_password = browser.local_username, browser.local_password
    peer.ice_controlling = True
    for candidate in peer.local_candidates:
        await browser.add_remote_candidate(candidate)
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(browser.connect(), peer.connect())
    return browser


async def test_many_peers_share_the_port_and_each_gets_its_own(
    port: UdpPort, make: Callable[[], Awaitable[Connection]]
) -> None:
    peers = [await make() for _ in range(4)]
    browsers = [await browser_of(peer) for peer in peers]
    assert {candidate.port for peer in peers for candidate in peer.local_candidates} == {port.bound[1]}
    for number, (peer, browser) in enumerate(zip(peers, browsers, strict=True)):
        await browser.send(DTLS + bytes((number,)))
        assert await peer.recv() == DTLS + bytes((number,))
        await peer.send(bytes((200, number)))
        assert await browser.recv() == bytes((200, number))
    assert port.forged == 0
    await asyncio.gather(*(browser.close() for browser in browsers))


async def test_only_who_has_proved_an_address_is_heard_from_it(
    port: UdpPort, make: Callable[[], Awaitable[Connection]]
) -> None:
    peer = await make()
    forgeries = (
        DTLS, b"", b"\x80rtp", b"\x00\x01", check(peer, password="guessed" * 4), check(peer, username="nobody:browser"),
        check(peer, priority=False), bytes(stun.Message(stun.Method.BINDING, stun.Class.RESPONSE)),
    )  # fmt: skip
    for forged in forgeries:
        port.datagram_received(forged, STRANGER)
    port.datagram_received(DTLS, STRANGER)
    assert port.forged == len(forgeries) + 1
    assert peer._queue.empty()
    assert not peer._early_checks
    port.datagram_received(check(peer), STRANGER)
    port.datagram_received(DTLS, STRANGER)
    port.datagram_received(DTLS, OTHER)
    assert peer._queue.get_nowait() == (DTLS, 1)
    assert port.forged == len(forgeries) + 2


async def test_nobody_draws_anothers_address_to_a_call_of_their_own(
    port: UdpPort, make: Callable[[], Awaitable[Connection]]
) -> None:
    victim, thief = await make(), await make()
    port.datagram_received(check(victim), STRANGER)
    port.datagram_received(check(thief), STRANGER)
    port.datagram_received(DTLS, STRANGER)
    assert (victim._queue.qsize(), thief._queue.qsize()) == (1, 0)
    assert port.forged == 1
    await victim.close()
    port.datagram_received(check(thief), STRANGER)
    port.datagram_received(DTLS, STRANGER)
    assert thief._queue.qsize() == 1


async def test_a_check_that_is_sent_again_from_elsewhere_proves_nothing(
    port: UdpPort, make: Callable[[], Awaitable[Connection]]
) -> None:
    peer = await make()
    seen = check(peer)
    port.datagram_received(seen, STRANGER)
    port.datagram_received(seen, STRANGER)  # as browsers repeat what is not answered
    port.datagram_received(seen, OTHER)
    port.datagram_received(DTLS, OTHER)
    port.datagram_received(DTLS, STRANGER)
    assert (port.forged, peer._queue.qsize()) == (2, 1)


async def test_an_empty_datagram_reaches_nobody(port: UdpPort, make: Callable[[], Awaitable[Connection]]) -> None:
    """aiortc takes it for the end of a call."""
    peer = await make()
    port.datagram_received(check(peer), STRANGER)
    port.datagram_received(b"", STRANGER)
    assert (port.forged, peer._queue.qsize()) == (1, 0)


async def test_the_oldest_address_gives_way_but_never_the_nominated_one(
    port: UdpPort, make: Callable[[], Awaitable[Connection]]
) -> None:
    peer = await make()
    browser = await browser_of(peer)
    (nominated,) = port._by_address
    for number in range(MAX_ADDRESSES + 5):
        port.datagram_received(check(peer), ("127.0.0.1", 1000 + number))
    assert len(port._by_address) == MAX_ADDRESSES
    assert nominated in port._by_address
    assert ("127.0.0.1", 1000) not in port._by_address
    assert ("127.0.0.1", 1000 + MAX_ADDRESSES + 4) in port._by_address, "a new network of the peer is heard"
    await browser.send(DTLS)
    assert await peer.recv() == DTLS
    await browser.close()


async def test_what_is_remembered_of_checks_is_bounded(
    port: UdpPort, make: Callable[[], Awaitable[Connection]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ice, "MAX_CHECKS", 20)
    peer = await make()
    for _ in range(50):
        port.datagram_received(check(peer), STRANGER)
    (socket,) = set(port._by_address.values())
    assert len(socket._checks) == 20


async def test_a_closed_peer_is_not_led_to(port: UdpPort, make: Callable[[], Awaitable[Connection]]) -> None:
    peer = await make()
    port.datagram_received(check(peer), STRANGER)
    await peer.close()
    port.datagram_received(DTLS, STRANGER)
    port.datagram_received(check(peer), OTHER)
    assert port.forged == 2
    assert not (port._by_address)
    assert not (port._by_fragment)
    assert not (port._by_transaction)


async def test_what_one_peer_may_heap_up_is_bounded(port: UdpPort, make: Callable[[], Awaitable[Connection]]) -> None:
    peer = await make()
    for number in range(MAX_ADDRESSES + 5):
        port.datagram_received(check(peer), ("127.0.0.1", 1000 + number))
    assert len(port._by_address) == MAX_ADDRESSES
    for _ in range(MAX_WAITING + 10):
        port.datagram_received(DTLS, ("127.0.0.1", 1000 + MAX_ADDRESSES))
    assert peer._queue.qsize() == MAX_WAITING
    assert port.overflowed == 10


async def test_candidates_of_a_peer_are_not_sent_to_and_names_not_resolved(
    port: UdpPort, make: Callable[[], Awaitable[Connection]]
) -> None:
    peer = await make()
    for host in ("127.0.0.1", "3c2a.local"):
        await peer.add_remote_candidate(Candidate("f", 1, "udp", 1, host, 9, "host"))
    await peer.add_remote_candidate(None)
    assert not peer.remote_candidates
    assert not peer._remote_candidates_end


@pytest.mark.parametrize("seed", range(5))
async def test_no_datagram_raises(port: UdpPort, make: Callable[[], Awaitable[Connection]], seed: int) -> None:
    rng = random.Random(seed)
    good = check(await make())
    for _ in range(2000):
        data = bytearray(good)
        for _ in range(rng.randrange(1, 6)):
            data[rng.randrange(len(data))] ^= rng.randrange(1, 256)
        port.datagram_received(bytes(data[: rng.randrange(len(data))]), STRANGER)
    assert port.forged == 2000


async def test_a_taken_port_and_a_bad_address_are_refused() -> None:
    async with open_port("127.0.0.1") as port:
        with pytest.raises(Refused, match="Cannot use UDP"):
            async with open_port("127.0.0.1", port.bound[1]):
                pass
    with pytest.raises(Refused, match="udp_advertise"):
        async with open_port("127.0.0.1", advertise="media.example"):
            pass


def test_what_is_advertised() -> None:
    bound = ("127.0.0.1", 4000)
    assert advertised("", bound) == bound
    assert advertised("192.0.2.7", bound) == ("192.0.2.7", 4000)
    assert advertised("192.0.2.7:9000", bound) == ("192.0.2.7", 9000)
    assert advertised("2001:db8::7", bound) == ("2001:db8::7", 4000)
    assert advertised("[2001:db8::7]:9000", bound) == ("2001:db8::7", 9000)
    own, port = advertised("", ("0.0.0.0", 4000))
    assert own != "0.0.0.0"
    assert port == 4000
    for wrong in ("host:1", "192.0.2.7:x", "[::1", ":5"):
        with pytest.raises(Refused):
            advertised(wrong, bound)


async def test_the_port_closes() -> None:
    async with open_port("127.0.0.1") as port:
        transport = port.transport
        assert not transport.is_closing()
    assert transport.is_closing()
