"""One page's WebRTC connection: the moving picture down, its voice up, three voices down. aiortc stops here.

Rules:
- The server offers, the page answers, once. Media lines in this order: video down (only for who takes H.264), one
  audio line both ways, two audio lines down.
- Nothing is queued for a peer before it is connected.
- A peer's faults end its own connection; whoever made the peer closes it, whatever happens.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Protocol

from consult.media.pacing.congestion import BITS_PER_S, QualityLayer, Report
from consult.media.pacing.subscriber_queue import Numbered
from consult.media.rtp.active_speakers import SLOTS
from consult.media.rtp.voice_packet import VoicePacket
from consult.media.webrtc.aiortc_override import Connection, VideoSender, VoiceReceiver, VoiceSender
from consult.media.webrtc.ice import UdpPort
from consult.model.errors import Malformed, Refused


class Slot(Protocol):
    """One voice slot of a peer."""

    def forward(self, source: Hashable, packet: VoicePacket) -> None:
        """Send a packet now, or drop it."""


class Feedback(Protocol):
    """RTCP feedback of the peer on its moving picture."""

    def key_wanted(self) -> None:
        """It asks for a keyframe (PLI, FIR)."""

    def report(self, report: Report) -> None:
        """How much of it arrived."""

    def estimate(self, bits_per_s: int) -> None:
        """What its link carries, as it thinks."""


class Peer:
    """One connection. `on_voice`: what its microphone sends."""

    def __init__(self, port: UdpPort, on_voice: Callable[[VoicePacket], None]) -> None:
        self._connection = Connection(port)
        self._on_voice = on_voice
        self._video: VideoSender | None = None
        self._slots: list[VoiceSender] = []
        self._changed = asyncio.Event()
        self._connection.on("connectionstatechange", self._changed.set)

    @property
    def connected(self) -> bool:
        """Media flows."""
        return self._connection.connectionState == "connected"

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The voices that it is sent, once it is connected."""
        return tuple(self._slots)

    @property
    def takes_video(self) -> bool:
        """It has answered that it wants the moving picture."""
        directions = [t.currentDirection for t in self._connection.getTransceivers() if t.sender is self._video]
        return directions in (["sendonly"], ["sendrecv"])

    async def offer(self, *, h264: bool) -> str:
        """The SDP offer. `h264`: with the moving picture."""
        if h264:
            self._connection.addTransceiver("video", "sendonly")
        for slot in range(SLOTS):
            self._connection.addTransceiver("audio", "sendonly" if slot else "sendrecv")
        for transceiver in self._connection.getTransceivers():
            if isinstance(transceiver.sender, VideoSender):
                self._video = transceiver.sender
            elif isinstance(transceiver.sender, VoiceSender):
                self._slots.append(transceiver.sender)
            if isinstance(transceiver.receiver, VoiceReceiver) and transceiver.direction == "sendrecv":
                transceiver.receiver.on_voice = self._on_voice
        return await self._connection.make_offer()

    async def answer(self, sdp: str) -> None:
        """Take the page's answer.

        Raises:
            Malformed: "not_an_answer": it is no SDP, or does not fit the offer.
            Refused: "rejected": the browser wants none of a line that was offered.
        """
        if any(line.startswith("m=") and line.split()[1:2] == ["0"] for line in sdp.splitlines()):
            raise Refused("rejected", "The browser does not take this kind of live picture or sound.")
        try:
            await self._connection.take_answer(sdp)
        except Exception as error:  # aiortc's parser raises whatever it stumbles over
            raise Malformed("not_an_answer", f"This is no answer to the offer ({type(error).__name__}).") from error

    async def until_connected(self) -> None:
        """Return once media flows. Raises Refused ("not_connected") where it never will."""
        while not self.connected:
            if self._connection.connectionState in {"failed", "closed"}:
                raise Refused("not_connected", "No media came through the network.")
            await self._wait()

    async def until_gone(self) -> None:
        """Return once a connected peer is so no more."""
        while self.connected:
            await self._wait()

    async def play(self, take: Callable[[], Awaitable[Numbered | None]], feedback: Feedback) -> None:
        """Send the frames that `take` gives, until it gives none. The peer takes video and is connected."""
        video = self._video
        assert video is not None
        video.on_key_wanted = feedback.key_wanted
        video.on_report, video.on_estimate = feedback.report, feedback.estimate
        await video.begun.wait()
        while (numbered := await take()) is not None:
            await video.send_unit(numbered.access_unit)

    def set_layer(self, layer: QualityLayer) -> None:
        """What the stream may send from now on; retransmission takes its share of that."""
        if self._video is not None:
            self._video.again.target_bits_per_s = BITS_PER_S[layer]

    async def close(self) -> None:
        """End it, and wait for all that it did."""
        await self._connection.close()

    async def _wait(self) -> None:
        await self._changed.wait()
        self._changed.clear()
