"""A made case and a shell around a real core, for tests without a browser."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from time import monotonic

from msgspec.structs import replace

from consult.media.pacing.subscriber_queue import Gate, SubscriberQueue
from consult.model.catalogue import Axis, Case, Patient, Series, Study
from consult.model.geometry import Grid, Vec
from consult.model.identifiers import ConnectionId, ConsultId, InvitationId, SeatId, SeriesKey, StudyKey
from consult.model.mark import Mark, Shape
from consult.model.privacy.blackout import HiddenParts
from consult.model.rates import RateLimit
from consult.model.view import NamedWindow, Screen, Window
from consult.runtime.admission import Admission
from consult.runtime.context import ConsultContext
from consult.runtime.runner import ConsultRunner
from consult.sessions.core import SessionCore
from consult.sessions.events import Entry
from consult.sessions.features.consult.commands import OpenConsult
from consult.sessions.features.rates import RATES
from consult.sessions.features.seats.commands import Invite, TakeSeat
from consult.sessions.features.view.messages import ShownView
from consult.sessions.messages import MediaMessage
from consult.sessions.presence.messages import Speaking
from consult.sessions.state import State
from consult.store.log import Log
from consult.streaming.feeds.feed import Feed
from consult.streaming.stills import Still
from consult.streaming.subscription import Subscription, Transport
from consult.streaming.values.curves import Curve

CONSULT = ConsultId("c-1")
HOST_LINK, GUEST_LINK = InvitationId("for-host"), InvitationId("for-guests")
HOST, GUEST = SeatId("host-seat"), SeatId("guest-seat")
SERIES = SeriesKey("series-1")


def a_case(identifier: str = "c1", images: int = 10) -> Case:
    """A case of one axial CT series."""
    positions = tuple((0.0, 0.0, 2.0 * i) for i in range(images))
    grid = Grid("patient", 64, 64, 1.0, 1.0, "mm", (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), positions)
    study = Study(StudyKey("study-1"), "CT chest", "2026-11-24", "09:12:40")
    window = NamedWindow(Window(40, 400))
    series = Series(SERIES, study.key, "CT", 4, "CT lung", images, grid, unit="HU", windows=(window,))
    return Case(identifier, "Second opinion", Patient("TEST^ANNA", "4711"), (study,), (series,))


def a_timed_case(places: int = 5) -> Case:
    """A case of one axial series of two b values: image `places` is the first of the second."""
    plain = a_case(images=places)
    axis = Axis("DiffusionBValue", ("b 0", "b 1000"))
    return replace(plain, series=(replace(plain.series[0], images=2 * places, axis=axis),))


class NoPictures:
    """A picture service without pictures; remembers what was asked of it."""

    def __init__(self) -> None:
        self.views: list[ShownView] = []
        self.independent: dict[ConnectionId, tuple[str, ShownView]] = {}
        self.screens: dict[ConnectionId, Screen] = {}
        self.measured: list[tuple[tuple[ConnectionId, ...], tuple[Shape, ...]]] = []
        self.subscriptions: dict[ConnectionId, Subscription] = {}

    def show(self, shown: ShownView, case: Case) -> None:
        """The view has changed."""
        self.views.append(shown)

    def show_independent(self, connection: ConnectionId, stage: str, shown: ShownView, case: Case) -> None:
        """A page explores on its own; remembered."""
        self.independent[connection] = (stage, shown)

    def follow(self, connection: ConnectionId) -> None:
        """A page follows again."""
        self.independent.pop(connection, None)

    def set_screen(self, connection: ConnectionId, screen: Screen, *, guest: bool) -> None:
        """A page has joined."""
        self.screens[connection] = screen

    def hide(self, parts: HiddenParts) -> None:
        """There is nothing to hide."""

    def load(self) -> None:
        """There is nothing to load."""

    async def first_stills(self, seat: SeatId, screen: Screen, *, guest: bool) -> tuple[str, ...]:
        """There are none."""
        return ()

    async def preview(self, digest: str, seat: SeatId, *, guest: bool) -> bytes:
        """There is none."""
        raise NotImplementedError

    def forget(self, connection: ConnectionId) -> None:
        """A page has gone."""
        self.screens.pop(connection, None)

    def series_changed(self, series: SeriesKey) -> None:
        """Nobody needs to know."""

    async def greatest(
        self, seat: SeatId, series: Series, time: int, line: tuple[Vec, Vec], *, least: bool
    ) -> tuple[Vec, float]:
        """There is nothing."""
        raise NotImplementedError

    async def curve(self, seat: SeatId, shape: Shape, series: Series) -> Curve:
        """There is none."""
        raise NotImplementedError

    async def fetch(self, digest: str, seat: SeatId, *, guest: bool) -> Still:
        """There are none."""
        raise KeyError(digest)

    async def fetch_small(self, digest: str, seat: SeatId, *, now: bool, guest: bool) -> Still:
        """There are none."""
        raise KeyError(digest)

    def feed(self, connection: ConnectionId, seat: SeatId) -> Feed:
        """A feed without stills."""
        fetch = partial(self.fetch, seat=seat, guest=False)
        return Feed(fetch, fetch)

    def end_feed(self, connection: ConnectionId, feed: Feed) -> None:
        """Ended."""
        feed.end()

    def measure(self, to: Sequence[ConnectionId], shapes: Sequence[Shape], case: Case, drafting: str = "") -> None:
        """Remembered."""
        self.measured.append((tuple(to), tuple(shapes)))

    def subscribe(self, connection: ConnectionId, transport: Transport, gate: Gate) -> Subscription:
        """A subscription that never gets a frame; remembered."""
        subscription = self.subscriptions[connection] = Subscription(
            SubscriberQueue(monotonic, gate), lambda stamp: None, lambda: None
        )
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Forgotten."""
        self.subscriptions = {
            connection: other for connection, other in self.subscriptions.items() if other is not subscription
        }

    async def close(self) -> None:
        """Nothing to stop."""


