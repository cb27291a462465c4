"""The list of who is here, with what people report of themselves: hands, and how they are connected. Never stored."""

from __future__ import annotations

from collections.abc import Iterable

from consult.model.identifiers import SeatId
from consult.sessions.connection_state import ConnectionState
from consult.sessions.presence.messages import Here, LowerHand, Microphone, Presence, RaiseHand, ReportHealth

ROUND_TRIP_STEPS_MS = (50, 100, 200, 400, 800, 1600, 60_000)
"""A round trip is sent as the lowest of these that it does not exceed, so that the list changes seldom."""
OPENNESS: tuple[Microphone, ...] = ("off", "phone", "muted", "on")


def presence_of(connections: Iterable[ConnectionState]) -> Presence:
    """Who is here: each seat once; on a phone where all its pages are; with the most open of its microphones, its first
    raised hand, and the connection of its newest page."""
    joined = [connection for connection in connections if connection.joined]
    hands: dict[SeatId, int] = {}
    for connection in sorted(joined, key=lambda one: one.hand):
        if connection.hand:
            hands.setdefault(connection.seat, len(hands) + 1)
    seats: dict[SeatId, Here] = {}
    for connection in joined:
        before = seats.get(connection.seat, Here(connection.seat, True, True))
        seats[connection.seat] = Here(
            connection.seat,
            True,
            before.phone and connection.phone,
            max(before.microphone, connection.microphone, key=OPENNESS.index),
            hands.get(connection.seat, 0),
            connection.transport,
            connection.round_trip_ms,
            connection.exploring,
        )
    return Presence(tuple(seats.values()))


def note(
    connections: Iterable[ConnectionState],
    connection: ConnectionState,
    message: RaiseHand | LowerHand | ReportHealth,
) -> bool:
    """Take down what a page reports; whether the list is another one now.

    A hand belongs to the seat: lowered in one of its pages, it is down in all.
    """
    match message:
        case RaiseHand(up=True):
            if connection.hand:
                return False
            connection.hand = 1 + max((other.hand for other in connections), default=0)
            return True
        case RaiseHand():
            return _lower(other for other in connections if other.seat == connection.seat)
        case LowerHand(seat=seat):
            return _lower(other for other in connections if other.seat == seat)
        case ReportHealth(transport=transport, round_trip_ms=round_trip_ms):
            coarse = coarsely(round_trip_ms)
            changed = (connection.transport, connection.round_trip_ms) != (transport, coarse)
            connection.transport, connection.round_trip_ms = transport, coarse
            return changed


def coarsely(round_trip_ms: int) -> int:
    """The step that a round trip is sent as; 0 stays 0: it is not known."""
    if round_trip_ms <= 0:
        return 0
    return next((step for step in ROUND_TRIP_STEPS_MS if round_trip_ms <= step), ROUND_TRIP_STEPS_MS[-1])


def _lower(connections: Iterable[ConnectionState]) -> bool:
    raised = [connection for connection in connections if connection.hand]
    for connection in raised:
        connection.hand = 0
    return bool(raised)
