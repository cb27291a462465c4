"""How many people may be in a consult at once."""

from __future__ import annotations

from collections.abc import Collection

from consult.model.catalogue import Role
from consult.model.identifiers import SeatId
from consult.sessions.state import State

MAX_PEOPLE = 50
"""Seats with a page that has joined."""
HOST_PLACES = 2
"""Of these, for hosts: nobody else takes them, however full it is."""


def has_place(state: State, here: Collection[SeatId], role: Role) -> bool:
    """Whether one more person may come in.

    Args:
        state: the consult.
        here: the seats of all who have joined, each once.
        role: of who wants to.
    """
    hosts = sum(state.seats[seat].role == "host" for seat in here)
    kept = 0 if role == "host" else max(0, HOST_PLACES - hosts)
    return len(here) < MAX_PEOPLE - kept
