"""A WebRTC peer that takes media and does not decode it: aiortc for ICE, DTLS, SRTP and RTCP, and counters.

For another process than the server's: `install()` puts these classes into aiortc.
"""

from __future__ import annotations

import asyncio
import fractions
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import aioice.ice
import aiortc.rtcpeerconnection
import numpy as np
from aiortc import AudioStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.codecs import is_rtx
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.rtcrtpreceiver import NackGenerator, RTCRtpReceiver, StreamStatistics
from aiortc.rtcrtpsender import RTCEncodedFrame, RTCRtpSender
from aiortc.rtp import RtpPacket, unwrap_rtx
from av import AudioFrame

PRIVATE_RECEIVER = "_RTCRtpReceiver__"
STAP_A, FU_A, IDR, SPS = 24, 28, 5, 7
"""NAL access_unit types and packetization (RFC 6184 5.2)."""
AUDIO_HZ, AUDIO_FRAME = 48_000, 960
LOUDNESS = 6_000
"""Of the made voice, of 32767."""


@dataclass
class Received:
    """What one receiver got since it was last read.

    Attributes:
        whole: RTP timestamp to the time at which the last packet of a frame came of which nothing was missing.
        keys: RTP timestamps of the frames that hold an IDR.
        broken: frames of which something was missing when they ended.
    """

    packets: int = 0
    bytes: int = 0
    missing: int = 0
    again: int = 0
    broken: int = 0
    whole: dict[int, float] = field(default_factory=dict)
    keys: set[int] = field(default_factory=set)


def is_key(payload: bytes) -> bool:
    """Whether an H.264 payload belongs to an IDR access unit, as far as it can be seen."""
    kind = payload[0] & 31
    if kind == FU_A:
        return payload[1] & 31 == IDR
    if kind == STAP_A:
        return payload[3] & 31 in {IDR, SPS}
    return kind in {IDR, SPS}


class CountingReceiver(RTCRtpReceiver):
    """Counts; its decoder has nothing to do. Asks again for what is missing, and reports to the sender."""

    on_payload: Callable[[bytes, float], None] | None = None
    """Of a voice: each payload as it comes."""

    def __init__(self, kind: str, transport: Any) -> None:
        super().__init__(kind, transport)
        self.kind = kind
        self.received = Received()
        self._nacks = NackGenerator()
        self._next: int | None = None
        self._gap = False

    def take(self) -> Received:
        """What came since this was last asked."""
        received, self.received = self.received, Received()
        return received

    async def _handle_rtp_packet(self, packet: RtpPacket, arrival_time_ms: int) -> None:
        now = perf_counter()
        codecs: dict[int, RTCRtpCodecParameters] = getattr(self, f"{PRIVATE_RECEIVER}codecs")
        codec = codecs.get(packet.payload_type)
        if codec is None:
            return
        streams: dict[int, StreamStatistics] = getattr(self, f"{PRIVATE_RECEIVER}remote_streams")
        if packet.ssrc not in streams:
            streams[packet.ssrc] = StreamStatistics(codec.clockRate)
        streams[packet.ssrc].add(packet)
        self.received.packets += 1
        self.received.bytes += len(packet.payload)
        if is_rtx(codec):
            self._came_again(packet, codec)
        elif self.kind == "audio":
            if self.on_payload is not None and packet.payload:
                self.on_payload(packet.payload, now)
        else:
            if self._nacks.add(packet):
                await self._send_rtcp_nack(packet.ssrc, sorted(self._nacks.missing))
            self._count(packet, now)

    def _came_again(self, packet: RtpPacket, codec: RTCRtpCodecParameters) -> None:
        originals: dict[int, int] = getattr(self, f"{PRIVATE_RECEIVER}rtx_ssrc")
        original, number = originals.get(packet.ssrc), codec.parameters.get("apt")
        if original is not None and isinstance(number, int) and len(packet.payload) >= 2:
            self.received.again += 1
            self._nacks.add(unwrap_rtx(packet, payload_type=number, ssrc=original))

    def _count(self, packet: RtpPacket, now: float) -> None:
        """Of a video packet that comes for the first time; one that was overtaken counts as missing."""
        expected, self._next = self._next, (packet.sequence_number + 1) & 0xFFFF
        if expected is not None and packet.sequence_number != expected:
            self.received.missing += 1
            self._gap = True
        if packet.payload and is_key(packet.payload):
            self.received.keys.add(packet.timestamp)
        if packet.marker:
            if self._gap:
                self.received.broken += 1
            else:
                self.received.whole[packet.timestamp] = now
            self._gap = False


