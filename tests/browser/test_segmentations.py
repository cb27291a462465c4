"""Segmentations: switched on by one and seen by all, by name, each segment for itself, as opaque as one wants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.async_api import expect

from tests.support.ct import write_series
from tests.support.dicom_files import write
from tests.support.person import Person, check_exact_colours
from tests.support.segmentation_files import images_of, segmentation, structure_set, write_marked
from tests.support.server import Server, serving
from tests.support.together import HOST, LAPTOP, PHONE, Persons, together

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
Setup = tuple[Server, str]
three = together(HOST, LAPTOP, PHONE)


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Setup]:
    """A server with a CT, its segmentation, its structure set, and a segmentation of another frame of reference."""
    data = tmp_path_factory.mktemp("marked")
    files = data / "files"
    study = write_series(files)
    images = images_of(files)
    _, frames = write_marked(files, images, files / "seg.dcm")
    write(segmentation(frames[:1], images[0], FrameOfReferenceUID="1.2.99"), files / "elsewhere.dcm")
    write(structure_set([(1, "Heart", (0, 255, 0), contours(images))], images[0]), files / "rt.dcm")
    with serving(data, files=files) as server:
        yield server, study


def contours(images: list[Any]) -> list[tuple[str, Any]]:
    """A square on each image, around the middle."""
    corners = [(-20.0, -20.0), (60.0, -20.0), (60.0, 40.0), (-20.0, 40.0)]
    return [("CLOSED_PLANAR", [(x, y, float(image.ImagePositionPatient[2])) for x, y in corners]) for image in images]


@pytest.fixture
def links(marked: Setup) -> dict[str, str]:
    server, study = marked
    return server.open(study, title="Marked")


async def in_step(host: Person, *others: Person) -> list[dict[str, Any]]:
    """Wait until all show what the host shows, exactly; how each shows its segmentations."""
    revision = await host.settled()
    shown = (await host.shown())["a"].get("segmentations", [])
    for other in others:
        await other.settled(revision)
        assert (await other.shown())["a"].get("segmentations", []) == shown
    found: list[dict[str, Any]] = shown
    return found


async def coloured(person: Person) -> float:
    """Share of the picture's pixels that are no grey."""
    picture = (await person.canvas())[..., :3].astype(int)
    return float((np.ptp(picture, axis=2) > 12).mean())


async def test_a_segmentation_that_one_switches_on_is_seen_by_all(three: Persons) -> None:
    host, laptop, phone = three
    assert await coloured(host) == 0
    entry = host.page.locator(".series-segmentation", has_text="Segmentation: Liver, Lesion")
    await entry.first.click()
    await host.wait_for("document.querySelector('.series-segmentation[aria-pressed=true]')")
    (shown,) = await in_step(host, laptop, phone)
    assert shown["opacity"] == 0.4
    for person in (host, laptop, phone):
        await check_exact_colours(person)
        assert await coloured(person) > 0.01
        await expect(person.page.locator("[data-viewport=a]")).to_contain_text("Liver")
        assert (await person.page.locator("[data-viewport=a]").get_attribute("data-digest")) != ""
    await entry.first.click()
    await host.wait_for("!document.querySelector('.series-segmentation[aria-pressed=true]')")
    assert await in_step(host, laptop, phone) == []
    assert await coloured(phone) == 0


async def test_each_segment_has_a_switch_and_all_have_an_opacity(three: Persons) -> None:
    host, laptop, phone = three
    await host.page.get_by_role("button", name="Segmentations, 0 of 2 shown").click()
    panel = host.page.get_by_role("dialog", name="Segmentations")
    await panel.get_by_label("Segmentation: Liver, Lesion", exact=True).check()
    await in_step(host, laptop, phone)
    whole = await coloured(laptop)
    await panel.get_by_label("Liver", exact=True).uncheck()
    await host.wait_for("document.querySelectorAll('.segment-panel li input:not(:checked)').length === 1")
    (shown,) = await in_step(host, laptop, phone)
    assert shown["hidden"] == [1]
    assert 0 < await coloured(laptop) < whole
    await panel.get_by_label("Opacity of Segmentation: Liver, Lesion").fill("100")
    (shown,) = await in_step(host, laptop, phone)
    assert shown["opacity"] == 1.0


