"""Who may be heard: microphones are opened by their own people, and closed by them or by the host."""

from __future__ import annotations

from collections.abc import Mapping

from consult.model.catalogue import Role
from consult.model.errors import Refused
from consult.model.identifiers import ConnectionId, SeatId
from consult.sessions.effects import Effect, Hear, Send
from consult.sessions.messages import Microphone, Muted
from consult.sessions.pages import Page


def set_microphone(connection: ConnectionId, page: Page, role: Role, microphone: Microphone) -> list[Effect]:
    """A page says how it speaks.

    Raises:
        Refused: "not_allowed": a viewer listens only.
    """
    if microphone in {"muted", "on"} and role == "viewer":
        raise Refused("not_allowed", "A viewer listens and does not speak.")
    page.microphone = microphone
    return [Hear(connection, microphone == "on", microphone != "phone")]


def mute(pages: Mapping[ConnectionId, Page], by: SeatId, seat: SeatId) -> list[Effect]:
    """Close the open microphones of a seat, or with "" of all seats but one's own; they are told who did it."""
    effects: list[Effect] = []
    for connection, page in pages.items():
        wanted = page.seat == seat if seat else page.seat != by
        if wanted and page.joined and page.microphone == "on":
            page.microphone = "muted"
            effects += [Hear(connection, False), Send((connection,), Muted(by))]
    return effects
