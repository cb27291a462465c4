"""The pictures of a note, and what lies over them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from consult.documents.contents import KeyPicture
from consult.documents.overlay import Canvas, is_in, letters_of, overlay_of
from consult.documents.pictures import MAX_PICTURES, pictures_of
from consult.model.geometry import Vec
from consult.model.identifiers import SeatId
from consult.model.mark import Mark
from consult.model.view import Stack
from consult.sessions.features.findings.commands import PutFinding, Wording
from consult.sessions.features.findings.events import Finding, KeyView
from consult.sessions.features.note.events import SignedFinding
from tests.support.cases import series, shape
from tests.support.documents import contents, signed_note

CANVAS = Canvas(640, 480, 2.0)


def a_mark(kind: str = "length", **changes: object) -> Mark:
    drawn = shape("m1", kind)  # type: ignore[arg-type]  # a kind
    fields = {name: getattr(drawn, name) for name in drawn.__struct_fields__}
    return Mark(**{**fields, "case": "c1", "author": SeatId("host"), **changes})


def a_picture(*marks: Mark, right: Vec = (1.0, 0.0, 0.0), down: Vec = (0.0, 1.0, 0.0)) -> KeyPicture:
    (picture, *_) = contents(signed_note()).pictures
    camera = replace(picture.viewport.camera, center=(0.0, 0.0, 12.0), radius=48.0, right=right, down=down)
    return replace(picture, viewport=replace(picture.viewport, camera=camera), marks=marks)


def test_a_finding_without_a_key_view_is_shown_where_its_mark_lies() -> None:
    (nodule, was, _) = contents(signed_note()).pictures
    assert nodule.viewport.shows == Stack(series("s-1").key, 4)
    assert nodule.viewport.camera.center == (11.0, 0.0, 12.0), "the mark is in the middle"
    assert nodule.viewport.camera.radius < 64.0
    assert was.shown is not None
    assert (was.shown.prior, was.shown.date, was.shown.image, was.shown.images) == (True, "2026-05-19", 5, 20)


def test_key_views_are_shown_as_they_were_kept_each_once() -> None:
    table = signed_note()
    for n, place in enumerate((7, 7, 9)):
        wording = Wording("Hilar node", label=f"{n}")
        view = replace(table.view, viewports=(replace(table.view.viewports[0], shows=Stack(series("s-1").key, place)),))
        base = table.state.findings["f2"].rev
        table.done("ann", PutFinding, finding="f2", base=base, wording=wording, marks=("m-f2",), view=view)
    note = contents(table, 0)
    places = [
        p.viewport.shows.place for p in note.pictures if p.finding == "f2" and isinstance(p.viewport.shows, Stack)
    ]
    assert places == [7, 9]
    assert note.findings[-1].pictures == (3, 4)


def test_a_document_has_so_many_pictures_and_counts_the_others() -> None:
    table = signed_note()
    (first,) = table.view.viewports
    shown = [replace(first, shows=Stack(series("s-1").key, place)) for place in range(20)]
    views = tuple(
        KeyView(f"v{n}", replace(table.view, viewports=(viewport,)), SeatId("")) for n, viewport in enumerate(shown)
    )
    found = [SignedFinding(Finding(f"f{i}", "c1", SeatId("host"), 1, "x", views=views), (), ()) for i in range(2)]
    case = table.state.cases[0]
    pictures, left_out = pictures_of(case, found, case.studies)
    assert (len(pictures), left_out, pictures[-1].n) == (MAX_PICTURES, 40 - MAX_PICTURES, MAX_PICTURES)


@pytest.mark.parametrize(
    ("right", "down", "letters"),
    [
        ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), "RLAP"),
        ((-1.0, 0.0, 0.0), (0.0, 1.0, 0.0), "LRAP"),  # flipped
        ((0.0, 1.0, 0.0), (-1.0, 0.0, 0.0), "APLR"),  # rotated
    ],
)
def test_letters_follow_the_camera_however_it_is_turned(right: Vec, down: Vec, letters: str) -> None:
    found = letters_of(a_picture(right=right, down=down), series("s-1"))
    assert f"{found.left}{found.right}{found.top}{found.bottom}" == letters


def test_there_are_no_letters_where_nothing_says_them_and_those_of_the_file_where_it_does() -> None:
    flat = replace(series("s-1"), grid=replace(series("s-1").grid, space="image"))
    assert letters_of(a_picture(), flat).left == ""
    oriented = replace(flat, orientations=(("L", "F"),))
    assert letters_of(a_picture(right=(-1.0, 0.0, 0.0)), oriented).left == "L"
    assert letters_of(a_picture(), oriented).bottom == "F"


def test_a_mark_lies_where_its_anatomy_does_and_says_what_was_signed() -> None:
    table = signed_note()
    values = contents(table).findings[0].values
    mark = a_mark(id="m-f1", points=((0.0, 0.0, 12.0), (22.0, 0.0, 12.0)))
    drawn = overlay_of(a_picture(mark), series("s-1"), values, {"host": 1}, CANVAS)
    (one,) = drawn.drawings
    assert one.lines[0] == ((320.0, 240.0), (320.0 + 22.0 / 0.2, 240.0)), "48 mm span 240 pixels"
    assert [(n.quantity, n.value, n.unit) for n in one.values] == [("length", 22.0, "mm")]
    assert one.at[0] > one.lines[0][1][0]
    assert drawn.bar is not None
    assert (drawn.bar.mm, drawn.bar.pixels, drawn.bar.ticks) == (50.0, 250.0, 5)


def test_a_mark_of_another_image_is_not_drawn() -> None:
    assert is_in(a_mark(), a_picture(), series("s-1"))
    assert not is_in(a_mark(image=5), a_picture(), series("s-1"))
    other = a_mark(series="s-2", frame_of_reference="", points=((0.0, 0.0, 12.0), (5.0, 0.0, 12.0)))
    assert not is_in(other, a_picture(), series("s-1")), "no frame of reference says where it is"
    framed = replace(series("s-1"), frame_of_reference="for-1")
    near = a_mark(series="s-2", frame_of_reference="for-1", points=((0.0, 0.0, 12.2), (5.0, 0.0, 12.2)))
    assert is_in(near, a_picture(), framed)
    assert not is_in(replace(near, points=((0.0, 0.0, 12.2), (5.0, 0.0, 18.0))), a_picture(), framed)


@pytest.mark.parametrize("kind", ["arrow", "text", "length", "angle", "ellipse", "probe"])
def test_every_kind_is_drawn_within_the_picture(kind: str) -> None:
    (one,) = overlay_of(a_picture(a_mark(kind)), series("s-1"), (), {}, CANVAS).drawings
    assert all(0 <= x <= 640 and 0 <= y <= 480 for line in one.lines for x, y in line)
    assert one.lines or kind == "text"
