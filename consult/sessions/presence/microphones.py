"""Whose voice is forwarded: microphones are opened by their own people, and closed by them or by the host."""

from __future__ import annotations

from collections.abc import Iterable

from consult.model.catalogue import Role
from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.sessions.connection_state import ConnectionState
from consult.sessions.effects import Effect, ForwardVoice, Send
from consult.sessions.presence.messages import Microphone, Muted


def set_microphone(connection: ConnectionState, role: Role, microphone: Microphone) -> list[Effect]:
    """A page speaks in that way from now on.

    Raises:
        Refused: "not_allowed": a viewer listens only.
    """
    if microphone in {"muted", "on"} and role == "viewer":
        raise Refused("not_allowed", "A viewer listens and does not speak.")
    connection.microphone = microphone
    return [ForwardVoice(connection.id, microphone == "on", microphone != "phone")]


def mute(connections: Iterable[ConnectionState], by: SeatId, seat: SeatId) -> list[Effect]:
    """Close the open microphones of a seat, or with "" of all seats but one's own; they are sent who did it."""
    effects: list[Effect] = []
    for connection in connections:
        wanted = connection.seat == seat if seat else connection.seat != by
        if wanted and connection.joined and connection.microphone == "on":
            connection.microphone = "muted"
            effects += [ForwardVoice(connection.id, False), Send((connection.id,), Muted(by))]
    return effects
