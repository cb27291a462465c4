"""The first picture of a 160-slice CT is exact before the whole is loaded, and the page says what is loaded.

Loading is held up, not slowed: a lease on the files of two images keeps both workers waiting in `open`.
"""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import People, Studies
from tests.support.ct import write_series
from tests.support.person import check_exact
from tests.support.server import Server, consult

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
IMAGES = 160
LOADED = """() => [
  Number(/INCOMPLETE (\\d+)/.exec(document.querySelector('#stage .badges').textContent)[1]),
  [...document.querySelectorAll('.scrubber .run')].reduce((sum, e) => sum + parseFloat(e.style.height), 0),
]"""
"""How many images are loaded as the badge says, and which part of the scrubber says so, in percent."""


@pytest.fixture(scope="module")
def long_study(studies: Studies) -> str:
    """A study of many small images; its StudyInstanceUID."""
    folder = studies.data / "files" / "long"
    uid = write_series(folder, images=IMAGES, size=64, patient="TEST^LONG", patient_id="4712")
    consult("import", str(folder), data=studies.data)
    return uid


@contextmanager
def held(*paths: Path) -> Iterator[None]:
    """Whoever opens these files waits until the end (Linux leases, fcntl(2))."""
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)
    files = [os.open(path, os.O_RDWR) for path in paths]
    try:
        for file in files:
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        yield
    finally:
        for file in files:
            os.close(file)
        signal.signal(signal.SIGIO, before)


async def test_the_first_picture_is_exact_before_the_whole_is_loaded(
    people: People, server: Server, studies: Studies, long_study: str
) -> None:
    host = await people.come(1440, 900)
    middle = IMAGES // 2
    with held(studies.kept("long", middle - 6), studies.kept("long", middle + 6)):
        await host.join(server.open(long_study)["host"])
        await check_exact(host)
        await expect(host.page.locator("#stage")).to_contain_text(f"/ {IMAGES}")
        await expect(host.page.locator("#stage .badges")).to_contain_text("INCOMPLETE")
        await host.wait_for("document.querySelectorAll('.scrubber .run').length > 0")
        badge, percent = await host.page.evaluate(LOADED)
        assert 0 < badge < IMAGES
        assert percent == pytest.approx(100 * badge / IMAGES)
    badges = host.page.locator("#stage .badges")
    await expect(badges).not_to_contain_text("INCOMPLETE", timeout=20_000)
    assert host.loadings[-1]["ready"] == [[0, IMAGES - 1]]
    await host.after(host.page.keyboard.press("Home"))
    await check_exact(host)
