"""Planes: dragged by one and followed by all, slabs, fusion, marks across planes; exact at rest, and resampled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from math import hypot
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from consult.model.geometry import Vec, cross, dot, norm, subtract
from tests.browser.conftest import People
from tests.support.person import Person
from tests.support.pet import CENTRE_MM, HOT, WEIGHT_KG, write_ct, write_pet
from tests.support.server import Server, consult, serving
from tests.support.together import HOST, PHONE, Comes, Persons, together

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
HEIGHT_M = 1.65
LEAN = 9270 / (8780 + 244 * WEIGHT_KG / HEIGHT_M**2)
"""Lean body mass of a woman after Janmahasatian, as a part of her weight."""
TURN_AT = 0.36
"""Where the round handles stand (web/js/core/planes/crosshair.js)."""
three = together(HOST, Comes(1440, 900, name="Referring physician"), PHONE)


@pytest.fixture(scope="module")
def scanner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a CT and a PET of one frame of reference."""
    data = tmp_path_factory.mktemp("planes")
    write_ct(data / "files")
    write_pet(data / "files", PatientSize=HEIGHT_M)
    with serving(data, files=data / "files") as server:
        yield server


@pytest.fixture
def links(scanner: Server) -> dict[str, str]:
    return scanner.open("1.2.3", title="Planes")


async def opened(three: tuple[Person, ...]) -> tuple[Person, Person, Person]:
    """A host who shows planes, a laptop of the same size, a phone."""
    host, laptop, phone = three
    await host.page.locator("#stage").focus()
    await host.page.keyboard.press("x")
    await host.page.locator("[data-viewport=c]").wait_for()
    await followed(host, laptop, phone)
    return host, laptop, phone


async def followed(host: Person, *others: Person) -> dict[str, dict[str, Any]]:
    """Wait until all show exactly what the host shows; that."""
    await host.settled()
    shown = await host.shown()
    revision = await host.revision()
    for other in others:
        await other.settled(revision)
        seen = await other.shown()
        for name, viewport in seen.items():
            assert viewport["camera"] == shown[name]["camera"]
            assert viewport["shows"] == shown[name]["shows"]
            assert viewport["resampled"]
    return shown


def plane_of(viewport: dict[str, Any]) -> dict[str, Any]:
    shows: dict[str, Any] = viewport["shows"]
    return dict(shows["base"]) if shows["type"] == "fusion" else shows


def normal(viewport: dict[str, Any]) -> Vec:
    camera = viewport["camera"]
    return cross(camera["right"], camera["down"])


def mm_per_pixel(viewport: dict[str, Any]) -> float:
    size: float = 2 * viewport["camera"]["radius"] / min(viewport["rect_px"][2:])
    return size


async def middle(person: Person, viewport: str) -> tuple[float, float]:
    """Of a viewport, in CSS pixels of the window: where the point lies at first."""
    box = await person.page.locator(f"[data-viewport={viewport}]").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def drag(person: Person, start: tuple[float, float], end: tuple[float, float]) -> None:
    """By the mouse, in steps."""
    mouse = person.page.mouse
    await mouse.move(start[0] - 2, start[1])
    await mouse.move(*start)
    await mouse.down()
    await mouse.move(*end, steps=6)
    await mouse.up()


