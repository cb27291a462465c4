"""One picture in, one access unit out; decoded by a decoder that is not ours."""

from __future__ import annotations

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from consult.media.video.encoder import H264Encoder
from consult.media.video.planes import compose
from consult.media.video.raster import Raster
from tests.support.h264 import Decoder, nal_types

RASTER = Raster(320, 240)
SEQUENCE, PICTURE, IDR, SLICE = 7, 8, 5, 1


def picture(step: int) -> NDArray[np.uint8]:
    """A disc that wanders over a ramp, (240, 320) uint8."""
    rows, columns = np.mgrid[0:240, 0:320]
    ramp = (columns // 2).astype(np.uint8)
    ramp[np.hypot(columns - 60 - 8 * step, rows - 120) < 40] = 240
    return np.asarray(ramp, np.uint8)


def test_each_picture_comes_back_at_once_and_close_to_what_it_was() -> None:
    encoder, decoder = H264Encoder(RASTER), Decoder()
    for step in range(20):
        planes = compose(RASTER, [((0, 0, 320, 240), picture(step))])
        coded = encoder.encode(planes, key=False)
        assert coded.key == (step == 0)
        (seen,) = decoder.decode(coded.data)
        assert np.abs(seen.astype(int) - planes.luma).mean() < 2


def test_a_keyframe_stands_alone_whenever_it_is_asked_for() -> None:
    encoder = H264Encoder(RASTER)
    coded = [encoder.encode(compose(RASTER, [((0, 0, 320, 240), picture(i))]), key=i == 5) for i in range(8)]
    assert [c.key for c in coded] == [i in {0, 5} for i in range(8)]
    assert {SEQUENCE, PICTURE, IDR} <= set(nal_types(coded[5].data))
    assert set(nal_types(coded[6].data)) == {SLICE}
    (seen,) = Decoder().decode(coded[5].data)
    assert seen.shape == (240, 320)
    with pytest.raises(av.error.InvalidDataError):
        Decoder().decode(coded[6].data)


def test_the_same_picture_again_takes_next_to_nothing() -> None:
    encoder = H264Encoder(RASTER)
    planes = compose(RASTER, [((0, 0, 320, 240), picture(0))])
    sizes = [len(encoder.encode(planes, key=False).data) for _ in range(4)]
    assert sizes[0] > 1000
    assert max(sizes[1:]) < 200


def test_colour_is_limited_range_bt_709_and_comes_back() -> None:
    encoder, decoder = H264Encoder(RASTER, quality=10), Decoder()
    red = np.full((240, 320, 3), (200, 30, 30), np.uint8)
    coded = encoder.encode(compose(RASTER, [((0, 0, 320, 240), red)]), key=False)
    decoder.decode(coded.data)
    frame = decoder.frame
    assert frame is not None
    assert (int(frame.color_range), int(frame.colorspace)) == (1, 1)
    seen = frame.to_ndarray(format="rgb24")[120, 160].astype(int)
    assert np.abs(seen - (200, 30, 30)).max() <= 4
