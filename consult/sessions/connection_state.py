"""What the core knows of each connection: its phase, its place in presence, its answers.

A connection is new, then joined, then closed. Hello is its first message, and comes once: TRANSITIONS. An event that a
phase does not have is refused and changes nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from enum import Enum

from msgspec import Struct, field

from consult.model.catalogue import Role
from consult.model.errors import OurFault, Refused
from consult.model.identifiers import ConnectionId, SeatId
from consult.model.view import REV_OWNER_STEP
from consult.sessions.features.view.messages import ShownView
from consult.sessions.messages import Ack, Hello, Nack
from consult.sessions.presence.messages import Microphone, Place, Transport
from consult.sessions.state import State

MAX_ANSWERS = 256
"""Answers of one connection that can still be repeated, or taken back."""


class Phase(Enum):
    """Where a connection is."""

    NEW = "new"
    JOINED = "joined"
    CLOSED = "closed"


class ConnectionEvent(Enum):
    """What happens to a connection."""

    HELLO = "hello"
    MESSAGE = "message"
    CLOSE = "close"


TRANSITIONS: dict[tuple[Phase, ConnectionEvent], Phase] = {
    (Phase.NEW, ConnectionEvent.HELLO): Phase.JOINED,
    (Phase.NEW, ConnectionEvent.CLOSE): Phase.CLOSED,
    (Phase.JOINED, ConnectionEvent.MESSAGE): Phase.JOINED,
    (Phase.JOINED, ConnectionEvent.CLOSE): Phase.CLOSED,
    # Closed anew: where an append fails, the closing that stood behind it was never sent.
    (Phase.CLOSED, ConnectionEvent.CLOSE): Phase.CLOSED,
}

_WHY_NOT = {
    (Phase.NEW, ConnectionEvent.MESSAGE): ("hello_first", "The first message of a page is hello."),
    (Phase.JOINED, ConnectionEvent.HELLO): ("hello_twice", "A page says hello once."),
}


def phase_after(phase: Phase, event: ConnectionEvent) -> Phase:
    """The phase that an event leads to.

    Raises:
        Refused: "hello_first", "hello_twice" or "closed": the phase does not have this event.
    """
    after = TRANSITIONS.get((phase, event))
    if after is None:
        raise Refused(*_WHY_NOT.get((phase, event), ("closed", "This connection is closed.")))
    return after


class Before(Struct, frozen=True):
    """How it was before an append."""

    state: State
    shown: ShownView | None


class ConnectionState(Struct):
    """One connection.

    Attributes:
        id: names it.
        seat: who sits there.
        phase: whether it has joined, and whether it was closed since: then nothing of it counts any more.
        hello: its first message; None before that.
        role: as what it was welcomed.
        phone: it shows the active viewport alone.
        microphone: how it speaks.
        hand: the higher, the later it was raised; 0: it is down.
        transport, round_trip_ms: how it is connected, coarsely.
        own_view: what it shows while it explores on its own.
        exploring: the place that others are sent of that.
        last_explore: number of its newest `explore`.
        last_show: number of its newest `show`.
        since: head of the log when it was welcomed or closed.
        answers: (head at that time, answer) of its newest commands.
        last_command: the highest number of its commands.
        heard_at, probed_at: when it last said anything, and when it was last asked whether it is there.
    """

    id: ConnectionId
    seat: SeatId
    phase: Phase = Phase.NEW
    hello: Hello | None = None
    role: Role = "participant"
    phone: bool = False
    microphone: Microphone = "off"
    hand: int = 0
    transport: Transport = "stills"
    round_trip_ms: int = 0
    own_view: ShownView | None = None
    exploring: Place | None = None
    last_explore: int = 0
    last_show: int = 0
    since: int = 0
    answers: deque[tuple[int, Ack | Nack]] = field(default_factory=lambda: deque(maxlen=MAX_ANSWERS))
    last_command: int = 0
    received_at: float = 0.0
    probed_at: float = float("-inf")

    @property
    def joined(self) -> bool:
        """It takes part: its hello was accepted, and it is not closed."""
        return self.phase is Phase.JOINED

    @property
    def closed(self) -> bool:
        """It was sent away."""
        return self.phase is Phase.CLOSED

    def join(self, hello: Hello, head: int, role: Role) -> None:
        """Its hello is accepted. Raises Refused: as `phase_after`."""
        self.phase = phase_after(self.phase, ConnectionEvent.HELLO)
        self.hello, self.phone, self.since, self.role = hello, hello.screen.only_active, head, role

    def close(self, head: int) -> None:
        """It is sent away."""
        self.phase = phase_after(self.phase, ConnectionEvent.CLOSE)
        self.since = head

    def is_same_tab(self, seat: SeatId, hello: Hello) -> bool:
        """It is an earlier connection of the page that sends this hello."""
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


def is_of_another_log(state: State, hello: Hello, at: float | None) -> bool:
    """The page has an entry that this state has not, or has another one in its place, of that time (None: not known).
    The number alone does not say it: a log that has lost its end grows again."""
    is_another = hello.at is not None and at is not None and hello.at != at
    return hello.log == state.consult_id and hello.after > 0 and (hello.after > state.seq or is_another)


def is_behind(state: State, hello: Hello) -> bool:
    """The page has seen a view by an owner that this state has not: somebody else owns the consult by now."""
    return hello.log == state.consult_id and hello.rev // REV_OWNER_STEP > state.owners


def takes_up_control(
    state: State, connections: Iterable[ConnectionState], connection: ConnectionState, hello: Hello
) -> bool:
    """A host who opens the consult anew has control, where it lies with nobody, or with a host or who prepares
    and is away; who reads
    one that has ended takes it from whoever had it last and is gone. From who stands in for a host, the first one who
    is back has it, however they come back."""
    if state.control.stands_in and state.seats[connection.seat].role == "host":
        return True
    is_here = any(other.joined and other.seat == state.control.seat for other in connections)
    if hello.log or is_here or state.seats[connection.seat].role != "host":
        return False
    holder = None if state.control.seat is None else state.seats.get(state.control.seat)
    return state.ended or holder is None or holder.role in ("host", "preparer")


def next_expiry(state: State, connections: Iterable[ConnectionState]) -> float | None:
    """When the first of those who are here must go because their link expires."""
    times = []
    for connection in connections:
        seat = state.seats.get(connection.seat)
        invitation = None if seat is None else state.invitations.get(seat.invitation)
        if not connection.closed and invitation is not None and invitation.expires_at is not None:
            times.append(invitation.expires_at)
    return min(times, default=None)
