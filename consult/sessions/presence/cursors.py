"""Where everybody points: presence, per connection, with a time to live, never stored.

Rules:
- All cursors that a page is shown go out in one message, so that the newest is the whole truth; nobody is sent their
  own seat's. They are no more than people (`seats/places.py`). Sent at most once each CURSORS_S, whatever comes in;
  what waits for that is overwritten.
- A cursor ends with its connection, with the case, and CURSOR_TTL_S after it was sent last.
- One of another case epoch is not used, nor an older one that arrives late.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable

from msgspec import Struct

from consult.model.catalogue import Case
from consult.model.errors import Refused
from consult.model.identifiers import ConnectionId
from consult.sessions.connection_state import ConnectionState
from consult.sessions.effects import Effect, Send
from consult.sessions.presence.messages import Cursor, Cursors, Pointed, Spot
from consult.sessions.state import State
from consult.sessions.views import is_near, series_under

CURSORS_S = 1 / 60
"""Half the time between two cursors of one page: who moves alone is sent on at once, each time."""
CURSOR_TTL_S = 6.0
"""Longer than an idle cursor is shown (4 s)."""


class _Held(Struct, frozen=True):
    pointed: Pointed
    until: float


class CursorBoard:
    """Who points where now, and who was sent what."""

    def __init__(self) -> None:
        self._held: dict[ConnectionId, _Held] = {}
        """The newest last."""
        self._numbers: dict[ConnectionId, int] = {}
        self._sent: dict[ConnectionId, tuple[Pointed, ...] | None] = {}
        self._case = 0
        self._next_at = -math.inf
        self._is_pending = False

    def put(self, connection: ConnectionState, cursor: Cursor, state: State, now: float) -> None:
        """A page points somewhere, or nowhere any more.

        Raises:
            Refused: "unknown_series", "image_out_of_range" or "bad_point": this case has no such place.
        """
        case = state.current_case
        if case is None or cursor.case != state.case or cursor.n <= self._numbers.get(connection.id, 0):
            return
        if cursor.at is not None:
            check_spot(cursor.at, case)
        self._numbers[connection.id] = cursor.n
        self._case = state.case
        self._held.pop(connection.id, None)
        if cursor.at is not None:
            pointed = Pointed(connection.seat, cursor.n, cursor.at, cursor.laser)
            self._held[connection.id] = _Held(pointed, now + CURSOR_TTL_S)

    def send(self, connections: Collection[ConnectionState], case: int, now: float) -> list[Effect]:
        """Send each page what is new for it, where that is due. `case`: the epoch on the stage."""
        if now < self._next_at:
            self._is_pending = True
            return []
        self._is_pending = False
        self._forget(connections, case, now)
        newest = {held.pointed.seat: held.pointed for held in self._held.values()}
        everybody = tuple(newest.values())
        others = {seat: tuple(p for p in everybody if p.seat != seat) for seat in newest}
        news: dict[tuple[Pointed, ...], list[ConnectionId]] = {}
        for connection in connections:
            if connection.joined:
                wanted = others.get(connection.seat, everybody)
                if self._sent.get(connection.id, ()) != wanted:
                    news.setdefault(wanted, []).append(connection.id)
                    self._sent[connection.id] = wanted
        if news:
            self._next_at = now + CURSORS_S
        return [Send(tuple(to), Cursors(case, wanted)) for wanted, to in news.items()]

    def resend(self) -> None:
        """What was sent last may not have arrived: it is sent again."""
        self._sent = dict.fromkeys(self._sent)

    @property
    def due_at(self) -> float | None:
        """When there will be something to send, whatever comes before; None: nothing is known of."""
        if self._is_pending:
            return self._next_at
        return min((held.until for held in self._held.values()), default=None)

    def _forget(self, connections: Iterable[ConnectionState], case: int, now: float) -> None:
        """Those who have gone, those that nobody has sent for long, and all of a former case."""
        if self._case != case:
            self._held.clear()
        here = {connection.id for connection in connections if connection.joined}
        self._held = {c: held for c, held in self._held.items() if c in here and held.until > now}
        for known in (self._numbers, self._sent):
            for gone in known.keys() - here:
                del known[gone]


def check_spot(spot: Spot, case: Case) -> None:
    """Let a place pass if this case has it.

    Raises:
        Refused: "unknown_series", "image_out_of_range" or "bad_point".
    """
    series_under("The pointer", case, spot.series, spot.image)
    if not is_near(spot.point):
        raise Refused("bad_point", "The point is not one in space, or too far away.")
