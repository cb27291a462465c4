"""Stored entries of any version to the entries of today, and back to bytes.

A change of form that an added field with a default does not cover gets a new ENTRY_VERSION and an upcaster here;
tests/logs/ holds a golden log of each version.

- 1: a viewport has `series` and `image`; a layout is "1x1" or "1x2".
- 2: a viewport has `shows`, a tagged union; a layout is a grid of rows and columns.
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
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise StoreFailed("unreadable_entry", "An entry of the log cannot be read.") from error
