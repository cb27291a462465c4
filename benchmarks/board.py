"""A tumor board of ten cases and fourteen people: from the key that switches to the next case to its first picture, and
to the exact one, with what is made of the next case before anybody switches, and without; and kill -9 in the sixth.

Host and guest are pages of real Chromium, by whose own clock it is timed; the twelve others have no browser
(tests/support/board_process.py): they take the moving picture and each exact still, as pages do. Every case is
switched to for the first time, so nothing of it is decoded unless the server has done so ahead.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, async_playwright

from benchmarks.board_files import write_cases
from benchmarks.rows import Row, progress, quantile
from benchmarks.serving import quiet
from tests.support.board_process import BoardPeople
from tests.support.person import CHROMIUM_FLAGS, Person
from tests.support.server import Server, consult
from tests.support.zygote import COMMAND

CASES, OTHERS, KILLED_IN = 10, 12, 6
SIZE = (1920, 1080)
UNPREPARED = "benchmarks.unprepared_server"
PICTURE_MS, EXACT_MS, BACK_S = 500.0, 1500.0, 5.0
"""What issue 17 asks for."""
WATCH = """(() => {
  window.switches = {};
  document.querySelector('#stage').addEventListener('painted', ({detail}) => {
    const seen = (window.switches[detail.case] ??= {}), now = performance.timeOrigin + performance.now();
    seen.picture ??= now;
    if (detail.stream === 'still') seen.exact ??= now;
  });
})()"""
"""Of each case, by its epoch, when its first picture was painted, and when the exact one was; ms since 1970."""
SWITCH = """() => {
  const at = performance.timeOrigin + performance.now();
  document.dispatchEvent(new KeyboardEvent('keydown', {key: 'n', bubbles: true, cancelable: true}));
  return at;
}"""


@dataclass
class Taken:
    """How long it took after each switch, in ms: of a page or of many people."""

    picture: list[float] = field(default_factory=list)
    exact: list[float] = field(default_factory=list)


Walked = dict[str, Taken]
"""By who: host, guest, the others."""


@contextmanager
def board_data() -> Iterator[tuple[Path, list[str]]]:
    """A data directory with one study more than cases: the board begins with one that nothing is switched to."""
    with tempfile.TemporaryDirectory(prefix="consult-bench-") as name:
        data = Path(name)
        studies = write_cases(data / "files", CASES + 1)
        consult("import", str(data / "files"), data=data)
        shutil.rmtree(data / "files")
        yield data, studies


async def come(browser: Browser, link: str, name: str = "") -> Person:
    """Somebody with an exact picture at 1080p."""
    context = await browser.new_context(viewport={"width": SIZE[0], "height": SIZE[1]})
    person = Person(context, await context.new_page())
    person.ignore_messages()
    await person.join(link, name)
    await person.page.evaluate(WATCH)
    return person


async def walk(browser: Browser, server: Server, links: dict[str, str]) -> Walked:
    """The host goes from case to case, once all is quiet."""
    host, guest = await come(browser, links["host"]), await come(browser, links["guest"], "Guest")
    walked: Walked = {"host": Taken(), "guest": Taken(), f"{OTHERS} others": Taken()}
    async with BoardPeople() as others:
        await others.ask("come", link=links["guest"], count=OTHERS)
        await host.page.get_by_role("button", name="Begin the board").click()
        for epoch in range(2, CASES + 2):
            await quiet(server.pid)
            at: float = await host.page.evaluate(SWITCH)
            for name, person in (("host", host), ("guest", guest)):
                await person.wait_for(f"window.switches[{epoch}]?.picture && window.switches[{epoch}]?.exact")
                seen: dict[str, float] = await person.page.evaluate(f"window.switches[{epoch}]")
                walked[name].picture.append(seen["picture"] - at)
                walked[name].exact.append(seen["exact"] - at)
            noted = await others.ask("seen", epoch=epoch)
            walked[f"{OTHERS} others"].picture += [1000 * one - at for one in noted["picture"]]
            walked[f"{OTHERS} others"].exact += [1000 * one - at for one in noted["exact"]]
    for person in (host, guest):
        await person.context.close()
    return walked


def switch_rows(walked: Walked, beside: Walked) -> list[Row]:
    """Two rows for each of those who look; the peer is the same server with nothing made ahead."""
    rows = []
    for who, taken in walked.items():
        without = beside[who]
        for what, mine, theirs, due in (
            ("the first picture", taken.picture, without.picture, PICTURE_MS),
            ("the exact one", taken.exact, without.exact, EXACT_MS),
        ):
            p95, peers = quantile(mine, 0.95), f"{quantile(theirs, 0.5):.0f} / {quantile(theirs, 0.95):.0f}"
            detail = f"p95 {p95:.0f} of {len(mine)}, due {due:.0f}; without prefetch p50 / p95 {peers}"
            name = f"switch to {what}, {who}"
            rows.append(Row(name, quantile(mine, 0.5), "ms", detail, "nothing made ahead", quantile(theirs, 0.5)))
    return rows


async def kill_row(server: Server, links: dict[str, str]) -> Row:
    """Twelve people without a browser decide five cases; kill -9 in the sixth, whose draft stands on all screens."""
    async with BoardPeople() as people:
        await people.ask("come", link=links["host"])
        await people.ask("come", link=links["guest"], count=OTHERS - 1)
        await people.ask("decide", cases=KILLED_IN - 1)
        waiting = asyncio.create_task(people.ask("back", link=links["host"], decisions=KILLED_IN - 1))
        await asyncio.sleep(0.1)  # the command is there
        began = time.time()
        server.kill()
        await asyncio.to_thread(server.start)
        answers = time.time() - began
        noted: dict[str, Any] = await waiting
    taken = [at - began for at in noted["back"]]
    detail = (
        f"p50 {quantile(taken, 0.5):.2f}, due {BACK_S:.0f}; the server answers after {answers:.2f}; "
        f"decisions 1 to {KILLED_IN - 1} and the draft of the next are there"
    )
    return Row(f"kill -9 in case {KILLED_IN}, {OTHERS} people: until the last has all again", max(taken), "s", detail)


async def measure_all(data: Path, studies: list[str]) -> list[Row]:
    """The rows. What was decoded for one server is gone before the next."""
    walked: dict[str, Walked] = {}
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        for module in (UNPREPARED, COMMAND):
            progress("with nothing made ahead" if module == UNPREPARED else "as it is")
            shutil.rmtree(data / "volumes", ignore_errors=True)
            server = Server(data, module=module)
            server.start()
            try:
                walked[module] = await walk(browser, server, server.open_board(*([uid] for uid in studies)))
            finally:
                server.kill()
        await browser.close()
    progress(f"kill -9 in case {KILLED_IN}")
    server = Server(data)
    server.start()
    try:
        killed = await kill_row(server, server.open_board(*([uid] for uid in studies)))
    finally:
        server.kill()
    return [*switch_rows(walked[COMMAND], walked[UNPREPARED]), killed]


def run() -> list[Row]:
    """The rows."""
    with board_data() as (data, studies):
        return asyncio.run(measure_all(data, studies))
