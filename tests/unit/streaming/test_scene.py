"""A scene on the raster of a stream: its stamp, its pixels, and nothing while an image is missing."""

from __future__ import annotations

import numpy as np
import pytest

from consult.media.video.raster import choose
from consult.model.errors import NotReady
from consult.model.image import Image
from consult.model.view import Screen
from consult.sessions.features.view.messages import ShownView
from consult.sessions.views import initial_view
from consult.streaming.scene import Scene, draw_scene
from tests.support.arrays import AlreadyRead, no_arrays
from tests.support.consults import SERIES, a_case

CASE = a_case()
WIDE = Screen(1280, 720)


class Volume:
    """Image i is i times 20 everywhere, if it is loaded."""

    def __init__(self, *, loaded: bool = True) -> None:
        self.loaded = loaded

    def source_digest(self, image: int) -> str:
        return str(image)

    def image(self, image: int) -> Image:
        if not self.loaded:
            raise NotReady("not_loaded", "not yet")
        return Image(np.full((64, 64), image * 20, np.int16))

    async def ready(self, image: int) -> None:
        return


def scene(*, loaded: bool = True) -> Scene:
    """The first view of the case, as revision 7."""
    return Scene(
        ShownView(7, 1, 1, initial_view(CASE)),
        CASE,
        {SERIES: Volume(loaded=loaded)},
        no_arrays(),
        AlreadyRead(),
        AlreadyRead(),
    )


def test_its_stamp_names_revision_case_stream_and_what_is_shown_where() -> None:
    shown = scene()
    key = choose(shown.shown.view, WIDE, "full")
    drawing = draw_scene(shown, key, {WIDE})
    assert drawing is not None
    stamp = drawing.stamp
    assert (stamp.stream, stamp.rev, stamp.case, stamp.width, stamp.height) == ("all-1280x720", 7, 1, 1280, 720)
    assert (stamp.stage, stamp.rtp) == ("", None)
    (viewport,) = stamp.viewports
    of_view = shown.shown.view.viewports[0]
    assert (viewport.shows, viewport.camera) == (of_view.shows, of_view.camera)
    assert drawing.draw().luma.shape == (720, 1280)


def test_while_an_image_is_not_loaded_there_is_nothing_to_draw() -> None:
    shown = scene(loaded=False)
    assert draw_scene(shown, choose(shown.shown.view, WIDE, "full"), {WIDE}) is None


def test_the_most_oblong_screen_decides_how_much_the_circle_spans() -> None:
    shown = scene()
    key = choose(shown.shown.view, WIDE, "full")
    spans = []
    for screens in ({WIDE}, {WIDE, Screen(1680, 720)}):
        drawing = draw_scene(shown, key, screens)
        assert drawing is not None
        spans.append(drawing.stamp.viewports[0].span_px)
    assert spans == [360, pytest.approx(360 * (16 / 9) / (1680 / 720))]
