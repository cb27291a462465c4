"""Two series without a common frame of reference, aligned by hand: by one, for all, with the name; values too."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Studies
from tests.browser.test_planes import drag, followed, middle, mm_per_pixel
from tests.support.person import Person, check_exact_colours
from tests.support.server import Server
from tests.support.together import HOST, PHONE, Comes, Persons, together

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
three = together(HOST, Comes(1440, 900, name="Referring physician"), PHONE)


@pytest.fixture
def links(server: Server, studies: Studies) -> dict[str, str]:
    return server.open(studies.current, studies.prior, title="Aligned")


async def fused(three: Persons) -> tuple[Person, Person, Person]:
    """Planes of the current CT with those of the prior over them, of which nobody knows how they lie."""
    host, laptop, phone = three
    await host.page.locator("#stage").focus()
    await host.page.keyboard.press("x")
    await host.page.locator("[data-viewport=c]").wait_for()
    await followed(host, laptop, phone)
    await host.page.get_by_role("button", name="Fuse with…").click()
    await host.page.get_by_role("menuitem").filter(has_text="to be aligned by hand").first.click()
    await host.page.get_by_role("button", name="Align by hand").wait_for()
    await followed(host, laptop, phone)
    return host, laptop, phone


def alignment(shown: dict[str, dict[str, Any]], viewport: str = "a") -> dict[str, Any]:
    found: dict[str, Any] = shown[viewport]["shows"]["alignment"]
    return found


async def panel(person: Person) -> Locator:
    await person.page.get_by_role("button", name="Align by hand").click()
    return person.page.get_by_role("dialog", name="Align by hand")


async def test_a_series_of_another_frame_is_aligned_by_numbers_for_all_with_the_name(three: Persons) -> None:
    host, laptop, phone = await fused(three)
    first = await followed(host, laptop, phone)
    start = alignment(first)
    for person in (host, laptop):
        await expect(person.page.locator("[data-viewport=b]")).to_contain_text("aligned by hand, Dr. Host")
        await check_exact_colours(person)
    await expect(phone.page.locator("[data-viewport]").first).to_contain_text("aligned by hand, Dr. Host")
    dialog = await panel(host)
    field = dialog.get_by_label("To the left (L), mm")
    await field.fill(str(float(await field.input_value()) + 10))
    await host.after(field.press("Tab"))
    turn = dialog.get_by_label("About feet–head, °")
    await turn.fill("7.5")
    await host.after(turn.press("Tab"))
    moved = await followed(host, laptop, phone)
    for viewport in "abc":
        at = alignment(moved, viewport)
        assert at["shift_mm"][0] == pytest.approx(start["shift_mm"][0] + 10, abs=0.01)
        assert at["turn_deg"] == pytest.approx([0, 0, 7.5])
    assert (await host.at_rest()).digests == (await laptop.at_rest()).digests
    await host.after(dialog.get_by_role("button", name="Undo").click())
    assert alignment(await followed(host, laptop, phone))["turn_deg"] == [0, 0, 0]
    await host.after(dialog.get_by_role("button", name="Reset").click())
    assert alignment(await followed(host, laptop, phone)) == start


async def test_it_is_dragged_in_the_plane_and_turned_with_shift(three: Persons) -> None:
    host, laptop, phone = await fused(three)
    before = await followed(host, laptop, phone)
    dialog = await panel(host)
    await dialog.get_by_label("Drag on the picture (Shift: turn)").check()
    await host.page.keyboard.press("Escape")
    await expect(dialog.get_by_label("Drag on the picture (Shift: turn)")).not_to_be_checked()
    await dialog.get_by_label("Drag on the picture (Shift: turn)").check()
    await host.page.get_by_role("button", name="Align by hand, by dragging").click()
    x, y = await middle(host, "b")
    await host.after(drag(host, (x + 20, y + 40), (x + 60, y + 40)))
    moved = await followed(host, laptop, phone)
    by = 40 * mm_per_pixel(before["b"])
    shift = [b - a for a, b in zip(alignment(before)["shift_mm"], alignment(moved)["shift_mm"], strict=True)]
    right = before["b"]["camera"]["right"]
    assert shift == pytest.approx([by * r for r in right], abs=mm_per_pixel(before["b"]))
    assert moved["a"]["camera"] == before["a"]["camera"], "no plane moves"
    await host.page.keyboard.down("Shift")
    x, y = await middle(host, "a")
    await host.after(drag(host, (x, y + 90), (x + 60, y + 80)))
    await host.page.keyboard.up("Shift")
    turned = alignment(await followed(host, laptop, phone))
    assert abs(turned["turn_deg"][2]) > 5
    assert turned["turn_deg"][:2] == pytest.approx([0, 0], abs=1e-6)
    await host.page.keyboard.press("Escape")
    await host.page.locator("#stage:not(.aligning)").wait_for()


async def test_a_probe_reads_both_and_says_that_one_was_aligned_by_hand(three: Persons) -> None:
    host, laptop, _ = await fused(three)
    await host.page.get_by_role("radio", name="Probe").click()
    x, y = await middle(host, "a")
    await host.page.mouse.click(x + 30, y + 30)
    for person in (host, laptop):
        await expect(person.page.locator("[data-mark]")).to_contain_text("aligned by hand")
