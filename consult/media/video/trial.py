"""Whether the moving picture can be made on this machine: one is encoded, and decoded again."""

from __future__ import annotations

import av
import numpy as np

from consult.media.video.encoder import H264Encoder
from consult.media.video.planes import BLACK, SPAN, Planes
from consult.media.video.raster import Raster

RASTER = Raster(320, 180)
MAX_LOSS = 8.0
"""Mean difference of luma; a smooth gradient loses less than 2."""


def try_encoder() -> str:
    """What is wrong with encoding; "": a picture comes back as it went in, but for what the encoder leaves out."""
    row = np.linspace(BLACK, BLACK + SPAN, RASTER.width)
    luma = np.broadcast_to(row, (RASTER.height, RASTER.width)).astype(np.uint8)
    try:
        coded = H264Encoder(RASTER).encode(Planes(luma), key=True)
        decoder = av.CodecContext.create("h264", "r")
        frames = [*decoder.decode(av.Packet(coded.data)), *decoder.decode(None)]
    except (av.FFmpegError, ValueError, OSError) as error:
        return f"{type(error).__name__}: {error}"
    if len(frames) != 1:
        return f"of one picture {len(frames)} came back"
    plane = frames[0].planes[0]
    found = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
    loss = float(np.abs(found.astype(np.int16) - luma).mean())
    return "" if loss <= MAX_LOSS else f"the picture that came back differs by {loss:.0f} of 255"
