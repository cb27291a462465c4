"""Cases, views and consults for tests of the pure packages: small, every part known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from consult.model.catalogue import Axis, Case, Patient, Role, Series, Study
from consult.model.geometry import Grid, Vec
from consult.model.identifiers import ConnectionId, ConsultId, InvitationId, SeatId, SeriesKey, StudyKey, TabId
from consult.model.mark import MarkKind, Shape
from consult.model.view import NamedWindow, Playing, Screen, Shown, Stack, View, Viewport, Window
from consult.sessions.core import SessionCore
from consult.sessions.effects import Append, Close, Effect, Send
from consult.sessions.features.consult.commands import OpenConsult
from consult.sessions.features.consult.events import Kind
from consult.sessions.features.kinds import ServerMessage
from consult.sessions.features.seats.commands import Invite, Rename, TakeSeat
from consult.sessions.features.view.messages import Show, ShownView
from consult.sessions.fold import fold_all
from consult.sessions.messages import PROTOCOL_VERSION, Hello
from consult.sessions.state import State

SCREEN = Screen(1440, 900)
PHONE = Screen(1170, 2532, only_active=True)
CONSULT = ConsultId("consult-1")
START = 1_000.0


def grid(images: int = 20, size: int = 64, spacing: float = 2.0, step: float = 3.0) -> Grid:
    """Axial, centred on the origin."""
    corner = -(size - 1) / 2 * spacing
    positions = tuple((corner, corner, step * i) for i in range(images))
    return Grid("patient", size, size, spacing, spacing, "mm", (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), positions)


def series(key: str, *, study: str = "st-1", images: int = 20, modality: str = "CT", colour: bool = False) -> Series:
    """One stack; a CT with a lung window."""
    windows = () if colour else (NamedWindow(Window(-600.0, 1500.0), "LUNG"),)
    return Series(
        SeriesKey(key), StudyKey(study), modality, 1, "lung", images, grid(images), colour=colour, windows=windows
    )


def timed_series(key: str, *, places: int = 10, labels: Sequence[str] = ("b 0", "b 1000"), missing: int = 0) -> Series:
    """An MR series whose images repeat at each place; the last `missing` of its last time are not there."""
    gaps = tuple((len(labels) - 1, place) for place in range(places - missing, places))
    return replace(
        series(key, images=places, modality="MR"),
        images=places * len(labels) - missing,
        axis=Axis("DiffusionBValue", tuple(labels), gaps),
        windows=(NamedWindow(Window(300.0, 600.0)),),
    )


def case(identifier: str = "c1", keys: Sequence[str] = ("s-1", "s-2"), patient: str = "DEMO^ANNA") -> Case:
    """A case of one study."""
    study = Study(StudyKey("st-1"), "CT chest", "2026-11-24", "09:12:40")
    return Case(identifier, "", Patient(patient, "1"), (study,), tuple(series(key) for key in keys))


def stack_of(shows: Shown) -> Stack:
    """What a viewport shows, which is a stack in these tests."""
    assert isinstance(shows, Stack)
    return shows


def place_of(view: View) -> int:
    """The place that the first viewport shows."""
    return stack_of(view.viewports[0].shows).place


def showing(viewport: Viewport, **changes: object) -> Viewport:
    """A viewport of another series, place or time."""
    return replace(viewport, shows=replace(viewport.shows, **changes))


def scrolled(view: View, place: int) -> View:
    """The same view, its first viewport at another place."""
    first, *others = view.viewports
    return replace(view, viewports=(showing(first, place=place), *others))


PLAYS = Playing("place", 0, 19)
"""All places of a series of twenty, at the speed of its file."""


def playing(view: View, how: Playing | None = PLAYS) -> View:
    """The same view, its first viewport playing so, or not."""
    first, *others = view.viewports
    return replace(view, viewports=(replace(first, playing=how), *others))


class Table:
    """A consult at which tests sit: a core whose appends are all stored at once, and what it sent to whom."""

    def __init__(
        self, cases: tuple[Case, ...] = (case("c1"), case("c2", ("s-9",), "OTHER^MAN")), kind: Kind = "consult"
    ) -> None:
        self.core = SessionCore.new(owner="server-1")
        self.now = START
        self.sent: dict[str, list[ServerMessage]] = {}
        self.closed: dict[str, tuple[int, str]] = {}
        self.effects: list[Effect] = []
        self.appended: list[Append] = []
        opening = OpenConsult(consult=CONSULT, title="Board", host_name="Dr. Host", cases=cases, kind=kind)
        self.do(self.core.command(opening, self.now))
        for role in ("host", "participant", "viewer", *(("moderator", "preparer") if kind == "board" else ())):
            self.invite(role, role)

    @property
    def state(self) -> State:
        """What the core knows."""
        return self.core.state

    @property
    def view(self) -> View:
        """What is shown."""
        assert self.core.shown is not None
        return self.core.shown.view

    def do(self, effects: Iterable[Effect]) -> list[Effect]:
        """Note what the core asked for."""
        self.effects = list(effects)
        for effect in self.effects:
            if isinstance(effect, Append):
                self.appended.append(effect)
            elif isinstance(effect, Send):
                for connection in effect.to:
                    self.sent.setdefault(connection, []).append(effect.message)
            elif isinstance(effect, Close):
                self.closed[effect.connection] = (effect.code, effect.reason)
        return self.effects

    def invite(self, identifier: str, role: Role, expires_at: float | None = None) -> None:
        """A new invitation."""
        self.do(
            self.core.command(Invite(invitation=InvitationId(identifier), role=role, expires_at=expires_at), self.now)
        )

    def sit(self, seat: str, invitation: str, name: str = "") -> None:
        """Take a seat."""
        request = TakeSeat(seat=SeatId(seat), invitation=InvitationId(invitation), name=name or seat)
        self.do(self.core.command(request, self.now))

    def join(self, seat: str, role: Role = "participant", screen: Screen = SCREEN) -> str:
        """Take a seat with the role's invitation, connect and send hello; the connection is named like the seat."""
        self.sit(seat, role)
        return self.come(seat, screen=screen)

    def come(self, seat: str, connection: str = "", *, screen: Screen = SCREEN, log: str = "", after: int = 0) -> str:
        """Connect with a seat that is taken, and send hello."""
        connection = connection or seat
        self.do(self.core.connect(ConnectionId(connection), SeatId(seat), self.now))
        hello = Hello(PROTOCOL_VERSION, TabId(tab_of(seat)), screen, log, after)
        self.do(self.core.receive(ConnectionId(connection), hello, self.now))
        return connection

    def send(self, connection: str, message: object) -> list[ServerMessage]:
        """A message of a page; what the same page was sent upon it."""
        before = len(self.sent.get(connection, []))
        self.do(self.core.receive(ConnectionId(connection), message, self.now))  # type: ignore[arg-type]  # any message
        return self.sent.get(connection, [])[before:]

    def show(self, n: int, place: int, *, control: int = 0, case: int = 0, rest: bool = False) -> Show:
        """A show of the current view, scrolled; of the current epochs where none are given."""
        return Show(control or self.state.control.epoch, case or self.state.case, n, scrolled(self.view, place), rest)

    def rename(self, n: int, name: str, seat: str = "ann") -> Rename:
        """A rename by a seat, for the case on the stage."""
        return Rename(id=command_id(seat, n), case=self.state.case, name=name)

    def last_view(self, who: str) -> ShownView:
        """The newest view that somebody was sent."""
        return next(message for message in reversed(self.sent[who]) if isinstance(message, ShownView))

    def restarted(self, owner: str = "server-2") -> SessionCore:
        """Another core, on what was stored; it has not started."""
        entries = [entry for append in self.appended for entry in append.entries]
        return SessionCore(fold_all(entries), owner=owner, tail=entries)


