"""What a study holds beside its CT. Reports and PDF: opened by one and seen by all, read as text; nobody is unaware of
them. Radiographs: the letters at their edges are those of PatientOrientation, to everybody, however they are turned
(seen to fail on letters of the first image for all, and on letters that do not follow the picture's axes).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.async_api import expect
from pydicom.uid import ComputedRadiographyImageStorage, generate_uid

from tests.support.ct import write_series
from tests.support.dicom_files import ABSENT, ct, write
from tests.support.document_files import A4, encapsulated, pdf, tid1500
from tests.support.person import Person, check_exact_colours
from tests.support.segmentation_files import images_of
from tests.support.server import Server, serving
from tests.support.together import HOST, LAPTOP, PHONE, Persons, together

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
Setup = tuple[Server, str]
three = together(HOST, LAPTOP, PHONE)
FRONTAL, LATERAL = ["L", "F"], ["A", "F"]
LETTERS = """Object.fromEntries([...document.querySelectorAll('[data-viewport=a] .edge')].map(
  (edge) => [edge.className.split(' ').find((name) => name !== 'edge'), edge.textContent]))"""


def write_radiographs(folder: Path, study: str) -> None:
    """One from the front, one from the side, and one of which nothing says how it lies."""
    series = generate_uid()
    for number, letters in enumerate((FRONTAL, LATERAL, ABSENT), 1):
        image = ct(
            SOPClassUID=ComputedRadiographyImageStorage, Modality="CR", SeriesDescription="Chest radiograph",
            StudyInstanceUID=study, SeriesInstanceUID=series, SeriesNumber=7, InstanceNumber=number,
            PatientOrientation=letters, ImagerPixelSpacing=[0.5, 0.5], FrameOfReferenceUID=ABSENT, PixelSpacing=ABSENT,
            ImagePositionPatient=ABSENT, ImageOrientationPatient=ABSENT, SliceThickness=ABSENT,
            PatientName="TEST^ANNA", PatientID="4711",
        )  # fmt: skip
        write(image, folder / f"radiograph-{number}.dcm")


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Setup]:
    """A server with a CT, radiographs, a measurement report, a letter of two pages, and a PDF that is damaged."""
    data = tmp_path_factory.mktemp("papers")
    files = data / "files"
    study = write_series(files, images=6)
    image = images_of(files)[0]
    write(tid1500(image), files / "report.dcm")
    write(encapsulated(image, pdf([("Dear", A4), ("colleague", A4)])), files / "letter.dcm")
    write(encapsulated(image, b"no PDF at all, but words", title="Broken letter"), files / "broken.dcm")
    write_radiographs(files, study)
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


async def test_letters_on_a_radiograph_are_those_of_its_file_however_it_is_turned(three: Persons) -> None:
    async def seen(left: str, right: str, top: str, bottom: str) -> None:
        await in_step(*three)
        for person in three:
            assert await person.evaluate(LETTERS) == {"left": left, "right": right, "top": top, "bottom": bottom}

    host, _, phone = three
    await host.page.locator(".series-item", has_text="Chest radiograph").click()
    await host.wait_for("document.querySelector('.series-item[aria-current=true]')?.textContent.includes('radiograph')")
    await host.page.locator("#stage").focus()
    await seen("R", "L", "H", "F")
    await host.after(host.page.keyboard.press("h"))
    await seen("L", "R", "H", "F")
    await expect(phone.page.locator("[data-viewport=a]")).to_contain_text("FLIPPED")
    await host.after(host.page.keyboard.press("r"))
    await seen("F", "H", "L", "R")
    await host.after(host.page.keyboard.press("v"))
    await seen("F", "H", "R", "L")
    await host.after(host.page.keyboard.press("Space"))
    await seen("R", "L", "H", "F")
    await host.after(host.page.keyboard.press("ArrowDown"))
    await seen("P", "A", "H", "F")
    await host.after(host.page.keyboard.press("h"))
    await seen("A", "P", "H", "F")
    await host.after(host.page.keyboard.press("ArrowDown"))
    await seen("", "", "", "")
