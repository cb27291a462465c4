"""Peers of the hand: screen sharing, as the picture travels in any meeting (a canvas as a VP8 stream by WebRTC, in one
page, on loopback), and trame (trame_peer.py).

The sharer draws another slice in the wheel's event; what counts is the animation frame in which the viewer's video,
read back, holds another picture. Slices are drawn before; the encoder is asked for 2.5 Mbit/s and keeps the resolution.
"""

from __future__ import annotations

import asyncio
import importlib.util
import time
from typing import Any

import numpy as np
from playwright.async_api import Browser, Error, Page, Route

from benchmarks.peer_process import peer_process
from benchmarks.pictures import Stack
from benchmarks.rows import Row, quantile
from benchmarks.serving import Chest, cpu_s
from consult.media.video.png import encode_png
from consult.media.video.raster import Raster

SLICES, WHEELS, PAUSE_MS = 12, 40, 300
ADDRESS = "http://127.0.0.1:9/"
PAGE = """<canvas width=1920 height=1080></canvas><video muted autoplay playsinline></video>"""
CHANGED = """
  const probe = new OffscreenCanvas(240, 135).getContext('2d', {willReadFrequently: true});
  const read = (from) => {
    if (!(from.videoWidth || from.naturalWidth)) return new Uint8ClampedArray(240 * 135 * 4);
    probe.drawImage(from, 0, 0, 240, 135);
    return probe.getImageData(0, 0, 240, 135).data;
  };
  const moved = (a, b) => {
    let sum = 0;
    for (let i = 0; i < a.length; i += 4) sum += Math.abs(a[i] - b[i]);
    return sum / (a.length / 4) > 0.7;
  };
  const frame = () => new Promise(requestAnimationFrame);
  const taken = [];
  const measure = async (wheels, pause, shown, turn) => {
    for (let n = 1; n <= wheels; n++) {
      const before = read(shown()), from = performance.now();
      turn(n);
      while (!moved(read(shown()), before) && performance.now() - from < 2000) await frame();
      taken.push(performance.now() - from);
      await new Promise((done) => setTimeout(done, Math.max(0, pause - taken.at(-1))));
    }
    return taken;
  };
"""
"""From a turn of the wheel to the animation frame in which what is shown, read back, has changed."""
TRAME = f"""async ([wheels, pause]) => {{{CHANGED}
  const area = document.querySelector('.remote-controlled-area');
  const shown = () => document.querySelector('.image-display-area');
  return measure(wheels, pause, shown, () => area.dispatchEvent(new WheelEvent('wheel',
    {{deltaY: 120, clientX: 900, clientY: 500, bubbles: true, cancelable: true}})));
}}"""
SHARE = (
    f"""async ([count, wheels, pause]) => {{{CHANGED}"""
    + """
  const slices = [];
  for (let i = 0; i < count; i++) slices.push(await createImageBitmap(await (await fetch(`${i}.png`)).blob()));
  const canvas = document.querySelector('canvas'), video = document.querySelector('video');
  const context = canvas.getContext('2d');
  context.drawImage(slices[0], 0, 0);
  const [here, there] = [new RTCPeerConnection(), new RTCPeerConnection()];
  here.onicecandidate = ({candidate}) => candidate && there.addIceCandidate(candidate);
  there.onicecandidate = ({candidate}) => candidate && here.addIceCandidate(candidate);
  const [track] = canvas.captureStream(30).getVideoTracks();
  track.contentHint = 'detail';
  const sender = here.addTrack(track);
  there.ontrack = ({track}) => { video.srcObject = new MediaStream([track]); };
  const vp8 = RTCRtpSender.getCapabilities('video').codecs.filter(({mimeType}) => mimeType === 'video/VP8');
  here.getTransceivers()[0].setCodecPreferences(vp8);
  await here.setLocalDescription();
  await there.setRemoteDescription(here.localDescription);
  await there.setLocalDescription();
  await here.setRemoteDescription(there.localDescription);
  const how = sender.getParameters();
  how.degradationPreference = 'maintain-resolution';
  for (const encoding of how.encodings) encoding.maxBitrate = 2_500_000;
  await sender.setParameters(how);
  for (let i = 0; i < 200 && !video.videoWidth; i++) await new Promise((done) => setTimeout(done, 100));
  for (let i = 0; i < 60; i++) {
    context.drawImage(slices[i % count], 0, 0);
    await new Promise((done) => setTimeout(done, 50));
  }
  await new Promise((done) => setTimeout(done, 1000));
  return measure(wheels, pause, () => video, (n) => context.drawImage(slices[n % count], 0, 0));
}"""
)


async def trame_rows(browser: Browser, chest: Chest, ours_ms: float) -> list[Row]:
    """Beside ours: the same. Without it where it is not installed."""
    if importlib.util.find_spec("trame_rca") is None:
        return []
    async with peer_process("benchmarks.trame_peer", str(chest.files)) as (address, pid):
        context = await browser.new_context(viewport={"width": 1920, "height": 1080})
        page = await context.new_page()
        await until_served(page, address)
        await page.locator(".image-display-area").wait_for()
        await page.evaluate(TRAME, [10, PAUSE_MS])
        taken: Any = await page.evaluate(TRAME, [WHEELS, PAUSE_MS])
        before, began = cpu_s(pid), time.perf_counter()
        await page.evaluate(TRAME, [60, 0])
        share = 100 * (cpu_s(pid) - before) / (time.perf_counter() - began)
        await context.close()
    detail = f"p95 {quantile(taken, 0.95):.0f}, its one page alone, never exact; its server {share:.0f} % of a core"
    return [Row("wheel to the guest's picture, over a lesion", ours_ms, "ms", detail, "trame", quantile(taken, 0.5))]


async def until_served(page: Page, address: str) -> None:
    """Once it answers: it prints its address before."""
    async with asyncio.timeout(60):
        while True:
            try:
                await page.goto(address)
                return
            except Error:
                await asyncio.sleep(0.5)


async def share_rows(browser: Browser, chest: Chest, ours_ms: float) -> list[Row]:
    """Beside ours: the median of the guest's exact pictures over a lesion."""
    stack = Stack(chest.files)
    pictures = [encode_png(np.ascontiguousarray(stack.draw(Raster(1920, 1080), 4 * i))) for i in range(SLICES)]

    async def answer(route: Route) -> None:
        name = route.request.url.removeprefix(ADDRESS)
        if name.endswith(".png"):
            await route.fulfill(body=pictures[int(name.removesuffix(".png"))], content_type="image/png")
        else:
            await route.fulfill(body=PAGE, content_type="text/html")

    context = await browser.new_context(viewport={"width": 1920, "height": 1080})
    page = await context.new_page()
    await page.route(f"{ADDRESS}**", answer)
    await page.goto(ADDRESS)
    taken: Any = await page.evaluate(SHARE, [SLICES, WHEELS, PAUSE_MS])
    await context.close()
    name, detail = "screen sharing, VP8 2.5 Mbit/s", f"p95 {quantile(taken, 0.95):.0f}, never exact; ratio to a guest's"
    shared = quantile(taken, 0.5)
    return [Row("wheel to the guest's picture, over a lesion", ours_ms, "ms", detail, name, shared)]
