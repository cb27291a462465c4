"""Somebody with a link: what they send, and ask for, as live media costs the others nothing."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiortc.rtp import RTCP_RTPFB_NACK, RtcpRtpfbPacket

from consult.media.pacing.backlog_gate import BacklogGate
from consult.media.rtp.retransmission import HISTORY, REPORT_BYTES, REPORTS
from consult.media.rtp.voice_packet import VoicePacket
from consult.media.webrtc.aiortc_override import VideoSender
from consult.media.webrtc.ice import UdpPort, open_port
from consult.media.webrtc.peer import Peer
from consult.media.webrtc.transport_override import Dtls
from consult.model.errors import Malformed, PeerFault
from consult.model.identifiers import ConnectionId, SeatId
from consult.model.view import MAX_SCREEN_PIXELS, Screen
from consult.signaling.codec import decode
from consult.streaming.recipes import Recipe
from consult.streaming.still_turns import LARGE_PIXELS
from consult.streaming.stills import Still
from consult.streaming.voice_router import BYTES_PER_S, PACKETS_PER_S, VoiceRouter
from tests.support.waiting import PATIENCE_S, until
from tests.support.webrtc import Browser
from tests.unit.streaming.test_router import CASE, Stage, pool, stage
from tools.fuzz.watch import watched_loop

__all__ = ["pool", "stage"]
ROOT = Path(__file__).parent.parent.parent
ANN, BOB = ConnectionId("ann/1"), ConnectionId("bob/1")


class Slot:
    """What a listener is sent."""

    def __init__(self, got: list[int]) -> None:
        self._got = got

    def forward(self, source: Hashable, packet: VoicePacket) -> None:
        self._got.append(len(packet.payload))


def talk(packets: int, size: int, seconds: float) -> list[int]:
    """Sizes of what somebody is sent while another sends so many packets of a size, evenly."""
    now, got = 0.0, list[int]()
    voices = VoiceRouter(lambda speaking: None, lambda: now)
    for who in (ANN, BOB):
        slots: Sequence[Slot] = [Slot(got if who == BOB else []) for _ in range(3)]
        voices.set_voice(who, on=True, listens=True)
        voices.join(who, SeatId(who.partition("/")[0]), slots)
    for number in range(packets):
        now = number * seconds / packets
        voices.packet(ANN, VoicePacket(number % 2**16, number * 960, bytes(size), 20, False))
    voices.close()
    return got


@pytest.mark.parametrize("size", [1, 80, 160, 1200])
async def test_a_talker_is_forwarded_up_to_100_packets_and_128_kbit_a_second(size: int) -> None:
    got = talk(5000, size, 1.0)
    assert len(got) == min(PACKETS_PER_S, BYTES_PER_S // size)
    assert sum(got) * 8 <= 128_000


async def test_what_browsers_send_is_forwarded_whole() -> None:
    assert len(talk(500, 80, 10.0)) == 500, "20 ms, 32 kbit/s"
    assert len(talk(900, 150, 10.0)) == 900, "the most that fits, on a link that comes in bursts or not"


async def test_nacks_are_rationed_before_they_are_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[int] = []

    async def parse(self: Any, data: bytes) -> None:
        parsed.append(len(data))

    monkeypatch.setattr("consult.media.webrtc.transport_override.RTCDtlsTransport._handle_rtcp_data", parse)
    async with open_port("127.0.0.1") as port:
        peer = Peer(port, lambda packet: None)
        await peer.offer(h264=True)
        video = peer._video
        assert video is not None
        dtls = video.transport
        assert isinstance(dtls, Dtls), "the peer's connection uses it"
        for size in (20, 1200):
            parsed.clear()
            monkeypatch.setattr("consult.media.webrtc.transport_override.steady", lambda at=size: float(at))
            for _ in range(5000):
                await dtls._handle_rtcp_data(bytes(size))
            assert len(parsed) == min(REPORTS, REPORT_BYTES // size)
        assert dtls.dropped == 2 * 5000 - REPORTS - REPORT_BYTES // 1200
        await peer.close()


async def test_packets_that_a_nack_names_are_looked_up_so_many_times_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    async def retransmit(self: VideoSender, sequence: int) -> None:
        nonlocal asked
        asked += 1

    monkeypatch.setattr(VideoSender, "_retransmit", retransmit)
    monkeypatch.setattr("consult.media.webrtc.aiortc_override.steady", lambda: 5.0)
    async with open_port("127.0.0.1") as port:
        peer = Peer(port, lambda packet: None)
        await peer.offer(h264=True)
        video = peer._video
        assert video is not None
        for _ in range(20):
            nack = RtcpRtpfbPacket(fmt=RTCP_RTPFB_NACK, ssrc=1, media_ssrc=video._ssrc, lost=list(range(2000)))
            await video._handle_rtcp_packet(nack)
        assert asked == HISTORY
        await peer.close()


def test_no_screen_is_larger_than_any() -> None:
    """A still of 8192 by 8192 takes longer than all the others of a consult."""
    Screen(3840, 2160)
    Screen(7680, 4320)
    assert LARGE_PIXELS == 3840 * 2160
    with pytest.raises(ValueError, match="pixels at most"):
        Screen(8192, 8192)
    with pytest.raises(Exception, match="pixels at most"):
        decode('{"type":"screen","screen":{"width":8192,"height":8192}}')
    layout = (ROOT / "web/js/core/view/layout.js").read_text()
    assert "MAX_SIDE, MAX_PIXELS] = [16, 8192, 8192 * 4352]" in layout, "so a page never asks for a larger one"
    assert MAX_SCREEN_PIXELS == 8192 * 4352


async def test_a_seat_that_asks_for_everything_holds_two_renderings(stage: Stage) -> None:
    """The whole way from the address of a still to the pool; another seat is rendered beside."""
    rendering: dict[str, Any] = stage.stills._rendering
    may_end = threading.Event()

    def render(image: Any, recipe: Recipe) -> Still:
        may_end.wait()
        return Still(b"png", "hash")

    stage.stills._render = render
    stage.pictures.show(stage.view(1), CASE)
    for size in range(12):
        stage.pictures.set_screen(ConnectionId(f"ann/{size}"), Screen(100 + size, 100))
    stamps = await stage.stamps(12)
    digests = [stamp.viewports[0].digest for stamp in stamps.values()]
    asked = [asyncio.create_task(stage.pictures.fetch(digest, SeatId("ann"), guest=False)) for digest in digests[:-1]]
    await until(lambda: len(rendering) == 2)
    asked.append(asyncio.create_task(stage.pictures.fetch(digests[-1], SeatId("bob"), guest=False)))
    await until(lambda: len(rendering) == 3)
    assert digests[-1] in rendering
    may_end.set()
    assert len(await asyncio.gather(*asked)) == 12


async def test_what_one_page_sees_alone_is_drawn_in_the_background(stage: Stage) -> None:
    """Another consult's picture fell from 31 frames a second to 11 while people looked around."""
    pool, video = stage.pool, stage.pictures.video
    for who in (ANN, BOB):
        stage.pictures.set_screen(who, Screen(640, 480))
        stage.pictures.subscribe(who, "websocket", BacklogGate())
    stage.pictures.show(stage.view(1), CASE)
    stage.pictures.show_independent(BOB, "2", stage.view(2, image=2), CASE)
    await until(lambda: {key.stage for key in video.streams} == {"", "2"})
    pools = {key.stage: stream._pool for key, stream in video._streams.items()}
    assert pools == {"": pool, "2": pool.background}
    await until(lambda: {recipe.alone for recipe in stage.stills._recipes.values()} == {False, True})
    for recipe in stage.stills._recipes.values():
        assert stage.stills._pool_of(recipe) is (pool.background if recipe.alone else pool)
        assert stage.stills._pool_of(replace(recipe, size=(5120, 2880))) is pool.background


