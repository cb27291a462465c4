"""The folded state as it is kept beside a log, so that opening a consult does not fold all of it.

Rules of this file:
- The events are the truth. A state is kept besides, is only ever of what is stored, and may be thrown away at any time.
- It has a version, of the form and of the meaning; one of another version, or that cannot be read, is not used, and
  the log is folded from its beginning. `FOLD_VERSION` goes up whenever `apply` of a feature comes to mean another thing
  for the same entries; a change of the form is seen by itself.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from functools import cache

import msgspec
from msgspec import Struct

from consult.sessions.events import Entry
from consult.sessions.fold import fold_all
from consult.sessions.state import State

FOLD_VERSION = 1
KEEP_EVERY = 512
"""Entries from one kept state to the next."""

_decoder = msgspec.json.Decoder(State)
_encoder = msgspec.json.Encoder()


class StoredState(Struct, frozen=True):
    """A state, encoded.

    Attributes:
        seq: of the last entry folded into it.
    """

    seq: int
    version: str
    data: bytes


@cache
def state_version() -> str:
    """Of the states that are written now."""
    form = msgspec.json.encode(msgspec.json.schema(State), order="deterministic")
    return f"{FOLD_VERSION}-{hashlib.sha256(form).hexdigest()[:16]}"


def _marked(data: bytes) -> str:
    """The version of a state that is kept, with a checksum: one in which a bit has turned over is of no version."""
    return f"{state_version()}-{zlib.crc32(data):08x}"


def write_state(state: State) -> StoredState:
    """A state as it is kept."""
    data = _encoder.encode(state)
    return StoredState(state.seq, _marked(data), data)


def read_state(stored: StoredState | None) -> State | None:
    """The state that was kept; None where there is none, or none that this release may use."""
    if stored is None or stored.version != _marked(stored.data):
        return None
    try:
        state = _decoder.decode(stored.data)
    except msgspec.MsgspecError:
        return None
    return state if state.seq == stored.seq else None


def fold_on(state: State, entries: Sequence[Entry]) -> State | None:
    """The state after these entries, the newest of its log, some of which it has already.

    Returns:
        None where the log is not the one that the state was folded from: it ends before, or begins later.
    """
    if not entries or not entries[0].seq - 1 <= state.seq <= entries[-1].seq:
        return None
    return fold_all([entry for entry in entries if entry.seq > state.seq], state)
