"""Messages as types: what they all have, and what none of them may have."""

from __future__ import annotations

import msgspec
import pytest
from msgspec import structs

from consult.sessions.features.table import REGISTRY
from consult.sessions.protocol import client_messages, server_messages
from consult.sessions.state import Snapshot

ALL = [*client_messages(), *server_messages(), *REGISTRY.events]


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_each_is_frozen_and_has_a_type_of_its_own(kind: type[msgspec.Struct]) -> None:
    assert kind.__struct_config__.frozen
    assert [other for other in ALL if other.__struct_config__.tag == kind.__struct_config__.tag] == [kind]


@pytest.mark.parametrize("kind", client_messages(), ids=lambda kind: kind.__name__)
def test_what_pages_send_has_no_unknown_fields(kind: type[msgspec.Struct]) -> None:
    assert kind.__struct_config__.forbid_unknown_fields


def test_a_snapshot_has_no_invitations() -> None:
    assert {field.name for field in structs.fields(Snapshot)} == {
        "consult", "cases", "case", "current", "control", "seats", "marks", "key_images", "chat", "site",
        "findings", "numbers", "notes", "signed", "criticals", "seen", "blackouts", "coverage", "calibrations",
        "patients_hidden",
        "board", "preparations", "prepared", "decision_drafts", "decisions", "dissents", "attendees",
    }  # fmt: skip
