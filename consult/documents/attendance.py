"""Who took part in a consult, and from when to when: each name once, a reader apart.

Stays come from the audit trail. What lies behind the end of the consult is reading, and no taking part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from consult.documents.contents import Participant, Stay
from consult.sessions.state import State


def participants_of(state: State, stays: Mapping[str, Sequence[Stay]]) -> tuple[Participant, ...]:
    """Everybody who came in, in the order in which they did; of who came by several seats all stays."""
    found: dict[tuple[str, str], list[Stay]] = {}
    for seat in state.seats.values():
        if seat.role != "reader" and seat.lobby == "":
            found.setdefault((seat.name, seat.role), []).extend(stays.get(seat.id, ()))
    end = state.consult.ended_at
    return tuple(Participant(name, role, merged(_until(all_of, end))) for (name, role), all_of in found.items())


def _until(stays: Iterable[Stay], end: float | None) -> Iterable[Stay]:
    """As far as the consult went on."""
    if end is None:
        return stays
    return (Stay(s.came, end if s.went is None else min(s.went, end)) for s in stays if s.came < end)


def merged(stays: Iterable[Stay]) -> tuple[Stay, ...]:
    """Those that lie in each other are one."""
    found: list[Stay] = []
    for stay in sorted(stays, key=lambda one: one.came):
        last = found[-1] if found else None
        if last is None or (last.went is not None and last.went < stay.came):
            found.append(stay)
        elif last.went is not None and (stay.went is None or stay.went > last.went):
            found[-1] = Stay(last.came, stay.went)
    return tuple(found)
