"""One page's connection: what is offered, what is no answer, what flows, and that nothing is left of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from time import monotonic

import pytest
import pytest_asyncio

from consult.media.pacing.congestion import PacingGate, Report
from consult.media.pacing.subscriber_queue import AccessUnit, SubscriberQueue
from consult.media.webrtc.ice import UdpPort, open_port
from consult.media.webrtc.peer import Peer
from consult.model.errors import Malformed, Refused
from consult.model.stamp import Stamp
from tests.support.waiting import PATIENCE_S, until
from tests.support.webrtc import Browser

SLICE = b"\x00\x00\x00\x01\x41"
INTRA = b"\x00\x00\x00\x01\x65"


class Feedback:
    """Remembers a peer's feedback."""

    def __init__(self) -> None:
        self.keys = 0
        self.reports: list[Report] = []

    def key_wanted(self) -> None:
        """It asks for a keyframe."""
        self.keys += 1

    def report(self, report: Report) -> None:
        """How much of it arrived."""
        self.reports.append(report)

    def estimate(self, bits_per_s: int) -> None:
        """What its link carries."""


@pytest_asyncio.fixture
async def port() -> AsyncIterator[UdpPort]:
    async with open_port("127.0.0.1") as made:
        yield made


def lines(sdp: str) -> list[tuple[str, str]]:
    """Kind and direction of each media line."""
    return [
        (part.split(" ", 1)[0], next(w for w in ("sendrecv", "sendonly", "recvonly") if f"a={w}\r\n" in part))
        for part in sdp.split("\r\nm=")[1:]
    ]


def access_unit(rtp: int, data: bytes, *, key: bool = False) -> AccessUnit:
    return AccessUnit(data, key, Stamp("all-1280x720", 1, 1, 1280, 720, (), rtp=rtp))


async def test_the_offer_has_the_lines_of_the_protocol_and_one_codec_each(port: UdpPort) -> None:
    peer = Peer(port, lambda packet: None)
    sdp = await peer.offer(h264=True)
    assert lines(sdp) == [("video", "sendonly"), ("audio", "sendrecv"), *[("audio", "sendonly")] * 2]
    codecs = {line.split(" ", 1)[1] for line in sdp.splitlines() if line.startswith("a=rtpmap:")}
    assert codecs == {"H264/90000", "rtx/90000", "opus/48000/2"}
    assert "profile-level-id=42e028" in sdp
    assert sdp.count("useinbandfec=1;usedtx=1") == 3
    assert sdp.count("playout-delay") == 1
    assert sdp.count("ssrc-audio-level") == 3
    candidates = {line for line in sdp.splitlines() if line.startswith("a=candidate:")}
    assert len(candidates) == 1
    assert f"127.0.0.1 {port.bound[1]} typ host" in candidates.pop()
    streams = [line.split()[0] for line in sdp.splitlines() if line.startswith("a=msid:")]
    assert len(set(streams)) == 4
    await peer.close()


async def test_who_takes_no_h264_is_offered_sound_alone(port: UdpPort) -> None:
    peer, browser = Peer(port, lambda packet: None), Browser()
    sdp = await peer.offer(h264=False)
    assert lines(sdp) == [("audio", "sendrecv"), *[("audio", "sendonly")] * 2]
    await peer.answer(await browser.answer(sdp))
    await peer.until_connected()
    assert not peer.takes_video
    await peer.close()
    await browser.close()


@pytest.mark.parametrize("rubbish", ["", "hello", "v=0\r\n", "v=0\r\nm=video 9 x\r\n", "\x00" * 50, "m=\r\na=\r\n"])
async def test_rubbish_is_no_answer(port: UdpPort, rubbish: str) -> None:
    peer = Peer(port, lambda packet: None)
    await peer.offer(h264=True)
    with pytest.raises(Malformed):
        await peer.answer(rubbish)
    await peer.close()


