"""ICE (RFC 8445) on ONE UDP port for all peers: hospitals open one.

Rules:
- STUN requests find their peer by the local username fragment, STUN answers by their transaction; all else (DTLS,
  SRTP) comes through only from an address that has proved by MESSAGE-INTEGRITY that it belongs to the peer
  (RFC 8489 9.1). So a datagram of a stranger never reaches a peer's DTLS, which one false ClientHello would end.
- An address belongs to the first peer that it proved for, until that peer is closed: nobody with a call of their own
  can draw another's packets to it.
- A check proves the address that it came from first and no other: who reads a check on its way and sends it again from
  elsewhere is a stranger. Of a peer's addresses that are not nominated the oldest gives way to a new one.
- An empty datagram is nothing to anybody; to aiortc's DTLS it would be the end.
- Everything else is counted and dropped without an answer.
- We have one host candidate, the advertised address, and use none of a peer's: it is found by its own check, as
  peer-reflexive. So nothing is sent to an address that has not proved itself, no name is resolved (mDNS), and no STUN
  or TURN server is asked. Whoever gives up first ends the search: aioice itself never does without a list's end.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import secrets
import socket
import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

from aioice import stun
from aioice.candidate import Candidate, candidate_foundation, candidate_priority
from aioice.ice import Connection, StunProtocol

from consult.media.rtp.burst import Burst
from consult.media.webrtc import check_point
from consult.model.errors import Refused

logger = logging.getLogger(__name__)
Address = tuple[str, int]
SOCKET_BUFFER = 4 << 20
"""Bytes the kernel may hold each way: one keyframe for each of many peers."""
MAX_UNSENT = 1 << 20
"""Bytes that wait for the kernel before datagrams are dropped."""
MAX_WAITING = 1024
"""Datagrams of one peer that wait to be read."""
MAX_ADDRESSES = 16
"""Of one peer: every interface of a laptop, and some that NATs make up."""
MAX_CHECKS = 4096
"""Of one peer, remembered by transaction with where they came from: three hours of them."""
LAST_STUN_BYTE = 3
"""RFC 7983 7: a datagram whose first byte is above is no STUN."""


class UdpPort(asyncio.DatagramProtocol):
    """The port. `advertised`: what peers send to."""

    def __init__(self, sock: socket.socket) -> None:
        self.advertised: Address = ("", 0)
        self.check_point = check_point.new_check_point()
        """Where pages try whether anything comes through, before they join."""
        self.forged = 0
        """Datagrams that were dropped because nobody vouched for their sender."""
        self.overflowed = 0
        """Datagrams that were dropped because the kernel or a peer did not take those before."""
        self._by_fragment: dict[str, _PeerSocket] = {}
        self._by_transaction: dict[bytes, _PeerSocket] = {}
        self._by_address: dict[Address, _PeerSocket] = {}
        self._transport: asyncio.DatagramTransport | None = None
        self._burst = Burst(sock)
        self._closed = asyncio.get_running_loop().create_future()

    @property
    def bound(self) -> Address:
        """Address and port that it listens on."""
        return cast(Address, self.transport.get_extra_info("sockname")[:2])

    @property
    def transport(self) -> asyncio.DatagramTransport:
        """asyncio's, while it is open."""
        assert self._transport is not None
        return self._transport

    def connection(self) -> Connection:
        """The ICE agent of a new peer, for aiortc."""
        return _PeerConnection(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is open."""
        self._transport = cast(asyncio.DatagramTransport, transport)
        sock: socket.socket = transport.get_extra_info("socket")
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            sock.setsockopt(socket.SOL_SOCKET, option, SOCKET_BUFFER)  # the kernel cuts it to net.core.[rw]mem_max

    def connection_lost(self, exc: Exception | None) -> None:
        """It is closed."""
        if not self._closed.done():
            self._closed.set_result(None)

    def error_received(self, exc: Exception) -> None:
        """The network reports that a datagram did not arrive; ICE finds out by itself."""
        logger.debug("udp: %s", type(exc).__name__)

    async def close(self) -> None:
        """Close the port."""
        self.transport.close()
        await self._closed

    def send(self, data: bytes, address: Address) -> None:
        """Give a datagram to the kernel; it is dropped where too many wait."""
        transport = self.transport
        if transport.is_closing():
            return
        if cast(asyncio.WriteTransport, transport).get_write_buffer_size() > MAX_UNSENT:  # datagrams have it too
            self.overflowed += 1
            return
        transport.sendto(data, address)

    def send_burst(self, datagrams: Sequence[bytes], address: Address) -> None:
        """Give datagrams to the kernel, in order, with few calls; those are dropped for which too many wait."""
        transport, taken = self.transport, 0
        # The burst goes past asyncio's buffer, straight to the socket. Where datagrams wait in that buffer it would
        # overtake them: then these join the queue behind.
        if cast(asyncio.WriteTransport, transport).get_write_buffer_size() == 0 and not transport.is_closing():
            taken = self._burst.send(datagrams, address)
        for datagram in datagrams[taken:]:
            self.send(datagram, address)

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        """A datagram of anybody."""
        address = (addr[0], addr[1])  # an IPv6 address has four parts; aioice knows two
        if not data:
            self.forged += 1
            return
        # aioice would take whatever is no STUN for data of its only peer. Here many peers share the port, so the
        # sender's address decides, and only one that a check has proved.
        if data[0] > LAST_STUN_BYTE:
            owner = self._by_address.get(address)
            if owner is None:
                self.forged += 1
            else:
                owner.receiver.data_received(data, 1)
            return
        try:
            message = stun.parse_message(data)
        except (ValueError, IndexError, KeyError, struct.error):  # what aioice's parser stumbles over
            self.forged += 1
            return
        if not (self._request(message, address) or self._answer(message, address)):
            self.forged += 1

    def _request(self, message: stun.Message, address: Address) -> bool:
        """Whether it was a check that somebody vouches for; then it is dealt with."""
        attributes = message.attributes
        if message.message_class is not stun.Class.REQUEST or not {"USERNAME", "PRIORITY"} <= attributes.keys():
            return False
        if (answered := check_point.answer(self.check_point, message, address)) is not None:
            self.send(answered, address)
            return True
        peer = self._by_fragment.get(attributes["USERNAME"].partition(":")[0])
        if peer is None or not message.check_message_integrity(peer.receiver.local_password.encode()):
            return False
        if not peer.is_first_from(message.transaction_id, address) or not self._vouch(peer, address):
            return False
        peer.receiver.request_received(message, address, peer)
        return True

    def _answer(self, message: stun.Message, address: Address) -> bool:
        """Whether it answers a check of ours. aioice looks at its integrity and its sender."""
        peer = self._by_transaction.get(message.transaction_id)
        if peer is None or message.message_class not in {stun.Class.RESPONSE, stun.Class.ERROR}:
            return False
        transaction = peer.transactions.get(message.transaction_id)
        if transaction is not None:  # else a second answer to a check that was sent twice
            transaction.response_received(message, address)
        return True

    def _vouch(self, peer: _PeerSocket, address: Address) -> bool:
        """The address belongs to the peer from now on; False where it is another's."""
        owner = self._by_address.get(address)
        if owner is None:
            known = [a for a, p in self._by_address.items() if p is peer]  # the oldest first
            if len(known) >= MAX_ADDRESSES:
                del self._by_address[next(a for a in known if a != peer.nominated)]
            self._by_address[address] = owner = peer
        return owner is peer

    def enter(self, fragment: str, peer: _PeerSocket) -> None:
        """A peer listens."""
        self._by_fragment[fragment] = peer

    def expect(self, transaction: bytes, peer: _PeerSocket) -> None:
        """A peer has sent a check."""
        self._by_transaction[transaction] = peer

    def forget(self, transaction: bytes) -> None:
        """A check is over."""
        self._by_transaction.pop(transaction, None)

    def leave(self, peer: _PeerSocket) -> None:
        """A peer is closed: nothing leads to it any more."""
        self._by_fragment = {key: p for key, p in self._by_fragment.items() if p is not peer}
        self._by_address = {key: p for key, p in self._by_address.items() if p is not peer}


@asynccontextmanager
async def open_port(host: str, port: int = 0, advertise: str = "") -> AsyncIterator[UdpPort]:
    """The UDP port of a server.

    Args:
        host: address to bind.
        port: 0 takes a free one.
        advertise: ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT that peers are given; empty: the bound one, or where that is
            "any", this machine's own on the way to others.

    Raises:
        Refused: "udp_port_taken", "bad_advertise".
    """
    loop = asyncio.get_running_loop()
    try:
        sock = await _bound_socket(host, port)
    except OSError as error:
        problem = f"Cannot use UDP {host}:{port} for live media: {error.strerror}."
        raise Refused("udp_port_taken", f"{problem} Take another: --udp-port, --udp-host.") from None
    _, made = await loop.create_datagram_endpoint(lambda: UdpPort(sock), sock=sock)
    try:
        made.advertised = advertised(advertise, made.bound)
        made.check_point = check_point.new_check_point(*made.advertised)
        yield made
    finally:
        await made.close()


async def _bound_socket(host: str, port: int) -> socket.socket:
    """A socket for that address, which may be a name. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_DGRAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, address = found[0]
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setblocking(False)
        sock.bind(address)
    except BaseException:
        sock.close()
        raise
    return sock


def advertised(wanted: str, bound: Address) -> Address:
    """What peers are given, as for `open_port`. Raises Refused ("bad_advertise")."""
    if not wanted:
        address = ipaddress.ip_address(bound[0])
        return (_own_address(address.version), bound[1]) if address.is_unspecified else bound
    host, port = wanted, ""
    if wanted.startswith("[") or wanted.count(":") == 1:
        host, _, port = wanted.rpartition(":") if not wanted.endswith("]") else (wanted, "", "")
    try:
        named, number = str(ipaddress.ip_address(host.strip("[]"))), int(port) if port else bound[1]
        if port and not 0 < number < 65536:
            raise ValueError(port)
        return named, number
    except ValueError:
        raise Refused("bad_advertise", f"udp_advertise is {wanted!r}: an IP address, or one with :PORT.") from None


def _own_address(version: int) -> str:
    """The address that this machine has on the way to others; nothing is sent."""
    family, far, near = (
        (socket.AF_INET, "192.0.2.1", "127.0.0.1") if version == 4 else (socket.AF_INET6, "2001:db8::1", "::1")
    )  # documentation addresses, RFC 5737 and RFC 3849
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((far, 9))
            return str(probe.getsockname()[0])
        except OSError:
            return near


class PeerTransport(asyncio.DatagramTransport):
    """What aioice wants of a transport, for one peer of the port."""

    def __init__(self, port: UdpPort) -> None:
        super().__init__()
        self._port = port

    def sendto(self, data: Any, addr: Any = None) -> None:
        """As the port's `send`."""
        self._port.send(data, addr)

    def send_burst(self, datagrams: Sequence[bytes], address: Address) -> None:
        """As the port's `send_burst`."""
        self._port.send_burst(datagrams, address)

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """As asyncio's transport of the port."""
        return self._port.transport.get_extra_info(name, default)

    def close(self) -> None:
        """Nothing: aioice closes the transport of each peer, and the port stays open for the others."""


class _PeerSocket(StunProtocol):
    """One peer's part of the port."""

    def __init__(self, receiver: Connection, port: UdpPort) -> None:
        super().__init__(receiver)
        self._port = port
        self.transport = PeerTransport(port)
        self._checks: dict[bytes, Address] = {}

    @property
    def nominated(self) -> Address | None:
        """The address that the peer has chosen."""
        pair = self.receiver._nominated.get(1)
        return None if pair is None else pair.remote_addr

    def is_first_from(self, transaction: bytes, address: Address) -> bool:
        """Whether no check of that transaction came from elsewhere before."""
        known = self._checks.setdefault(transaction, address)
        if len(self._checks) > MAX_CHECKS:
            del self._checks[next(iter(self._checks))]
        return known == address

    def send_stun(self, message: stun.Message, addr: Address) -> None:
        # aioice looks an answer up in its own protocol's transactions. The port has to know before, whose those are.
        if message.message_class is stun.Class.REQUEST:
            self._port.expect(message.transaction_id, self)
        super().send_stun(message, addr)

    async def request(
        self,
        request: stun.Message,
        addr: Address,
        integrity_key: bytes | None = None,
        retransmissions: int | None = None,
    ) -> tuple[stun.Message, Address]:
        try:
            return await super().request(request, addr, integrity_key, retransmissions)
        finally:
            self._port.forget(request.transaction_id)

    async def close(self) -> None:
        # In place of aioice's, which closes its transport and waits for `connection_lost`: that never comes here.
        self._port.leave(self)


class _PeerConnection(Connection):
    """aioice's agent for one peer: one candidate, its part of the port."""

    def __init__(self, port: UdpPort) -> None:
        # Longer than aioice's own 4 and 22 characters: all peers share a port, so a fragment must not occur twice.
        super().__init__(
            ice_controlling=False, local_username=secrets.token_hex(8), local_password=secrets.token_hex(16)
        )
        self._port = port

    async def add_remote_candidate(self, remote_candidate: Candidate | None) -> None:
        """Not used, nor is the list's end."""

    async def gather_candidates(self) -> None:
        # aioice binds a socket to each address of each interface, and asks STUN servers. Ours is the one port.
        if self._local_candidates_start:
            return
        self._local_candidates_start = True
        host, port = self._port.advertised
        own = _PeerSocket(self, self._port)
        own.local_candidate = Candidate(
            foundation=candidate_foundation("host", "udp", host),
            component=1,
            transport="udp",
            priority=candidate_priority(1, "host"),
            host=host,
            port=port,
            type="host",
        )
        self._protocols.append(own)
        self._local_candidates.append(own.local_candidate)
        self._port.enter(self.local_username, own)
        self._local_candidates_end = True

    def data_received(self, data: bytes, component: int) -> None:
        # aioice's queue has no bound, and DTLS reads it at its own pace: a flood would grow it without end.
        if self._queue.qsize() >= MAX_WAITING:
            self._port.overflowed += 1
            return
        super().data_received(data, component)
