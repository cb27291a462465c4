"""A page's subscription to the video of its consult, by one transport."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from consult.media.pacing.congestion import QualityLayer
from consult.media.pacing.subscriber_queue import Numbered, SubscriberQueue
from consult.media.video.raster import StreamKey
from consult.model.identifiers import ConnectionId
from consult.sessions.messages import ShownStamp

Transport = Literal["webrtc", "websocket"]


class Subscription:
    """A page's video by one transport.

    Args:
        subscriber: the queue of its frames.
        send: leaves the stamp of a frame in the outbox of the page's control connection.
        on_live: called before its first frame goes out.
    """

    def __init__(
        self, subscriber: SubscriberQueue, send: Callable[[ShownStamp], None], on_live: Callable[[], None]
    ) -> None:
        self.subscriber = subscriber
        self.replaced = False
        """It has ended because the page has a newer subscription."""
        self._send, self._on_live, self._is_live = send, on_live, False

    async def take(self) -> Numbered | None:
        """The next frame, its stamp sent before; None at the end, or when the page takes nothing."""
        numbered = await self.subscriber.take()
        if numbered is not None:
            self._send(numbered.access_unit.as_message)
            if not self._is_live:
                self._is_live = True
                self._on_live()
        return numbered


@dataclass
class SubscriptionState:
    """Whose a subscription is, by which transport, of which layer, and which stream it gets."""

    connection: ConnectionId
    transport: Transport
    layer: QualityLayer = "full"
    key: StreamKey | None = None
    handover: asyncio.TimerHandle | None = None
