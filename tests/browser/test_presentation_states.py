"""Presentation states: chosen by one and seen by all, in their window, turn and area, with what they draw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.async_api import expect

from tests.browser.conftest import People
from tests.support.ct import write_series
from tests.support.dicom_files import ct, write
from tests.support.marking import stored_image
from tests.support.person import Person
from tests.support.presentation_files import annotation, area, graphic, presentation_state, window, words
from tests.support.segmentation_files import images_of
from tests.support.server import Server, serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
Setup = tuple[Server, str]
NAME = "Presentation state: LUNG"


@pytest.fixture(scope="module")
def presented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Setup]:
    """A server with a CT, a state for its first two images, one for all of them, and one for images elsewhere."""
    data = tmp_path_factory.mktemp("presented")
    files = data / "files"
    study = write_series(files)
    images = images_of(files)
    size = int(images[0].Rows)
    drawn = annotation(
        [graphic("CIRCLE", [size / 2, size / 2, size / 2, size / 4])], [words("Nodule", (size / 2, size / 2))]
    )
    write(
        presentation_state(
            images[:2], SoftcopyVOILUTSequence=[window(-600, 1500)], ImageRotation=90, ImageHorizontalFlip="Y",
            DisplayedAreaSelectionSequence=[area((1, 1), (size // 2, size // 2))], GraphicAnnotationSequence=[drawn],
        ),
        files / "lung.dcm",
    )  # fmt: skip
    shuttered = presentation_state(
        images, "DARK", PresentationLUTShape="INVERSE", SoftcopyVOILUTSequence=[window(40, 400)],
        ShutterShape="CIRCULAR", CenterOfCircularShutter=[size // 2, size // 2], RadiusOfCircularShutter=size // 4,
    )  # fmt: skip
    shuttered.GraphicAnnotationSequence = [annotation([], [words("Level 3", (0.0, 0.05), "DISPLAY")])]
    write(shuttered, files / "dark.dcm")
    elsewhere = presentation_state(images[:1], "GONE")
    elsewhere.ReferencedSeriesSequence = presentation_state([ct()]).ReferencedSeriesSequence
    write(elsewhere, files / "gone.dcm")
    with serving(data, files=files) as server:
        yield server, study


async def three(people: People, presented: Setup) -> tuple[Person, Person, Person]:
    server, study = presented
    return await people.three(server.open(study, title="Presented"))


async def in_step(host: Person, *others: Person) -> dict[str, Any]:
    """Wait until all show what the host shows, exactly; the viewport that they show."""
    revision = await host.settled()
    shown: dict[str, Any] = (await host.shown())["a"]
    for other in others:
        await other.settled(revision)
        theirs = (await other.shown())["a"]
        for what in ("shows", "window", "invert", "camera", "presentation_state"):
            assert theirs.get(what) == shown.get(what), what
    return shown


async def choose(person: Person, name: str) -> None:
    """By the menu above the picture."""
    await person.page.get_by_role("button", name="Presentation states, 2").click()
    await person.page.get_by_role("menu", name="Presentation states").get_by_text(name, exact=True).click()


async def corner_says(text: str, *persons: Person) -> None:
    for person in persons:
        await expect(person.page.locator("[data-viewport=a]")).to_contain_text(text)


async def test_a_state_that_one_chooses_is_seen_by_all_as_it_was_left(people: People, presented: Setup) -> None:
    host, laptop, phone = await three(people, presented)
    before = await in_step(host, laptop, phone)
    await choose(host, "LUNG")
    await host.wait_for("document.querySelector('.series-state[aria-pressed=true]')")
    shown = await in_step(host, laptop, phone)
    assert shown["window"] == {"center": -600.0, "width": 1500.0}
    assert await stored_image(host) in (0, 1), "an image that it is for"
    assert shown["camera"]["radius"] == pytest.approx(before["camera"]["radius"] / 2)
    right, down = np.array(shown["camera"]["right"]), np.array(shown["camera"]["down"])
    own_right, own_down = np.array(before["camera"]["right"]), np.array(before["camera"]["down"])
    assert np.allclose(right, own_down), "rotated clockwise and flipped: what was below is at the right"
    assert np.allclose(down, own_right)
    await corner_says(NAME, host, laptop, phone)
    await expect(host.page.locator("#stage")).to_contain_text("FLIPPED")


async def test_none_and_reset_lead_back(people: People, presented: Setup) -> None:
    host, laptop, phone = await three(people, presented)
    first = await in_step(host, laptop, phone)
    await choose(host, "DARK")
    await host.wait_for("document.querySelector('.series-state[aria-pressed=true]')")
    assert (await in_step(host, laptop, phone))["invert"] is True
    await choose(host, "None, as in the files")
    await host.wait_for("!document.querySelector('.series-state[aria-pressed=true]')")
    back = await in_step(host, laptop, phone)
    assert {k: back.get(k) for k in ("window", "invert", "camera")} == {
        k: first.get(k) for k in ("window", "invert", "camera")
    }
    await host.page.locator(".series-state", has_text="DARK").click()
    await host.wait_for("document.querySelector('.series-state[aria-pressed=true]')")
    await in_step(host, laptop, phone)
    await host.page.locator("#stage").focus()
    await host.page.keyboard.press("Space")
    await host.wait_for("!document.querySelector('.series-state[aria-pressed=true]')")
    assert not (await in_step(host, laptop, phone)).get("presentation_state")


async def test_its_shutter_and_graphics_are_in_everybodys_pixels(people: People, presented: Setup) -> None:
    host, laptop, phone = await three(people, presented)
    await host.page.locator(".series-state", has_text="DARK").click()
    await host.wait_for("document.querySelector('.series-state[aria-pressed=true]')")
    await in_step(host, laptop, phone)
    for person in (host, laptop, phone):
        picture = (await person.canvas())[..., :3].astype(int)
        rows, columns = picture.shape[:2]
        side = min(rows, columns)
        middle = picture[rows // 2, columns // 2 - side // 8 : columns // 2 + side // 8]
        edge = picture[rows // 2 - side // 2 + 4, columns // 2 - side // 8 : columns // 2 + side // 8]
        assert middle.max() > 0, "inside of the shutter the image is seen"
        assert edge.max() == 0, "outside all is black, though greys are inverted"
    plain = (await host.canvas())[..., :3].copy()
    await choose(host, "LUNG")
    await host.wait_for("document.querySelector('.series-state[aria-pressed=true]').textContent.includes('LUNG')")
    await in_step(host, laptop, phone)
    drawn = (await host.canvas())[..., :3]
    assert (drawn != plain).any()
    assert (drawn == 255).all(axis=2).sum() > 50, "ink of its circle and its word"


async def test_the_corner_says_when_it_was_changed_and_where_it_is_not_for_the_image(
    people: People, presented: Setup
) -> None:
    host, laptop, phone = await three(people, presented)
    await choose(host, "LUNG")
    await in_step(host, laptop, phone)
    await host.page.locator("#stage").focus()
    await host.page.keyboard.press("1")
    await in_step(host, laptop, phone)
    await corner_says(f"{NAME}, changed since", host, laptop)
    for _ in range(4):
        await host.page.keyboard.press("ArrowUp")
    await in_step(host, laptop, phone)
    await corner_says(f"{NAME}: not for this image", host, laptop)


async def test_corner_text_makes_room_for_words_in_the_picture_and_comes_back(people: People, presented: Setup) -> None:
    host, laptop, phone = await three(people, presented)
    await in_step(host, laptop, phone)
    before = [await top_of_corner(person) for person in (host, laptop, phone)]
    await host.page.locator(".series-state", has_text="DARK").click()
    await host.wait_for("document.querySelector('.series-state[aria-pressed=true]')")
    await in_step(host, laptop, phone)
    for person, top in zip((host, laptop, phone), before, strict=True):
        await person.wait_for("document.querySelector('.corner.top-left').style.translate")
        assert await top_of_corner(person) > top
        _, y, _, height = (await person.shown())["a"]["words_px"][0]
        assert await top_of_corner(person) >= (y + height) / await person.evaluate("devicePixelRatio")
    await choose(host, "None, as in the files")
    await host.wait_for("!document.querySelector('.series-state[aria-pressed=true]')")
    await in_step(host, laptop, phone)
    assert [await top_of_corner(person) for person in (host, laptop, phone)] == before


async def top_of_corner(person: Person) -> float:
    """Of the text at the upper left, in CSS pixels of the viewport."""
    box = "document.querySelector('{}').getBoundingClientRect().y"
    of, at = box.format(".corner.top-left"), box.format("[data-viewport=a]")
    top: float = await person.evaluate(f"{of} - {at}")
    return top


async def test_planes_say_that_it_is_not_drawn_there(people: People, presented: Setup) -> None:
    host, laptop, phone = await three(people, presented)
    await choose(host, "LUNG")
    await in_step(host, laptop, phone)
    await host.page.get_by_role("button", name="Layout 1×1").click()
    await host.after(host.page.get_by_role("menuitemradio", name="Planes").first.click())
    await corner_says(f"{NAME}: not drawn on planes", host, laptop, phone)


async def test_a_guest_chooses_one_for_themselves_alone(people: People, presented: Setup) -> None:
    host, laptop, phone = await three(people, presented)
    await in_step(host, laptop, phone)
    await laptop.page.locator(".series-state", has_text="DARK").click()
    await laptop.wait_for("document.querySelector('.series-state[aria-pressed=true]')")
    await laptop.settled()
    await corner_says("Presentation state: DARK", laptop)
    assert not (await in_step(host, phone)).get("presentation_state")


async def test_what_is_for_no_image_here_says_why(people: People, presented: Setup) -> None:
    host, laptop, _ = await three(people, presented)
    for person in (host, laptop):
        await expect(person.page.locator("#series .series-unshown")).to_contain_text(
            "The images that it is for are not here."
        )
