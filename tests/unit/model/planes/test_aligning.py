"""Who has put a series over another one by hand: said by the server, kept until somebody else moves it."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from consult.model.identifiers import ConnectionId, SeatId, SeriesKey
from consult.model.planes.acts import open_planes
from consult.model.planes.aligning import Aligned, Aligners, alignments
from consult.model.view import Alignment, Fusion, View, Volume, Window, shown_base
from consult.sessions.features.chat.commands import PostChat
from consult.sessions.features.control.commands import GrantControl
from consult.sessions.features.findings.commands import PutFinding, Wording
from consult.sessions.features.kinds import ParticipantCommand
from consult.sessions.features.marks.commands import KeepImage, PutMark
from consult.sessions.features.marks.messages import Draft, Drafts
from consult.sessions.features.view.messages import Show
from consult.sessions.messages import Nack
from consult.sessions.presence.messages import Explore
from tests.support.cases import Table, command_id, shape
from tests.support.volumes import volume_case

CASE = volume_case()
CT, MR = SeriesKey("s-1"), SeriesKey("s-mr")
PLANES = open_planes(CASE, CT)
PUT = Alignment((1.0, 2.0, 3.0), (0.0, 0.0, 5.0))


def aligned(alignment: Alignment | None) -> View:
    viewports = tuple(
        replace(v, shows=Fusion(shown_base(v.shows), Volume(MR), Window(50.0, 100.0), alignment=alignment))
        for v in PLANES.viewports
    )
    return replace(PLANES, viewports=viewports)


def names(view: View) -> set[str]:
    found = [v.shows.alignment for v in view.viewports if isinstance(v.shows, Fusion)]
    return {alignment.by for alignment in found if alignment is not None}


def signed(view: View, before: View | None, name: str, known: Iterable[Aligned] = ()) -> View:
    return Aligners(name, before, lambda: known).view(view)


def test_who_moves_it_has_the_name_and_no_page_says_another() -> None:
    first = signed(aligned(replace(PUT, by="Somebody else")), PLANES, "Ann")
    assert names(first) == {"Ann"}
    assert names(signed(aligned(PUT), first, "Ben")) == {"Ann"}, "what stays where it is keeps its name"
    moved = replace(PUT, shift_mm=(1.0, 2.0, 4.0))
    assert names(signed(aligned(moved), first, "Ben")) == {"Ben"}
    assert names(signed(aligned(PUT), None, "Ben")) == {"Ben"}


def test_what_was_aligned_before_keeps_the_name_that_it_says_if_the_server_has_said_so() -> None:
    by_ann, by_cem = aligned(replace(PUT, by="Ann")), aligned(replace(PUT, by="Cem"))
    known = list(alignments(by_ann.viewports))
    assert names(signed(by_ann, PLANES, "Ben", known)) == {"Ann"}, "a kept view that is opened again"
    assert names(signed(by_cem, PLANES, "Ben", known)) == {"Ben"}, "he has aligned it to the same place"
    moved = aligned(replace(PUT, shift_mm=(0.0, 0.0, 0.0), by="Ann"))
    assert names(signed(moved, PLANES, "Ben", known)) == {"Ben"}


def test_what_is_not_aligned_is_as_it_was() -> None:
    for view in (PLANES, aligned(None)):
        assert signed(view, PLANES, "Ann") is view


def forged(table: Table) -> View:
    """What a page sends that says a colleague's name."""
    return aligned(replace(PUT, by=table.state.seats[SeatId("host")].name))


def test_nothing_that_is_kept_or_drawn_says_that_a_colleague_has_aligned_it() -> None:
    """Seen to fail: names were looked at in a show alone, and a note was signed with them."""
    table = Table((CASE,))
    for seat in ("host", "ann"):
        table.join(seat, "host" if seat == "host" else "participant")
    ann, view = {table.state.seats[SeatId("ann")].name}, forged(table)
    first = view.viewports[0].shows
    assert isinstance(first, Fusion)
    x, y, z = CASE.series[0].grid.centre(0)
    mark = replace(shape(image=0), series=CT, points=((x, y, z), (x + 3, y, z)), over=MR, alignment=first.alignment)
    table.send("ann", Draft(case=1, shape=mark))
    (drafts,) = [message for message in table.sent["host"] if isinstance(message, Drafts)]
    for n, command in enumerate(
        (
            PutFinding(id="", case=1, finding="f1", base=0, wording=Wording("Lesion"), view=view),
            KeepImage(id="", case=1, viewport=view.viewports[0]),
            PostChat(id="", case=1, text="Here.", view=view),
            PutMark(id="", case=1, mark=mark),
            Explore(case=1, n=1, view=view),
        ),
        start=1,
    ):
        with_id = replace(command, id=command_id("ann", n)) if isinstance(command, ParticipantCommand) else command
        assert [m for m in table.send("ann", with_id) if isinstance(m, Nack)] == []
    state, own = table.state, table.core._connections.by_id[ConnectionId("ann")].own_view
    assert own is not None
    assert names(own.view) == ann
    assert names(state.findings["f1"].views[0].view) == ann
    (image,), (message,) = state.key_images.values(), state.chat
    assert message.view is not None
    assert names(message.view) == names(replace(view, viewports=(image.viewport,))) == ann
    for drawn in (state.marks[mark.id].alignment, drafts.drafts[0].shape.alignment):
        assert drawn is not None
        assert {drawn.by} == ann


def test_a_view_that_is_kept_again_or_opened_from_a_finding_keeps_its_name() -> None:
    table = Table((CASE,))
    for seat in ("host", "ann"):
        table.join(seat, "host" if seat == "host" else "participant")
    host = {table.state.seats[SeatId("host")].name}
    first = PutFinding(
        id=command_id("host", 1), case=1, finding="f1", base=0, wording=Wording("Lesion"), view=aligned(PUT)
    )
    table.send("host", first)
    kept = table.state.findings["f1"].views[0].view
    assert names(kept) == host
    table.send("ann", replace(first, id=command_id("ann", 1), finding="f2", view=kept))
    assert names(table.state.findings["f2"].views[0].view) == host
    table.send("ann", Explore(case=1, n=1, view=kept))
    own = table.core._connections.by_id[ConnectionId("ann")].own_view
    assert own is not None
    assert names(own.view) == host


def test_all_seats_see_by_whom_and_where() -> None:
    table = Table((CASE,))
    for seat in ("host", "ann"):
        table.join(seat, "host" if seat == "host" else "participant")
    name = {seat: table.state.seats[SeatId(seat)].name for seat in ("host", "ann")}
    assert name["host"] != name["ann"]

    def show(seat: str, n: int, alignment: Alignment) -> set[str]:
        state = table.state
        table.send(seat, Show(state.control.epoch, state.case, n, aligned(alignment)))
        views = [table.last_view(one).view for one in ("host", "ann")]
        assert views[0] == views[1]
        return names(views[0])

    assert show("host", 1, PUT) == {name["host"]}
    table.send("host", GrantControl(id=command_id("host", 1), case=table.state.case, seat=SeatId("ann")))
    assert show("ann", 2, PUT) == {name["host"]}
    assert show("ann", 3, replace(PUT, turn_deg=(0.0, 0.0, 6.0))) == {name["ann"]}
