"""The WebRTC connections of one consult: one for each page that wants live media.

Rules:
- A page sends `want_media` and gets an offer; a newer request ends the call before it. Each call is one task, which
  makes the peer, waits for the answer, for the network, and for the end, and closes the peer whatever happens.
- Once connected, it subscribes to the video and joins the voices; before that nothing is queued for it.
- A page that is not visible pauses the video; voice goes on.
- Whatever fails is sent as one sentence, and everything else of the page goes on: its control connection, its stills,
  and its media WebSocket, which it may keep until frames come here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from consult.clock import steady
from consult.media.pacing.congestion import CongestionController, PacingGate, QualityLayer, Report
from consult.media.pacing.subscriber_queue import Gate
from consult.media.webrtc.ice import UdpPort
from consult.media.webrtc.peer import Peer
from consult.model.errors import ConsultError, Refused
from consult.model.identifiers import ConnectionId, SeatId
from consult.sessions.messages import AnswerMedia, EndMedia, MediaEnded, MediaMessage, Offer, PauseMedia, WantMedia
from consult.sessions.presence.messages import Speaking
from consult.streaming.subscription import Subscription, Transport
from consult.streaming.voice_router import VoiceRouter

logger = logging.getLogger(__name__)
ANSWER_S = 10.0
"""A page answers an offer within this."""
CONNECT_S = 15.0
"""As long as browsers try themselves."""
MAX_ENDING = 4
"""Calls of one page that are still being closed; with more, it has to wait."""
NO_PORT = "This server has no port for live media."
TOO_MANY = "Too many connections at once. Try again in a moment."
NO_ANSWER = "The browser did not answer."
NO_MEDIA = "No media came through the network."
LOST = "The network lost the media connection."
SERVER_FAULT = "The server could not make the media connection."


class VideoService(Protocol):
    """Who gets which frames, as a call needs it (`router.PictureRouter`)."""

    def subscribe(self, connection: ConnectionId, transport: Transport, gate: Gate) -> Subscription:
        """Give a page the video from now on, by that transport."""

    def unsubscribe(self, subscription: Subscription) -> None:
        """Give it no more frames."""

    def set_layer(self, subscription: Subscription, layer: QualityLayer) -> None:
        """Give it frames of that quality layer from now on."""


class Feedback:
    """A peer's RTCP feedback, and what follows from it for its layer and its pace.

    Attributes:
        subscription: the frames it gets now; None while the video is paused.
    """

    def __init__(self, connection: ConnectionId, pictures: VideoService, peer: Peer) -> None:
        self.subscription: Subscription | None = None
        self.gate = PacingGate()
        self._connection, self._pictures, self._peer = connection, pictures, peer
        self._congestion = CongestionController()

    @property
    def layer(self) -> QualityLayer:
        """The quality layer that its link carries."""
        return self._congestion.layer

    def key_wanted(self) -> None:
        """Its decoder needs an IDR (PLI or FIR)."""
        if self.subscription is not None:
            self.subscription.subscriber.lost()

    def report(self, report: Report) -> None:
        """How much arrived (receiver report)."""
        before = self.layer
        self._apply(before, self._congestion.report(report, steady()))

    def estimate(self, bits_per_s: int) -> None:
        """What its link carries, as the peer estimates (REMB)."""
        before = self.layer
        self._apply(before, self._congestion.estimate(bits_per_s, steady()))

    def _apply(self, before: QualityLayer, silent_s: float) -> None:
        if self.layer == before:
            return
        logger.info("connection %s: gets the layer %s", self._connection, self.layer)
        self.gate.hold(steady() + silent_s)
        self._peer.set_layer(self.layer)
        if self.subscription is not None:
            self._pictures.set_layer(self.subscription, self.layer)


class Call:
    """One WebRTC connection of a page, from its request to its end."""

    def __init__(self, connection: ConnectionId, want: WantMedia, run: Callable[[Call], asyncio.Task[None]]) -> None:
        self.connection, self.want = connection, want
        self.answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.subscription: Subscription | None = None
        """The video that goes by this call now."""
        self.video_wanted = asyncio.Event()
        """The page is visible, and does not get the video by this call yet."""
        self.video_wanted.set()
        self.task = run(self)


class WebRtcCalls:
    """The calls of one consult, at most one for each page.

    Args:
        port: of all WebRTC peers; None where live media has none.
        send: leaves a message in a connection's outbox.
    """

    def __init__(
        self,
        port: UdpPort | None,
        pictures: VideoService,
        voices: VoiceRouter,
        send: Callable[[ConnectionId, Offer | MediaEnded], None],
    ) -> None:
        self._port, self._pictures, self._voices, self._send = port, pictures, voices, send
        self._calls: dict[ConnectionId, Call] = {}
        self._ending: dict[asyncio.Task[None], ConnectionId] = {}

    @property
    def count(self) -> int:
        """Calls that are there, connected or not yet."""
        return len(self._calls)

    @property
    def active_speakers(self) -> Speaking:
        """Whose voices are forwarded now."""
        return self._voices.active_speakers

    def negotiate(self, connection: ConnectionId, message: MediaMessage) -> None:
        """A message of a page about its call. What belongs to another call than its newest is not used."""
        call = self._calls.get(connection)
        match message:
            case WantMedia(n):
                self._end(connection)
                if sum(other == connection for other in self._ending.values()) > MAX_ENDING:
                    self._send(connection, MediaEnded(n, TOO_MANY))
                else:
                    self._calls[connection] = Call(connection, message, self._start)
            case AnswerMedia(n, sdp) if call is not None and call.want.n == n and not call.answer.done():
                call.answer.set_result(sdp)
            case PauseMedia(n, paused) if call is not None and call.want.n == n:
                self._pause(call, paused=paused)
            case EndMedia(n) if call is not None and call.want.n == n:
                self._end(connection)
            case _:
                logger.debug("connection %s: a message for another call", connection)

    def set_voice(self, connection: ConnectionId, *, on: bool, listens: bool) -> None:
        """Whether a page's voice is forwarded to others, and whether other voices are forwarded to it."""
        self._voices.set_voice(connection, on=on, listens=listens)

    def forget(self, connection: ConnectionId) -> None:
        """A page has gone."""
        self._end(connection)
        self._voices.forget(connection)

    async def close(self) -> None:
        """End all, and wait for it."""
        for connection in list(self._calls):
            self._end(connection)
        await asyncio.gather(*self._ending, return_exceptions=True)
        self._voices.close()

    def _pause(self, call: Call, *, paused: bool) -> None:
        subscription, call.subscription = call.subscription, call.subscription if not paused else None
        if not paused and (subscription is None or subscription.subscriber.ended):
            call.video_wanted.set()
        elif paused:
            call.video_wanted.clear()
            if subscription is not None:
                self._pictures.unsubscribe(subscription)

    def _start(self, call: Call) -> asyncio.Task[None]:
        return asyncio.create_task(self._run(call), name=f"call {call.connection} {call.want.n}")

    def _end(self, connection: ConnectionId) -> None:
        call = self._calls.pop(connection, None)
        if call is not None:
            call.task.cancel()
            self._ending[call.task] = connection
            call.task.add_done_callback(lambda task: self._ending.pop(task, None))

    async def _run(self, call: Call) -> None:
        connection = call.connection
        try:
            sentence = await self._connect(call)
        except ConsultError as error:
            sentence = error.sentence
        except Exception:  # a fault of ours in one call must not end the consult's others
            logger.exception("connection %s: a call ended by a fault of ours", connection)
            sentence = SERVER_FAULT
        if self._calls.get(connection) is call:
            del self._calls[connection]
        self._send(connection, MediaEnded(call.want.n, sentence))

    async def _connect(self, call: Call) -> str:
        """From offer to end. Returns why it ended; raises ConsultError where it never began."""
        if self._port is None:
            raise Refused("no_port", NO_PORT)
        peer = Peer(self._port, lambda packet: self._voices.packet(call.connection, packet))
        try:
            self._send(call.connection, Offer(call.want.n, await peer.offer(h264=call.want.h264)))
            try:
                async with asyncio.timeout(ANSWER_S):
                    answer = await call.answer
            except TimeoutError:
                return NO_ANSWER
            await peer.answer(answer)
            try:
                async with asyncio.timeout(CONNECT_S):
                    await peer.until_connected()
            except TimeoutError:
                return NO_MEDIA
            await self._live(call, peer)
            return LOST
        finally:
            await peer.close()

    async def _live(self, call: Call, peer: Peer) -> None:
        """While it is connected."""
        connection = call.connection
        member = self._voices.join(connection, SeatId(connection.rpartition("/")[0]), peer.slots)
        playing = asyncio.create_task(self._play(call, peer), name=f"play {connection}")
        try:
            await peer.until_gone()
        finally:
            self._voices.leave(connection, member)
            playing.cancel()
            for ended in await asyncio.gather(playing, return_exceptions=True):
                if isinstance(ended, Exception):
                    logger.error("connection %s: a picture ended by a fault of ours", connection, exc_info=ended)

    async def _play(self, call: Call, peer: Peer) -> None:
        """Give it the video, whenever the page wants it."""
        feedback = Feedback(call.connection, self._pictures, peer)
        while peer.takes_video:
            await call.video_wanted.wait()
            call.video_wanted.clear()
            subscription = call.subscription = feedback.subscription = self._pictures.subscribe(
                call.connection, "webrtc", feedback.gate
            )
            self._pictures.set_layer(subscription, feedback.layer)
            try:
                await peer.play(subscription.take, feedback)
            finally:
                feedback.subscription = None
                self._pictures.unsubscribe(subscription)
