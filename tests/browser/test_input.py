"""What devices send arrives as it was meant: wheels, side buttons, keys of other scripts, long messages."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

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


async def test_wheels_side_buttons_keys_and_long_messages(people: People, links: dict[str, str]) -> None:
    """Seen to fail: no image for macOS' notch; "back" left the consult; Cyrillic did nothing; lines were one."""
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

    await host.page.get_by_role("tab", name="Chat").click()
    box = host.page.get_by_label("Message to all")
    await box.fill("x" * 501)
    await box.press("Enter")
    problem = await box.evaluate("(box) => box.validationMessage")
    assert problem == "At most 500 characters fit; these are 501. Nothing is cut off by itself."
    await expect(box).to_have_value("x" * 501)
    written = "Line one: \u0645\u06cc\u200c\u0631\u0648\u062f\nLine two " + "\U0001f44d" * 400
    await box.fill(written)
    await box.press("Enter")
    await expect(host.page.locator(".chat-text")).to_have_text(written, use_inner_text=True)
    await expect(box).to_have_value("")
    assert not host.problems
