"""A seeded bad link for datagrams, without root: a relay on loopback between many peers and one UDP port of a server.

Rules:
- Peers know the relay's `port` alone (the server advertises it); the server sees each peer at an address of its own,
  as behind a NAT. So ICE passes the relay both ways, as long as the server does not know the peers' own addresses.
- Each peer has two links of its own, up and down, with numbers drawn from the relay's seed and the peer's place.
- `block` is a black hole: nothing passes, without a sign. What was on its way still arrives.
"""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Literal

Address = tuple[str, int]
Direction = Literal["up", "down"]
"""up: from a peer to the server."""
LOOPBACK = "127.0.0.1"
SOCKET_BUFFER = 1 << 21
LATE_S = (0.005, 0.030)
"""How much later than its neighbours a datagram comes that is overtaken."""


@dataclass(frozen=True)
class Impairment:
    """What a link does to datagrams.

    Attributes:
        delay_s: of every datagram, one way.
        jitter_s: added, even between 0 and this; the order stays.
        loss: share that is lost, 0 to 1.
        reorder: share that comes later than those behind it.
        bits_per_s: what passes; 0: no limit.
        queue_bytes: what waits before the limit; more is dropped.
    """

    delay_s: float = 0.0
    jitter_s: float = 0.0
    loss: float = 0.0
    reorder: float = 0.0
    bits_per_s: float = 0.0
    queue_bytes: int = 64_000


GOOD = Impairment()


@dataclass
class Counts:
    """Datagrams of a link, by what became of them; `bytes` of those offered to it."""

    offered: int = 0
    bytes: int = 0
    passed: int = 0
    lost: int = 0
    overflowed: int = 0
    blocked: int = 0


class Link:
    """One direction of one peer. Pure: `now` in seconds is an argument."""

    def __init__(self, seed: int | str, impairment: Impairment = GOOD) -> None:
        self.impairment = impairment
        self.blocked = False
        self.counts = Counts()
        self.history: list[tuple[float, int]] = []
        """(when, bytes) of each datagram that was offered."""
        self._rng = random.Random(seed)
        self._free = self._last = 0.0

    def arrival(self, size: int, now: float) -> float | None:
        """When a datagram of that many bytes arrives that is offered now; None: never."""
        self.counts.offered += 1
        self.counts.bytes += size
        self.history.append((now, size))
        link = self.impairment
        if self.blocked:
            self.counts.blocked += 1
            return None
        if self._rng.random() < link.loss:
            self.counts.lost += 1
            return None
        at = now
        if link.bits_per_s:
            at = max(self._free, now)
            if (at - now) * link.bits_per_s / 8 + size > link.queue_bytes:
                self.counts.overflowed += 1
                return None
            at = self._free = at + size * 8 / link.bits_per_s
        self.counts.passed += 1
        at += link.delay_s + self._rng.random() * link.jitter_s
        if self._rng.random() < link.reorder:
            return at + self._rng.uniform(*LATE_S)
        self._last = max(at, self._last)
        return self._last

    def bits_per_s(self, since: float, until: float) -> float:
        """What was offered between two times, passed or not."""
        return 8 * sum(size for at, size in self.history if since <= at < until) / (until - since)

    def peak_bits_per_s(self, window_s: float, since: float = 0.0) -> float:
        """The most that was offered within any such window."""
        most = total = first = 0
        recent = [entry for entry in self.history if entry[0] >= since]
        for at, size in recent:
            total += size
            while recent[first][0] <= at - window_s:
                total -= recent[first][1]
                first += 1
            most = max(most, total)
        return 8 * most / window_s


class _End(asyncio.DatagramProtocol):
    """A socket that hands on what it gets."""

    def __init__(self, received: Callable[[bytes, Address], None]) -> None:
        self._received = received

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self._received(data, addr)

    def error_received(self, exc: Exception) -> None:
        """The other side is not there (any more): as on a network, without a sign."""


async def _open(received: Callable[[bytes, Address], None], port: int = 0) -> asyncio.DatagramTransport:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _End(received), local_addr=(LOOPBACK, port))
    inner: socket.socket = transport.get_extra_info("socket")
    for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
        inner.setsockopt(socket.SOL_SOCKET, option, SOCKET_BUFFER)
    return transport


