"""What a document says: of a signed version what was signed, whatever has become of the consult since."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from consult.documents.collecting import DRAFT, contents_of
from consult.documents.page import render_page
from consult.model.errors import Refused
from consult.sessions.features.findings.commands import PutFinding, TakeOverNumber, Wording
from consult.sessions.features.seen.commands import MarkSeen
from tests.support.documents import MADE, contents, order_of, signed_note


def test_a_signed_version_says_what_was_signed_whatever_is_changed_since() -> None:
    table = signed_note(question="Has it grown?")
    before = contents(table, 1)
    wording = Wording("Another title", "Another text")
    table.done("host", PutFinding, finding="f1", base=2, wording=wording, marks=("m-f1",))
    table.find("host", "f9", title="Found later", size=33.0)
    table.write("host", "impression", "Something else.")
    after = contents(table, 1)
    assert after == before
    assert [part.title for part in after.findings] == ["Spiculated nodule", "Nodule in May", "Hilar node"]
    assert after.texts == {"question": "Has it grown?", "impression": "Growing nodule."}
    draft = contents(table, DRAFT)
    assert [part.title for part in draft.findings][-1] == "Found later"
    assert (draft.status, draft.version, draft.signatures, draft.texts["impression"]) == (
        "draft", 0, (), "Something else.",
    )  # fmt: skip


def test_numbers_are_those_that_were_signed() -> None:
    (nodule, was, node) = contents(signed_note()).findings
    lengths = [part.values[0].numbers[0].value for part in (nodule, was, node)]
    assert lengths == [22.0, 14.0, 11.0]
    assert nodule.was is not None
    assert (nodule.was.before.number.value, nodule.was.before.date) == (14.0, "2026-05-19")
    assert nodule.values[0].author == "host"
    assert node.values[0].author == "ann"


def test_a_number_that_nobody_answers_for_is_in_no_draft() -> None:
    table = signed_note()
    table.check = "differs"
    table.find("host", "f9", title="Not confirmed", size=40.0)
    part = contents(table, DRAFT).findings[-1]
    assert (part.title, part.values) == ("Not confirmed", ())


def test_a_number_that_somebody_answers_for_says_who() -> None:
    """Seen to fail: it stood there as one that is confirmed."""
    table = signed_note()
    table.check = "differs"
    table.find("host", "f9", title="Not confirmed", size=40.0)
    table.done("ann", TakeOverNumber, mark="m-f9", quantity="length")
    note = contents(table, DRAFT)
    assert note.findings[-1].values[0].numbers[0].taken_name == "ann"
    page = render_page(order_of(note)[0], {})
    assert page.count("taken over by ann") == 1
    assert "lengths are by PixelSpacing." in page


def test_the_newest_signed_version_is_taken_and_without_one_the_draft() -> None:
    table = signed_note()
    table.done("host", **table.signing("addendum", versions=1, changed="The size."))
    assert (contents(table).version, contents(table).later) == (2, 0)
    assert (contents(table, 1).version, contents(table, 1).later) == (1, 2)
    assert [one.version for one in contents(table, 1).signatures] == [1]
    assert contents_of(table.state, "c2", None, MADE).status == "draft"


def test_nothing_of_another_case_is_in_it() -> None:
    note = contents_of(signed_note().state, "c2", None, MADE)
    assert (note.patient.name, note.findings, note.texts) == ("OTHER^MAN", (), {})


@pytest.mark.parametrize(("case", "number", "code"), [("c1", 2, "unknown_version"), ("c9", None, "unknown_case")])
def test_what_there_is_not_is_refused(case: str, number: int | None, code: str) -> None:
    with pytest.raises(Refused, match=code):
        contents_of(signed_note().state, case, number, MADE)


def test_a_version_that_was_changed_is_called_so() -> None:
    table = signed_note()
    version = table.state.signed["c1.1"]
    changed = replace(version, texts={**version.texts, "impression": "No nodule."})
    state = replace(table.state, signed={"c1.1": changed})
    assert contents(table, 1).whole
    changed_note = contents_of(state, "c1", 1, MADE)
    assert not changed_note.whole
    assert "does not match" in render_page(order_of(changed_note)[0], {})


def test_who_has_read_it_and_who_took_part() -> None:
    table = signed_note()
    table.done("ann", MarkSeen, version="c1.1")
    note = contents(table)
    assert [(reader.name, reader.version) for reader in note.readers] == [("ann", 1)]
    assert {(one.name, one.role) for one in note.participants} == {
        ("host", "host"), ("ann", "participant"), ("bob", "participant"), ("eve", "viewer"),
    }  # fmt: skip


def test_findings_of_one_label_are_one_row_with_its_change() -> None:
    note = contents(signed_note())
    (nodule, node) = note.rows
    assert [value.date for value in nodule.values] == ["2026-11-24", "2026-05-19"]
    assert nodule.change is not None
    assert round(nodule.change.change_percent or 0) == 57
    assert (node.title, node.change, note.dates) == ("Hilar node", None, ("2026-11-24", "2026-05-19"))
