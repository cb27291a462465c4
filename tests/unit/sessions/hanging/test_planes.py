"""A case that a rule hangs as planes: of one series, or of a CT, a PET and both."""

from __future__ import annotations

from msgspec.structs import replace

from consult.model.catalogue import Case
from consult.model.geometry import norm, subtract
from consult.model.identifiers import SeriesKey
from consult.model.planes.acts import open_planes, plane_of
from consult.model.view import Fusion, Layout, Plane, Window, shown_series
from consult.sessions.hanging.hang import hung, opening_view
from consult.sessions.hanging.rules import Cell, Rule
from consult.sessions.views import check_view, initial_view, opening_window
from tests.support.volumes import volume_case, volume_grid, volume_series

CASE = volume_case()
CT, PET, MR = (series.key for series in CASE.series)
ROW = Rule(name="row", planes="row", layout=Layout(1, 3), show=(Cell(modality="CT"),))
BOTH = Rule(name="both", planes="pet_ct", layout=Layout(3, 3), show=(Cell(modality="CT"), Cell(modality="PT")))


def test_three_planes_of_the_series_of_the_cell() -> None:
    view = opening_view(CASE, (ROW,))
    check_view(view, CASE)
    assert view.layout == Layout(1, 3)
    assert [plane.name for v in view.viewports if (plane := plane_of(v.shows))] == ["axial", "sagittal", "coronal"]
    assert {shown_series(viewport.shows) for viewport in view.viewports} == {(CT,)}
    assert view.crosshair == open_planes(CASE, CT).crosshair
    bone = replace(ROW, show=(Cell(modality="CT", window=Window(300.0, 1500.0)),))
    assert {viewport.window for viewport in opening_view(CASE, (bone,)).viewports} == {Window(300.0, 1500.0)}


def test_rows_of_a_ct_a_pet_and_both_in_the_same_places() -> None:
    view = opening_view(CASE, (BOTH,))
    check_view(view, CASE)
    assert (view.layout, view.active, [v.id for v in view.viewports]) == (Layout(3, 3), "g", list("abcdefghi"))
    rows = [view.viewports[first : first + 3] for first in (0, 3, 6)]
    assert [{shown_series(v.shows) for v in row} for row in rows] == [{(CT,)}, {(PET,)}, {(CT, PET)}]
    pet = CASE.series[1]
    own = opening_window(pet, 0, 0)
    for ct, alone, both in zip(*rows, strict=True):
        assert isinstance(both.shows, Fusion)
        assert isinstance(both.shows.base, Plane)
        assert (alone.window, both.shows.window) == (own, own)
        assert alone.invert
        assert not both.invert
        assert both.window == ct.window
        assert ct.camera == alone.camera == both.camera
        assert norm(subtract(ct.camera.right, both.camera.right)) == 0.0


def without(*keys: SeriesKey) -> Case:
    return replace(CASE, series=tuple(series for series in CASE.series if series.key not in keys))


def test_where_it_finds_no_planes_the_rule_does_not_apply() -> None:
    assert hung(BOTH, without(PET)) is None
    elsewhere = replace(CASE, series=(CASE.series[0], replace(CASE.series[1], frame_of_reference="f-9")))
    assert hung(BOTH, elsewhere) is None
    flat = replace(volume_series(volume_grid((1, 16, 16))), images=1)
    alone = replace(CASE, series=(flat,))
    assert hung(ROW, alone) is None
    assert opening_view(alone, (ROW,)) == initial_view(alone)


def test_of_several_series_the_one_that_is_a_volume_is_taken() -> None:
    """A localizer of one image comes first; a PET of another scan lies in another frame of reference."""
    flat = replace(volume_series(volume_grid((1, 16, 16)), "s-0"), images=1)
    other = replace(CASE.series[1], key=SeriesKey("s-other"), frame_of_reference="f-9", images=99)
    case = replace(CASE, series=(flat, other, *CASE.series))
    view = hung(BOTH, case)
    assert view is not None
    assert view.series == {CT, PET}
