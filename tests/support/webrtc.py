"""A browser's part by stock aiortc, in this process: answers an offer, decodes, and remembers what came."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.codecs.h264 import h264_depayload
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from aiortc.rtcrtpreceiver import RTCRtpReceiver
from aiortc.rtp import RtpPacket
from av import VideoFrame
from numpy.typing import NDArray

PRIVATE = "_RTCRtpReceiver__"


@dataclass(frozen=True)
class Came:
    """A packet of the moving picture."""

    sequence: int
    timestamp: int
    payload: bytes
    payload_type: int
    marker: bool


class Browser:
    """One page. `audio`: what its microphone sends; without it the line is there and silent."""

    def __init__(self, audio: MediaStreamTrack | None = None) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.came: list[Came] = []
        self.voices: list[tuple[str, RtpPacket]] = []
        """ClientConnection and packet of each voice that came."""
        self.pictures: list[NDArray[np.uint8]] = []
        """Luma of each decoded picture, (height, width) uint8."""
        self.ssrc = 0
        """Of the moving picture."""
        self.on_again: Callable[[RtpPacket], None] = lambda packet: None
        """A retransmission has come."""
        self._audio = audio
        self._tasks: set[asyncio.Task[None]] = set()
        self.connection.on("track", self._track)

    async def answer(self, offer: str) -> str:
        """The answer to an offer."""
        await self.connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        if self._audio is not None:
            self.connection.addTrack(self._audio)
        for transceiver in self.connection.getTransceivers():
            _listen(transceiver.receiver, self._packet if transceiver.kind == "video" else self._voice(transceiver.mid))
        await self.connection.setLocalDescription(await self.connection.createAnswer())
        return str(self.connection.localDescription.sdp)

    @property
    def connected(self) -> bool:
        """Media flows."""
        return self.connection.connectionState == "connected"

    @property
    def video(self) -> RTCRtpReceiver:
        """The line of the moving picture."""
        return next(t.receiver for t in self.connection.getTransceivers() if t.kind == "video")

    async def want_key(self) -> None:
        """Ask for a keyframe (PLI), as a browser does whose decoder has lost its way."""
        assert self.ssrc, "nothing has come"
        await self.video._send_rtcp_pli(self.ssrc)

    def units(self) -> dict[int, bytes]:
        """By RTP timestamp the access units in Annex B, retransmissions left out; whole or not."""
        units: dict[int, bytes] = {}
        for packet in sorted(self.came, key=lambda packet: packet.sequence):
            units[packet.timestamp] = units.get(packet.timestamp, b"") + h264_depayload(packet.payload)
        return units

    async def close(self) -> None:
        """Leave."""
        await self.connection.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _packet(self, packet: RtpPacket) -> None:
        if packet.payload_type == self._first_type:
            self.ssrc = packet.ssrc
            came = Came(
                packet.sequence_number, packet.timestamp, packet.payload, packet.payload_type, bool(packet.marker)
            )
            self.came.append(came)
        else:
            self.on_again(packet)

    @property
    def _first_type(self) -> int:
        codecs: dict[int, Any] = getattr(self.video, PRIVATE + "codecs")
        return min(codecs, default=0)

    def _voice(self, mid: str | None) -> Callable[[RtpPacket], None]:
        return lambda packet: self.voices.append((mid or "", packet))

    def _track(self, track: MediaStreamTrack) -> None:
        self._tasks.add(asyncio.create_task(self._read(track)))

    async def _read(self, track: MediaStreamTrack) -> None:
        with suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                if isinstance(frame, VideoFrame):
                    luma = frame.to_ndarray()[: frame.height, : frame.width]
                    self.pictures.append(np.ascontiguousarray(luma, np.uint8))


def _listen(receiver: RTCRtpReceiver, on_packet: Callable[[RtpPacket], None]) -> None:
    """Have a receiver show each packet before it deals with it."""
    deal = receiver._handle_rtp_packet

    async def both(packet: RtpPacket, arrival_time_ms: int) -> None:
        on_packet(packet)
        await deal(packet, arrival_time_ms)

    setattr(receiver, "_handle_rtp_packet", both)  # noqa: B010 - mypy lets no method be assigned
