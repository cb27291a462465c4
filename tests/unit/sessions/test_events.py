"""Events and entries as types: the record, not the change; and the version of the entry's form."""

from __future__ import annotations

from typing import Literal

import msgspec
import pytest
from msgspec import inspect

from consult.model.identifiers import SeatId
from consult.sessions.events import ENTRY_VERSION, Entry
from consult.sessions.features.consult.events import OwnerChanged
from consult.sessions.features.form import STEP, _count, form
from consult.sessions.features.table import REGISTRY


@pytest.mark.parametrize("kind", REGISTRY.events, ids=lambda kind: kind.__name__)
def test_an_event_is_past_tense_and_tolerates_fields_of_a_newer_release(kind: type[msgspec.Struct]) -> None:
    tag = str(kind.__struct_config__.tag)
    assert tag.endswith(("ed", "put")), tag
    assert not kind.__struct_config__.forbid_unknown_fields


def test_an_entry_carries_its_version() -> None:
    assert b'"v":%d' % ENTRY_VERSION in msgspec.json.encode(Entry(1, 0.0, OwnerChanged("a", 1), SeatId("s")))


FORM = 2_000_727
"""Of the newest release: make it what `form()` says when something is added."""


def test_what_entries_may_say_only_grows() -> None:
    """Else a node of an older release would take consults that it cannot read, beside newer ones on one Redis. Where
    something is taken away: another ENTRY_VERSION."""
    assert form() >= FORM
    assert form() // STEP == ENTRY_VERSION


def test_an_event_a_field_and_a_word_more_each_make_it_greater() -> None:
    class Small(msgspec.Struct, tag="a"):
        word: Literal["x", "y"]

    class More(msgspec.Struct, tag="a"):
        word: Literal["x", "y"]
        more: int = 0

    class Words(msgspec.Struct, tag="a"):
        word: Literal["x", "y", "z"]

    class Other(msgspec.Struct, tag="b"):
        number: int

    kinds = inspect.multi_type_info([Small, More, Words, Small | Other])
    counts = [_count(kind, set()) for kind in kinds]
    assert counts == [3, 4, 4, 4]
