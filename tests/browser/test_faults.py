"""Faults of files, disks and peers: a clear sentence to whom it concerns, nothing else disturbed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path

import httpx
import pytest
import websockets
from playwright.async_api import expect

from tests.browser.conftest import People, Studies
from tests.support.ct import write_series
from tests.support.person import Person, check_exact
from tests.support.server import Server, consult, serving
from tests.support.together import HOST, Comes, Persons, together
from tests.support.waiting import PATIENCE_S

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
two = together(HOST, Comes(800, 600, name="Dr. Guest"))
IMAGES = 6
BROKEN, KILLING = 1, 3
"""Images, from the feet."""
FAULT = ".fault:not([hidden])"


@pytest.fixture
def faulty_study(studies: Studies, server: Server) -> str:
    """A study that was taken in whole; since then one file has lost its end, and one never lets go of who reads it."""
    folder = studies.data / "files" / "faulty"
    uid = write_series(folder, images=IMAGES, patient="TEST^FAULTY", patient_id="4713")
    consult("import", str(folder), data=studies.data)
    broken, killing = studies.kept("faulty", BROKEN), studies.kept("faulty", KILLING)
    broken.write_bytes(broken.read_bytes()[:2000])
    killing.unlink()
    os.mkfifo(killing)
    return uid


def waiting_for_a_fifo(server: Server) -> Iterator[tuple[int, str]]:
    """Workers of the server that are in opening a file, each with where exactly it is."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError):  # it has ended
            session = int((process / "stat").read_text().rpartition(")")[2].split()[3])
            where = (process / "syscall").read_text()
            if session == server.pid != int(process.name) and where.split()[0] == OPENAT[os.uname().machine]:
                yield int(process.name), where


OPENAT = {"x86_64": "257", "aarch64": "56"}
"""Number of openat(2)."""


async def kill_stuck_workers(server: Server) -> None:
    """What a decoder's bug would do to them, until cancelled: to who is in the same opening for three looks, since any
    file takes its time on a busy disk."""
    seen = Counter[tuple[int, str]]()
    while True:
        waiting = set(waiting_for_a_fifo(server))
        seen = Counter({one: seen[one] + 1 for one in waiting})
        for one, times in seen.items():
            if times >= 3:
                os.kill(one[0], signal.SIGKILL)
        await asyncio.sleep(0.02)  # another process that waits says so to nobody


@asynccontextmanager
async def deadly(server: Server) -> AsyncIterator[None]:
    """Whoever waits for a file that never comes is killed meanwhile."""
    killer = asyncio.create_task(kill_stuck_workers(server))
    try:
        yield
    finally:
        killer.cancel()
        await asyncio.gather(killer, return_exceptions=True)


async def look_at(host: Person, guest: Person, number: int) -> str:
    """Both see the next image, of that number, or the same sentence instead, which is returned."""
    await host.page.keyboard.press("ArrowDown")
    if number not in (IMAGES - BROKEN, IMAGES - KILLING):
        await asyncio.gather(host.sees(number), guest.sees(number))
        await expect(host.page.locator(FAULT)).to_have_count(0)
        return ""
    fault = host.page.locator(FAULT).first
    await fault.wait_for()
    sentence = await fault.inner_text()
    await guest.page.locator(FAULT).get_by_text(sentence).first.wait_for()
    assert await host.data("fidelity") == "lossy"
    assert await guest.data("fidelity") == "lossy"
    badge = "DAMAGED" if number == IMAGES - BROKEN else "NOT SHOWN"
    for person in (host, guest):
        await expect(person.page.locator(".badge", has_text=badge)).to_have_count(1)
    return sentence