class TimingSender(RTCRtpSender):
    """Says when each payload leaves."""

    left: Callable[[bytes, float], None] | None = None

    async def _next_encoded_frame(self, codec: RTCRtpCodecParameters) -> RTCEncodedFrame | None:
        frame = await super()._next_encoded_frame(codec)
        if frame is not None and self.left is not None:
            for payload in frame.payloads:
                self.left(payload, perf_counter())
        return frame


class MadeVoice(AudioStreamTrack):
    """A hum with noise, never twice the same: 20 ms frames, mono."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._rng = np.random.default_rng(seed)
        self._hz = 180 + 40 * seed
        self._frames = 0
        self._began = 0.0

    async def recv(self) -> AudioFrame:
        """The next 20 ms, when they are due."""
        self._began = self._began or perf_counter()
        await asyncio.sleep(max(0.0, self._began + self._frames * AUDIO_FRAME / AUDIO_HZ - perf_counter()))
        first = self._frames * AUDIO_FRAME
        t = (first + np.arange(AUDIO_FRAME)) / AUDIO_HZ
        samples = LOUDNESS * np.sin(2 * np.pi * self._hz * t) + self._rng.normal(0, LOUDNESS / 4, AUDIO_FRAME)
        frame = AudioFrame.from_ndarray(samples.astype(np.int16)[None], format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = AUDIO_HZ, first, fractions.Fraction(1, AUDIO_HZ)
        self._frames += 1
        return frame


def install() -> None:
    """From now on connections of this process count instead of decoding, on loopback."""
    for name, made in (("RTCRtpReceiver", CountingReceiver), ("RTCRtpSender", TimingSender)):
        setattr(aiortc.rtcpeerconnection, name, made)

    def loopback(use_ipv4: bool, use_ipv6: bool) -> list[str]:
        return ["127.0.0.1"]

    aioice.ice.get_host_addresses = loopback


def without_candidates(sdp: str) -> str:
    """An answer that does not say where the peer is: the server finds it by its checks, through a relay too."""
    return "".join(line for line in sdp.splitlines(keepends=True) if not line.startswith("a=candidate:"))


class CountingPeer:
    """One connection. `talk`: its microphone is open, with a made voice of that seed."""

    def __init__(self, talk: int | None = None) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.connected = asyncio.Event()
        self._talk = talk
        self.connection.on("connectionstatechange", self._changed)

    async def answer(self, offer: str) -> str:
        """The SDP answer to an offer."""
        await self.connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        if self._talk is not None:
            self.connection.addTrack(MadeVoice(self._talk))
        await self.connection.setLocalDescription(await self.connection.createAnswer())
        return without_candidates(self.connection.localDescription.sdp)

    async def offer(self, kinds: Sequence[str]) -> str:
        """An SDP offer, as a page makes it that takes media of these kinds."""
        if self._talk is not None:
            self.connection.addTrack(MadeVoice(self._talk))
        for kind in kinds:
            self.connection.addTransceiver(kind, direction="recvonly")
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return str(self.connection.localDescription.sdp)

    async def answered(self, answer: str) -> None:
        """The other side's answer has come."""
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    @property
    def video(self) -> CountingReceiver | None:
        """Of the first video line."""
        return next((one for one in self.receivers if one.kind == "video"), None)

    @property
    def receivers(self) -> list[CountingReceiver]:
        """In the order of the media lines."""
        return [one for one in self.connection.getReceivers() if isinstance(one, CountingReceiver)]

    def on_voice(self, on_payload: Callable[[bytes, float], None], left: Callable[[bytes, float], None]) -> None:
        """SendMessage of each voice payload that comes and that leaves."""
        for receiver in self.receivers:
            if receiver.kind == "audio":
                receiver.on_payload = on_payload
        for sender in self.connection.getSenders():
            if isinstance(sender, TimingSender) and sender.track is not None:
                sender.left = left

    async def close(self) -> None:
        """End it."""
        await self.connection.close()

    def _changed(self) -> None:
        if self.connection.connectionState == "connected":
            self.connected.set()
