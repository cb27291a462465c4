"""The WebRTC connections of one consult: one for each page that wants live media.

Rules:
- A page says `want_media` and is offered a connection; a newer wish ends the one before it. Each call is one task,
  which makes the peer, waits for the answer, for the network, and for the end, and closes the peer whatever happens.
- Once connected, it takes the moving picture and joins the voices; before that nothing is queued for it.
- A page that nobody looks at pauses the picture; voice goes on.
- Whatever fails is said in one sentence, and everything else of the page goes on: its control connection, its stills,
  and its media WebSocket, which it may keep until frames come here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from time import monotonic
from typing import Protocol

from consult.media.pacing.congestion import CongestionController, PacingGate, QualityLayer, Report
from consult.media.pacing.subscriber_queue import Gate
from consult.media.webrtc.ice import UdpPort
from consult.media.webrtc.peer import Peer
from consult.model.errors import ConsultError, Refused
from consult.model.identifiers import ConnectionId, SeatId
from consult.sessions.messages import AnswerMedia, EndMedia, MediaEnded, MediaMessage, Offer, PauseMedia, WantMedia
from consult.sessions.presence.messages import Speaking
from consult.streaming.video_router import Subscription, Transport
from consult.streaming.voice_router import VoiceRouter

logger = logging.getLogger(__name__)
ANSWER_S = 10.0
"""A page answers an offer within this."""
CONNECT_S = 15.0
"""As long as browsers try themselves."""
MAX_ENDING = 4
"""WebRtcCalls of one page that are still being closed; with more, it has to wait."""
NO_PORT = "This server has no port for live media."
TOO_MANY = "Too many connections at once. Try again in a moment."
NO_ANSWER = "The browser did not answer."
NO_WAY = "No media came through the network."
LOST = "The network lost the media connection."
OURS = "The server could not make the media connection."


class VideoService(Protocol):
    """Who takes which frames, as a call needs it (`pictures.PictureRouter`)."""

    def subscribe(self, connection: ConnectionId, transport: Transport, gate: Gate) -> Subscription:
        """A page takes the moving picture from now on, this way."""

    def unsubscribe(self, subscription: Subscription) -> None:
        """It takes it no longer."""

    def set_layer(self, subscription: Subscription, layer: QualityLayer) -> None:
        """It takes frames of that layer from now on."""


class Feedback:
    """What a peer says of its frames, and what follows from it. `subscription`: the frames it gets now, or None."""

    def __init__(self, connection: ConnectionId, pictures: VideoService, peer: Peer) -> None:
        self.subscription: Subscription | None = None
        self.gate = PacingGate()
        self._connection, self._pictures, self._peer = connection, pictures, peer
        self._rate = CongestionController()

    @property
    def layer(self) -> QualityLayer:
        """What its link takes."""
        return self._rate.layer

    def key_wanted(self) -> None:
        """Its decoder has lost its way."""
        if self.subscription is not None:
            self.subscription.subscriber.lost()

    def report(self, report: Report) -> None:
        """How much of it arrived."""
        before = self.layer
        self._follow(before, self._rate.report(report, monotonic()))

    def estimate(self, bits_per_s: int) -> None:
        """What its link carries, as it thinks."""
        before = self.layer
        self._follow(before, self._rate.estimate(bits_per_s, monotonic()))

    def _follow(self, before: QualityLayer, silent_s: float) -> None:
        if self.layer == before:
            return
        logger.info("connection %s: takes the layer %s", self._connection, self.layer)
        self.gate.hold(monotonic() + silent_s)
        self._peer.set_layer(self.layer)
        if self.subscription is not None:
            self._pictures.set_layer(self.subscription, self.layer)


class Call:
    """One connection of a page, from the wish to the end."""

    def __init__(self, connection: ConnectionId, want: WantMedia, run: Callable[[Call], asyncio.Task[None]]) -> None:
        self.connection, self.want = connection, want
        self.answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.subscription: Subscription | None = None
        """The picture that is under way by this call."""
        self.looks = asyncio.Event()
        """Somebody wants to see, and does not yet."""
        self.looks.set()
        self.task = run(self)


class WebRtcCalls:
    """One consult's. `say` leaves a message in a connection's outbox."""

    def __init__(
        self,
        port: UdpPort | None,
        pictures: VideoService,
        voices: VoiceRouter,
        say: Callable[[ConnectionId, Offer | MediaEnded], None],
    ) -> None:
        self._port, self._pictures, self._voices, self._say = port, pictures, voices, say
        self._calls: dict[ConnectionId, Call] = {}
        self._ending: dict[asyncio.Task[None], ConnectionId] = {}

    @property
    def count(self) -> int:
        """WebRtcCalls that are there, connected or not yet."""
        return len(self._calls)

    @property
    def speaking(self) -> Speaking:
        """Who is heard now."""
        return self._voices.speaking

    def negotiate(self, connection: ConnectionId, message: MediaMessage) -> None:
        """A page says this about its connection. What does not fit the newest wish is not used."""
        call = self._calls.get(connection)
        match message:
            case WantMedia(n):
                self._end(connection)
                if sum(other == connection for other in self._ending.values()) > MAX_ENDING:
                    self._say(connection, MediaEnded(n, TOO_MANY))
                else:
                    self._calls[connection] = Call(connection, message, self._start)
            case AnswerMedia(n, sdp) if call is not None and call.want.n == n and not call.answer.done():
                call.answer.set_result(sdp)
            case PauseMedia(n, paused) if call is not None and call.want.n == n:
                self._pause(call, paused=paused)
            case EndMedia(n) if call is not None and call.want.n == n:
                self._end(connection)
            case _:
                logger.debug("connection %s: speaks of another call", connection)

    def hear(self, connection: ConnectionId, *, on: bool, listens: bool) -> None:
        """Whether what a page's microphone sends is forwarded, and whether it gets what others send."""
        self._voices.hear(connection, on=on, listens=listens)

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
            call.looks.set()
        elif paused:
            call.looks.clear()
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
            sentence = await self._hold(call)
        except ConsultError as error:
            sentence = error.sentence
        except Exception:  # a fault of ours in one call must not end the consult's others
            logger.exception("connection %s: a call ended by a fault of ours", connection)
            sentence = OURS
        if self._calls.get(connection) is call:
            del self._calls[connection]
        self._say(connection, MediaEnded(call.want.n, sentence))

    async def _hold(self, call: Call) -> str:
        """From offer to end. Returns why it ended; raises ConsultError where it never began."""
        if self._port is None:
            raise Refused("no_port", NO_PORT)
        peer = Peer(self._port, lambda packet: self._voices.packet(call.connection, packet))
        try:
            self._say(call.connection, Offer(call.want.n, await peer.offer(h264=call.want.h264)))
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
                return NO_WAY
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
        """Give it the moving picture, whenever somebody looks."""
        feedback = Feedback(call.connection, self._pictures, peer)
        while peer.takes_video:
            await call.looks.wait()
            call.looks.clear()
            subscription = call.subscription = feedback.subscription = self._pictures.subscribe(
                call.connection, "webrtc", feedback.gate
            )
            self._pictures.set_layer(subscription, feedback.layer)
            try:
                await peer.play(subscription.take, feedback)
            finally:
                feedback.subscription = None
                self._pictures.unsubscribe(subscription)
