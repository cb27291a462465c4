"""A snapshot in parts, so that no message grows with the document.

Rules of this file:
- A part is a slice of a snapshot's lists. Parts put one behind the other, and then what comes with `welcome`, are the
  lists in their order; a case that does not fit comes in several parts, each with further studies and series.
- A part holds at most MAX_PART_BYTES, or one record alone.
- Parts come before what they belong to, `welcome` or the event `case_switched`, and a page uses them once that has
  come: all at once, or, where it is cut off before, not at all.
- They are named, so that a page that comes back in the middle says how many it has. Names are of what is stored: what
  is rolled back is forgotten.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from consult.model.catalogue import Case, Role
from consult.sessions.events import Entry
from consult.sessions.messages import Hello, Part, Received
from consult.sessions.publishing.document import RECORDS, Audience, audience_of, case_contents, may_resume, snapshot_of
from consult.sessions.state import Snapshot, State

MAX_PART_BYTES = 16 * 1024
"""Of JSON. A link of 100 kbit/s carries it in a good second."""
REUSED = 32
"""Entries that a snapshot in parts may lag behind: pages that come one after the other while others work are told of
one, with what has happened since. A consult at its limits takes 10 ms to cut."""
KEPT = 4
"""Snapshots whose parts are remembered: for pages that come together, and for those that come back."""
CASE_LISTS = ("studies", "series", "unshown", "segmentations", "presentation_states")
LISTS = ("cases", "seats", "marks", "key_images", "chat", "attendees", *RECORDS)

_encoder = msgspec.json.Encoder()


class PartedSnapshot(Struct, frozen=True):
    """A snapshot as it is sent: its parts, and what is left of it for `welcome`.

    Attributes:
        seq: of the last entry that is in it.
    """

    name: str
    seq: int
    audience: Audience
    parts: tuple[Part, ...]
    rest: Snapshot


class PartedSnapshots:
    """The snapshots of one core, the newest of them remembered.

    Args:
        owner: names the process: what it has cut, no other has.
        max_bytes: of a part.
    """

    def __init__(self, owner: str, max_bytes: int = MAX_PART_BYTES) -> None:
        self._owner, self._max_bytes = owner, max_bytes
        self._kept: OrderedDict[str, PartedSnapshot] = OrderedDict()

    def answer(
        self, hello: Hello, state: State, role: Role, tail: Iterable[Entry]
    ) -> tuple[PartedSnapshot | None, list[Entry]]:
        """What a page that says hello is sent: a snapshot, or the rest of one, or none; then these events.

        Args:
            tail: the newest entries of the log.
        """
        entries = list(tail)
        if hello.log == state.consult_id and hello.after > 0 and hello.role in ("", role):
            is_known = hello.at is None or any(entry.seq == hello.after for entry in entries)
            missed = _missed(hello.after, state, role, entries) if is_known else None
            if missed is not None:
                return None, missed
        sent = self.rest(hello.received, role)
        missed = None if sent is None else _missed(sent.seq, state, role, entries)
        return self._recent(state, role, entries) if missed is None else (sent, missed)

    def snapshot(self, state: State, role: Role) -> PartedSnapshot:
        """The document as it is now."""
        audience = audience_of(role)
        name = f"{self._owner}.{state.seq}.{audience}"
        sent = self._kept.get(name)
        if sent is None:
            *slices, last = _slices(snapshot_of(state, role), self._max_bytes)
            parts = tuple(_part(piece, name, n) for n, piece in enumerate(slices, start=1))
            sent = PartedSnapshot(name, state.seq, audience, parts, last)
            self._kept[name] = sent
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return sent

    def _recent(self, state: State, role: Role, entries: list[Entry]) -> tuple[PartedSnapshot, list[Entry]]:
        """The document as it is now: a snapshot, or a large one of lately and what has happened since."""
        for sent in reversed(self._kept.values()):
            if sent.parts and sent.audience == audience_of(role) and state.seq - sent.seq <= REUSED:
                missed = _missed(sent.seq, state, role, entries)
                if missed is not None:
                    return sent, missed
        return self.snapshot(state, role), []

    def rest(self, received: Received | None, role: Role) -> PartedSnapshot | None:
        """What is left of the snapshot that a page has begun to receive; None where that is not known any more."""
        sent = None if received is None else self._kept.get(received.name)
        if sent is None or received is None or sent.audience != audience_of(role):
            return None
        return replace(sent, parts=sent.parts[received.parts :])

    def case(self, state: State, role: Role) -> tuple[Part, ...]:
        """What comes before `case_switched`, for who is not told of all cases."""
        name = f"{self._owner}.{state.seq}.case"
        slices = _slices(case_contents(state, role), self._max_bytes)
        return tuple(_part(piece, name, n) for n, piece in enumerate(slices, start=1))

    def forget(self, after: int) -> None:
        """What is behind `after` is not stored, and never was sent."""
        self._kept = OrderedDict((name, sent) for name, sent in self._kept.items() if sent.seq <= after)


def _missed(after: int, state: State, role: Role, entries: list[Entry]) -> list[Entry] | None:
    """What a page that has all up to `after` lacks; None where it must begin anew."""
    missed = [entry for entry in entries if entry.seq > after]
    return missed if len(missed) == state.seq - after and may_resume(missed, role) else None


def _part(piece: Snapshot, name: str, n: int) -> Part:
    return Part(name, n, **{field: getattr(piece, field) for field in LISTS})


def _slices(snapshot: Snapshot, max_bytes: int) -> Iterator[Snapshot]:
    """The snapshot with its lists cut; at least one slice."""
    lists: dict[str, list[Any]] = {name: [] for name in LISTS}
    filled = 0
    for name, record in _records(snapshot):
        size = len(_encoder.encode(record))
        if filled and filled + size > max_bytes:
            yield _with_lists(snapshot, lists)
            lists, filled = {name: [] for name in LISTS}, 0
        lists[name].append(record)
        filled += size
    yield _with_lists(snapshot, lists)


def _records(snapshot: Snapshot) -> Iterator[tuple[str, Any]]:
    """All that is in the lists, by the name of the list; a case as its head, then as one for each of its items."""
    for case in snapshot.cases:
        head = replace(case, **dict.fromkeys(CASE_LISTS, ()))
        yield "cases", head
        for name in CASE_LISTS:
            for item in getattr(case, name):
                yield "cases", replace(head, **{name: (item,)})
    for name in LISTS[1:]:
        for record in getattr(snapshot, name):
            yield name, record


def _with_lists(snapshot: Snapshot, lists: dict[str, list[Any]]) -> Snapshot:
    return replace(
        snapshot, **{name: tuple(records) for name, records in lists.items()} | {"cases": join_cases(lists["cases"])}
    )


def join_cases(pieces: list[Case]) -> tuple[Case, ...]:
    """Cases of one id, one behind the other, as one."""
    joined: dict[str, Case] = {}
    for piece in pieces:
        before = joined.get(piece.id)
        joined[piece.id] = (
            piece
            if before is None
            else replace(before, **{name: getattr(before, name) + getattr(piece, name) for name in CASE_LISTS})
        )
    return tuple(joined.values())
