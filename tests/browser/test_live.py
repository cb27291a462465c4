"""Live for everybody: WebRTC and WebSocket in one consult, a network that lets no datagram through, a page that hangs.

All WebRTC of this module passes a relay of ours: the server advertises the relay's port, and browsers hide their own
addresses, so that the relay can drop every datagram. Each test was seen to fail with what it guards taken out.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.browser.conftest import People
from tests.support.ct import write_series
from tests.support.firefox import Firefox
from tests.support.impair import Relay, free_udp_port
from tests.support.live_client import LiveClient
from tests.support.motion import TRANSPORT_CHANGES, WATCH, check_painted, comes_by, scroll, watch
from tests.support.person import EXACT, Person, check_exact
from tests.support.server import Server, behind, consult
from tests.support.waiting import PATIENCE_S

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
WIDTH, HEIGHT = 800, 600
CHANGES, PER_S = 60, 30
LEAST = 24
"""So many frames each page paints before the wheel stands still; the others are passed over, newest wins."""
FLOWED = "window.seen.filter((one) => one.rtp !== null).length"
ENOUGH = f"{FLOWED} >= {LEAST}"
FLOWING = 10
"""Frames that each page paints before a page that hangs is cut off. Where the others wait for it they paint none."""
CUT_OFF = "takes nothing, aborted"
"""The server's log of a media socket that it gives up."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def relay() -> AsyncIterator[Relay]:
    """The network between browsers and server."""
    async with Relay(free_udp_port(), seed=1) as relay:
        yield relay


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data directory with one small CT, and its StudyInstanceUID."""
    data = tmp_path_factory.mktemp("live")
    uid = write_series(data / "files")
    consult("import", str(data / "files"), data=data)
    return data, uid


@pytest.fixture(scope="module")
def server(relay: Relay, study: tuple[Path, str]) -> Iterator[Server]:
    """A server that browsers reach through the relay."""
    serving = behind(relay, study[0])
    serving.start()
    yield serving
    serving.kill()


@pytest.fixture
def links(server: Server, study: tuple[Path, str]) -> dict[str, str]:
    """A new consult: the host's and the guest's link."""
    return server.open(study[1], title="Live")


async def check_end(*persons: Person) -> None:
    """All show an exact still, those of one shape the same, pixel by pixel; none refused a picture."""
    shown: dict[str, set[str]] = {}
    pixels: dict[str, set[bytes]] = {}
    for person in persons:
        rest = await check_exact(person)
        assert await person.data("refused") == ""
        assert not person.problems
        shape = json.dumps({v: w["rect"] for v, w in rest.viewports.items()})
        shown.setdefault(shape, set()).add(json.dumps(rest.digests))
        pixels.setdefault(shape, set()).add(rest.canvas.tobytes())
    assert {len(digests) for digests in shown.values()} == {1}
    assert {len(canvases) for canvases in pixels.values()} == {1}
    assert len(shown) < len(persons), "equal windows have one shape"


async def test_webrtc_and_websocket_move_together(people: People, links: dict[str, str], relay: Relay) -> None:
    async with Firefox(WIDTH, HEIGHT) as firefox:
        await firefox.goto(links["guest"])
        await firefox.wait_for("document.querySelector('input')")
        await firefox.type_into("input", "In Firefox")
        await firefox.wait_for(f"document.body && {comes_by('websocket')} && {EXACT}")
        await firefox.evaluate(f"{WATCH}, 0")
        host, guest = persons = [await people.come(WIDTH, HEIGHT) for _ in range(2)]
        await host.join(links["host"])
        await guest.join(links["guest"], "Referring physician")
        for person in persons:
            await watch(person, "webrtc")
        await host.page.evaluate("window.goOn = true")
        scrolling = asyncio.create_task(scroll(host, CHANGES, PER_S))
        await firefox.wait_for(ENOUGH)
        for person in persons:
            await person.wait_for(ENOUGH)
        await host.page.evaluate("window.goOn = false")
        revision = await scrolling
        await firefox.wait_for(f"Number(document.body.dataset.revision) >= {revision} && {EXACT}")
        in_firefox = await firefox.evaluate("window.seen")
        assert {one["transport"] for one in in_firefox} == {"websocket"}
        check_painted(in_firefox, LEAST)
        assert await firefox.evaluate("document.body.dataset.refused ?? ''") == ""
    for person in persons:
        assert await person.settled(revision) == revision
        seen = await person.page.evaluate("window.seen")
        assert {one["transport"] for one in seen} == {"webrtc"}
        check_painted(seen, LEAST)
    await check_end(*persons)
    assert len([link for link in relay.links("down") if link.counts.passed > LEAST]) >= 2, "it passed the relay"


async def test_a_page_that_joins_in_mid_scroll_moves_with_the_others(people: People, links: dict[str, str]) -> None:
    """How long it takes to its first frame: `consult bench --only moving`."""
    host = await people.come(WIDTH, HEIGHT)
    await host.join(links["host"])
    await watch(host, "webrtc")
    await host.page.evaluate("window.goOn = true")
    scrolling = asyncio.create_task(scroll(host, CHANGES, PER_S))
    await host.wait_for("window.seen.length > 20")
    late = await people.come(WIDTH, HEIGHT)
    await late.enter(links["guest"], "Late")
    await watch(late, "webrtc")
    for person in (host, late):
        await person.wait_for(ENOUGH)
    assert not scrolling.done()
    await host.page.evaluate("window.goOn = false")
    revision = await scrolling
    assert await late.settled(revision) == revision
    for person in (host, late):
        check_painted(await person.page.evaluate("window.seen"), LEAST)
    await check_end(host, late)


async def test_udp_that_drops_every_packet_goes_to_websocket_and_back_when_it_opens(
    people: People, links: dict[str, str], relay: Relay
) -> None:
    """How long each takes: `consult bench --only network`."""
    host, guest = [await people.come(WIDTH, HEIGHT) for _ in range(2)]
    await host.join(links["host"])
    await guest.join(links["guest"], "Referring physician")
    for person in (host, guest):
        await watch(person, "webrtc")
        await person.page.evaluate(TRANSPORT_CHANGES)
    await host.page.evaluate("window.goOn = true")
    scrolling = asyncio.create_task(scroll(host, 1, PER_S))
    await guest.wait_for("window.seen.length > 20")
    relay.block()
    try:
        for person in (host, guest):
            await person.wait_for(comes_by("websocket"))
        for person in (host, guest):
            await person.wait_for(f"window.seen.filter((one) => one.transport === 'websocket').length > {LEAST // 2}")
    finally:
        relay.unblock()
    for person in (host, guest):
        await person.wait_for(comes_by("webrtc"))
        await person.page.evaluate("window.back = window.seen.length")
    for person in (host, guest):
        await person.wait_for(
            f"window.seen.slice(window.back).filter((one) => one.transport === 'webrtc').length > {LEAST // 2}"
        )
    await host.page.evaluate("window.goOn = false")
    revision = await scrolling
    assert await guest.settled(revision) == revision
    for person in (host, guest):
        transports = await person.page.evaluate("window.transports")
        assert transports == ["webrtc", "websocket", "webrtc"]
        check_painted(await person.page.evaluate("window.seen"), LEAST)
    await check_end(host, guest)


async def cut_off(server: Server) -> None:
    """Wait until the server has given up a media socket. It has no client's state that a test could ask for."""
    async with asyncio.timeout(PATIENCE_S):
        while CUT_OFF not in (server.data / "server.log").read_text():  # noqa: ASYNC110 - a log has no event here
            await asyncio.sleep(0.02)


