"""The session: messages in, effects out. It reads no clock and does nothing itself; a shell does what it says.

Rules of this file:
- The core folds ahead: its state includes what it has asked the shell to append. The shell does the effects in their
  order, and holds back whatever comes after an `Append` until that is stored; on a `Conflict` it drops all of it, and
  the core with it; on a `StoreFailed` it drops all of it and calls `roll_back`.
- A repeated command (its id is stored) is answered as it was the first time, and nothing is appended.
- A view is shown at once; that it settles is stored behind it.
- Every list that goes out is built in one place each: `_events`, `_answer`, `_view`, `_end`, `PresenceHub.presence`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from consult.model.errors import OurFault, Refused
from consult.model.identifiers import ConnectionId, SeatId, split_command_id
from consult.model.mark import PIXEL_KINDS
from consult.model.view import View
from consult.sessions.closing import COME_BACK, ENDINGS, REPLACED, WRONG_PROTOCOL, Ending, why_out
from consult.sessions.commands import Command, OpenConsult, ParticipantCommand, ServerCommand, TakeOwnership
from consult.sessions.crowd import PresenceHub
from consult.sessions.decide import SERVER, decide, hand_over, standing
from consult.sessions.drafts import DraftBoard
from consult.sessions.effects import Append, Close, Effect, Negotiate, Send, Show, WakeAt, measure
from consult.sessions.events import CaseSwitched, Entry, Event, InvitationPut, OwnerChanged
from consult.sessions.fold import fold
from consult.sessions.lookers import LOOKERS
from consult.sessions.marking import all_to_measure, shapes_to_measure
from consult.sessions.messages import (
    PROTOCOL_VERSION,
    Ack,
    AnswerMedia,
    ClientMessage,
    Draft,
    EndMedia,
    Hello,
    Mute,
    Nack,
    Passing,
    PauseMedia,
    Ping,
    Pong,
    ServerMessage,
    SetMicrophone,
    SetScreen,
    ShownView,
    WantMedia,
    Welcome,
)
from consult.sessions.messages import Show as ShowMessage
from consult.sessions.microphones import mute, set_microphone
from consult.sessions.pages import Before, Page, is_behind, next_expiry, stored_event, takes_up_control
from consult.sessions.permissions import permit
from consult.sessions.register import REST_S, ViewRegister
from consult.sessions.state import State
from consult.sessions.views import check_view

TAIL = 128
"""Entries kept for pages that resume; who has missed more gets a snapshot. Less than an outbox holds."""
MAX_CONNECTIONS = 256
MAX_UNSTORED = 1024
"""Appends under way that can still be rolled back."""


class SessionCore:
    """One consult, as its owner runs it.

    Args:
        state: the fold of the log; `State()` for a new consult.
        owner: names this server process.
        tail: the newest entries of the log, for pages that resume.
        lookers: how many pages may look around alone at a time.
    """

    def __init__(self, state: State, *, owner: str, tail: Iterable[Entry] = (), lookers: int = LOOKERS) -> None:
        self.state = state
        self._owner = owner
        self._tail: deque[Entry] = deque(tail, maxlen=TAIL)
        self._register = ViewRegister()
        self._pages: dict[ConnectionId, Page] = {}
        self._board = DraftBoard()
        self._crowd = PresenceHub(self._pages, lookers, lambda: self._register.number(self.state))
        self._undo: deque[Before] = deque(maxlen=MAX_UNSTORED)
        self._armed: float | None = None

    @classmethod
    def new(cls, *, owner: str, lookers: int = LOOKERS) -> SessionCore:
        """A consult that waits for `OpenConsult`."""
        return cls(State(), owner=owner, lookers=lookers)

    @property
    def shown(self) -> ShownView | None:
        """The view as it is now; None before the consult is opened."""
        return self._register.shown

    def start(self, now: float) -> list[Effect]:
        """Take over a consult that has a log: this fences whoever owned it before."""
        return self.command(TakeOwnership(owner=self._owner), now)

    def command(self, command: ServerCommand, now: float) -> list[Effect]:
        """A command of the server's own.

        Raises:
            Refused: as `decide` does.
        """
        events = decide(self.state, SERVER, command, now)
        if isinstance(command, OpenConsult):
            events.append(OwnerChanged(self._owner, 1))
        return [*self._append(events, now), *self._after(events, now), *self._drafts()]

    def connect(self, connection: ConnectionId, seat: SeatId, now: float) -> list[Effect]:
        """A page of that seat has connected; nothing is sent to it before its hello, unless it must go."""
        page = self._pages[connection] = Page(seat)
        if (reason := why_out(self.state, seat, now)) is not None:
            return self._end(connection, page, ENDINGS[reason])
        if len(self._pages) > MAX_CONNECTIONS:
            return self._end(connection, page, ENDINGS["full"])
        return []

    def disconnect(self, connection: ConnectionId, now: float) -> list[Effect]:
        """A connection is gone."""
        page = self._pages.pop(connection, None)
        self._board.drop(connection)
        here = self._crowd.presence() if page is not None and page.joined else []
        return [*here, *self._drafts(), *(self._point(now) if here else [])]

    def receive(self, connection: ConnectionId, message: ClientMessage, now: float) -> list[Effect]:
        """A message of a page. What it may not do is answered with a refusal; nothing is raised."""
        page = self._pages.get(connection)
        if page is None or page.leaving:
            return []
        try:
            return [*self._receive(connection, page, message, now), *self._drafts(), *self._point(now)]
        except Refused as refused:
            identifier = message.id if isinstance(message, ParticipantCommand) else ""
            return self._answer(connection, page, Nack(identifier, refused.code, refused.sentence))

    def wake(self, now: float) -> list[Effect]:
        """The time of the last WakeAt has come (or somebody rings early, which does no harm)."""
        self._armed = None
        effects = self._settle(now) if self._register.rest_at is not None and self._register.rest_at <= now else []
        self._board.expire(now)
        return [*effects, *self._send_out(now), *self._drafts(), *self._point(now)]

    def stored(self, seq: int) -> None:
        """All up to `seq` is stored: it need not be rolled back any more."""
        while self._undo and self._undo[0].state.seq < seq:
            self._undo.popleft()

    def roll_back(self, after: int, failed: OurFault, now: float) -> list[Effect]:
        """The append after `after` is not stored, and the shell has dropped all effects behind it.

        Those whose commands are lost are told so; those who were welcomed or sent away since come back and resume.

        Raises:
            OurFault: `failed` itself: too much has been appended since, or what is not stored is the taking over. The
                core is of no use any more.
        """
        undo = next((u for u in self._undo if u.state.seq == after), None)
        if undo is None or (undo.state.opened and undo.state.owner != self._owner):
            raise failed
        while self._undo and self._undo[-1].state.seq >= after:
            self._undo.pop()
        while self._tail and self._tail[-1].seq > after:
            self._tail.pop()
        self.state, self._armed = undo.state, None
        self._crowd.say_again()
        effects: list[Effect] = []
        for connection, page in self._pages.items():
            instead = page.take_back(after, failed)
            if (page.hello is not None or page.leaving) and page.since > after:
                effects += self._end(connection, page, COME_BACK)
            elif page.joined:
                effects += [Send((connection,), answer) for answer in instead]
        if not self.state.opened:
            self._register = ViewRegister()
        else:
            effects += self._view(self._register.again(self.state, undo.shown, now))
        return [*effects, *self._crowd.presence(), *self._to_all(self._board.message), *self._arm(now)]

    # What comes in

    def _receive(self, connection: ConnectionId, page: Page, message: ClientMessage, now: float) -> list[Effect]:
        if not isinstance(message, Hello) and page.hello is None:
            raise Refused("hello_first", "The first message of a page is hello.")
        match message:
            case Hello():
                return self._hello(connection, page, message, now)
            case ShowMessage():
                return self._show(page, message, now)
            case ParticipantCommand():
                return self._command(connection, page, message, now)
            case _:
                permit(standing(self.state, page.seat), message)
                return self._passing(connection, page, message, now)

    def _passing(self, connection: ConnectionId, page: Page, message: Passing, now: float) -> list[Effect]:
        """What leaves nothing in the log."""
        match message:
            case SetScreen(screen=screen):
                changed, page.phone = page.phone != screen.only_active, screen.only_active
                return self._crowd.presence() if changed else []
            case Ping(t=t):
                return [Send((connection,), Pong(t))]
            case WantMedia() | AnswerMedia() | PauseMedia() | EndMedia():
                return [Negotiate(connection, message)]
            case SetMicrophone(microphone=microphone):
                role = self.state.seats[page.seat].role
                return [*set_microphone(connection, page, role, microphone), *self._crowd.presence()]
            case Mute(seat=seat):
                muted = mute(self._pages, page.seat, seat)
                return [*muted, *self._crowd.presence()] if muted else []
            case Draft(shape=shape):
                self._board.put(connection, page, message, self.state, now)
                drawn = (shape,) if shape is not None and shape.kind in PIXEL_KINDS else ()
                return [*measure(self._joined(), drawn), *self._arm(now)]
            case _:
                return self._crowd.receive(connection, message, self.state, now)

    def _hello(self, connection: ConnectionId, page: Page, hello: Hello, now: float) -> list[Effect]:
        if page.hello is not None:
            raise Refused("hello_twice", "A page says hello once.")
        if (reason := why_out(self.state, page.seat, now)) is not None:
            return self._end(connection, page, ENDINGS[reason])
        permit(standing(self.state, page.seat), hello)
        if hello.protocol != PROTOCOL_VERSION:
            return self._end(connection, page, WRONG_PROTOCOL)
        if is_behind(self.state, hello):
            return self._end(connection, page, COME_BACK)
        takes = takes_up_control(self.state, self._pages.values(), page, hello)
        effects = self._append(hand_over(self.state, page.seat), now) if takes else []
        page.hello, page.phone = hello, hello.screen.only_active
        for other, old in self._pages.items():
            if other != connection and old.is_same_tab(page.seat, hello):
                effects += self._end(other, old, REPLACED)
        page.since = self.state.seq
        effects += [*self._welcome(connection, page, hello, now), *self._crowd.presence()]
        effects += [Send((connection,), all_drawn, droppable=True)] if (all_drawn := self._board.message).drafts else []
        return [*effects, *measure([connection], all_to_measure(self.state)), *self._arm(now)]

    def _show(self, page: Page, show: ShowMessage, now: float) -> list[Effect]:
        if show.n <= page.last_n:
            return []
        permit(standing(self.state, page.seat), show)
        self._check_control(show)
        self._check_case(show)
        case = self.state.current_case
        if case is None or page.hello is None:
            raise Refused("nothing_to_show", "There is no case on the stage.")
        check_view(show.view, case)
        page.last_n = show.n
        shown = self._register.put(self.state, self._view_of(show), control=show.control, tab=page.hello.tab, n=show.n)
        self._register.by, self._register.rest_at = page.seat, now + REST_S
        return [*self._view(shown), *(self._settle(now) if show.rest else []), *self._arm(now)]

    def _view_of(self, show: ShowMessage) -> View:
        """What a show asks for: absolute, whatever was lost before it."""
        return show.view

    def _check_control(self, show: ShowMessage) -> None:
        if show.control != self.state.control.epoch:
            raise Refused("stale_control", "Control has changed hands since.")

    def _check_case(self, show: ShowMessage) -> None:
        if show.case != self.state.case:
            raise Refused("stale_case", "Another case is on the stage now.")

    def _command(self, connection: ConnectionId, page: Page, command: Command, now: float) -> list[Effect]:
        if page.hello is None or split_command_id(command.id)[0] != page.hello.tab:
            raise Refused("wrong_tab", "A command's id begins with the tab that said hello.")
        if (answer := self._repeated(page, command)) is not None:
            return self._answer(connection, page, answer)
        page.last_command = split_command_id(command.id)[1]
        events = decide(self.state, page.seat, command, now)
        if not events:
            return self._answer(connection, page, Ack(command.id, 0))
        stored = self._append(events, now, by=page.seat, command=command.id)
        ack = self._answer(connection, page, Ack(command.id, self.state.seq))
        return [*stored, *ack, *self._after(events, now)]

    def _repeated(self, page: Page, command: Command) -> Ack | Nack | None:
        """The answer to a command that was dealt with before, stored or not; None where it is new."""
        is_known, seq = self.state.stored_command(page.seat, command.id)
        if seq is not None:
            return Ack(command.id, seq)
        if not is_known and split_command_id(command.id)[1] > page.last_command:
            return None
        superseded = Nack(command.id, "superseded", "A later command of this page has come before it.")
        return page.answered(command.id) or superseded

    # What goes out

    def _append(
        self, events: Sequence[Event], now: float, *, by: SeatId = SERVER, command: str = ""
    ) -> list[Effect]:
        """Store events, fold them ahead, tell them to all who have joined."""
        if not events:
            return []
        first = self.state.seq + 1
        entries = tuple(Entry(first + i, now, event, by, command) for i, event in enumerate(events))
        self._undo.append(Before(self.state, self.shown))
        for entry in entries:
            self.state = fold(self.state, entry)
            self._tail.append(entry)
        return [Append(first - 1, entries), *self._events(tuple(self._joined()), entries)]

    def _after(self, events: Sequence[Event], now: float) -> list[Effect]:
        """What follows from events that are folded: another view, people who must go, the alarm."""
        effects: list[Effect] = []
        if any(isinstance(event, CaseSwitched | OwnerChanged) for event in events):
            effects += self._view(self._register.restore(self.state))
        self._board.follow(events)
        effects += measure(self._joined(), shapes_to_measure(self.state, events))
        return [*effects, *self._send_out(now), *self._arm(now)]

    def _events(self, to: tuple[ConnectionId, ...], entries: Iterable[Entry]) -> list[Effect]:
        if not to:
            return []
        return [Send(to, stored_event(entry)) for entry in entries if not isinstance(entry.event, InvitationPut)]

    def _answer(self, connection: ConnectionId, page: Page, answer: Ack | Nack) -> list[Effect]:
        if answer.id:
            page.answers.append((self.state.seq, answer))
        return [Send((connection,), answer)]

    def _view(self, shown: ShownView) -> list[Effect]:
        return [*self._to_all(shown), Show(shown)]

    def _drafts(self) -> list[Effect]:
        """What is drawn now, where that has changed."""
        news = self._board.news()
        return self._to_all(news) if news is not None else []

    def _point(self, now: float) -> list[Effect]:
        """Who looks around no longer, and where everybody points, where that is new and due; then the alarm."""
        return [*self._crowd.sweep(self.state, now), *self._arm(now)]

    def _to_all(self, message: ServerMessage) -> list[Effect]:
        to = tuple(self._joined())
        return [Send(to, message, droppable=True)] if to else []

    def _joined(self) -> list[ConnectionId]:
        return [connection for connection, page in self._pages.items() if page.joined]

    def _welcome(self, connection: ConnectionId, page: Page, hello: Hello, now: float) -> list[Effect]:
        if self.shown is None:
            raise Refused("not_open", "There is no such consult.")
        missed = [entry for entry in self._tail if entry.seq > hello.after]
        knows = hello.log == self.state.consult_id and hello.after > 0
        resumes = knows and len(missed) == self.state.seq - hello.after
        welcome = Welcome(
            log=self.state.consult_id,
            seq=self.state.seq,
            seat=page.seat,
            role=self.state.seats[page.seat].role,
            snapshot=None if resumes else self.state.snapshot(),
            view=self.shown,
            now=now,
        )
        return [Send((connection,), welcome), *(self._events((connection,), missed) if resumes else [])]

    def _end(self, connection: ConnectionId, page: Page, ending: Ending) -> list[Effect]:
        page.leaving, page.since = True, self.state.seq
        self._board.drop(connection)
        return [Send((connection,), ending.closing), Close(connection, ending.code, ending.closing.reason)]

    def _send_out(self, now: float) -> list[Effect]:
        """Close the connections of those who may not be here any more."""
        effects: list[Effect] = []
        for connection, page in self._pages.items():
            if not page.leaving and (reason := why_out(self.state, page.seat, now)) is not None:
                effects += self._end(connection, page, ENDINGS[reason])
        return [*effects, *self._crowd.presence()] if effects else []

    def _settle(self, now: float) -> list[Effect]:
        settled = self._register.settle()
        if settled is None or self.state.ended:
            return []
        return self._append([settled], now, by=self._register.by)

    def _arm(self, now: float) -> list[Effect]:
        """Ask to be woken, where that is earlier than asked for already."""
        boards = (self._board.next_end, self._crowd.due_at)
        expiries = [next_expiry(self.state, self._pages.values()), self._register.rest_at, *boards]
        due = min((at for at in expiries if at is not None), default=None)
        if due is None or (self._armed is not None and self._armed <= due):
            return []
        self._armed = due
        return [WakeAt(due)]