async def test_contours_lie_over_the_images_by_name(three: Persons) -> None:
    host, laptop, phone = three
    await host.page.locator(".series-segmentation", has_text="RT structure set: Plan 1").click()
    await host.wait_for("document.querySelector('.series-segmentation[aria-pressed=true]')")
    await in_step(host, laptop, phone)
    for person in (host, laptop, phone):
        picture = (await person.canvas())[..., :3]
        assert ((picture == (0, 255, 0)).all(axis=2)).sum() > 100, "outlines have their own colour"
    await expect(laptop.page.locator("[data-viewport=a]")).to_contain_text("Heart")


async def test_it_stays_while_one_scrolls_and_a_guest_switches_it_for_themselves_alone(three: Persons) -> None:
    host, laptop, phone = three
    await host.page.locator(".series-segmentation", has_text="Segmentation: Liver").first.click()
    await host.wait_for("document.querySelector('.series-segmentation[aria-pressed=true]')")
    await in_step(host, laptop, phone)
    await host.page.locator("#stage").focus()
    for _ in range(3):
        await host.page.keyboard.press("ArrowDown")
    assert len(await in_step(host, laptop, phone)) == 1
    assert await coloured(laptop) > 0.01
    await laptop.page.locator(".series-segmentation", has_text="Segmentation: Liver").first.click()
    await laptop.wait_for("!document.querySelector('.series-segmentation[aria-pressed=true]')")
    assert len(await in_step(host, phone)) == 1, "who looks around alone switches nothing for the others"
    await laptop.settled()
    assert await coloured(laptop) == 0


async def on_planes(host: Person) -> None:
    """The three planes of what is shown, exact."""
    await host.page.locator("#stage").focus()
    await host.page.keyboard.press("x")
    await host.wait_for("document.querySelectorAll('[data-viewport]').length === 3")


def shares(picture: np.ndarray) -> list[float]:
    """Of each of three planes beside each other, which share is in colours."""
    columns = np.array_split((np.ptp(picture[..., :3].astype(int), axis=2) > 12), 3, axis=1)
    return [float(part.mean()) for part in columns]


async def test_on_planes_it_is_cut_by_each_for_all(three: Persons) -> None:
    host, laptop, phone = three
    await host.page.locator(".series-segmentation", has_text="Segmentation: Liver").first.click()
    await host.wait_for("document.querySelector('.series-segmentation[aria-pressed=true]')")
    await on_planes(host)
    (shown,) = await in_step(host, laptop, phone)
    assert shown["opacity"] == 0.4
    for person in (host, laptop):
        await check_exact_colours(person)
        assert min(shares(await person.canvas())) > 0.001, "the liver lies in all three planes"
        badges = person.page.locator("[data-viewport=b]")
        await expect(badges).to_contain_text("EXACT, RESAMPLED")
        await expect(badges).to_contain_text("Liver")
    assert await coloured(phone) > 0.001
    await host.page.get_by_role("button", name="Segmentations, 1 of 2 shown").click()
    panel = host.page.get_by_role("dialog", name="Segmentations")
    before = sum(shares(await host.canvas()))
    await panel.get_by_role("button", name="Outline").click()
    await host.wait_for("document.querySelector('.segment-panel [aria-pressed=true]').textContent === 'Outline'")
    (shown,) = await in_step(host, laptop, phone)
    assert shown["style"] == "outline"
    assert 0 < sum(shares(await host.canvas())) < before


async def test_a_structure_set_on_planes_is_cut_through_its_slices(three: Persons) -> None:
    host, laptop, phone = three
    await on_planes(host)
    await host.page.locator(".series-segmentation", has_text="RT structure set: Plan 1").click()
    await host.wait_for("document.querySelector('.series-segmentation[aria-pressed=true]')")
    await in_step(host, laptop, phone)
    for person in (host, laptop):
        picture = (await person.canvas())[..., :3]
        parts = np.array_split((picture == (0, 255, 0)).all(axis=2), 3, axis=1)
        assert min(int(part.sum()) for part in parts) > 50, "outlines in each plane"


async def test_what_lies_elsewhere_says_why_it_is_not_shown(three: Persons) -> None:
    host, laptop, _ = three
    for person in (host, laptop):
        await expect(person.page.locator("#series .series-unshown")).to_contain_text(
            "It lies in another frame of reference than the images here."
        )