async def test_what_all_see_stays_so_when_one_sees_it_too(stage: Stage) -> None:
    stage.pictures.set_screen(ANN, Screen(640, 480))
    stage.pictures.set_screen(BOB, Screen(640, 480))
    stage.pictures.show(stage.view(1), CASE)
    await stage.stamps(2)
    stage.pictures.show_independent(BOB, "2", stage.view(2), CASE)
    await stage.stamps(3)
    assert [recipe.alone for recipe in stage.stills._recipes.values()] == [False]


def without(what: str, sdp: str) -> str:
    """An answer that lacks lines of a kind."""
    return "".join(line for line in sdp.splitlines(keepends=True) if not line.startswith(f"a={what}"))


LINES_OF_AN_ANSWER = ("fingerprint", "ice-ufrag", "ice-pwd", "setup", "mid", "rtpmap", "candidate", "group")


@pytest.mark.parametrize("what", LINES_OF_AN_ANSWER)
async def test_whatever_an_answer_lacks_it_is_refused_or_nothing_comes_of_it(what: str) -> None:
    with watched_loop() as findings:
        async with open_port("127.0.0.1") as port:
            peer, browser = Peer(port, lambda packet: None), Browser()
            answer = await browser.answer(await peer.offer(h264=True))
            assert f"a={what}" in answer
            with suppress(PeerFault):
                await peer.answer(without(what, answer))
            await browser.close()
            await peer.close()
    assert findings.problems == []


