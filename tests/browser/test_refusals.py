"""The page refuses what it cannot vouch for: a spoiled still, a stamp of another revision, another case's picture.

Each is put in on the way between server and page; the picture on screen must stay, and the page must count it.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from playwright.async_api import Route

from consult.media.video.png import encode_png
from tests.browser.conftest import People
from tests.support.person import Person, read_png
from tests.support.tap import Tap

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
REFUSED = "Object.values(JSON.parse(document.body.dataset.refused || '{}')).reduce((sum, n) => sum + n, 0)"


async def refused_once_more(person: Person, before: int) -> None:
    """Wait until the page has counted one more refusal."""
    await person.wait_for(f"{REFUSED} > {before}")


async def test_a_spoiled_still_is_never_painted(people: People, links: dict[str, str]) -> None:
    host = await people.come(640, 480)
    # no frame paints what the still does not
    await host.page.add_init_script("delete window.VideoDecoder; delete window.RTCPeerConnection")
    await host.join(links["host"])
    before = await host.canvas()
    revision = await host.revision()

    async def spoil(route: Route) -> None:
        answer = await route.fetch()
        pixels = np.array(read_png(await answer.body()))
        pixels[pixels.shape[0] // 2, pixels.shape[1] // 2] ^= 1
        await route.fulfill(response=answer, body=encode_png(pixels))

    await host.page.route("**/stills/*", spoil)
    await host.page.keyboard.press("ArrowDown")
    await refused_once_more(host, 0)
    assert await host.data("transport") == "stills"
    assert await host.revision() == revision
    assert np.array_equal(await host.canvas(), before)
    assert await host.data("fidelity") == "lossy"
    await host.page.unroute_all(behavior="ignoreErrors")
    await host.page.keyboard.press("ArrowDown")
    assert await host.settled(revision + 1) > revision


@pytest.mark.parametrize("what", ["an older revision", "another case"])
async def test_a_stamp_of_something_else_is_never_painted(people: People, links: dict[str, str], what: str) -> None:
    host = await people.come(640, 480)
    tap = Tap()
    await tap.tap(host)
    await host.join(links["host"])
    first = tap.stamps[-1]
    await host.page.keyboard.press("ArrowDown")
    await host.settled(first["stamp"]["rev"] + 1)
    before = await host.painted()
    false = json.loads(json.dumps(first))
    if what == "another case":
        false["stamp"].update(case=first["stamp"]["case"] + 1, rev=tap.stamps[-1]["stamp"]["rev"] + 1)
    count = await host.page.evaluate(REFUSED)
    tap.put(false)
    await refused_once_more(host, count)
    after = await host.painted()
    assert np.array_equal(after.canvas, before.canvas)
    assert after.digests == before.digests
    assert await host.data("case") == str(first["stamp"]["case"])


async def test_a_frame_without_its_own_stamp_is_never_painted(people: People, links: dict[str, str]) -> None:
    """Stamps of frames are said under other timestamps, or of another case: frames come, none is painted."""
    host = await people.come(640, 480)
    how = {"rtp": 0, "case": 0}

    def falsify(message: dict[str, Any]) -> dict[str, Any]:
        if message["type"] == "stamp" and message["stamp"]["stream"] != "still":
            message["stamp"]["rtp"] += how["rtp"]
            message["stamp"]["case"] += how["case"]
        return message

    await Tap(falsify).tap(host)
    await host.join(links["host"])
    await host.wait_for("document.body.dataset.transport !== 'stills'")
    await host.page.evaluate(
        "window.streams = []; addEventListener('painted', ({detail: stamp}) => window.streams.push(stamp.stream)); 0"
    )
    for false in ("rtp", "case"):
        how.update({"rtp": 0, "case": 0, false: 1})
        revision = await host.revision()
        await host.page.keyboard.press("ArrowDown")
        await host.settled(revision + 1)
    assert set(await host.page.evaluate("window.streams")) == {"still"}
    how.update(rtp=0, case=0)
    painted: set[str] = set()
    for _ in range(10):  # on a busy machine the exact picture may come before a frame, which then is not painted
        revision = await host.revision()
        await host.page.keyboard.press("ArrowDown")
        await host.settled(revision + 1)
        painted = set(await host.page.evaluate("window.streams"))
        if painted != {"still"}:
            break
    assert painted - {"still"}, "a frame with its own stamp is painted"
