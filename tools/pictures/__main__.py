"""Take the pictures of docs/guide.md: all, or those that are named; from studies that are computed first."""

from __future__ import annotations

import argparse
import asyncio
import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, async_playwright

from tests.support.person import CHROMIUM_FLAGS, Person
from tests.support.server import Server, serving
from tools.pictures.scenes import SCENES, Scene
from tools.pictures.studies import write_studies

FOLDER = Path(__file__).resolve().parents[2] / "docs/pictures"
SIZE = (1440, 900)
COLOURS = 256
"""A page has few colours; so a picture has a third of its bytes."""
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
    picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    picture.save(FOLDER / f"{scene.name}.png", optimize=True)
    for person in people:
        await person.context.close()


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
