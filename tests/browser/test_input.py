"""What devices send reaches the view as it was meant: wheels, side buttons, keys of other scripts."""

from __future__ import annotations

import pytest

from tests.browser.conftest import People
from tests.support.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
TURN = """([deltaY, wheelDeltaY]) => {
  const stage = document.querySelector('#stage');
  const box = stage.getBoundingClientRect();
  const at = {clientX: box.x + box.width / 2, clientY: box.y + box.height / 2};
  stage.dispatchEvent(new WheelEvent('wheel', {...at, deltaY, wheelDeltaY, bubbles: true, cancelable: true}));
}"""
NOTCHES = {"macOS": (4.000244140625, -120), "macOS with a driver": (13, -39), "Windows with a driver": (21.66, -26)}
PRESS = """([key, code]) => document.querySelector('#stage')
  .dispatchEvent(new KeyboardEvent('keydown', {key, code, bubbles: true, cancelable: true}))"""


async def side_button(person: Person, button: str) -> None:
    """Press and release it over the picture, as the browser itself gets it."""
    box = await person.page.locator("#stage").bounding_box()
    assert box
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2, "button": button, "clickCount": 1}
    session = await person.context.new_cdp_session(person.page)
    await session.send("Input.dispatchMouseEvent", {"type": "mousePressed", **at})
    await session.send("Input.dispatchMouseEvent", {"type": "mouseReleased", **at})


async def test_wheels_side_buttons_and_keys(people: People, links: dict[str, str]) -> None:
    """Seen to fail: no image for macOS' notch; "back" left the consult; Cyrillic keys did nothing."""
    host = await people.come(1440, 900)
    await host.page.goto(links["host"])  # so that there is a page to go back to
    await host.join(links["host"])
    number = await host.image_number()
    for notch in NOTCHES.values():
        await host.after(host.page.evaluate(TURN, notch))
        number += 1
        await host.sees(number)

    address = host.page.url
    await side_button(host, "back")
    await side_button(host, "forward")
    await host.after(host.page.evaluate(PRESS, ["ш", "KeyI"]))
    assert (await host.shown())["a"]["invert"], "the Russian key on the place of I"
    assert host.page.url == address
    await host.sees(number)
    assert not host.problems