async def test_planes_are_dragged_by_one_and_followed_by_all(three: Persons) -> None:
    host, laptop, phone = await opened(three)
    before = await followed(host, laptop, phone)
    assert [plane_of(before[v])["name"] for v in "abc"] == ["axial", "sagittal", "coronal"]
    await expect(phone.page.locator(".corner.top-left")).to_contain_text("CT axial")
    await expect(laptop.page.locator(".badges").first).to_contain_text(re.compile("(EXACT|SCALED.*), RESAMPLED"))

    x, y = await middle(host, "a")
    await host.after(drag(host, (x, y + 100), (x + 40, y + 110)))
    moved = await followed(host, laptop, phone)
    wanted = before["b"]["camera"]["center"][0] + 40 * mm_per_pixel(before["a"])
    assert moved["b"]["camera"]["center"][0] == pytest.approx(wanted, abs=mm_per_pixel(before["a"]))
    assert moved["c"]["camera"]["center"][1] == pytest.approx(before["c"]["camera"]["center"][1])
    assert (await host.at_rest()).digests == (await laptop.at_rest()).digests

    reach = TURN_AT * min(before["a"]["rect_px"][2:])
    await host.after(drag(host, (x + 40, y - reach), (x + 40 + reach / 2, y - reach * 0.85)))
    turned = await followed(host, laptop, phone)
    assert abs(dot(normal(turned["b"]), normal(before["b"]))) == pytest.approx(0.866, abs=0.05)
    assert normal(turned["a"]) == pytest.approx(normal(before["a"]))
    for one, other in combinations("abc", 2):
        assert abs(dot(normal(turned[one]), normal(turned[other]))) < 1e-6
    await expect(laptop.page.locator("[data-viewport=b] .edge.left")).to_have_text(re.compile("^[RLAP]{2}$"))
    assert (await host.at_rest()).digests == (await laptop.at_rest()).digests

    await host.after(host.page.keyboard.press("Space"))
    straight = await followed(host, laptop, phone)
    assert normal(straight["b"]) == pytest.approx(normal(before["b"]))
    assert host.problems == laptop.problems == phone.problems == []


async def test_a_slab_is_named_on_the_picture_and_one_plane_stands_alone(three: Persons) -> None:
    host, laptop, phone = await opened(three)
    await host.page.get_by_role("button", name="Slab, none").click()
    await host.page.get_by_role("slider", name="Thickness").fill("10")
    await followed(host, laptop, phone)
    for person in (host, laptop, phone):
        await expect(person.page.locator("[data-viewport=a] .corner.top-left")).to_contain_text("MIP\u00a010\u00a0mm")
    assert {plane_of(v)["slab_mm"] for v in (await host.shown()).values()} == {10}
    await host.page.keyboard.press("Escape")
    x, y = await middle(host, "b")
    await host.page.mouse.dblclick(x + 30, y - 80)
    await expect(host.page.locator("[data-viewport]")).to_have_count(1)
    await host.page.mouse.dblclick(x + 200, y - 80)
    await expect(host.page.locator("[data-viewport]")).to_have_count(3)
    shown = await followed(host, laptop, phone)
    assert [plane_of(shown[v])["name"] for v in "abc"] == ["axial", "sagittal", "coronal"]
    await host.page.keyboard.press("x")
    await expect(host.page.locator("[data-viewport]")).to_have_count(1)
    await host.settled()
    assert (await host.shown())["a"]["shows"]["type"] == "stack"


async def test_a_length_across_planes_is_what_it_is_in_the_patient(three: Persons) -> None:
    host, laptop, _ = await opened(three)
    await host.page.get_by_role("radio", name="Length").click()
    x, y = await middle(host, "c")
    await drag(host, (x - 40, y - 30), (x + 50, y + 40))
    row = laptop.page.locator("[data-mark]")
    await expect(row).to_have_count(1)
    await expect(row).to_contain_text("coronal plane")
    coronal = (await host.shown())["c"]
    length = re.search(r"([\d.]+)\s?mm", await row.inner_text())
    assert length
    assert float(length.group(1)) == pytest.approx(hypot(90, 70) * mm_per_pixel(coronal), abs=0.5)
    one, other = await row.evaluate("row => JSON.parse(row.dataset.points)")
    assert norm(subtract(tuple(one), tuple(other))) == pytest.approx(float(length.group(1)), abs=0.06)
    await expect(laptop.page.locator("[data-viewport=c]")).not_to_have_attribute("data-marks", "")
    await expect(laptop.page.locator("[data-viewport=a]")).not_to_have_attribute("data-marks", "")