def tab_of(seat: str) -> str:
    """The tab of a seat in tests."""
    return f"tab-of-{seat}".ljust(8, "x")


def command_id(seat: str, n: int) -> str:
    """A command's id of the tab of a seat."""
    return f"{tab_of(seat)}.{n}"


def shape(
    identifier: str = "m1", kind: MarkKind = "length", *, image: int = 4, label: str = "", size: float = 10.0
) -> Shape:
    """A shape on an image of the first series of `case()`; `size` in mm."""
    z = 3.0 * image
    points: dict[MarkKind, tuple[Vec, ...]] = {
        "arrow": ((0.0, 0.0, z), (size, size, z)),
        "text": ((5.0, 5.0, z),),
        "length": ((0.0, 0.0, z), (size, 0.0, z)),
        "angle": ((size, 0.0, z), (0.0, 0.0, z), (0.0, size, z)),
        "ellipse": ((0.0, 0.0, z), (size, 0.0, z), (0.0, size / 2, z)),
        "probe": ((1.0, 1.0, z),),
        "bidirectional": ((0.0, 0.0, z), (size, 0.0, z), (size / 2, -size / 4, z), (size / 2, size / 4, z)),
        "cobb": ((0.0, 0.0, z), (size, 1.0, z), (0.0, size, z), (size, size - 1.0, z)),
        "circle": ((0.0, 0.0, z), (size, 0.0, z), (0.0, size, z)),
        "rectangle": ((0.0, 0.0, z), (size, 0.0, z), (size, size / 2, z), (0.0, size / 2, z)),
        "freehand": ((0.0, 0.0, z), (size, 0.0, z), (size, size, z), (size / 2, size * 1.5, z), (0.0, size, z)),
        "polyline": ((0.0, 0.0, z), (size, 0.0, z), (size, size, z)),
        "polygon": ((0.0, 0.0, z), (size, 0.0, z), (size / 2, size, z)),
    }
    words = label or ("here" if kind == "text" else "")
    return Shape(id=identifier, kind=kind, series=SeriesKey("s-1"), image=image, points=points[kind], label=words)
