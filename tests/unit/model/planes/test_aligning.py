"""Who has put a series over another one by hand: said by the server, kept until somebody else moves it."""

from __future__ import annotations

from msgspec.structs import replace

from consult.model.identifiers import SeatId, SeriesKey
from consult.model.planes.acts import open_planes
from consult.model.planes.aligning import signed
from consult.model.view import Alignment, Fusion, View, Volume, Window, shown_base
from consult.sessions.features.control.commands import GrantControl
from consult.sessions.features.view.messages import Show
from tests.support.cases import Table, command_id
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


def test_who_moves_it_has_the_name_and_no_page_says_another() -> None:
    first = signed(aligned(replace(PUT, by="Somebody else")), PLANES, "Ann")
    assert names(first) == {"Ann"}
    assert names(signed(aligned(PUT), first, "Ben")) == {"Ann"}, "what stays where it is keeps its name"
    moved = replace(PUT, shift_mm=(1.0, 2.0, 4.0))
    assert names(signed(aligned(moved), first, "Ben")) == {"Ben"}
    assert names(signed(aligned(PUT), None, "Ben")) == {"Ben"}


def test_what_is_not_aligned_is_as_it_was() -> None:
    for view in (PLANES, aligned(None)):
        assert signed(view, PLANES, "Ann") is view


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
