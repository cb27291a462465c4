"""Stored entries of any version to the entries of today, and back to bytes.

A change of form that an added field with a default does not cover gets a new ENTRY_VERSION and an upcaster here;
tests/logs/ holds a golden log of each version.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from consult.model.errors import StoreFailed
from consult.sessions.events import ENTRY_VERSION, Entry

Raw = dict[str, Any]
"""An entry as plain JSON values."""
Upcaster = Callable[[Raw], Raw]

UPCASTERS: Mapping[int, Upcaster] = {}
"""From a version to the next one."""


class _Version(msgspec.Struct):
    v: int


_version = msgspec.json.Decoder(_Version)
_entry = msgspec.json.Decoder(Entry)
_encoder = msgspec.json.Encoder()


def write_entry(entry: Entry) -> bytes:
    """An entry as it is stored."""
    return _encoder.encode(entry)


def read_entry(data: bytes, upcasters: Mapping[int, Upcaster] = UPCASTERS) -> Entry:
    """An entry from what was stored, whichever release wrote it.

    Raises:
        StoreFailed: "newer_entry": a newer release wrote it; "unreadable_entry": it is damaged.
    """
    try:
        version = _version.decode(data).v
        if version == ENTRY_VERSION:
            return _entry.decode(data)
        if version > ENTRY_VERSION:
            raise StoreFailed("newer_entry", f"Version {version} of an entry was written by a newer release.")
        raw: Raw = msgspec.json.decode(data)
        for step in range(version, ENTRY_VERSION):
            raw = upcasters[step](raw)
        return msgspec.convert({**raw, "v": ENTRY_VERSION}, Entry)
    except (msgspec.DecodeError, KeyError) as error:
        raise StoreFailed("unreadable_entry", "An entry of the log cannot be read.") from error
