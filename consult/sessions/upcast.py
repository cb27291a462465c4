"""Stored entries of any version to the entries of today, and back to bytes.

A change of form that an added field with a default does not cover gets a new ENTRY_VERSION and an upcaster here;
tests/logs/ holds a golden log of each version.

Behind what an entry says stands a checksum of it (since 30 Nov 2026; older entries have none): a bit that turned over
on a disk or in a memory is found before anybody is shown what it makes of the entry.

- 1: a viewport has `series` and `image`; a layout is "1x1" or "1x2".
- 2: a viewport has `shows`, a tagged union; a layout is a grid of rows and columns.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from consult.model.errors import StoreFailed
from consult.sessions.events import ENTRY_VERSION, Entry

Raw = dict[str, Any]
"""An entry as plain JSON values."""
Upcaster = Callable[[Raw], Raw]

LAYOUTS_OF_1: Mapping[str, Raw] = {"1x1": {"rows": 1, "columns": 1}, "1x2": {"rows": 1, "columns": 2}}


def show_stacks(raw: Raw) -> Raw:
    """1 to 2: whatever a viewport showed was an image of a stack without a second axis: its index was its place."""
    event = raw["event"]
    match event["type"]:
        case "view_settled":
            event = {**event, "view": _view_of_1(event["view"])}
        case "key_image_put":
            kept = event["key_image"]
            event = {**event, "key_image": {**kept, "viewport": _viewport_of_1(kept["viewport"])}}
        case "chat_posted" if event["message"].get("view") is not None:
            message = event["message"]
            event = {**event, "message": {**message, "view": _view_of_1(message["view"])}}
    return {**raw, "event": event}


def _view_of_1(view: Raw) -> Raw:
    return {**view, "layout": LAYOUTS_OF_1[view["layout"]], "viewports": [_viewport_of_1(v) for v in view["viewports"]]}


def _viewport_of_1(viewport: Raw) -> Raw:
    rest = {name: value for name, value in viewport.items() if name not in ("series", "image")}
    return {**rest, "shows": {"type": "stack", "series": viewport["series"], "place": viewport["image"], "time": 0}}


UPCASTERS: Mapping[int, Upcaster] = {1: show_stacks}
"""From a version to the next one."""


class _Version(msgspec.Struct):
    v: int


_version = msgspec.json.Decoder(_Version)
_entry = msgspec.json.Decoder(Entry)
_encoder = msgspec.json.Encoder()


NEWER = "A newer release has written to this consult: this server cannot read it. Update the server."
DAMAGED = "An entry of the log is damaged: this consult is not shown. Tell whoever runs the server."
SUM = re.compile(rb',"sum":"([0-9a-f]{8})"\}$')
SUM_BYTES = len(b',"sum":"01234567"}')


def write_entry(entry: Entry) -> bytes:
    """An entry as it is stored."""
    line = _encoder.encode(entry)
    return line[:-1] + b',"sum":"%08x"}' % zlib.crc32(line)


def _is_sound(data: bytes) -> bool:
    """Whether an entry is as it was written, as far as its checksum tells."""
    found = SUM.search(data[-SUM_BYTES:])
    if found is None:
        return b'"sum' not in data[-SUM_BYTES:]  # an old one has none
    return b"%08x" % zlib.crc32(data[:-SUM_BYTES] + b"}") == found[1]


def read_entry(data: bytes, upcasters: Mapping[int, Upcaster] = UPCASTERS) -> Entry:
    """An entry from what was stored, whichever release wrote it.

    Raises:
        StoreFailed: "newer_entry": a newer release wrote it: its version is not known, or it is whole by its checksum
            and says what is not known here; "unreadable_entry": it is damaged.
    """
    try:
        version = _version.decode(data).v
        if version > ENTRY_VERSION:
            raise StoreFailed("newer_entry", NEWER)
        if not _is_sound(data):
            raise StoreFailed("unreadable_entry", DAMAGED)
        if version == ENTRY_VERSION:
            return _entry.decode(data)
        raw: Raw = msgspec.json.decode(data)
        for step in range(version, ENTRY_VERSION):
            raw = upcasters[step](raw)
        return msgspec.convert({**raw, "v": ENTRY_VERSION}, Entry)
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        if SUM.search(data[-SUM_BYTES:]) and _is_sound(data):
            raise StoreFailed("newer_entry", NEWER) from error
        raise StoreFailed("unreadable_entry", DAMAGED) from error