async def test_pet_lies_over_ct_with_both_values(three: Persons) -> None:
    host, laptop, phone = await opened(three)
    await host.page.get_by_role("button", name=re.compile("^Layout")).click()
    await host.page.get_by_role("menuitemradio", name="PET/CT 3×3", exact=True).click()
    await expect(laptop.page.locator("[data-viewport=i]")).to_have_count(1)
    shown = await followed(host, laptop, phone)
    assert [v["shows"]["type"] for v in shown.values()][:9] == ["plane"] * 6 + ["fusion"] * 3
    await expect(laptop.page.locator("[data-viewport=g] .corner.bottom-left")).to_contain_text("SUVbw\u00a00–5 · 50")
    await host.page.get_by_role("slider", name="Opacity").fill("70")
    await expect(laptop.page.locator("[data-viewport=g] .corner.bottom-left")).to_contain_text("70")
    await host.after(host.page.keyboard.press("3"))
    await expect(phone.page.locator(".corner.bottom-left")).to_contain_text("SUVbw\u00a00–10")
    fused = (await followed(host, laptop, phone))["g"]
    assert (await host.at_rest()).digests == (await laptop.at_rest()).digests

    box = await host.page.locator("[data-viewport=g]").bounding_box()
    assert box
    off = subtract(CENTRE_MM, tuple(fused["camera"]["center"]))
    right, down = (dot(off, tuple(fused["camera"][axis])) / mm_per_pixel(fused) for axis in ("right", "down"))
    await host.page.get_by_role("radio", name="Probe").click()
    await host.page.mouse.click(box["x"] + box["width"] / 2 + right, box["y"] + box["height"] / 2 + down)
    await expect(laptop.page.locator("[data-mark]")).to_contain_text(f"45\u00a0HU · SUV\u00a0{HOT:.1f}")


async def test_why_there_are_no_planes_is_said(people: People, own_server: Server, tmp_path: Path) -> None:
    write_ct(tmp_path / "files")
    for path in sorted((tmp_path / "files").glob("*.dcm"))[1:]:
        path.unlink()
    consult("import", str(tmp_path / "files"), data=own_server.data)
    links = own_server.open("1.2.3")
    host = await people.come(1440, 900)
    await host.join(links["host"])
    sentence = "There is one image alone: planes need images behind each other."
    button = host.page.locator("[data-name=planes]")
    await expect(button).to_have_attribute("title", sentence)
    await button.click()
    await expect(host.page.locator(".notice")).to_contain_text(sentence)


async def test_the_crosshair_says_hu_and_suv_to_all_who_see_it(three: Persons) -> None:
    """Native voxels, by construction: 45 HU, and the hot sphere's SUV in each picture that the PET is in."""
    host, laptop, phone = await opened(three)
    await expect(laptop.page.locator("[data-viewport=a] .corner.bottom-left")).to_contain_text("45\u00a0HU")
    await expect(phone.page.locator(".corner.bottom-left")).to_contain_text("45\u00a0HU")
    await host.page.get_by_role("button", name=re.compile("^Layout")).click()
    await host.page.get_by_role("menuitemradio", name="PET/CT 3×3", exact=True).click()
    await expect(laptop.page.locator("[data-viewport=i]")).to_have_count(1)
    fused = (await followed(host, laptop, phone))["g"]
    box = await host.page.locator("[data-viewport=g]").bounding_box()
    assert box
    off = subtract(CENTRE_MM, tuple(fused["camera"]["center"]))
    right, down = (dot(off, tuple(fused["camera"][axis])) / mm_per_pixel(fused) for axis in ("right", "down"))
    at = box["x"] + box["width"] / 2 + right, box["y"] + box["height"] / 2 + down
    await host.after(host.page.mouse.click(*at))
    await followed(host, laptop, phone)
    for person in (host, laptop):
        for viewport, words in (("a", "45\u00a0HU"), ("d", f"SUVbw\u00a0{HOT:.1f}")):
            corner = person.page.locator(f"[data-viewport={viewport}] .corner.bottom-left")
            await expect(corner).to_contain_text(words)
        both = f"45\u00a0HU · SUVbw\u00a0{HOT:.1f}"
        await expect(person.page.locator("[data-viewport=g] .corner.bottom-left")).to_contain_text(both)
        assert person.problems == []
    await host.page.get_by_role("button", name=re.compile("^More presets")).click()
    await host.after(host.page.get_by_role("menuitemradio", name="SUL, by lean body mass (Janmahasatian)").click())
    await followed(host, laptop, phone)
    for person in (host, laptop):
        both = f"45\u00a0HU · SUL\u00a0{HOT * LEAN:.1f}"
        await expect(person.page.locator("[data-viewport=g] .corner.bottom-left")).to_contain_text(both)
        window = f"SUL\u00a00–{5 * LEAN:.1f}"
        await expect(person.page.locator("[data-viewport=g] .corner.bottom-left")).to_contain_text(window)
    await expect(phone.page.locator(".corner.bottom-left")).to_contain_text("SUL")
