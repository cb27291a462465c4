"""The rules of docs/planes.md, each by its number."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from msgspec.structs import replace

from consult.model.catalogue import Case
from consult.model.errors import Refused
from consult.model.geometry import Vec, cross, dot, norm, scale, subtract
from consult.model.identifiers import SeriesKey
from consult.model.planes.acts import (
    axis,
    camera_normal,
    lay_out,
    move_point,
    one_up,
    open_planes,
    plane_of,
    scroll_plane,
    set_slab,
    spin_plane,
    straighten_plane,
    tilt_plane,
    turn_planes,
)
from consult.model.planes.turning import turn_of, turned_to
from consult.model.planes.volume import volume_geometry
from consult.model.view import Crosshair, Fusion, Layout, Plane, Stack, View, Volume, Window
from consult.sessions.views import check_view
from tests.support.volumes import GRIDS, volume_case

CASE = volume_case()
KEY = SeriesKey("s-1")
POINT = (3.0, -4.0, 12.0)
DOCS = Path(__file__).parents[4] / "docs/planes.md"


def opened() -> View:
    return open_planes(CASE, KEY)


def cross_of(view: View) -> Crosshair:
    assert view.crosshair is not None
    return view.crosshair


def normals(view: View) -> dict[str, Vec]:
    found = {viewport.id: plane_of(viewport.shows) for viewport in view.viewports}
    return {v.id: camera_normal(v.camera) for v in view.viewports if (plane := found[v.id]) and not plane.tilted}


def assert_perpendicular(view: View) -> None:
    for one, other in combinations(normals(view).values(), 2):
        assert abs(dot(one, other)) <= 1e-6 or norm(cross(one, other)) <= 1e-6


def off_point(view: View, identifier: str) -> float:
    camera = view.viewport(identifier).camera
    return abs(dot(subtract(cross_of(view).point, camera.center), camera_normal(camera)))


def close(one: Vec, other: Vec) -> bool:
    return norm(subtract(one, other)) < 1e-9


def test_rule_01_the_state_is_one_point() -> None:
    moved = move_point(opened(), CASE, POINT)
    assert cross_of(moved).point == POINT
    assert [viewport.camera.right for viewport in moved.viewports] == [v.camera.right for v in opened().viewports]


def test_rule_02_linked_planes_go_through_the_point() -> None:
    moved = move_point(opened(), CASE, POINT)
    assert max(off_point(moved, identifier) for identifier in "abc") < 1e-9


def test_rule_03_planes_of_another_frame_of_reference_are_not_linked() -> None:
    view, other = opened(), open_planes(CASE, SeriesKey("s-mr")).viewports[0]
    mixed = replace(view, viewports=(*view.viewports[:2], replace(other, id="c")))
    assert move_point(mixed, CASE, POINT).viewports[2] == mixed.viewports[2]
    assert turn_planes(mixed, CASE, "a", 20.0).viewports[2] == mixed.viewports[2]
    pet = Plane(Volume(SeriesKey("s-pet")), "coronal")
    same = replace(view, viewports=(*view.viewports[:2], replace(view.viewports[2], shows=pet)))
    assert off_point(move_point(same, CASE, POINT), "c") < 1e-9


def test_rule_04_planes_stay_perpendicular() -> None:
    view = opened()
    for identifier in "abcabc":
        view = turn_planes(view, CASE, identifier, 17.3)
        assert_perpendicular(view)
    assert len(normals(view)) == 3


def test_rule_05_turning_about_a_planes_normal_leaves_its_picture_as_it_is() -> None:
    view = move_point(opened(), CASE, POINT)
    turned = turn_planes(view, CASE, "a", 30.0)
    before, after = view.viewport("a").camera, turned.viewport("a").camera
    assert close(before.right, after.right)
    assert close(before.center, after.center)
    assert dot(normals(view)["b"], normals(turned)["b"]) == pytest.approx(math.cos(math.radians(30)))
    assert dot(normals(view)["c"], normals(turned)["c"]) == pytest.approx(math.cos(math.radians(30)))


def test_rule_06_tilting_turns_one_plane_alone() -> None:
    view = move_point(opened(), CASE, POINT)
    tilted = tilt_plane(view, CASE, "b", (10.0, 5.0))
    assert (tilted.viewport("a"), tilted.viewport("c")) == (view.viewport("a"), view.viewport("c"))
    assert cross_of(tilted) == cross_of(view)
    assert off_point(tilted, "b") < 1e-9
    assert abs(dot(camera_normal(tilted.viewport("b").camera), axis(cross_of(view), "sagittal"))) < 0.99


def test_rule_07_a_tilted_plane_keeps_its_own_directions_and_goes_through_the_point() -> None:
    tilted = tilt_plane(opened(), CASE, "b", (10.0, 5.0))
    later = turn_planes(move_point(tilted, CASE, POINT), CASE, "a", 40.0)
    before, after = tilted.viewport("b").camera, later.viewport("b").camera
    assert (before.right, before.down) == (after.right, after.down)
    assert off_point(later, "b") < 1e-9


def test_rule_08_a_straightened_plane_is_perpendicular_to_the_others_again() -> None:
    tilted = tilt_plane(opened(), CASE, "b", (10.0, 5.0))
    straight = straighten_plane(turn_planes(tilted, CASE, "a", 40.0), CASE, "b")
    assert len(normals(straight)) == 3
    assert_perpendicular(straight)


def test_rule_09_moving_the_point_pans_no_picture() -> None:
    view = opened()
    moved = move_point(view, CASE, POINT)
    for one, other in zip(view.viewports, moved.viewports, strict=True):
        shift = subtract(other.camera.center, one.camera.center)
        assert abs(dot(shift, one.camera.right)) < 1e-9
        assert abs(dot(shift, one.camera.down)) < 1e-9


def test_rule_10_the_point_does_not_leave_the_volumes() -> None:
    far = cross_of(move_point(opened(), CASE, (500.0, 0.0, 0.0))).point
    geometry = volume_geometry(CASE.series[0])
    assert geometry.voxel(far)[0] == pytest.approx(39.5)
    scrolled = scroll_plane(opened(), CASE, "a", 1000.0)
    assert geometry.holds(cross_of(scrolled).point)


def test_rule_11_a_notch_is_a_layer_of_voxels_along_the_planes_normal() -> None:
    view = opened()
    for identifier, name, step in (("a", "axial", 3.0), ("b", "sagittal", 1.5), ("c", "coronal", 1.5)):
        moved = scroll_plane(view, CASE, identifier, 1.0)
        shift = subtract(cross_of(moved).point, cross_of(view).point)
        assert norm(shift) == pytest.approx(step)
        assert norm(cross(shift, axis(cross_of(view), name))) < 1e-9  # type: ignore[arg-type]  # a literal


def test_rule_12_a_slab_is_one_planes_own() -> None:
    view = set_slab(opened(), "b", 10.0, "max")
    slabs = [(plane.slab_mm, plane.projection) for v in view.viewports if (plane := plane_of(v.shows))]
    assert slabs == [(0.0, "mean"), (10.0, "max"), (0.0, "mean")]
    assert plane_of(set_slab(view, "b", 80.0, "min").viewport("b").shows) == Plane(Volume(KEY), "sagittal", 50.0, "min")


def test_rule_13_one_up_and_layouts_keep_point_and_axes() -> None:
    turned = turn_planes(move_point(opened(), CASE, POINT), CASE, "a", 25.0)
    alone = one_up(turned, "b")
    assert cross_of(alone) == cross_of(turned)
    back = lay_out(alone, CASE, 1, 3)
    names = sorted(plane.name for v in back.viewports if (plane := plane_of(v.shows)))
    assert names == ["axial", "coronal", "sagittal"]
    assert_perpendicular(back)
    assert max(off_point(back, v.id) for v in back.viewports) < 1e-9
    assert close(axis(cross_of(back), "coronal"), axis(cross_of(turned), "coronal"))


def test_rule_14_what_is_turned_or_flipped_within_a_plane_stays() -> None:
    spun = spin_plane(opened(), "b", 90.0)
    camera = spun.viewport("b").camera
    flipped = replace(camera, right=scale(camera.right, -1.0))
    view = replace(spun, viewports=tuple(replace(v, camera=flipped) if v.id == "b" else v for v in spun.viewports))
    after = turn_planes(move_point(view, CASE, POINT), CASE, "c", 10.0).viewport("b").camera
    assert dot(after.right, flipped.right) == pytest.approx(math.cos(math.radians(10)))
    assert dot(camera_normal(after), camera_normal(flipped)) == pytest.approx(math.cos(math.radians(10)))


def test_rule_15_fused_planes_follow_as_their_base_does() -> None:
    view = opened()
    base = plane_of(view.viewports[0].shows)
    assert base is not None
    fusion = Fusion(base, Volume(SeriesKey("s-pet")), Window(5000.0, 10000.0))
    fused = replace(view, viewports=(replace(view.viewports[0], shows=fusion), *view.viewports[1:]))
    moved = tilt_plane(set_slab(move_point(fused, CASE, POINT), "a", 8.0, "max"), CASE, "a", (5.0, 0.0))
    assert off_point(moved, "a") < 1e-9
    shown = moved.viewport("a").shows
    assert isinstance(shown, Fusion)
    assert shown.base == Plane(Volume(KEY), "axial", 8.0, "max", tilted=True)
    assert shown.over == fusion.over


def mip() -> View:
    """Planes, and beside them the whole volume."""
    view = opened()
    whole = Plane(Volume(KEY), "coronal", projection="max", whole=True)
    front = replace(view.viewports[2].camera, center=(5.0, 6.0, 7.0), right=(1.0, 0.0, 0.0), down=(0.0, 0.0, -1.0))
    last = replace(view.viewports[2], id="d", shows=whole, camera=front)
    return replace(view, layout=Layout(3, 1, "d"), viewports=(*view.viewports, last))


def test_rule_18_a_whole_volume_stays_as_it_is_turned_whatever_is_done_to_planes() -> None:
    before = mip()
    acts: list[Callable[[View], View]] = [
        lambda view: move_point(view, CASE, POINT),
        lambda view: turn_planes(view, CASE, "a", 20.0),
        lambda view: tilt_plane(view, CASE, "d", (5.0, 3.0)),
        lambda view: straighten_plane(view, CASE, "d"),
        lambda view: set_slab(view, "d", 9.0, "mean"),
        lambda view: scroll_plane(view, CASE, "b", 2),
    ]
    view = before
    for act in acts:
        view = act(view)
        assert view.viewport("d") == before.viewport("d")
        check_view(view, CASE)


def test_rule_19_it_turns_about_the_axis_of_the_body_in_steps_that_its_camera_says() -> None:
    camera = mip().viewport("d").camera
    middle = volume_geometry(CASE.series[0]).middle
    for turn in (0, 1, 18, 71):
        there = turned_to(camera, middle, turn)
        assert turn_of(there) == turn
        assert (there.center[2], there.down) == (camera.center[2], (0.0, 0.0, -1.0))
        assert turned_to(there, middle, 0).center == pytest.approx((camera.center[0], middle[1], camera.center[2]))


def test_the_rules_of_the_docs_are_those_that_are_tested() -> None:
    numbered = [int(n) for n in re.findall(r"^(\d+)\. ", DOCS.read_text().split("\n## Acts")[0], re.M)]
    tested = sorted(int(name[10:12]) for name in globals() if name.startswith("test_rule_"))
    elsewhere = {int(n) for n in re.findall(r"^(\d+)\. .*`tests/", DOCS.read_text(), re.M)}
    assert numbered == list(range(1, len(numbered) + 1))
    assert sorted({*tested, *elsewhere}) == numbered


@pytest.mark.parametrize("name", GRIDS)
def test_planes_open_whole_through_the_middle_as_they_are_read(name: str) -> None:
    case: Case = volume_case(GRIDS[name])
    view = open_planes(case, KEY)
    geometry = volume_geometry(case.series[0])
    assert close(cross_of(view).point, geometry.middle)
    axial, sagittal, coronal = view.viewports
    assert (axial.camera.right, axial.camera.down) == ((1, 0, 0), (0, 1, 0))
    assert (sagittal.camera.right, sagittal.camera.down) == ((0, 1, 0), (0, 0, -1))
    assert (coronal.camera.right, coronal.camera.down) == ((1, 0, 0), (0, 0, -1))
    for viewport in view.viewports:
        corners = [geometry.point((c, r, k)) for c in (-0.5, geometry.shape[2] - 0.5)
                   for r in (-0.5, geometry.shape[1] - 0.5) for k in (-0.5, geometry.shape[0] - 0.5)]  # fmt: skip
        reach = [abs(dot(subtract(corner, viewport.camera.center), viewport.camera.right)) for corner in corners]
        assert max(reach) <= viewport.camera.radius + 1e-6


def test_planes_of_what_is_no_volume_are_refused() -> None:
    with pytest.raises(Refused, match="unknown_series"):
        open_planes(CASE, SeriesKey("s-9"))
    with pytest.raises(Refused, match="no planes on the stage"):
        move_point(replace(opened(), crosshair=None), CASE, POINT)


def test_a_stack_beside_planes_stays_as_it_is() -> None:
    view = opened()
    stack = replace(view.viewports[2], shows=Stack(KEY, 4))
    mixed = replace(view, viewports=(*view.viewports[:2], stack))
    moved, turned = move_point(mixed, CASE, POINT), turn_planes(mixed, CASE, "a", 9.0)
    for after in (moved, turned, tilt_plane(mixed, CASE, "c", (9.0, 9.0))):
        assert after.viewports[2] == stack
    assert set_slab(mixed, "c", 5.0, "max") == mixed
    assert scroll_plane(mixed, CASE, "c", 2.0) == mixed