async def test_bad_images_are_told_and_the_others_can_be_looked_at(
    two: Persons, people: People, server: Server, studies: Studies, faulty_study: str
) -> None:
    other, _ = two
    host, guest = await people.come(1024, 768), await people.come(390, 844, touch=True)
    bad = server.open(faulty_study)
    async with deadly(server):
        await host.join(bad["host"])
        await guest.join(bad["guest"], "Referring physician")
        await host.after(host.page.keyboard.press("Home"))
        sentences = {number: await look_at(host, guest, number) for number in range(2, IMAGES + 1)}
    assert "ended the process" in sentences[IMAGES - KILLING]
    assert sentences[IMAGES - BROKEN]
    for sentence in sentences.values():
        assert str(studies.data) not in sentence
        assert "FAULTY" not in sentence
    await check_exact(host)
    await other.after(other.page.keyboard.press("ArrowDown"))
    await check_exact(other)
    assert not host.problems + guest.problems + other.problems


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few MiB."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount a disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(path: Path) -> None:
    """Write until there is no room left."""
    with path.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue


async def rename(person: Person, name: str) -> None:
    """By the menu."""
    await person.page.get_by_role("button", name="More", exact=True).click()
    await person.page.get_by_text("Change your name").click()
    await person.page.get_by_role("textbox").fill(name)
    await person.page.get_by_role("button", name="Change", exact=True).click()


async def test_a_full_disk_stops_commands_with_a_sentence_and_no_view(people: People, small_disk: Path) -> None:
    study = write_series(small_disk / "files", images=8, size=64)
    with serving(small_disk, files=small_disk / "files") as server:
        links = server.open(study)
        host, guest = await people.come(1440, 900), await people.come(1280, 720)
        await host.join(links["host"])
        await guest.join(links["guest"], "Dr. Guest")
        await host.wait_for("!document.querySelector('#stage').textContent.includes('INCOMPLETE')")
        fill(small_disk / "filler")
        number = await host.image_number()
        for step in (1, 2):
            await host.page.keyboard.press("ArrowUp")
            await asyncio.gather(host.sees(number - step), guest.sees(number - step))
        await rename(host, "Dr. Nobody")
        await host.page.locator(".notice").get_by_text("stored").wait_for()
        await expect(guest.page.locator("body")).not_to_contain_text("Dr. Nobody")
        (small_disk / "filler").unlink()
        await rename(host, "Dr. Somebody")
        await guest.page.get_by_text("Dr. Somebody").first.wait_for()
        await host.page.keyboard.press("ArrowDown")
        await asyncio.gather(host.sees(number - 1), guest.sees(number - 1))
        await check_exact(guest)


@asynccontextmanager
async def deaf(server: Server, link: str) -> AsyncIterator[websockets.ClientConnection]:
    """Somebody named Deaf whose connection is open and takes nothing."""
    path, _, secret = link.removeprefix(server.address).partition("#")
    async with httpx.AsyncClient(base_url=server.address) as client:
        seat = (await client.post(f"{path}/seat", json={"secret": secret, "name": "Deaf"})).json()["seat"]
        cookies = "; ".join(f"{c.name}={c.value}" for c in client.cookies.jar if c.path == seat)
    socket = await websockets.connect(
        server.address.replace("http", "ws") + seat + "ws",
        additional_headers={"Origin": server.address, "Cookie": cookies},
        max_queue=1,
        ping_interval=None,
        open_timeout=PATIENCE_S,
        compression=None,
    )
    hello = {"type": "hello", "protocol": 2, "tab": "deaf-tab-1", "screen": {"width": 640, "height": 480}}
    await socket.send(json.dumps(hello))
    try:
        yield socket
    finally:
        socket.transport.abort()


async def flood(socket: websockets.ClientConnection) -> None:
    """Ask for answers and take none, until the connection is cut: then websockets raises ConnectionClosed."""
    async with asyncio.timeout(PATIENCE_S):
        for n in count():
            await socket.send(json.dumps({"type": "ping", "t": n}))


async def test_a_page_that_takes_nothing_is_cut_off_and_disturbs_nobody(two: Persons, server: Server) -> None:
    host, guest = two
    async with deaf(server, two.links["guest"]) as socket:
        await host.page.locator("#rail").get_by_text("Deaf", exact=True).wait_for()
        with pytest.raises(websockets.ConnectionClosed):
            await flood(socket)
        await host.page.locator("#rail").get_by_text("Deaf", exact=True).wait_for(state="detached")
        number = await host.image_number()
        await host.page.keyboard.press("ArrowDown")
        await asyncio.gather(host.sees(number + 1), guest.sees(number + 1))
    assert not host.problems + guest.problems
