"""What is prepared of each case: words upon their newest revision, views that nobody loses, pictures."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from consult.model.errors import Refused
from consult.model.view import View
from consult.sessions.features.board.commands import (
    DropPicture,
    DropPreparedView,
    KeptView,
    NamePreparedView,
    OrderPreparedViews,
    PlanCase,
    Prepare,
    PrepareView,
    PutPreparation,
)
from consult.sessions.features.board.events import Picture
from consult.sessions.features.board.preparing import views_of
from consult.sessions.features.cases.commands import SwitchCase
from consult.sessions.features.limits import MAX_PREPARED_VIEWS
from tests.support.boards import BoardTable

PHOTO = Picture("ab" * 32, "HE, 40x", "image/jpeg", 1600, 1200, "Dr. Path")


@pytest.fixture
def table() -> BoardTable:
    return BoardTable(begun=False)


def lines(table: BoardTable, case: str = "c1") -> list[str]:
    """Of its prepared views, in their order."""
    return [view.line for view in views_of(table.state, case)]


def test_a_text_is_written_upon_its_newest_revision(table: BoardTable) -> None:
    table.done("pre", PutPreparation, of="c2", text="question", words="Surgery  first?", base=0)
    assert table.refused("mod", PutPreparation, of="c2", text="question", words="x", base=0) == "changed_meanwhile"
    table.done("mod", PutPreparation, of="c2", text="question", words="Chemotherapy first?", base=1)
    written = table.state.preparations["c2"].texts["question"]
    assert (written.text, written.rev, written.author_name) == ("Chemotherapy first?", 2, "mod")
    assert table.refused("pre", PutPreparation, of="c9", text="history", words="x", base=0) == "unknown_case"


def test_prepared_views_keep_their_order_and_none_is_lost(table: BoardTable) -> None:
    for n, line in enumerate(("Nodule", "Hilar node", "MIP"), start=1):
        table.keep("pre", f"v{n}", line)
    table.done("host", OrderPreparedViews, of="c1", order=("v3", "v1"))
    table.keep("host", "v4", "Prior")
    assert lines(table) == ["MIP", "Nodule", "Hilar node", "Prior"]
    table.done("pre", DropPreparedView, prepared="v1")
    table.done("pre", NamePreparedView, prepared="v2", line="Node 10R")
    assert lines(table) == ["MIP", "Node 10R", "Prior"]
    assert table.refused("pre", DropPreparedView, prepared="v1") == "unknown_view"
    assert table.refused("host", PrepareView, prepared="v2", view=table.view) == "known_view"


def test_a_view_is_kept_for_the_case_that_it_shows(table: BoardTable) -> None:
    table.keep("host", "v1")
    view, epoch = table.view, table.state.case
    table.done("host", SwitchCase, to="c2")
    assert table.refused("pre", PrepareView, prepared="v2", view=view, epoch=epoch) == "stale_case"
    assert table.refused("pre", PrepareView, prepared="v2", view=view) == "unknown_series"
    assert table.refused("pre", OrderPreparedViews, of="c2", order=("v1",)) == "unknown_view"


def test_a_case_has_a_handful_of_views(table: BoardTable) -> None:
    for n in range(MAX_PREPARED_VIEWS):
        table.keep("host", f"v{n}")
    assert table.refused("host", PrepareView, prepared="more", view=table.view) == "too_many_views"


def test_what_comes_from_outside_is_prepared_with_who_has_brought_it(table: BoardTable) -> None:
    shown: View = table.view
    elsewhere = replace(
        shown, viewports=tuple(replace(v, shows=replace(v.shows, series="gone")) for v in shown.viewports)
    )
    kept = (KeptView(shown, "Nodule"), KeptView(elsewhere, "Of other images"))
    command = Prepare(of="c1", by_name="List", texts={"question": "Biopsy?"}, minutes=8, views=kept, pictures=(PHOTO,))
    table.do(table.core.command(command, table.now))
    preparation = table.state.preparations["c1"]
    assert (preparation.text("question"), preparation.minutes, preparation.pictures) == ("Biopsy?", 8, (PHOTO,))
    assert lines(table) == ["Nodule"]
    table.done("pre", DropPicture, of="c1", picture=PHOTO.id)
    assert table.refused("pre", DropPicture, of="c1", picture=PHOTO.id) == "unknown_picture"
    table.done("pre", PlanCase, of="c1", minutes=5)
    assert table.state.preparations["c1"].minutes == 5
    with pytest.raises(Refused, match="unknown_case"):
        table.core.command(Prepare(of="c9", by_name="List"), table.now)