class NoCalls:
    """A call service without media; remembers what was asked of it."""

    def __init__(self) -> None:
        self.negotiated: list[tuple[ConnectionId, MediaMessage]] = []
        self.active_speakers = Speaking(())
        self.voices: dict[ConnectionId, tuple[bool, bool]] = {}
        self.forgotten: list[ConnectionId] = []

    def negotiate(self, connection: ConnectionId, message: MediaMessage) -> None:
        """Remembered."""
        self.negotiated.append((connection, message))

    def set_voice(self, connection: ConnectionId, *, on: bool, listens: bool) -> None:
        """Remembered: whether its voice is forwarded, and whether it listens."""
        self.voices[connection] = (on, listens)

    def forget(self, connection: ConnectionId) -> None:
        """A page has gone."""
        self.forgotten.append(connection)

    async def close(self) -> None:
        """Nothing to stop."""


class NoRecord:
    """A record that remembers what was asked of it."""

    def __init__(self) -> None:
        self.computed: list[tuple[Mark, ...]] = []
        self.entries: list[Entry] = []
        self.seats: list[tuple[str, str]] = []
        self.gone: list[str] = []

    def compute(self, marks: Sequence[Mark], state: State) -> None:
        """Remembered."""
        self.computed.append(tuple(marks))

    def stored(self, state: State, entries: Sequence[Entry]) -> None:
        """Remembered."""
        self.entries += entries

    def joined(self, state: State, seat: str) -> None:
        """Remembered."""
        self.seats.append((seat, ""))

    def went(self, seat: str) -> None:
        """Remembered."""
        self.gone.append(seat)

    def refused(self, state: State, seat: str, code: str) -> None:
        """Remembered."""
        self.seats.append((seat, code))

    async def close(self) -> None:
        """Nothing to stop."""


def without_rates(running: ConsultRunner) -> None:
    """Pages of this consult may send as often as they like."""
    often = RateLimit(1e6, 1e6)
    running._admission = Admission(dict.fromkeys(RATES, often), {}, (RateLimit(1e9, 1e9), RateLimit(1e9, 1e9)))


async def open_consult(log: Log, cases: Iterable[Case] = ()) -> ConsultRunner:
    """A running consult with a host's and a guest's seat taken, stored."""
    running = ConsultRunner(
        CONSULT, SessionCore.new(owner="test"), log, lambda _: ConsultContext(NoPictures(), NoCalls(), NoRecord())
    )
    cases = tuple(cases) or (a_case(),)
    await running.command(OpenConsult(consult=CONSULT, title="Second opinion", host_name="Dr. Host", cases=cases))
    await running.command(Invite(invitation=HOST_LINK, role="host", name="Dr. Host"))
    await running.command(Invite(invitation=GUEST_LINK, role="participant"))
    await running.command(TakeSeat(seat=HOST, invitation=HOST_LINK, name="Dr. Host"))
    await running.command(TakeSeat(seat=GUEST, invitation=GUEST_LINK, name="Guest"))
    return running
