"""How many people may be in a consult at once."""

from __future__ import annotations

from collections.abc import Collection

from consult.model.catalogue import Role
from consult.model.identifiers import SeatId
from consult.sessions.state import State

MAX_PEOPLE = 50
"""Seats with a page that has joined. One of the places is for a host as long as none is here."""


def has_place(state: State, here: Collection[SeatId], role: Role) -> bool:
    """Whether one more person may come in.

    Args:
        state: the consult.
        here: the seats of all who have joined, each once.
        role: of who wants to.
    """
    is_led = role == "host" or any(state.seats[seat].role == "host" for seat in here)
    return len(here) < (MAX_PEOPLE if is_led else MAX_PEOPLE - 1)
