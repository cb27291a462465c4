"""The ladder is closed; equal needs share a stream; every screen is filled."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from consult.media.pacing.congestion import QualityLayer
from consult.media.video.raster import LADDER, SMALLEST_FIT, Raster, StreamKey, choose, fit
from consult.model.view import Layout, Screen, View
from consult.rendering.layout import place
from consult.sessions.views import initial_view
from tests.support.consults import a_case

ONE = initial_view(a_case())
TWO = replace(ONE, layout=Layout(1, 2), viewports=(ONE.viewports[0], replace(ONE.viewports[0], id="b")))
SCREENS = [(1036, 772), (1280, 720), (1920, 1080), (1440, 1080), (834, 1112), (1170, 2300), (2560, 1080), (400, 300)]


def test_the_ladder_has_eight_rasters_of_even_sides() -> None:
    assert len(set(LADDER)) == 8
    assert {min(raster.width, raster.height) for raster in LADDER} == {720, 1080}
    assert all(raster.width % 2 == 0 and raster.height % 2 == 0 for raster in LADDER)


@pytest.mark.parametrize(
    ("screen", "raster"),
    [
        ((1036, 772), (960, 720)),
        ((1280, 720), (1280, 720)),
        ((1920, 1080), (1920, 1080)),
        ((834, 1112), (720, 960)),
        ((1170, 2300), (1080, 1920)),
        ((2560, 1080), (1920, 1080)),
    ],
)
def test_a_screen_takes_the_raster_of_its_shape_and_size(screen: tuple[int, int], raster: tuple[int, int]) -> None:
    assert choose(ONE, Screen(*screen)) == StreamKey("all", Raster(*raster))


def test_who_shows_the_active_viewport_alone_has_an_output_of_their_own() -> None:
    phone = choose(TWO, Screen(720, 1280, only_active=True))
    assert phone == StreamKey("active", Raster(720, 1280))
    assert phone.name == "active-720x1280"
    assert len(place(TWO, phone.screen)) == 1


@pytest.mark.parametrize("view", [ONE, TWO], ids=["1x1", "1x2"])
@pytest.mark.parametrize("size", SCREENS)
def test_every_screen_is_filled(view: View, size: tuple[int, int]) -> None:
    """What a screen shows around the camera's centre lies on the raster, unless the fit is at its end."""
    screen = Screen(*size, gap=1)
    key = choose(view, screen)
    factor = fit(view, key, [screen])
    assert SMALLEST_FIT < factor <= 1
    (_, (_, _, fw, fh)), (_, (_, _, w, h)) = (place(view, s)[0] for s in (key.screen, screen))
    per_pixel = min(fw, fh) / 2 * factor / (min(w, h) / 2)
    assert w * per_pixel <= fw + 1e-6
    assert h * per_pixel <= fh + 1e-6


def test_the_most_oblong_screen_decides_and_not_without_end() -> None:
    key = StreamKey("all", Raster(1920, 1080))
    wide, wider = Screen(2560, 1080), Screen(8000, 400)
    assert fit(ONE, key, [Screen(1920, 1080)]) == 1
    assert fit(ONE, key, []) == 1
    assert fit(ONE, key, [Screen(1920, 1080), wide]) == pytest.approx((16 / 9) / (2560 / 1080))
    assert fit(ONE, key, [wide, wider]) == SMALLEST_FIT


def test_what_nobody_reads_takes_a_small_raster_at_full_bits_together_with_small_screens() -> None:
    key = choose(ONE, Screen(1920, 1080), fast=True)
    assert key == StreamKey("all", Raster(1280, 720)) == choose(ONE, Screen(1280, 720))
    assert key.max_bits_per_s == choose(ONE, Screen(1920, 1080)).max_bits_per_s


@pytest.mark.parametrize("layer", ["half", "low"])
def test_a_slow_link_takes_a_small_raster_of_its_shape_and_fewer_bits(layer: QualityLayer) -> None:
    key = choose(ONE, Screen(1920, 1080), layer)
    assert key == StreamKey("all", Raster(1280, 720), layer)
    assert key.name == f"all-1280x720-{layer}"
    assert key.max_bits_per_s < choose(ONE, Screen(1920, 1080)).max_bits_per_s