class Passage:
    """One peer's way through the relay. `up`, `down`: its links."""

    def __init__(self, peer: Address, up: Link, down: Link) -> None:
        self.peer, self.up, self.down = peer, up, down
        self.waiting: list[bytes] = []
        """Datagrams of the peer, until the socket towards the server is open."""
        self.socket: asyncio.DatagramTransport | None = None


def free_udp_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


class Relay:
    """`async with Relay(server_port) as relay`: peers send to `relay.port`."""

    def __init__(self, server_port: int = 0, *, seed: int = 0, up: Impairment = GOOD, down: Impairment = GOOD) -> None:
        self.server: Address = (LOOPBACK, server_port)
        """May be set later, when the server is known."""
        self.passages: dict[Address, Passage] = {}
        """By the peer's address, in the order in which they came."""
        self.blocked = self._shut = False
        self._seed = seed
        self._impairments: dict[Direction, Impairment] = {"up": up, "down": down}
        self._tasks: set[asyncio.Task[None]] = set()
        self._timers: set[asyncio.TimerHandle] = set()
        self._closed = False

    async def __aenter__(self) -> Relay:
        """Listen."""
        self._front = await _open(self._from_peer)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop; what is on its way is lost."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for timer in self._timers:
            timer.cancel()
        for passage in self.passages.values():
            if passage.socket is not None:
                passage.socket.close()
        self._front.close()

    @property
    def port(self) -> int:
        """What the server advertises."""
        port: int = self._front.get_extra_info("sockname")[1]
        return port

    def block(self) -> None:
        """From now on nothing passes, of nobody."""
        self._set_blocked(blocked=True)

    def unblock(self) -> None:
        """All passes again."""
        self._set_blocked(blocked=False)

    def shut_out(self) -> None:
        """Who comes from now on gets nothing through; those who are here do."""
        self._shut = True

    def impair(self, direction: Direction, impairment: Impairment) -> None:
        """From now on the links of all peers are like this, also of those who come later."""
        self._impairments[direction] = impairment
        for link in self.links(direction):
            link.impairment = impairment

    def links(self, direction: Direction) -> Iterator[Link]:
        """Of all peers that have come so far."""
        for passage in self.passages.values():
            yield passage.up if direction == "up" else passage.down

    def _set_blocked(self, *, blocked: bool) -> None:
        self.blocked = blocked
        for link in (*self.links("up"), *self.links("down")):
            link.blocked = blocked

    def _from_peer(self, data: bytes, peer: Address) -> None:
        passage = self.passages.get(peer)
        if passage is None:
            passage = self._let_in(peer)
        self._carry(passage.up, data, lambda: self._to_server(passage, data))

    def _let_in(self, peer: Address) -> Passage:
        place = len(self.passages)
        up, down = (Link(f"{self._seed}/{place}/{side}", self._impairments[side]) for side in ("up", "down"))
        up.blocked = down.blocked = self.blocked or self._shut
        passage = self.passages[peer] = Passage(peer, up, down)
        task = asyncio.create_task(self._open_passage(passage))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return passage

    async def _open_passage(self, passage: Passage) -> None:
        def answer(data: bytes, _: Address) -> None:
            self._carry(passage.down, data, lambda: self._front.sendto(data, passage.peer))

        passage.socket = await _open(answer)
        for data in passage.waiting:
            passage.socket.sendto(data, self.server)
        passage.waiting.clear()

    def _to_server(self, passage: Passage, data: bytes) -> None:
        if passage.socket is None:
            passage.waiting.append(data)
        else:
            passage.socket.sendto(data, self.server)

    def _carry(self, link: Link, data: bytes, deliver: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        at = link.arrival(len(data), now)
        if at is None or self._closed:
            return
        if at <= now:
            deliver()
            return

        def arrive() -> None:
            self._timers.discard(timer)
            deliver()

        timer = loop.call_at(at, arrive)
        self._timers.add(timer)
