"""Entries to state. Events carry the resulting record, so a fold is an assignment."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from consult.model.identifiers import SeatId, split_command_id
from consult.sessions.events import Entry
from consult.sessions.features.table import REGISTRY, Registry
from consult.sessions.state import MAX_TABS, RECENT_COMMANDS, State, Tab, tab_key


def fold(state: State, entry: Entry, registry: Registry = REGISTRY) -> State:
    """The state after one more entry.

    Raises:
        ValueError: the entry is not the next one: a log has no gaps.
    """
    if entry.seq != state.seq + 1:
        raise ValueError(f"entry {entry.seq} cannot follow entry {state.seq}")
    after = replace(registry.apply(state, entry.event, SeatId(entry.by)), seq=entry.seq)
    return replace(after, tabs=_remember(after.tabs, entry)) if entry.command else after


def fold_all(entries: Iterable[Entry], state: State | None = None) -> State:
    """The state after all entries, from the beginning or from `state`."""
    state = state or State()
    for entry in entries:
        state = fold(state, entry)
    return state


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
