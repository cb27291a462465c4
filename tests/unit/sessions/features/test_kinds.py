"""Commands as types: an id, the case they were made for, and never their author."""

from __future__ import annotations

import msgspec
import pytest
from msgspec import structs

from consult.model.identifiers import CommandId
from consult.sessions.features.kinds import ParticipantCommand
from consult.sessions.features.table import REGISTRY

BAD_IDS = ["tab-one1", "tab-one1.", "tab-one1.0", "tab-one1.01", "tab.1", "tab one1.1", "t" * 41 + ".1"]


@pytest.mark.parametrize("kind", REGISTRY.commands, ids=lambda kind: kind.__name__)
def test_every_command_has_an_id_and_the_case_it_was_made_for(kind: type[msgspec.Struct]) -> None:
    assert issubclass(kind, ParticipantCommand)
    required = {field.name for field in structs.fields(kind) if field.required}
    assert required >= {"id", "case"}
    of_others = kind.__name__ in {"Appoint", "DenySeat", "GrantControl", "ReadmitSeat", "RemoveSeat"}
    assert "seat" not in required or of_others, "the author comes from the server"


@pytest.mark.parametrize("bad", BAD_IDS)
def test_an_id_is_a_tab_and_a_number(bad: str) -> None:
    assert msgspec.convert("tab-one1.12", CommandId) == "tab-one1.12"
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(bad, CommandId)
