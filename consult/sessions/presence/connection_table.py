"""Who is connected, and who must go: for too many pages, a link that is over, silence. It decides; the core ends them.

A page may come back by itself, or must not: that is said by the ending that it goes with (`features/seats/closing.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from consult.model.catalogue import Role
from consult.model.disclosure import KNOWING
from consult.model.identifiers import ConnectionId, SeatId
from consult.sessions.connection_state import ConnectionState, next_expiry, takes_up_control
from consult.sessions.effects import Effect
from consult.sessions.features.board.events import CaseDropped, CasePut, CasesOrdered
from consult.sessions.features.cases.events import HidingChanged
from consult.sessions.features.kinds import Event
from consult.sessions.features.seats.closing import (
    CROWDED,
    ENDINGS,
    REPLACED,
    TOLD_ANEW,
    UNHEARD,
    WRONG_PROTOCOL,
    Ending,
    why_out,
)
from consult.sessions.features.seats.places import has_place
from consult.sessions.messages import PROTOCOL_VERSION, Hello
from consult.sessions.presence.liveness import next_check, probe, unheard
from consult.sessions.presence.messages import Transport
from consult.sessions.state import State

MAX_CONNECTIONS = 256
"""In all, of which people's are MAX_PEOPLE times MAX_PAGES; with one more the oldest without a hello is closed."""
MAX_PAGES = 4
"""Connections of one seat; with one more the oldest is closed."""

Going = list[tuple[ConnectionState, Ending]]
"""Who must go, each with the ending."""


class ConnectionTable:
    """The connections of one consult.

    Attributes:
        by_id: all of them, those that are being closed too.
    """

    def __init__(self) -> None:
        self.by_id: dict[ConnectionId, ConnectionState] = {}

    def __iter__(self) -> Iterator[ConnectionState]:
        return iter(self.by_id.values())

    def add(self, connection_id: ConnectionId, seat: SeatId, now: float) -> ConnectionState:
        """A page of that seat has connected."""
        connection = self.by_id[connection_id] = ConnectionState(connection_id, seat, received_at=now)
        return connection

    def remove(self, connection_id: ConnectionId) -> ConnectionState | None:
        """It is gone."""
        return self.by_id.pop(connection_id, None)

    def open(self, connection_id: ConnectionId) -> ConnectionState | None:
        """That connection, unless it is gone or closed."""
        connection = self.by_id.get(connection_id)
        return None if connection is None or connection.closed else connection

    @property
    def joined(self) -> list[ConnectionId]:
        """Those that take part."""
        return [connection.id for connection in self if connection.joined]

    @property
    def here(self) -> set[SeatId]:
        """The seats of those, each once."""
        return {connection.seat for connection in self if connection.joined}

    def pages(self, state: State) -> list[tuple[SeatId, Role, Transport]]:
        """Of each page that takes part: its seat, the seat's role, how it gets the moving picture."""
        return [(one.seat, state.seats[one.seat].role, one.transport) for one in self if one.joined]

    def roles(self, state: State) -> dict[ConnectionId, Role]:
        """Of those that take part."""
        return {connection.id: state.seats[connection.seat].role for connection in self if connection.joined}

    def why_not_in(self, connection: ConnectionState, hello: Hello, state: State, wall: float) -> Ending | None:
        """Why a page that says hello does not come in; None: it may.

        Args:
            wall: what time it is by the wall clock.
        """
        if (reason := why_out(state, connection.seat, wall)) is not None:
            return ENDINGS[reason]
        if hello.protocol != PROTOCOL_VERSION:
            return WRONG_PROTOCOL
        here = self.here
        is_full = connection.seat not in here and not has_place(state, here, state.seats[connection.seat].role)
        return ENDINGS["full"] if is_full else None

    def takes_up_control(self, connection: ConnectionState, hello: Hello, state: State) -> bool:
        """Whether control is theirs who say that hello."""
        return takes_up_control(state, self, connection, hello)

    def replaced_by(self, connection: ConnectionState, hello: Hello) -> Going:
        """Former connections of the page that says that hello."""
        return [(old, REPLACED) for old in self if old.is_same_tab(connection.seat, hello)]

    def crowded_out_by(self, new: ConnectionState) -> Going:
        """The oldest page of a seat that has one more than it may; and where there are too many in all, the one that
        owes its hello for longest, so that nobody is kept out by pages that never come in."""
        pages = [connection for connection in self if not connection.closed]
        of_seat = [connection for connection in pages if connection.seat == new.seat]
        if len(of_seat) > MAX_PAGES:
            return [(of_seat[0], CROWDED)]
        if len(pages) > MAX_CONNECTIONS:
            return [(next(connection for connection in pages if not connection.joined), UNHEARD)]
        return []

    def must_go(self, state: State, wall: float, now: float) -> Going:
        """Those who may not be here any more, and those who are gone."""
        open_now = [connection for connection in self if not connection.closed]
        reasons = {connection.id: why_out(state, connection.seat, wall) for connection in open_now}
        out = [(connection, ENDINGS[why]) for connection in open_now if (why := reasons[connection.id]) is not None]
        silent = [self.by_id[gone] for gone in unheard(self.by_id.values(), now) if reasons[gone] is None]
        return [*out, *((connection, UNHEARD) for connection in silent)]

    def all_over(self) -> Going:
        """Everybody: the consult has ended. A host who comes back reads it."""
        return [(connection, ENDINGS["over"]) for connection in self if not connection.closed]

    def told_anew(self, events: Iterable[Event], state: State) -> Going:
        """Those whose pages cannot go on by these events: the list has other cases, patients or their labels are told
        otherwise, or somebody has another role than they were welcomed with."""
        events = tuple(events)
        if any(isinstance(event, CasePut | CaseDropped) for event in events):
            return [(one, TOLD_ANEW) for one in self if not one.closed]
        relabels = (HidingChanged, CasesOrdered) if state.patients_hidden else (HidingChanged,)
        if any(isinstance(event, relabels) for event in events):
            return [(one, TOLD_ANEW) for one in self if not one.closed and state.seats[one.seat].role not in KNOWING]
        return [(one, TOLD_ANEW) for one in self if one.joined and one.role != state.seats[one.seat].role]

    def probe(self, now: float, *, has_slept: bool) -> list[Effect]:
        """Ask those who are silent whether they are there."""
        return probe(self.by_id.values(), now, has_slept=has_slept)

    def due_at(self, state: State, wall_offset: float) -> float | None:
        """When the first link of somebody expires, and when the next of them is to be asked, or is gone."""
        expiry, check = next_expiry(state, self), next_check(self.by_id.values())
        times = (None if expiry is None else expiry - wall_offset, check)
        return min((at for at in times if at is not None), default=None)
