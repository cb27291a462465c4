"""Entries to state. Events carry the resulting record, so a fold is an assignment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from msgspec.structs import replace

from consult.model.identifiers import SeatId, split_command_id
from consult.sessions.acts import remember
from consult.sessions.events import (
    Act,
    CaseSwitched,
    ChatPosted,
    ConsultEnded,
    ConsultOpened,
    ControlPut,
    Entry,
    Event,
    InvitationPut,
    KeyImageDeleted,
    KeyImagePut,
    MarkDeleted,
    MarkPut,
    OwnerChanged,
    SeatPut,
    ViewSettled,
)
from consult.sessions.state import CHAT_KEPT, FIRST_CASE_EPOCH, MAX_TABS, RECENT_COMMANDS, State, Tab, tab_key


def fold(state: State, entry: Entry) -> State:
    """The state after one more entry.

    Raises:
        ValueError: the entry is not the next one: a log has no gaps.
    """
    if entry.seq != state.seq + 1:
        raise ValueError(f"entry {entry.seq} cannot follow entry {state.seq}")
    after = replace(apply(state, entry.event), seq=entry.seq)
    if isinstance(entry.event, Act):
        after = replace(after, acts=remember(state.acts, entry, entry.event, state.records))
    return replace(after, tabs=_remember(after.tabs, entry)) if entry.command else after


def fold_all(entries: Iterable[Entry], state: State | None = None) -> State:
    """The state after all entries, from the beginning or from `state`."""
    state = state or State()
    for entry in entries:
        state = fold(state, entry)
    return state


def apply(state: State, event: Event) -> State:
    """The document after an event; seq and tabs are not touched."""
    if isinstance(event, Act | ChatPosted):
        return _apply_drawn(state, event)
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
            return replace(state, case=epoch, current=case, acts={})
        case ViewSettled():
            return replace(state, settled=event)
        case ConsultEnded(consult=consult):
            return replace(state, consult=consult)
        case _ as never:
            assert_never(never)


def _apply_drawn(state: State, event: Act | ChatPosted) -> State:
    match event:
        case MarkPut(mark=mark):
            return replace(state, marks={**state.marks, mark.id: mark})
        case MarkDeleted(mark=identifier):
            return replace(state, marks={k: v for k, v in state.marks.items() if k != identifier})
        case KeyImagePut(key_image=image):
            return replace(state, key_images={**state.key_images, image.id: image})
        case KeyImageDeleted(key_image=identifier):
            return replace(state, key_images={k: v for k, v in state.key_images.items() if k != identifier})
        case ChatPosted(message=message):
            before = (kept for kept in state.chat if kept.id != message.id)
            return replace(state, chat=(*before, message)[-CHAT_KEPT:])
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
