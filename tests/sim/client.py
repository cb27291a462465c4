"""A page in the simulation: it folds what it receives, holds its commands until they are answered, and drives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from consult.model.catalogue import Case, Role
from consult.model.identifiers import ConnectionId, ConsultId, SeatId, TabId
from consult.model.mark import Shape
from consult.model.view import Screen, View
from consult.sessions.events import StoredEvent
from consult.sessions.features.cases.events import CaseSwitched
from consult.sessions.features.chat.commands import PostChat
from consult.sessions.features.critical.messages import CriticalWaits
from consult.sessions.features.kinds import ParticipantCommand, ServerMessage
from consult.sessions.features.marks.commands import PutMark
from consult.sessions.features.marks.messages import Draft, Drafts
from consult.sessions.features.note.events import Field
from consult.sessions.features.note.messages import Write, Writings
from consult.sessions.features.view.messages import Show, ShownView
from consult.sessions.messages import (
    PROTOCOL_VERSION,
    Ack,
    Alive,
    Closing,
    Hello,
    Nack,
    Part,
    Probe,
    Received,
    SetScreen,
    Welcome,
)
from consult.sessions.presence.messages import (
    Cursor,
    Cursors,
    Explore,
    Exploring,
    Microphone,
    Presence,
    RaiseHand,
    SetMicrophone,
    Spot,
)
from consult.sessions.state import Snapshot, State
from consult.sessions.views import initial_view
from tests.sim.choosing import a_shape, chosen
from tests.sim.document import begun, fold_on_page, joined, on_case
from tests.sim.playing import meant, perhaps_playing
from tests.sim.recording import composed, under
from tests.support.cases import place_of, scrolled

if TYPE_CHECKING:
    from tests.sim.link import Link
    from tests.sim.world import Simulation

SCREEN = Screen(1440, 900)
TICK_S = 0.4
PATIENCE_S = 0.8
MAX_PENDING = 8
WATCHING = frozenset({"eve", "gus", "pat"})
"""They neither draw nor write; pat only prepares a board."""


class Client:
    """One page, one tab, one seat."""

    def __init__(self, sim: Simulation, seat: SeatId) -> None:
        self.sim, self.seat, self.tab = sim, seat, TabId(f"tab-of-{seat}-1")
        self.state = State()
        self.view: ShownView | None = None
        self.link: Link | None = None
        self.is_welcome = False
        self.is_out = False
        self.pending: dict[str, ParticipantCommand] = {}
        self.intent: Show | None = None
        """Its newest show, as long as nothing of another makes it pointless."""
        self.draws: Shape | None = None
        """What it draws just now."""
        self.typed: tuple[int, str] | None = None
        """The case epoch and the case on the stage when it began to type what it has not sent."""
        self.drawn: dict[tuple[SeatId, str], Shape] = {}
        """What others draw, as it was sent, by seat and tab."""
        self.writes = ""
        """What it writes in the impression just now."""
        self.written: dict[tuple[SeatId, str], str] = {}
        """What others write, as it was sent, by seat and tab."""
        self.composes: tuple[str, ParticipantCommand] | None = None
        """The case that it saw, and what it made of it and has not sent yet."""
        self.only_watches = seat in WATCHING
        self.role: Role | Literal[""] = ""
        """As what it was welcomed."""
        self.cursor = Cursor(0, 1)
        """Its newest cursor: sent anew at each tick, as a hand is."""
        self.hand = False
        self.screen = SCREEN
        """As it was last sent: no report of it may be lost."""
        self.own_view: View | None = None
        """What it wants to explore on its own; None: it follows."""
        self._own_case = 0
        self.exploring: Exploring | None = None
        self.cursors, self.presence = Cursors(0, ()), Presence(())
        self.parts: list[Part] = []
        """Of what comes next: a snapshot, or another case."""
        self.away_until = 0.0
        """Nobody has the page open until then."""
        self.asked = 0
        """How many commands it has made."""
        self._shows = self._explores = self._links = 0
        self._received_at = 0.0
        self.patience_s = PATIENCE_S

    @property
    def case(self) -> Case | None:
        """The case on the stage, with the lists of its series, which a page fetches."""
        return next((case for case in self.sim.cases if case.id == self.state.current), None)

    def is_done(self) -> bool:
        """Nothing is left to do or to wait for."""
        if self.is_out:
            return True
        return self.is_welcome and self.link is not None and not self.pending and self._is_confirmed()

    # What it receives

    def receive(self, link: Link, message: ServerMessage) -> None:
        """A message of the server."""
        if link is not self.link:
            return
        self._received_at = self.sim.now
        match message:
            case Part():
                self._gather(link, message)
            case Drafts() | Writings():
                self._see_drafts(message)
            case Welcome():
                self._begin(message)
            case StoredEvent():
                self._fold(message)
            case ShownView():
                self._see(message)
            case Ack() | Nack():
                self._answered(message)
            case Closing(reason=reason):
                self.is_out |= reason != ""
            case Probe():
                link.up(Alive())
            case _:
                self._receive_presence(message)

    def _see_drafts(self, message: Drafts | Writings) -> None:
        if isinstance(message, Drafts):
            self.drawn = {(d.seat, d.tab): d.shape for d in message.drafts}
        else:
            self.sim.checker.saw_writings(self.seat, message)
            self.written = {(w.seat, w.tab): w.text for w in message.writings}

    def _receive_presence(self, message: ServerMessage) -> None:
        match message:
            case CriticalWaits(critical=critical) if critical:
                self.sim.checker.saw_waiting(self.seat, critical)
            case Cursors():
                self.sim.checker.saw_cursors(self.seat, message)
                self.cursors = message
            case Presence():
                self.presence = message
            case Exploring():
                self.sim.checker.saw_own(self.seat, self.tab, message)
                self.exploring = message
                if message.view is None and message.n == self._explores:
                    self.own_view = None
            case _:
                pass

    def _gather(self, link: Link, part: Part) -> None:
        if self.parts and (part.n == 1 or self.parts[0].name != part.name):
            self.parts = []
        self.parts.append(part)
        if part.n != len(self.parts):
            self.sim.checker.wrong(f"{self.seat} was sent part {part.n} of {part.name} as number {len(self.parts)}")
        link.up(Alive())

    def _complete(self, rest: Snapshot) -> Snapshot:
        """A snapshot with what its parts have, which are used up."""
        snapshot, self.parts = joined(self.parts, rest), []
        self.sim.checker.received(self.seat, snapshot)
        return snapshot

    def _begin(self, welcome: Welcome) -> None:
        self.is_welcome, self.cursors, self.exploring, self.drawn = True, Cursors(0, ()), None, {}
        self.written = {}
        epoch, self.role = self.state.case, welcome.role
        self.sim.checker.welcomed(self.seat, welcome.role)
        if welcome.snapshot is not None:
            self.state = begun(self._complete(welcome.snapshot), welcome.seq)
            self.sim.checker.restarted(self.seat, welcome.seq)
        else:
            self.sim.checker.resumed(self.seat, self.state.seq)
        self.parts = []
        if self.state.case != epoch:
            self.draws = self.typed = self.composes = None
            self.writes = ""
        self._see(welcome.view)
        self._send_all()

    def _answered(self, answer: Ack | Nack) -> None:
        if isinstance(answer, Ack):
            self.sim.checker.acknowledged(answer.id, answer.seq)
        elif answer.id:
            self.sim.checker.refused(answer.id)
        elif answer.code in ("stale_case", "not_in_control") and self.intent is not None:
            self._drop_stale_intent()
        self.pending.pop(answer.id, None)

    def _fold(self, stored: StoredEvent) -> None:
        self.sim.checker.applied(self.seat, self.state.seq, stored)
        epoch = self.state.case
        self.state = replace(fold_on_page(self.state, stored.event, SeatId(stored.by)), seq=stored.seq)
        if isinstance(stored.event, CaseSwitched) and self.parts:
            self._take_case(stored.event.case)
        if self.state.case != epoch:
            late, self.draws, self.writes = self.draws, None, ""
            if late is not None and not self.sim.is_calm:
                self._send(PutMark(id=self._next_id(), case=epoch, mark=late))  # the finger lifts a moment too late
            if self.typed is not None and not self.sim.is_calm:
                self._send(self.message(self._next_id()))  # and this one presses Enter a moment too late
            if self.composes is not None and not self.sim.is_calm:
                self._send_composed()

    def _take_case(self, identifier: str) -> None:
        """A guest is told of another case; of the former one nothing is left."""
        before = self.state
        empty = Snapshot(before.consult, (), before.case, before.current, before.control, ())
        self.state = on_case(before, identifier, self._complete(empty))

    def _see(self, shown: ShownView) -> None:
        self.sim.checker.saw(self.seat, shown)
        if self.view is None or shown.rev > self.view.rev:
            self.view = shown

    # What it does

    def tick(self) -> None:
        """Come back, send again what was not answered."""
        if self.is_out:
            return
        if self.sim.now < self.away_until:
            pass
        elif self.link is None:
            self._connect()
        elif self.sim.chance(self.sim.make.odds.cut):
            self.link.cut(half=self.sim.random.random() < 0.5)
        elif (self.pending or not self.is_welcome) and self.sim.now - self._received_at > self.patience_s:
            self.link.cut(half=True)
        elif self.is_welcome:
            self._send_all()
            self._point()
            self._explore()
        self.sim.after(TICK_S * (0.5 + self.sim.random.random()), self.tick)

    def act(self) -> None:
        """A person does something."""
        if self.sim.is_calm or self.is_out:
            return
        drives = self.state.control.seat == self.seat
        if self.is_welcome and (drives or self.sim.random.random() < 0.1):
            for i in range(self.sim.random.randrange(1, 4)):
                self.sim.after(0.02 * i, self._gesture)
        if self.is_welcome and self.sim.random.random() < 0.5:
            self.hand = self.sim.random.random() < 0.3
            self._explore()
            self._point()
        if self.is_welcome and self.sim.random.random() < 0.9 and len(self.pending) < MAX_PENDING:
            self._send(chosen(self, self._next_id(), drives=drives))
        if self.is_welcome and self.sim.random.random() < 0.1:
            self._draw()
        if self.is_welcome and self.typed is None and not self.only_watches and self.sim.random.random() < 0.1:
            self.typed = (self.state.case, self.state.current)
        if self.is_welcome and self.sim.random.random() < self.sim.make.odds.media:
            self._change_media()
        self.writes = self.writes if self.sim.random.random() < 0.6 else ""
        if self.is_welcome and not self.only_watches and self.sim.random.random() < 0.2:
            self._record()
        self.sim.after(self._again(), self.act)

    def _again(self) -> float:
        """When it acts next, seconds from now."""
        return 0.02 + 0.1 * self.sim.random.random()

    def _record(self) -> None:
        """Write on, or let it be; begin to make something of the case, and send it later."""
        random = self.sim.random
        self.writes = f"{self.seat} {random.randrange(100)}" if random.random() < 0.25 else ""
        if self.composes is None:
            self.composes = (self.state.current, composed(self))
        elif random.random() < 0.5 and len(self.pending) < MAX_PENDING:
            self._send_composed()

    def _send_composed(self) -> None:
        """What was made for the case that was seen then."""
        if self.composes is not None:
            case, command = self.composes
            self.composes = None
            self._send(under(command, self._next_id()), case)

    def _change_media(self) -> None:
        """Another shape of the window, another state of the microphone."""
        if self.link is None:
            return
        random = self.sim.random
        self.screen = Screen(random.randrange(400, 2000), 900)
        self.link.up(SetScreen(self.screen))
        if not self.only_watches:
            microphones: list[Microphone] = ["on", "muted", "phone"]
            self.link.up(SetMicrophone(random.choice(microphones)))

    def _connect(self) -> None:
        self._links += 1
        self.link = self.sim.connect(self, ConnectionId(f"{self.seat}/{self._links}"))
        self.is_welcome, self._received_at = False, self.sim.now
        log = self.state.consult_id if self.state.opened else ConsultId("")
        rev = self.view.rev if self.view is not None else 0
        received = Received(self.parts[0].name, len(self.parts)) if self.parts else None
        self.link.up(Hello(PROTOCOL_VERSION, self.tab, self.screen, log, self.state.seq, rev, received, self.role))

    def _send_all(self) -> None:
        if self.link is None:
            return
        for command in self.pending.values():
            self.link.up(command)
        if not self._is_confirmed() and self.intent is not None:
            self._show(self.intent.view)
        self._send_draft()

    def _send_draft(self) -> None:
        """What is drawn now, whole; sent anew with each tick."""
        if self.link is not None and self.is_welcome and not self.only_watches:
            self.link.up(Draft(self.state.case, self.draws))
            field: Field | None = "impression" if self.writes else None
            self.sim.checker.wrote(self.seat, self.state.case, self.writes)
            self.link.up(Write(self.state.case, field, self.writes))

    def _draw(self) -> None:
        """Begin or go on drawing; sometimes let it go."""
        case, choose = self.case, self.sim.random
        if case is None or self.only_watches:
            return
        if self.draws is not None and choose.random() < 0.3:
            self.draws = None
        else:
            self.draws = a_shape(f"{self.seat}-draft", case, choose.randrange(20), choose.randrange(1, 40))
        self._send_draft()

    def _drop_stale_intent(self) -> None:
        control = self.state.control
        if self.intent is not None and (self.intent.control, self.intent.case) != (control.epoch, self.state.case):
            self.intent = None

    def _is_confirmed(self) -> bool:
        self._drop_stale_intent()
        if self.intent is None or self.state.control.seat != self.seat or self.view is None:
            return True
        is_mine = (self.view.tab, self.view.n) == (self.tab, self.intent.n)
        return is_mine or meant(self.view.view) == meant(self.intent.view)

    def _gesture(self) -> None:
        if self.view is None or self.link is None:
            return
        self._drop_stale_intent()
        base = self.intent.view if self.intent is not None else self.view.view
        case = self.case
        if case is None:
            return
        if not base.series <= {series.key for series in case.series}:
            base = initial_view(case)
        self._show(perhaps_playing(scrolled(base, (place_of(base) + 3) % 20), self.sim.random))

    def _show(self, view: View) -> None:
        self._shows += 1
        rest = self.sim.random.random() < 0.2
        show = Show(self.state.control.epoch, self.state.case, self._shows, view, rest)
        if self.state.control.seat == self.seat:
            self.intent = show
        self.sim.checker.meant(self.seat, self.tab, show)
        if self.link is not None:
            self.link.up(self.on_the_wire(show))

    def on_the_wire(self, show: Show) -> Show:
        """What is sent of a show: all of it, absolute."""
        return show

    def _explore(self) -> None:
        """Explore something, or follow again; while it is calm send again what it explores."""
        case, sent = self.case, self.exploring
        if self.state.control.seat == self.seat:
            self.own_view = None
            return
        is_exploring = sent is not None and sent.view is not None
        is_settled = is_exploring == (self.own_view is not None) and (sent is None or sent.n == self._explores)
        if self.link is None or case is None or (self.sim.is_calm and is_settled):
            return
        self._explores += 1
        if self._own_case != self.state.case:
            self.own_view, self._own_case = None, self.state.case
        if not self.sim.is_calm:
            view = perhaps_playing(scrolled(initial_view(case), self._explores % 20), self.sim.random)
            self.own_view = view if self.sim.random.random() < 0.6 else None
        explore = Explore(self.state.case, self._explores, self.own_view, self.sim.random.random() < 0.5)
        self.sim.checker.explored(self.seat, self.tab, explore)
        self.link.up(explore)

    def _point(self) -> None:
        """Move the pointer somewhere else on the case it sees, and send it; send again whether the hand is up."""
        case = self.case
        if self.link is None or case is None:
            return
        n, series = self.cursor.n + 1, case.series[-1]
        spot = Spot("a", series.key, n % series.images, (float(n), float(self.state.case), 0.0))
        rests = self.sim.is_calm and self.cursor.case == self.state.case
        self.cursor = Cursor(self.state.case, n, self.cursor.at if rests else spot if n % 7 else None)
        self.sim.checker.pointed(self.seat, self.cursor)
        self.link.up(self.cursor)
        self.link.up(RaiseHand(self.hand))

    def _next_id(self) -> str:
        self.asked += 1
        return f"{self.tab}.{self.asked}"

    def _send(self, command: ParticipantCommand, about: str = "") -> None:
        self.pending[command.id] = command
        self.sim.checker.sent(self.seat, command, about)
        if self.link is not None:
            self.link.up(command)
            if self.sim.chance(0.15):
                self.link.up(command)

    def message(self, identifier: str) -> PostChat:
        """What it has typed, for the case that it saw then."""
        typed, self.typed = self.typed or (self.state.case, self.state.current), None
        self.sim.checker.typed(identifier, typed[1])
        return self.posted(identifier, *typed)

    def posted(self, identifier: str, epoch: int, about: str) -> PostChat:
        """The message as it is sent."""
        return PostChat(id=identifier, case=epoch, about=about, text=f"{self.seat} {self.asked}")
