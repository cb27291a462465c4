"""What one exact still costs at 1080p, by part: render, encode, hash, send over loopback."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable

import cv2
import numpy as np

from benchmarks.rows import Row
from consult.media.video.png import encode_png, pixels_sha256
from consult.model.geometry import Grid
from consult.model.image import Image
from consult.model.view import Camera, Window
from consult.rendering.stack import render_viewport
from tests.support.ct import pixels

SIZE = (1920, 1080)
REPEATS = 40


def median_ms(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median time of a call, in ms, after one to warm up."""
    work()
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


async def send_ms(payload: bytes) -> float:
    """Median time of one such answer over a loopback TCP connection, in ms."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(1):
            writer.write(payload)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        writer.write(b"x")
        await reader.readexactly(len(payload))
        taken.append((time.perf_counter() - start) * 1000)
    writer.close()
    await writer.wait_closed()
    server.close()
    await server.wait_closed()
    return statistics.median(taken)


def run() -> list[Row]:
    """The rows."""
    image = Image(pixels(80, 160, 512), 1.0, -1024.0)
    grid = Grid("patient", 512, 512, 0.7, 0.7, "mm", (1, 0, 0), (0, 1, 0), ((0.0, 0.0, 0.0),))
    camera = Camera(grid.centre(0), 179.2, (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
    window = Window(-600, 1500)

    def render() -> np.ndarray:
        return render_viewport(image, grid, 0, camera, window, SIZE)

    picture = render()
    png = encode_png(picture)
    parameters = [cv2.IMWRITE_PNG_COMPRESSION, 1]
    return [
        Row("still 1080p: render", median_ms(render), "ms"),
        Row(
            "still 1080p: encode PNG",
            median_ms(lambda: encode_png(picture)),
            "ms",
            f"{len(png) / 1e6:.2f} MB",
            "OpenCV, level 1",
            median_ms(lambda: cv2.imencode(".png", picture, parameters), 10),
        ),
        Row("still 1080p: hash", median_ms(lambda: pixels_sha256(picture)), "ms", "SHA-256 of the pixels"),
        Row("still 1080p: send", asyncio.run(send_ms(png)), "ms", "TCP on loopback"),
    ]
