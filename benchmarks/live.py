"""Live media, many people: what a further viewer and a further listener cost the server, beside stock aiortc.

The people do not decode and run in a process of their own (tests/support/live_process.py); CPU is that of the server's
process alone. At 0 viewers the moving picture runs already: the presenter takes it over the media WebSocket, and the
stock peer's pictures go into a `MediaBlackhole`. So a slope is what each further viewer adds. x264 encodes on both
sides, the same pictures (benchmarks/pictures.py).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.pictures import CONTENT, Stack
from benchmarks.rows import Row, quantile
from benchmarks.serving import chest_server, cpu_s
from benchmarks.stock import stock_server
from consult.media.video.encoder import PICTURES_PER_S, H264Encoder
from consult.media.video.planes import BLACK, SPAN
from consult.media.video.raster import Raster
from tests.support.h264 import Decoder
from tests.support.live_process import LivePeople
from tests.support.server import Server

SCREEN = (1920, 1080)
PER_S = 30
VIEWERS = (0, 4, 8, 16)
STOCK_VIEWERS = (0, 1, 2)
LISTENERS = (0, 8, 16)
STOCK_LISTENERS = (0, 4, 8)
GUESTS = 8
SETTLE_S, MEASURE_S = 2.0, 6.0
PSNR_PICTURES = 90
Message = dict[str, Any]


def slope(counts: Sequence[int], figures: Sequence[float]) -> float:
    """What one more adds, by least squares."""
    return float(np.polyfit(counts, figures, 1)[0])


async def measured(people: LivePeople, process: int, changes_per_s: float = 0.0) -> tuple[float, Message]:
    """Percent of a core that a process takes, and what the viewers got meanwhile."""
    await people.ask("measure", seconds=SETTLE_S, changes_per_s=changes_per_s)
    before, began = cpu_s(process), time.perf_counter()
    got = await people.ask("measure", seconds=MEASURE_S, changes_per_s=changes_per_s)
    return 100 * (cpu_s(process) - before) / (time.perf_counter() - began), got


async def stepped(
    counts: Sequence[int],
    more: Callable[[int], Awaitable[Message]],
    measure: Callable[[], Awaitable[tuple[float, Message]]],
) -> tuple[list[float], dict[int, Message]]:
    """The figure at each number of people, who come step by step; and what they got."""
    figures, got, here = [], {}, 0
    for count in counts:
        if count > here:
            await more(count - here)
            here = count
        figure, got[count] = await measure()
        figures.append(figure)
    return figures, got


async def viewer_rows(server: Server, study: str, folder: Path) -> list[Row]:
    """CPU slopes with the picture moving, pictures a second, times to the first picture and to each next one."""
    links = server.open(study)
    joined: list[float] = []
    async with LivePeople() as people:
        await people.ask("present", link=links["host"], screen=SCREEN)

        async def more(count: int) -> Message:
            answer = await people.ask("join", link=links["guest"], screen=SCREEN, count=count, while_moving=PER_S)
            joined.extend(answer["first_picture_ms"])
            return answer

        ours, got = await stepped(VIEWERS, more, lambda: measured(people, server.pid, PER_S))
    async with stock_server(folder, *SCREEN) as (address, process), LivePeople() as people:

        async def stock_more(count: int) -> Message:
            return await people.ask("join_stock", address=address, kinds=["video"], count=count)

        theirs, stock_got = await stepped(STOCK_VIEWERS, stock_more, lambda: measured(people, process))
    guests, last = got[GUESTS]["viewers"], got[VIEWERS[-1]]["viewers"]
    stock_last = stock_got[STOCK_VIEWERS[-1]]["viewers"]
    shown = [ms for viewer in guests for ms in viewer["shown_ms"]]
    steps = ", ".join(f"{count}: {figure:.1f}" for count, figure in zip(VIEWERS, ours, strict=True))
    stock_steps = ", ".join(f"{count}: {figure:.1f}" for count, figure in zip(STOCK_VIEWERS, theirs, strict=True))
    bits = sum(viewer["bits_per_s"] for viewer in last) / len(last)
    return [
        Row(
            "a further viewer, 1080p, WebRTC",
            slope(VIEWERS, ours),
            "% of a core",
            f"{steps}; stock {stock_steps}",
            "stock aiortc",
            slope(STOCK_VIEWERS, theirs),
        ),
        Row(
            f"pictures of {GUESTS} guests, 1080p, the worst",
            min(v["pictures_per_s"] for v in guests),
            "a second",
            f"{PER_S} changes a second; of {len(last)}: {min(v['pictures_per_s'] for v in last):.1f}",
            "stock aiortc, 2 viewers, the worst",
            min(v["frames_per_s"] for v in stock_last),
        ),
        Row(
            "bits to each viewer, 1080p",
            bits / 1e6,
            "Mbit/s",
            CONTENT,
            "stock aiortc",
            sum(v["bits_per_s"] for v in stock_last) / len(stock_last) / 1e6,
        ),
        Row(
            "packets lost to viewers",
            sum(v["missing"] for v in last),
            "gaps",
            f"of {sum(v['packets'] for v in last)} packets",
        ),
        Row(
            f"show to whole frame at {GUESTS} guests, 1080p",
            quantile(shown, 0.5),
            "ms",
            f"p95 {quantile(shown, 0.95):.1f}, nothing decoded",
        ),
        Row(
            "asking for media to the first whole picture, 1080p, while it moves",
            quantile(joined, 0.5),
            "ms",
            f"p95 {quantile(joined, 0.95):.1f} of {len(joined)}, nothing decoded",
        ),
    ]


async def voice_rows(server: Server, study: str, folder: Path) -> list[Row]:
    """What a listener costs while one person talks, and how long a voice takes."""
    links = server.open(study)
    async with LivePeople() as people:
        await people.ask("present", link=links["host"], screen=SCREEN, video=False)
        await people.ask("join", link=links["guest"], screen=SCREEN, talk=True)

        async def more(count: int) -> Message:
            return await people.ask("join", link=links["guest"], screen=SCREEN, count=count)

        ours, got = await stepped(LISTENERS, more, lambda: measured(people, server.pid))
    async with stock_server(folder, 160, 128) as (address, process), LivePeople() as people:
        await people.ask("join_stock", address=address, kinds=[], talk=True)

        async def stock_more(count: int) -> Message:
            return await people.ask("join_stock", address=address, kinds=["audio"], count=count)

        theirs, _ = await stepped(STOCK_LISTENERS, stock_more, lambda: measured(people, process))
    taken = got[LISTENERS[-1]]["voice_ms"]
    packets = len(taken) / MEASURE_S / LISTENERS[-1]
    return [
        Row(
            "a further listener to one voice",
            slope(LISTENERS, ours),
            "% of a core",
            f"{LISTENERS[-1]}: {ours[-1]:.1f}; each receives {packets:.0f} packets a second",
            "stock aiortc, MediaRelay",
            slope(STOCK_LISTENERS, theirs),
        ),
        Row(
            "voice one way, sent to received",
            quantile(taken, 0.5),
            "ms",
            f"p95 {quantile(taken, 0.95):.1f}, without a player's buffer",
        ),
    ]


def psnr(greys: np.ndarray, luma: np.ndarray) -> float:
    """Of a decoded picture against what was drawn, in dB, over the square that the image fills."""
    height, width = greys.shape
    square = (slice(None), slice((width - height) // 2, (width + height) // 2))
    shown = np.clip((luma[square].astype(np.float64) - BLACK) * 255 / SPAN, 0, 255)
    return float(10 * np.log10(255**2 / np.mean((shown - greys[square]) ** 2)))


def psnr_rows(folder: Path) -> list[Row]:
    """How good the moving picture is, at which bit rate, when every picture is another slice."""
    rows = []
    for series in ("lung", "soft"):
        stack = Stack(folder, series)
        for raster in (Raster(1280, 720), Raster(1920, 1080)):
            turn, encoder, decoder = stack.planes(raster, PSNR_PICTURES), H264Encoder(raster), Decoder()
            qualities, sizes = [], []
            for n, image in enumerate(stack.scroll(PSNR_PICTURES)):
                coded = encoder.encode(turn(n), key=n == 0)
                sizes.append(len(coded.data))
                (luma,) = decoder.decode(coded.data)
                qualities.append(psnr(stack.draw(raster, image), luma))
            bits = 8 * sum(sizes) / (PSNR_PICTURES / PICTURES_PER_S)
            name = f"PSNR of the moving picture, {series} window, {raster.width}x{raster.height}"
            detail = f"the worst {min(qualities):.1f}, at {bits / 1e6:.1f} Mbit/s; the demo's chest CT"
            rows.append(Row(name, float(np.mean(qualities)), "dB", detail))
    return rows


async def measure_all(server: Server, study: str, folder: Path) -> list[Row]:
    """Every figure that wants a server."""
    return await viewer_rows(server, study, folder) + await voice_rows(server, study, folder)


def run() -> list[Row]:
    """The rows."""
    with chest_server() as (server, chest):
        return psnr_rows(chest.files) + asyncio.run(measure_all(server, chest.study, chest.files))
