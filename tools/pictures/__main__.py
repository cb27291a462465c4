"""Take the pictures of docs/guide.md: all, or those that are named; from studies that are computed first."""

from __future__ import annotations

import argparse
import asyncio
import io
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.async_api import Browser, async_playwright

from tests.support.person import CHROMIUM_FLAGS, Person
from tests.support.server import Server, serving
from tools.pictures.scenes import SCENES, Scene
from tools.pictures.studies import write_studies

FOLDER = Path(__file__).resolve().parents[2] / "docs/pictures"
SIZE = (1440, 900)
GREYS, COLOURS = 112, 144
"""A page has few colours; so a picture has a third of its bytes. Of greys there are far more pixels: each has its own
share, or nobody would have their own colour."""
COLOURED = 10
"""Levels between the channels of a colour, at least."""
REST_S = 1.0
"""What fades in has come by then."""


async def take(scene: Scene, server: Server, study: str, browser: Browser) -> None:
    """One picture, of a consult of its own with a host and a guest."""
    links = server.open(study, title="Second opinion")
    people = []
    for link, name in ((links["host"], ""), (links["guest"], "Dr. Klein")):
        context = await browser.new_context(viewport={"width": SIZE[0], "height": SIZE[1]})
        people.append(Person(context, await context.new_page()))
        await people[-1].join(link, name)
    host, _ = people
    await scene.act(host)
    await asyncio.sleep(REST_S)
    await host.settled()
    png = await host.page.screenshot()
    small(np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))).save(FOLDER / f"{scene.name}.png", optimize=True)
    for person in people:
        await person.context.close()


def small(pixels: NDArray[np.uint8]) -> Image.Image:
    """A picture with 256 colours at most."""
    coloured = np.ptp(pixels, axis=2) >= COLOURED
    palette = [chosen(pixels[part], count) for part, count in ((coloured, COLOURS), (~coloured, GREYS))]
    known = Image.new("P", (1, 1))
    known.putpalette(np.concatenate(palette).tobytes())
    return Image.fromarray(pixels).quantize(palette=known, dither=Image.Dither.NONE)


def chosen(pixels: NDArray[np.uint8], count: int) -> NDArray[np.uint8]:
    """(n, 3): colours that stand for these, (m, 3), the commonest ones themselves."""
    colours, counts = np.unique(pixels, axis=0, return_counts=True)
    if len(colours) <= count:
        return np.asarray(colours, np.uint8)
    kept = colours[np.argsort(counts)[-count // 2 :]]
    rest = Image.fromarray(colours[None]).quantize(count - len(kept), dither=Image.Dither.NONE)
    return np.concatenate([kept, np.array(rest.getpalette(), np.uint8).reshape(-1, 3)[: count - len(kept)]])


async def take_all(scenes: list[Scene], server: Server, study: str) -> None:
    """One after the other, in one browser."""
    async with async_playwright() as driver:
        flags = [*CHROMIUM_FLAGS, "--force-device-scale-factor=1"]
        browser = await driver.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        for scene in scenes:
            await take(scene, server, study, browser)
            print(f"wrote {FOLDER / scene.name}.png")
        await browser.close()


def main() -> None:
    """Compute the studies, serve them, take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = {scene.name: scene for scene in SCENES}
    parser.add_argument("names", nargs="*", choices=[*names, []], help="pictures; all without")
    parser.add_argument("--files", type=Path, help="a folder to keep the computed studies in, or that has them")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = given.files or Path(folder) / "files"
        study = write_studies(files)
        data = Path(folder) / "data"
        data.mkdir()
        with serving(data, files=files) as server:
            asyncio.run(take_all([names[name] for name in given.names or names], server, study))


if __name__ == "__main__":
    main()
