"""Datagrams to the one UDP port: of strangers, and of a page whose address is proved: STUN, DTLS, RTP, RTCP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiortc.rtp import RtcpPsfbPacket, RtcpRtpfbPacket, RtpPacket

from consult.media.webrtc.ice import UdpPort, open_port
from consult.media.webrtc.peer import Peer
from tests.support.webrtc import Browser
from tools.fuzz.mutate import Mutator
from tools.fuzz.watch import Findings, watched_loop

STRANGER = ("127.0.0.1", 9)
CLIENT_HELLO = bytes.fromhex("16fefd0000000000000000002c010000200000000000000020fefd") + bytes(34)
CONNECT_S = 20.0


@asynccontextmanager
async def call(port: UdpPort) -> AsyncIterator[tuple[Peer, Browser]]:
    """A page that is connected."""
    peer, browser = Peer(port, lambda packet: None), Browser()
    await peer.answer(await browser.answer(await peer.offer(h264=True)))
    async with asyncio.timeout(CONNECT_S):
        await peer.until_connected()
    yield peer, browser
    await browser.close()
    await peer.close()


def good_datagrams(received: list[bytes]) -> list[bytes]:
    """What was really sent to the port, and one of each kind beside."""
    rtp = RtpPacket(payload_type=111, sequence_number=7, timestamp=960, ssrc=1, payload=b"voice")
    pli, nack = RtcpPsfbPacket(fmt=1, ssrc=1, media_ssrc=2), RtcpRtpfbPacket(fmt=1, ssrc=1, media_ssrc=2, lost=[1, 2])
    return [*received, rtp.serialize(), bytes(pli), bytes(nack), CLIENT_HELLO, b"", b"\x00", b"\x80", b"\x14"]


async def fuzz(seed: int, count: int) -> Findings:
    """So many datagrams, half of them from the address of a page that is connected; then another page connects."""
    mutator = Mutator(seed)
    with watched_loop() as findings:
        async with open_port("127.0.0.1") as port:
            received: list[bytes] = []
            receive: Callable[..., None] = port.datagram_received

            def listen(data: bytes, addr: tuple[Any, ...]) -> None:
                received.append(data)
                receive(data, addr)

            port.datagram_received = listen  # type: ignore[method-assign]  # it only listens
            async with call(port):
                good = good_datagrams(received[:])
                known = [*port._by_address, STRANGER]
                for i in range(count):
                    try:
                        receive(mutator.bytes_of(mutator.rng.choice(good)), known[i % len(known)])
                        findings.count("heard")
                    except Exception as error:  # no datagram raises
                        findings.count("raised")
                        findings.problem(error)
                    if i % 20 == 0:
                        await asyncio.sleep(0)
            try:
                async with call(port):
                    pass
            except Exception as error:  # the port serves the next one
                findings.problem(error)
    return findings
