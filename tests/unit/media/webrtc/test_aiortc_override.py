"""What is overridden in aiortc is what it was when that was written; voices pass as they are."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
from importlib.metadata import version

import pytest
from aioice.ice import Connection as IceConnection
from aioice.ice import StunProtocol
from aioice.stun import Transaction
from aiortc import AudioStreamTrack, RTCPeerConnection
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcicetransport import RTCIceGatherer, RTCIceTransport
from aiortc.rtcrtpreceiver import RTCRtpReceiver
from aiortc.rtcrtpsender import RTCRtpSender
from aiortc.rtp import RtcpByePacket, RtcpSenderInfo, RtcpSrPacket, RtpPacket

from consult.media.rtp.voice_packet import SILENT, VoicePacket
from consult.media.webrtc.aiortc_override import MAX_ACTIVE_SSRCS, Connection, VoiceReceiver, VoiceSender
from consult.media.webrtc.ice import open_port
from consult.media.webrtc.peer import Peer
from consult.media.webrtc.transport_override import IceTransport
from tests.support.waiting import until
from tests.support.webrtc import Browser

OVERRIDDEN = {
    RTCRtpSender: "57274ec81025a272",
    RTCRtpReceiver: "9a485e6f515fc0cd",
    RTCPeerConnection: "5683665bfc77af7b",
    RTCIceGatherer: "3f69ea0b336d067e",
    RTCIceTransport: "a2e2aeedaf0abf0c",
    RTCDtlsTransport: "b58d6b50d0f9ea01",
    IceConnection: "67bb218121810ec9",
    StunProtocol: "a6e5692f3cf7578e",
    Transaction: "7a9c44cb879be050",
}
"""SHA-256 of the source of each class that is subclassed or whose private parts are used, first 16 digits."""


@pytest.mark.parametrize("part", OVERRIDDEN, ids=lambda part: part.__name__)
def test_what_is_overridden_has_not_changed(part: type) -> None:
    """Where it has: read the change, look whether consult/media still fits, then write the new digest here."""
    digest = hashlib.sha256(inspect.getsource(part).encode()).hexdigest()[:16]
    assert digest == OVERRIDDEN[part], f"{part.__module__}.{part.__name__} of aiortc {version('aiortc')} is another"


async def test_a_connection_that_is_closed_before_anybody_listens_ends_its_monitor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """aiortc's own monitor would ask for ever, and nothing else in the process would run."""
    asked = 0
    async with open_port("127.0.0.1") as port:
        transport = IceTransport(RTCIceGatherer(iceServers=[]))
        transport._connection = connection = port.connection()
        await connection.close()
        get_event = connection.get_event

        async def count() -> object:
            nonlocal asked
            asked += 1
            assert asked < 10, "it asks for ever"
            return await get_event()

        monkeypatch.setattr(connection, "get_event", count)
        await transport._monitor()
    assert asked == 1


async def test_a_voice_comes_in_and_goes_out_as_it_is() -> None:
    """Opus of stock aiortc reaches the server, and what is forwarded reaches a browser by each of its three lines."""
    voices: list[VoicePacket] = []
    async with open_port("127.0.0.1") as port:
        peer, browser = Peer(port, voices.append), Browser(audio=AudioStreamTrack())
        await peer.answer(await browser.answer(await peer.offer(h264=False)))
        await peer.until_connected()
        await until(lambda: len(voices) >= 3)
        first, second = voices[0], voices[1]
        assert second.sequence == (first.sequence + 1) % 2**16
        assert second.timestamp == (first.timestamp + 960) % 2**32
        assert first.payload
        assert not peer.takes_video
        sent = [VoicePacket(7 + i, 960 * i, bytes((0xF8, i)), 30 + i, i == 0) for i in range(5)]
        for packet in sent:
            for slot in peer.slots:
                slot.forward("somebody", packet)
        await until(lambda: len(browser.voices) == 15)
        lines = {line for line, _ in browser.voices}
        assert lines == {"0", "1", "2"}
        for line in lines:
            got = [packet for mid, packet in browser.voices if mid == line]
            assert [packet.payload for packet in got] == [packet.payload for packet in sent]
            assert [packet.extensions.audio_level for packet in got] == [(True, packet.level) for packet in sent]
            assert [packet.marker for packet in got] == [1, 0, 0, 0, 0]
            assert got[-1].timestamp - got[0].timestamp in {4 * 960, 4 * 960 - 2**32}
        await peer.close()
        await browser.close()


async def test_a_microphone_line_has_a_few_streams_and_no_more() -> None:
    voices: list[VoicePacket] = []
    async with open_port("127.0.0.1") as port:
        connection = Connection(port)
        receiver = connection.addTransceiver("audio").receiver
        assert isinstance(receiver, VoiceReceiver)
        receiver.on_voice, receiver._opus = voices.append, {96}
        for ssrc in range(MAX_ACTIVE_SSRCS + 3):
            await receiver._handle_rtp_packet(RtpPacket(96, 0, 5, 6, ssrc, b"opus"), 0)
        assert len(voices) == MAX_ACTIVE_SSRCS
        assert voices[0].level == SILENT
        await receiver._handle_rtp_packet(RtpPacket(97, 0, 5, 6, 0, b"not opus"), 0)
        await receiver._handle_rtp_packet(RtpPacket(96, 0, 5, 6, 0, b""), 0)
        assert len(voices) == MAX_ACTIVE_SSRCS
        await connection.close()


async def test_before_it_is_connected_a_slot_sends_nothing() -> None:
    async with open_port("127.0.0.1") as port:
        connection = Connection(port)
        sender = connection.addTransceiver("audio").sender
        assert isinstance(sender, VoiceSender)
        sender.forward("somebody", VoicePacket(1, 2, b"opus", 30, True))
        await connection.close()


async def test_a_slot_in_which_nothing_was_said_reports_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    reported: list[bytes] = []

    async def send(data: bytes) -> None:
        reported.append(data)

    async with open_port("127.0.0.1") as port:
        peer = Peer(port, lambda packet: None)
        await peer.offer(h264=False)
        slot = peer.slots[1]
        assert isinstance(slot, VoiceSender)
        monkeypatch.setattr(slot.transport, "_send_rtp", send)
        report = RtcpSrPacket(ssrc=1, sender_info=RtcpSenderInfo(0, 0, 0, 0))
        await slot._send_rtcp([report])
        assert not reported
        slot._count(1, 40, 960)
        await slot._send_rtcp([report])
        await slot._send_rtcp([report])
        assert len(reported) == 1
        await slot._send_rtcp([RtcpByePacket(sources=[1])])
        assert len(reported) == 2
        await peer.close()


async def test_two_may_close_a_connection_and_one_of_them_be_cancelled() -> None:
    """The peer hangs up (aiortc closes by a task of its own) while we do, and our call is ended meanwhile."""
    async with open_port("127.0.0.1") as port:
        peer, browser = Peer(port, lambda packet: None), Browser(audio=AudioStreamTrack())
        await peer.answer(await browser.answer(await peer.offer(h264=False)))
        await peer.until_connected()
        theirs = asyncio.create_task(peer._connection.close())
        ours = asyncio.create_task(peer.close())
        await asyncio.sleep(0)
        ours.cancel()
        await theirs
        with pytest.raises(asyncio.CancelledError):
            await ours
        assert not port._by_fragment
        await browser.close()
