"""Somebody without a pointer: where the focus is, and the way of the Tab key."""

from __future__ import annotations

import json

from tests.support.person import Person

MAX_STOPS = 80
FOCUS = """(() => {
  const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
  const name = e === document.body ? '' : (e.getAttribute('aria-label') ?? e.textContent).trim() || e.id;
  const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  return [name, seen, box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight];
})()"""
"""What has the focus: its name, whether the focus is seen on it, whether it is on the screen."""


async def focus(person: Person) -> str:
    """The name of what has the focus."""
    name: str = (await person.page.evaluate(FOCUS))[0]
    return name


async def has_focus(person: Person, name: str) -> None:
    """Wait until a control of that name has the focus."""
    try:
        await person.wait_for(f"({FOCUS})[0].includes({json.dumps(name)})")
    except AssertionError:
        raise AssertionError(f"{name} has not the focus, but {await focus(person)}") from None


async def tab_to(person: Person, name: str) -> None:
    """Press Tab until that control has the focus."""
    for _ in range(MAX_STOPS):
        await person.page.keyboard.press("Tab")
        if name in await focus(person):
            return
    raise AssertionError(f"no press of Tab comes to {name}")


async def stops(person: Person) -> list[str]:
    """All stops of the Tab key, from the first to the last; the focus is seen on each."""
    await person.page.locator(".skip").focus()
    found = [await focus(person)]
    for _ in range(MAX_STOPS):
        await person.page.keyboard.press("Tab")
        name, seen, inside = await person.page.evaluate(FOCUS)
        if name in {"", found[0]}:
            return found
        assert seen, f"the focus is not seen on {name}"
        assert inside, f"{name} has the focus and is not on the screen"
        found.append(name)
    raise AssertionError(f"no end of {found}")