async def test_a_page_whose_sockets_stop_reading_disturbs_nobody(
    people: People, links: dict[str, str], server: Server
) -> None:
    host, guest = [await people.come(WIDTH, HEIGHT) for _ in range(2)]
    await host.join(links["host"])
    await guest.join(links["guest"], "Referring physician")
    for person in (host, guest):
        await watch(person, "webrtc")
    height, width, _ = (await host.canvas()).shape
    hanging = LiveClient((width, height), buffered=False)  # so it shares the encoder of the others
    await hanging.join(links["guest"], "Hanging")
    await hanging.take_socket()
    hanging.stop_reading()
    assert CUT_OFF not in (server.data / "server.log").read_text()
    await host.page.evaluate("window.goOn = true")
    scrolling = asyncio.create_task(scroll(host, CHANGES, PER_S))
    try:
        await cut_off(server)
        flowed = [await person.page.evaluate(FLOWED) for person in (host, guest)]
        assert min(flowed) >= FLOWING, flowed
        await host.page.evaluate("window.goOn = false")
        revision = await scrolling
        assert await guest.settled(revision) == revision
    finally:
        await hanging.close()
    for person in (host, guest):
        check_painted(await person.page.evaluate("window.seen"), LEAST // 2)
    await check_end(host, guest)
