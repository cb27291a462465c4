"""Which planes and fusions may be shown: rule 16 of docs/planes.md."""

from __future__ import annotations

import math
from typing import Any

import pytest
from msgspec.structs import replace

from consult.model.catalogue import Case
from consult.model.errors import Refused
from consult.model.geometry import Vec
from consult.model.identifiers import SeriesKey
from consult.model.planes.acts import move_point, open_planes, tilt_plane, turn_planes
from consult.model.view import Alignment, Crosshair, Fusion, Plane, Stack, View, Volume, Window
from consult.sessions.views import check_view, initial_view
from tests.support.cases import series
from tests.support.volumes import volume_case

WITHOUT = volume_case()
CASE: Case = replace(WITHOUT, series=(*WITHOUT.series, series("s-rgb", colour=True), series("s-one", images=1)))
CT, PET, MR = SeriesKey("s-1"), SeriesKey("s-pet"), SeriesKey("s-mr")
VIEW = open_planes(CASE, CT)
NAN = float("nan")
SUV = Window(5000.0, 10000.0)


def changed(identifier: str = "a", **changes: Any) -> View:
    """The view with one viewport changed."""
    return replace(VIEW, viewports=tuple(replace(v, **changes) if v.id == identifier else v for v in VIEW.viewports))


def camera(**changes: Any) -> View:
    return changed(camera=replace(VIEW.viewports[0].camera, **changes))


def crosshair(**changes: Any) -> View:
    assert VIEW.crosshair is not None
    return replace(VIEW, crosshair=replace(VIEW.crosshair, **changes))


BELOW = Plane(Volume(CT), "axial")


def fused(over: SeriesKey = PET, base: Stack | Plane = BELOW, **changes: Any) -> View:
    return changed(shows=Fusion(base, Volume(over), SUV, **changes))


def leaning(angle: float) -> tuple[Vec, Vec]:
    return (1.0, 0.0, 0.0), (0.0, math.cos(angle), math.sin(angle))


RIGHT, DOWN = leaning(2e-6)
OPENED = initial_view(CASE)
GOOD: dict[str, View] = {
    "as they open": VIEW,
    "moved": move_point(VIEW, CASE, (3.0, 4.0, 5.0)),
    "turned": turn_planes(VIEW, CASE, "b", 33.0),
    "tilted": tilt_plane(VIEW, CASE, "c", (12.0, 3.0)),
    "flipped": camera(right=(-1.0, 0.0, 0.0)),
    "panned": camera(center=(9.0, 9.0, VIEW.viewports[0].camera.center[2])),
    "fused": fused(),
    "fused over a stack": replace(OPENED, viewports=(
        replace(OPENED.viewports[0], shows=Fusion(Stack(CT, 4), Volume(PET), SUV)),
    )),
    "aligned by hand": fused(MR, alignment=Alignment((1.0, 2.0, 3.0), (0.0, 0.0, 5.0))),
    "a crosshair without planes": replace(OPENED, crosshair=VIEW.crosshair),
    "a whole volume, rendered": changed(shows=replace(BELOW, whole=True, projection="max", preset="bone")),
    "in the PET beyond the CT": replace(
        move_point(replace(VIEW, viewports=tuple(
            replace(v, shows=replace(v.shows, volume=Volume(PET))) for v in VIEW.viewports
        )), CASE, (37.0, 0.0, 0.0)),
    ),
}  # fmt: skip
BAD: dict[str, tuple[View, str]] = {
    "no crosshair": (replace(VIEW, crosshair=None), "bad_crosshair"),
    "a crosshair of another patient": (crosshair(series=SeriesKey("s-9")), "unknown_series"),
    "a crosshair in colour": (crosshair(series=SeriesKey("s-rgb")), "no_planes"),
    "a point nowhere": (crosshair(point=(NAN, 0.0, 0.0)), "bad_crosshair"),
    "a point outside": (crosshair(point=(500.0, 0.0, 0.0)), "bad_crosshair"),
    "skewed axes": (crosshair(right=(1.0, 2e-6, 0.0)), "bad_crosshair"),
    "long axes": (crosshair(right=(1.00001, 0.0, 0.0)), "bad_crosshair"),
    "axes of no number": (crosshair(down=(0.0, NAN, 0.0)), "bad_crosshair"),
    "beside the point": (camera(center=(0.0, 0.0, VIEW.viewports[0].camera.center[2] + 0.01)), "bad_plane"),
    "not perpendicular": (camera(right=RIGHT, down=DOWN), "bad_plane"),
    "a long direction": (camera(right=(1.00001, 0.0, 0.0)), "bad_plane"),
    "a direction of no number": (camera(right=(NAN, 0.0, 0.0)), "bad_plane"),
    "a centre of no number": (camera(center=(0.0, NAN, 0.0)), "bad_camera"),
    "a rendered plane": (changed(shows=Plane(Volume(CT), "axial", preset="bone")), "bad_plane"),
    "a slab of no thickness": (changed(shows=Plane(Volume(CT), "axial", NAN)), "bad_plane"),
    "a plane of another patient": (changed(shows=Plane(Volume(SeriesKey("s-9")), "axial")), "unknown_series"),
    "a time that is not there": (changed(shows=Plane(Volume(CT, 1), "axial")), "image_out_of_range"),
    "a plane in colour": (changed(shows=Plane(Volume(SeriesKey("s-rgb")), "axial")), "no_planes"),
    "a plane of one image": (changed(shows=Plane(Volume(SeriesKey("s-one")), "axial")), "no_planes"),
    "no window": (changed(window=None), "bad_window"),
    "over another frame of reference": (fused(MR), "not_aligned"),
    "over colour": (fused(base=Stack(SeriesKey("s-rgb"), 0)), "bad_fusion"),
    "an opacity of no number": (fused(opacity=NAN), "bad_fusion"),
    "aligned nowhere": (fused(MR, alignment=Alignment((NAN, 0.0, 0.0))), "bad_fusion"),
    "aligned far away": (fused(MR, alignment=Alignment((3000.0, 0.0, 0.0))), "bad_fusion"),
    "over it what is no volume": (fused(SeriesKey("s-one")), "no_planes"),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_keeps_the_rules_may_be_shown(name: str) -> None:
    check_view(GOOD[name], CASE)


@pytest.mark.parametrize("name", BAD)
def test_rule_16_what_breaks_them_is_refused(name: str) -> None:
    view, code = BAD[name]
    with pytest.raises(Refused) as refused:
        check_view(view, CASE)
    assert refused.value.code == code
    assert refused.value.sentence.endswith(".")


def test_a_tilted_plane_may_lie_in_any_way() -> None:
    tilted = Plane(Volume(CT), "axial", tilted=True)
    check_view(changed(shows=tilted, camera=replace(VIEW.viewports[0].camera, right=RIGHT, down=DOWN)), CASE)


def test_a_crosshair_without_a_frame_of_reference_links_its_own_series() -> None:
    alone = replace(CASE, series=tuple(replace(s, frame_of_reference="") for s in CASE.series))
    moved = move_point(VIEW, alone, (3.0, 4.0, 5.0))
    check_view(moved, alone)
    assert moved.crosshair == Crosshair(CT, (3.0, 4.0, 5.0))
