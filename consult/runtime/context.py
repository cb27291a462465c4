"""What a consult shows and lets hear, as its shell needs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from consult.media.pacing.subscriber_queue import Gate
from consult.model.catalogue import Case
from consult.model.identifiers import ConnectionId, SeriesKey
from consult.model.mark import Shape
from consult.model.view import Screen
from consult.sessions.features.view.messages import ShownView
from consult.sessions.messages import MediaMessage
from consult.sessions.presence.messages import Speaking
from consult.streaming.stills import Still
from consult.streaming.video_router import Subscription, Transport


class PictureService(Protocol):
    """Who sees which picture, as the shell needs it (`pictures.PictureRouter`)."""

    def show(self, shown: ShownView, case: Case) -> None:
        """The view has changed."""

    def look(self, connection: ConnectionId, stage: str, shown: ShownView, case: Case) -> None:
        """A page looks around alone."""

    def follow(self, connection: ConnectionId) -> None:
        """It follows again."""

    def set_screen(self, connection: ConnectionId, screen: Screen) -> None:
        """A page is here, or has another shape."""

    def forget(self, connection: ConnectionId) -> None:
        """A page has gone."""

    def series_changed(self, series: SeriesKey) -> None:
        """More of a series can be shown."""

    async def fetch(self, digest: str) -> Still:
        """A still that was offered."""

    def measure(self, to: Sequence[ConnectionId], shapes: Sequence[Shape], case: Case) -> None:
        """Read the pixels below shapes of a case, and tell their values."""

    def subscribe(self, connection: ConnectionId, transport: Transport, gate: Gate) -> Subscription:
        """A page takes the moving picture from now on, this way."""

    def unsubscribe(self, subscription: Subscription) -> None:
        """It takes it no longer."""

    async def close(self) -> None:
        """Stop."""


class CallService(Protocol):
    """The live media of the pages, as the shell needs it (`calls.WebRtcCalls`)."""

    @property
    def speaking(self) -> Speaking:
        """Who is heard now."""

    def negotiate(self, connection: ConnectionId, message: MediaMessage) -> None:
        """A page says this about its WebRTC connection."""

    def hear(self, connection: ConnectionId, *, on: bool, listens: bool) -> None:
        """Whether a page is heard, and whether it listens."""

    def forget(self, connection: ConnectionId) -> None:
        """A page has gone."""

    async def close(self) -> None:
        """Stop."""


@dataclass(frozen=True)
class ConsultContext:
    """What a consult shows and lets hear."""

    pictures: PictureService
    calls: CallService
