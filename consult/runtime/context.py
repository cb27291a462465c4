"""The pictures and the calls of a consult, as its runner needs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from consult.media.pacing.subscriber_queue import Gate
from consult.model.catalogue import Case, Series
from consult.model.geometry import Vec
from consult.model.identifiers import ConnectionId, SeatId, SeriesKey
from consult.model.mark import Shape
from consult.model.privacy.blackout import HiddenParts
from consult.model.view import Screen
from consult.runtime.record import RecordService
from consult.sessions.features.view.messages import ShownView
from consult.sessions.messages import MediaMessage
from consult.sessions.presence.messages import Speaking
from consult.streaming.feeds.feed import Feed
from consult.streaming.stills import Still
from consult.streaming.subscription import Subscription, Transport
from consult.streaming.values.curves import Curve


class PictureService(Protocol):
    """Which page gets which picture (`streaming.router.PictureRouter`)."""

    def show(self, shown: ShownView, case: Case) -> None:
        """The shared view has changed."""

    def show_independent(self, connection: ConnectionId, stage: str, shown: ShownView, case: Case) -> None:
        """A page explores on its own: it gets pictures of its own view, on a stage of that name."""

    def follow(self, connection: ConnectionId) -> None:
        """A page follows the shared view again."""

    def hide(self, parts: HiddenParts) -> None:
        """Guests are shown nothing of these parts from now on, and all of the others."""

    def set_screen(self, connection: ConnectionId, screen: Screen, *, guest: bool) -> None:
        """A page has joined, or its screen has changed."""

    def load(self) -> None:
        """Somebody is about to come."""

    async def first_stills(self, seat: SeatId, screen: Screen, *, guest: bool) -> tuple[str, ...]:
        """Digests of the stills that a page of that seat, with that screen, is shown first."""

    def forget(self, connection: ConnectionId) -> None:
        """A page has gone."""

    def series_changed(self, series: SeriesKey) -> None:
        """More images of a series are loaded."""

    async def greatest(
        self, seat: SeatId, series: Series, time: int, line: tuple[Vec, Vec], *, least: bool
    ) -> tuple[Vec, float]:
        """The voxel with the greatest value on a line, or the least. Raises Refused, NotReady, DicomRefused."""

    async def curve(self, seat: SeatId, shape: Shape, series: Series) -> Curve:
        """The values of a shape over the second axis of its series. Raises Refused, NotReady, StoreFailed."""

    async def fetch(self, digest: str, seat: SeatId, *, guest: bool) -> Still:
        """A still that was offered in a stamp, for a page of that seat."""

    async def fetch_small(self, digest: str, seat: SeatId, *, now: bool, guest: bool) -> Still:
        """The same for a page that decodes JPEG XL; `now`: encoded so in any case."""

    async def preview(self, digest: str, seat: SeatId, *, guest: bool) -> bytes:
        """A JPEG of fewer pixels of a still that was offered."""

    def measure(self, to: Sequence[ConnectionId], shapes: Sequence[Shape], case: Case, drafting: str = "") -> None:
        """Read the pixels below shapes of a case, and send the values to these connections."""

    def subscribe(self, connection: ConnectionId, transport: Transport, gate: Gate) -> Subscription:
        """Give a page the video from now on, by that transport."""

    def unsubscribe(self, subscription: Subscription) -> None:
        """Give it no more frames."""

    def feed(self, connection: ConnectionId, seat: SeatId) -> Feed:
        """Send a page its stills from now on, before it asks for them."""

    def end_feed(self, connection: ConnectionId, feed: Feed) -> None:
        """Its socket is gone."""

    async def close(self) -> None:
        """Stop."""


class CallService(Protocol):
    """The WebRTC connections of the pages (`streaming.webrtc_calls.WebRtcCalls`)."""

    @property
    def active_speakers(self) -> Speaking:
        """Whose voices are forwarded now."""

    def negotiate(self, connection: ConnectionId, message: MediaMessage) -> None:
        """A message of a page about its WebRTC connection."""

    def set_voice(self, connection: ConnectionId, *, on: bool, listens: bool) -> None:
        """Whether a page's voice is forwarded to others, and whether other voices are forwarded to it."""

    def forget(self, connection: ConnectionId) -> None:
        """A page has gone."""

    async def close(self) -> None:
        """Stop."""


@dataclass(frozen=True)
class ConsultContext:
    """What a consult's runner carries effects out with, besides connections."""

    pictures: PictureService
    calls: CallService
    record: RecordService
