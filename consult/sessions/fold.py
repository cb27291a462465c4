"""Entries to state. Events carry the resulting record, so a fold is an assignment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from msgspec.structs import replace

from consult.model.identifiers import SeatId, split_command_id
from consult.sessions.events import (
    CaseSwitched,
    ConsultEnded,
    ConsultOpened,
    ControlPut,
    Entry,
    Event,
    InvitationPut,
    OwnerChanged,
    SeatPut,
    ViewSettled,
)
from consult.sessions.state import FIRST_CASE_EPOCH, MAX_TABS, RECENT_COMMANDS, State, Tab, tab_key


def fold(state: State, entry: Entry) -> State:
    """The state after one more entry.

    Raises:
        ValueError: the entry is not the next one: a log has no gaps.
    """
    if entry.seq != state.seq + 1:
        raise ValueError(f"entry {entry.seq} cannot follow entry {state.seq}")
    after = replace(apply(state, entry.event), seq=entry.seq)
    return replace(after, tabs=_remember(after.tabs, entry)) if entry.command else after


def fold_all(entries: Iterable[Entry], state: State | None = None) -> State:
    """The state after all entries, from the beginning or from `state`."""
    state = state or State()
    for entry in entries:
        state = fold(state, entry)
    return state


def apply(state: State, event: Event) -> State:
    """The document after an event; seq and tabs are not touched."""
    match event:
        case ConsultOpened(consult=consult, cases=cases):
            return replace(state, consult=consult, cases=cases, case=FIRST_CASE_EPOCH, current=cases[0].id)
        case OwnerChanged(owner=owner, owners=owners):
            return replace(state, owner=owner, owners=owners)
        case InvitationPut(invitation=invitation):
            return replace(state, invitations={**state.invitations, invitation.id: invitation})
        case SeatPut(seat=seat):
            return replace(state, seats={**state.seats, seat.id: seat})
        case ControlPut(control=control):
            return replace(state, control=control)
        case CaseSwitched(epoch=epoch, case=case):
            return replace(state, case=epoch, current=case)
        case ViewSettled():
            return replace(state, settled=event)
        case ConsultEnded(consult=consult):
            return replace(state, consult=consult)
        case _ as never:
            assert_never(never)


def _remember(tabs: dict[str, Tab], entry: Entry) -> dict[str, Tab]:
    tab, number = split_command_id(entry.command)
    key = tab_key(SeatId(entry.by), tab)
    known = tabs.get(key, Tab())
    recent = tuple(pair for pair in known.recent if pair[0] != number)
    after = {k: v for k, v in tabs.items() if k != key}
    after[key] = Tab(max(known.last, number), (*recent, (number, entry.seq))[-RECENT_COMMANDS:])
    if len(after) > MAX_TABS:
        del after[next(iter(after))]
    return after
