"""Which pictures are in a consult's file: all that its notes show."""

from __future__ import annotations

from consult.documents.pictures import pictures_of
from consult.runtime.keeping.key_images import kept_of
from consult.sessions.features.marks.commands import DeleteMark
from tests.support.record import RecordTable


def test_a_finding_without_a_kept_view_goes_with_the_picture_that_its_note_shows() -> None:
    """Seen to fail: a signed note whose findings were made from marks went without a picture; one that was signed
    keeps the mark as it was when it is deleted later."""
    table = RecordTable()
    table.note_ready()
    table.done("host", **table.signing())
    (version,) = table.state.signed.values()
    case = table.state.current_case
    assert case is not None
    (picture,), _ = pictures_of(case, version.findings, case.studies)
    (kept,) = kept_of(table.state)
    assert (kept.of, kept.case) == ("f1/m-f1", case.id)
    assert kept.viewport == picture.viewport
    table.done("host", DeleteMark, mark="m-f1")
    assert [one.of for one in kept_of(table.state)] == ["f1/m-f1"]
