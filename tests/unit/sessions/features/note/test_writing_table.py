"""What is written just now: absolute, each its own, of its case, ended by what it becomes."""

from __future__ import annotations

import pytest

from consult.sessions.features.cases.commands import SwitchCase
from consult.sessions.features.note.commands import SignNote
from consult.sessions.features.note.messages import Write, Writings
from consult.sessions.features.note.writing_table import WRITING_TTL_S
from consult.sessions.messages import Nack
from tests.support.record import RADIOLOGIST, RecordTable


@pytest.fixture
def table() -> RecordTable:
    return RecordTable()


def seen(table: RecordTable, who: str) -> list[tuple[str, str, str]]:
    """What that page knows to be written now."""
    newest = [message for message in table.sent[who] if isinstance(message, Writings)]
    return [(w.seat, w.field, w.text) for w in newest[-1].writings] if newest else []


def test_several_write_at_once_and_everybody_sees_it(table: RecordTable) -> None:
    table.send("ann", Write(1, "impression", "Gro"))
    table.send("bob", Write(1, "impression", "Shr"))
    table.send("ann", Write(1, "impression", "Growing"))
    assert seen(table, "eve") == [("ann", "impression", "Growing"), ("bob", "impression", "Shr")]
    table.send("bob", Write(1))
    assert seen(table, "host") == [("ann", "impression", "Growing")]
    table.join("late")
    assert seen(table, "late") == [("ann", "impression", "Growing")]


def test_what_is_stored_is_a_draft_no_longer(table: RecordTable) -> None:
    table.send("ann", Write(1, "impression", "Growing  nodule "))
    table.send("bob", Write(1, "question", "Bigger?"))
    table.write("ann", "impression", "Growing  nodule ")
    assert seen(table, "eve") == [("bob", "question", "Bigger?")]


def test_of_another_case_nothing_is_written(table: RecordTable) -> None:
    table.send("ann", Write(1, "impression", "Growing"))
    table.done("host", SwitchCase, to="c2")
    assert seen(table, "eve") == []
    table.send("ann", Write(1, "impression", "Growing more"))
    assert seen(table, "eve") == []


def test_who_goes_or_falls_silent_writes_no_longer(table: RecordTable) -> None:
    table.send("ann", Write(1, "impression", "Growing"))
    table.send("bob", Write(1, "question", "Bigger?"))
    table.do(table.core.disconnect("ann", table.now))  # type: ignore[arg-type]  # its name
    assert seen(table, "eve") == [("bob", "question", "Bigger?")]
    table.now += WRITING_TTL_S
    table.do(table.core.wake(table.now))
    assert seen(table, "eve") == []


def test_nobody_signs_in_the_middle_of_anothers_sentence(table: RecordTable) -> None:
    table.note_ready()
    table.send("ann", Write(1, "recommendation", "PET/C"))
    fields = table.signing()
    make = fields.pop("make")
    answer = table.act("host", make, **fields)
    assert isinstance(answer, Nack)
    assert (answer.code, answer.message) == ("being_written", "ann is writing the recommendation just now.")
    table.send("ann", Write(1))
    again = {"signer": RADIOLOGIST, "again": RADIOLOGIST, "seen": fields["seen"], "versions": 0}
    table.done("host", SignNote, status="final", **again)
