"""A stamp on the wire: whole, and without what is left out."""

from __future__ import annotations

import msgspec

from consult.model.identifiers import SeriesKey
from consult.model.stamp import Stamp, StampedViewport
from consult.model.view import Camera, Stack

CAMERA = Camera((0.0, 0.0, 0.0), 10.0, (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))


def test_a_stamp_survives_the_wire_and_leaves_out_what_is_not_said() -> None:
    viewport = StampedViewport("a", Stack(SeriesKey("s"), 3), (0, 0, 640, 480), CAMERA, 1.5, digest="ab")
    stamp = Stamp("still", 7, 1, 640, 480, (viewport,))
    text = msgspec.json.encode(stamp)
    assert msgspec.json.decode(text, type=Stamp) == stamp
    assert b"rtp" not in text
    assert b"invert" not in text
    assert b'"rect_px":[0,0,640,480]' in text
