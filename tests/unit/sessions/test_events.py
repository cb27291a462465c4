"""Events and entries as types: the record, not the change; and the version of the entry's form."""

from __future__ import annotations

import msgspec
import pytest

from consult.model.identifiers import SeatId
from consult.sessions.events import ENTRY_VERSION, Entry
from consult.sessions.features.consult.events import OwnerChanged
from consult.sessions.features.table import REGISTRY


@pytest.mark.parametrize("kind", REGISTRY.events, ids=lambda kind: kind.__name__)
def test_an_event_is_past_tense_and_tolerates_fields_of_a_newer_release(kind: type[msgspec.Struct]) -> None:
    tag = str(kind.__struct_config__.tag)
    assert tag.endswith(("ed", "put")), tag
    assert not kind.__struct_config__.forbid_unknown_fields


def test_an_entry_carries_its_version() -> None:
    assert b'"v":%d' % ENTRY_VERSION in msgspec.json.encode(Entry(1, 0.0, OwnerChanged("a", 1), SeatId("s")))