async def test_what_aiortc_stumbles_over_when_it_connects_is_nobodys_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stumbled = asyncio.Event()

    async def start(self: Any, parameters: Any) -> None:
        stumbled.set()
        raise AssertionError

    monkeypatch.setattr(Dtls, "start", start)
    with watched_loop() as findings:
        async with open_port("127.0.0.1") as port:
            peer, browser = Peer(port, lambda packet: None), Browser()
            await peer.answer(await browser.answer(await peer.offer(h264=True)))
            async with asyncio.timeout(PATIENCE_S):
                await stumbled.wait()
            await until(lambda: not peer._connection._tasks)
            await browser.close()
            await peer.close()
    assert findings.problems == []


async def test_an_answer_without_a_fingerprint_is_no_answer() -> None:
    """Seen to fail: aiortc's own task ended in an assertion that nobody took: a traceback in the log for each."""
    async with open_port("127.0.0.1") as port:
        peer, browser = Peer(port, lambda packet: None), Browser()
        answer = await browser.answer(await peer.offer(h264=True))
        with pytest.raises(Malformed, match="not_an_answer"):
            await peer.answer(without("fingerprint", answer))
        await browser.close()
        await peer.close()


LINES = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
BOMBS: dict[str, Callable[[str], str]] = {
    "media lines": lambda good: LINES + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" * 340,
    "payload types": lambda good: good.replace("UDP/TLS/RTP/SAVPF ", "UDP/TLS/RTP/SAVPF " + "96 " * 2500),
    "candidates": lambda good: good + "a=candidate:1 1 udp 1 198.51.100.1 9 typ host\r\n" * 150,
    "names": lambda good: good + "".join(f"a=candidate:{n} 1 udp 1 {n}.local 9 typ host\r\n" for n in range(150)),
    "streams": lambda good: good + "".join(f"a=ssrc:{n} cname:x\r\n" for n in range(400)),
    "bundles": lambda good: good.replace("a=group:BUNDLE", "a=group:BUNDLE " + " ".join(map(str, range(2500)))),
    "another fingerprint": lambda good: re.sub("sha-256 .*", "sha-256 " + "00:" * 31 + "00", good),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
async def test_an_answer_that_is_a_bomb_ends_its_own_call_and_leaves_nothing(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No address or name that a peer gives is ever used, so a thousand of them cost what their text does."""
    sent: list[str] = []
    send = UdpPort.send

    def noted(port: UdpPort, data: bytes, address: tuple[str, int]) -> None:
        sent.append(address[0])
        send(port, data, address)

    monkeypatch.setattr(UdpPort, "send", noted)
    before = asyncio.all_tasks()
    with watched_loop() as findings:
        async with open_port("127.0.0.1") as port:
            peer, browser = Peer(port, lambda packet: None), Browser()
            good = await browser.answer(await peer.offer(h264=True))
            with suppress(PeerFault):
                await peer.answer(BOMBS[name](good)[:12_000])
            await browser.close()
            await peer.close()
    assert findings.problems == []
    assert len(port._by_fragment) == len(port._by_address) == 0
    await until(lambda: not asyncio.all_tasks() - before)
    announced = [host for host in sent if host == "198.51.100.1" or host.endswith(".local")]
    assert announced == [], "nothing is sent to where nobody has proved to be"