async def test_an_answer_of_half_an_offer_or_with_a_line_turned_down_is_told_apart(port: UdpPort) -> None:
    peer, browser = Peer(port, lambda packet: None), Browser()
    answer = await browser.answer(await peer.offer(h264=True))
    with pytest.raises(Malformed):
        await peer.answer(answer[: len(answer) // 2])
    down = "\r\n".join("m=video 0 UDP/TLS/RTP/SAVPF 0" if x.startswith("m=video") else x for x in answer.splitlines())
    with pytest.raises(Refused, match="does not take"):
        await peer.answer(down)
    await peer.close()
    await browser.close()


async def test_frames_arrive_with_our_timestamps_and_what_the_browser_says_comes_back(port: UdpPort) -> None:
    peer, browser, feedback = Peer(port, lambda packet: None), Browser(), Feedback()
    await peer.answer(await browser.answer(await peer.offer(h264=True)))
    await peer.until_connected()
    assert peer.connected
    assert peer.takes_video
    subscriber = SubscriberQueue(monotonic, PacingGate())
    subscriber.join(lambda: None)
    playing = asyncio.create_task(peer.play(subscriber.take, feedback))
    key = access_unit(2**32 - 5, INTRA + bytes(range(1, 200)) * 100, key=True)
    subscriber.offer(key)
    subscriber.offer(access_unit(7, SLICE + b"small"))
    await until(lambda: bool(browser.came) and browser.came[-1].timestamp == 7)
    assert browser.units() == {2**32 - 5: key.data, 7: SLICE + b"small"}
    assert [packet.marker for packet in browser.came] == [*[False] * (len(key.payloads) - 1), True, True]
    assert key.payloads is key.payloads
    await browser.want_key()
    await until(lambda: feedback.keys == 1)
    await until(lambda: bool(feedback.reports))
    assert feedback.reports[0].lost == 0
    subscriber.end()
    await playing
    await browser.close()
    await peer.until_gone()
    await peer.close()


async def test_what_was_lost_comes_again_and_is_limited(port: UdpPort) -> None:
    peer, browser = Peer(port, lambda packet: None), Browser()
    await peer.answer(await browser.answer(await peer.offer(h264=True)))
    await peer.until_connected()
    subscriber = SubscriberQueue(monotonic, PacingGate())
    subscriber.join(lambda: None)
    playing = asyncio.create_task(peer.play(subscriber.take, Feedback()))
    subscriber.offer(access_unit(1, INTRA + b"abc", key=True))
    await until(lambda: bool(browser.came))
    again: list[bytes] = []
    browser.on_again = lambda packet: again.append(packet.payload)
    (first,) = browser.came
    for _ in range(20):
        await browser.video._send_rtcp_nack(browser.ssrc, [first.sequence])
    await until(lambda: bool(again))
    subscriber.offer(access_unit(2, SLICE + b"x"))
    await until(lambda: browser.came[-1].timestamp == 2)
    assert again == [first.sequence.to_bytes(2, "big") + first.payload]
    subscriber.end()
    await playing
    await peer.close()
    await browser.close()


@pytest.mark.parametrize("moment", ["made", "offered", "answered", "connected"])
async def test_nothing_is_left_whenever_it_is_closed(port: UdpPort, moment: str) -> None:
    before = asyncio.all_tasks()
    peer, browser = Peer(port, lambda packet: None), Browser()
    if moment != "made":
        answer = await browser.answer(await peer.offer(h264=True))
        if moment != "offered":
            await peer.answer(answer)
            if moment == "connected":
                await peer.until_connected()
    owned = set(peer._connection._tasks) | {dtls._task for dtls in peer._connection._own["dtlsTransports"]} - {None}
    await peer.close()
    assert all(task.done() for task in owned)
    await browser.close()
    assert not port._by_fragment
    assert not port._by_address
    await until(lambda: asyncio.all_tasks() <= before)


async def test_a_peer_whose_browser_leaves_says_so(port: UdpPort) -> None:
    peer, browser = Peer(port, lambda packet: None), Browser()
    await peer.answer(await browser.answer(await peer.offer(h264=True)))
    await peer.until_connected()
    await until(lambda: browser.connected)
    gone = asyncio.create_task(peer.until_gone())
    await browser.close()
    async with asyncio.timeout(PATIENCE_S):
        await gone
    with pytest.raises(Refused):
        await peer.until_connected()
    await peer.close()
