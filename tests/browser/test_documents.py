"""Reports and PDF beside the images: opened by one and seen by all, read as text; nobody is unaware of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.async_api import expect

from tests.support.ct import write_series
from tests.support.dicom_files import write
from tests.support.document_files import A4, encapsulated, pdf, tid1500
from tests.support.person import Person, check_exact_colours
from tests.support.segmentation_files import images_of
from tests.support.server import Server, serving
from tests.support.together import HOST, LAPTOP, PHONE, Persons, together

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
Setup = tuple[Server, str]
three = together(HOST, LAPTOP, PHONE)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Setup]:
    """A server with a CT, its measurement report, a letter of two pages, and a PDF that is damaged."""
    data = tmp_path_factory.mktemp("papers")
    files = data / "files"
    study = write_series(files, images=6)
    image = images_of(files)[0]
    write(tid1500(image), files / "report.dcm")
    write(encapsulated(image, pdf([("Dear", A4), ("colleague", A4)])), files / "letter.dcm")
    write(encapsulated(image, b"no PDF at all, but words", title="Broken letter"), files / "broken.dcm")
    with serving(data, files=files) as server:
        yield server, study


@pytest.fixture
def links(papers: Setup) -> dict[str, str]:
    server, study = papers
    return server.open(study, title="Papers")


async def in_step(host: Person, *others: Person) -> tuple[str, int]:
    """Wait until all show what the host shows, exactly: the series' description, and which page."""
    revision = await host.settled()
    shown = (await host.shown())["a"]["shows"]
    for other in others:
        await other.settled(revision)
        assert (await other.shown())["a"]["shows"] == shown
    return host.series(shown["series"])["description"], shown["place"]


async def test_a_pdf_that_one_opens_is_seen_by_all_page_by_page(three: Persons) -> None:
    host, laptop, phone = three
    await host.page.locator(".series-item", has_text="Referral letter").click()
    await host.wait_for("document.querySelector('.series-item[aria-current=true]')?.textContent.includes('letter')")
    assert await in_step(host, laptop, phone) == ("Referral letter", 0)
    for person in (host, laptop, phone):
        await check_exact_colours(person)
        picture = (await person.canvas())[..., :3]
        assert (picture == (255, 0, 0)).all(axis=2).any(), "the bar at its top"
        await expect(person.page.locator("[data-viewport=a]")).to_contain_text("Page 1 / 2")
    await host.page.locator("#stage").focus()
    await host.page.keyboard.press("ArrowDown")
    await host.wait_for("document.querySelector('[data-viewport=a]').dataset.place === '1'")
    assert await in_step(host, laptop, phone) == ("Referral letter", 1)


async def test_a_report_is_read_as_pages_by_all_and_as_text_by_each(three: Persons) -> None:
    host, laptop, phone = three
    await host.page.locator(".series-item", has_text="Imaging Measurement Report").click()
    await host.wait_for("document.querySelector('.series-item[aria-current=true]')?.textContent.includes('Report')")
    assert (await in_step(host, laptop, phone))[0] == "Imaging Measurement Report"
    for person in (host, laptop, phone):
        picture = (await person.canvas())[..., :3].astype(int)
        assert (picture.max(axis=2) < 100).mean() > 0.001, "ink"
        assert np.ptp(picture[picture.min(axis=2) > 200]) < 60
    await laptop.page.get_by_role("button", name="Report as text").click()
    dialog = laptop.page.get_by_role("dialog", name="Imaging Measurement Report")
    await expect(dialog).to_contain_text("Long Axis")
    await expect(dialog).to_contain_text("23.4 mm")
    await expect(dialog.get_by_role("heading", name="Findings")).to_be_visible()
    await phone.page.get_by_role("button", name="More").click()
    await phone.page.get_by_role("menuitem", name="Report as text").click()
    await expect(phone.page.get_by_role("dialog", name="Imaging Measurement Report")).to_contain_text("not verified")


async def test_nobody_is_unaware_that_there_is_a_report(three: Persons) -> None:
    """The study opens with its images, and each picture says what lies beside them; what is broken says why."""
    host, laptop, phone = three
    assert (await in_step(host, laptop, phone))[0] == "CT lung"
    for person in (host, laptop, phone):
        await expect(person.page.locator("[data-viewport=a] .badge", has_text="REPORT")).to_be_visible()
        await expect(person.page.locator("[data-viewport=a] .badge", has_text="2 PDF")).to_be_visible()
    for person in (host, laptop):
        broken = person.page.locator("#series .series-unshown", has_text="Broken letter")
        await expect(broken).to_contain_text("The PDF is damaged, or is none.")


async def test_a_page_is_pointed_at_and_not_measured(three: Persons) -> None:
    host, laptop, phone = three
    await host.page.locator(".series-item", has_text="Referral letter").click()
    await host.wait_for("document.querySelector('.series-item[aria-current=true]')?.textContent.includes('letter')")
    await in_step(host, laptop, phone)
    await host.page.get_by_role("radio", name="Length").click()
    box = await host.page.locator("[data-viewport=a]").bounding_box()
    assert box
    await host.page.mouse.move(box["x"] + 300, box["y"] + 300)
    await host.page.mouse.down()
    await host.page.mouse.move(box["x"] + 400, box["y"] + 360, steps=4)
    await host.page.mouse.up()
    await expect(host.page.locator(".notice")).to_contain_text("A page of a document is not measured")
