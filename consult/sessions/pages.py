"""What the core knows of each connection, and what follows from all of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from msgspec import Struct, field

from consult.model.errors import OurFault
from consult.model.identifiers import SeatId
from consult.model.view import REV_OWNER_STEP
from consult.sessions.events import Entry
from consult.sessions.messages import Ack, Hello, Here, Microphone, Nack, Place, Presence, ShownView, StoredEvent
from consult.sessions.presence import Transport
from consult.sessions.state import State

OPENNESS: tuple[Microphone, ...] = ("off", "phone", "muted", "on")
MAX_ANSWERS = 256
"""Answers of one connection that can still be repeated, or taken back."""


class Before(Struct, frozen=True):
    """How it was before an append."""

    state: State
    shown: ShownView | None


class Page(Struct):
    """One connection.

    Attributes:
        hello: what it said first; None before that.
        phone: it shows the active viewport alone.
        microphone: how it speaks.
        hand: the higher, the later it was raised; 0: it is down.
        transport, round_trip_ms: how it is connected, coarsely.
        look: its own view, while it looks around alone.
        looks: what others are told of that.
        last_look: number of its newest look.
        last_n: number of its newest show.
        since: head of the log when it was welcomed or sent away.
        leaving: it has been sent away; nothing of it counts any more.
        answers: (head at that time, answer) of its newest commands.
        last_command: the highest number of its commands.
    """

    seat: SeatId
    hello: Hello | None = None
    phone: bool = False
    microphone: Microphone = "off"
    hand: int = 0
    transport: Transport = "stills"
    round_trip_ms: int = 0
    look: ShownView | None = None
    looks: Place | None = None
    last_look: int = 0
    last_n: int = 0
    since: int = 0
    leaving: bool = False
    answers: deque[tuple[int, Ack | Nack]] = field(default_factory=lambda: deque(maxlen=MAX_ANSWERS))
    last_command: int = 0

    @property
    def joined(self) -> bool:
        """It takes part: it has said hello and was not sent away."""
        return self.hello is not None and not self.leaving

    def is_same_tab(self, seat: SeatId, hello: Hello) -> bool:
        """It is an earlier connection of the page that says this hello."""
        return self.joined and self.hello is not None and (self.seat, self.hello.tab) == (seat, hello.tab)

    def answered(self, command: str) -> Ack | Nack | None:
        """The answer that a command has had on this connection, if it is remembered."""
        return next((answer for _, answer in reversed(self.answers) if answer.id == command), None)

    def take_back(self, after: int, failed: OurFault) -> list[Ack | Nack]:
        """Answers given since `after` were never sent. What to send instead: those that are still true as they are,
        a refusal for a command that is not stored now."""
        instead: list[Ack | Nack] = []
        for i, (head, answer) in enumerate(self.answers):
            if head > after:
                is_true = isinstance(answer, Nack) or 0 < answer.seq <= after
                instead.append(answer if is_true else Nack(answer.id, failed.code, failed.sentence))
                self.answers[i] = (after, instead[-1])
        return instead


def presence_of(pages: Iterable[Page]) -> Presence:
    """Who is here: each seat once; on a phone where all its pages are; with the most open of its microphones, its first
    raised hand, and the connection of its newest page."""
    joined = [page for page in pages if page.joined]
    hands: dict[SeatId, int] = {}
    for page in sorted(joined, key=lambda page: page.hand):
        if page.hand:
            hands.setdefault(page.seat, len(hands) + 1)
    seats: dict[SeatId, Here] = {}
    for page in joined:
        before = seats.get(page.seat, Here(page.seat, True, True))
        seats[page.seat] = Here(
            page.seat,
            True,
            before.phone and page.phone,
            max(before.microphone, page.microphone, key=OPENNESS.index),
            hands.get(page.seat, 0),
            page.transport,
            page.round_trip_ms,
            page.looks,
        )
    return Presence(tuple(seats.values()))


def is_behind(state: State, hello: Hello) -> bool:
    """The page has seen what this state has not: somebody else owns the consult by now."""
    is_ahead = hello.after > state.seq or hello.rev // REV_OWNER_STEP > state.owners
    return hello.log == state.consult_id and is_ahead


def takes_up_control(state: State, pages: Iterable[Page], page: Page, hello: Hello) -> bool:
    """A host who opens the consult anew has control, where it lies with nobody or with a host who is away."""
    is_here = any(other.joined and other.seat == state.control.seat for other in pages)
    if hello.log or is_here or state.seats[page.seat].role != "host":
        return False
    holder = None if state.control.seat is None else state.seats.get(state.control.seat)
    return holder is None or holder.role == "host"


def next_expiry(state: State, pages: Iterable[Page]) -> float | None:
    """When the first of those who are here must go because their link expires."""
    times = []
    for page in pages:
        seat = state.seats.get(page.seat)
        invitation = None if seat is None else state.invitations.get(seat.invitation)
        if not page.leaving and invitation is not None and invitation.expires_at is not None:
            times.append(invitation.expires_at)
    return min(times, default=None)


def stored_event(entry: Entry) -> StoredEvent:
    """An entry as pages are told it."""
    return StoredEvent(entry.seq, entry.at, entry.event, entry.by, entry.command)
