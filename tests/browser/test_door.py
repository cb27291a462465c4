"""The way in, through proxies as hospitals have them: one comes in, or a sentence says why not and what to do."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Playwright, expect

from tests.browser.conftest import People
from tests.support.ct import write_series
from tests.support.firefox import Firefox
from tests.support.person import CHROMIUM_FLAGS, Person, check_exact
from tests.support.proxy import Rules, proxy
from tests.support.server import Server, consult
from tests.support.waiting import PATIENCE_S

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
PREFIX = "/clinic/consult"
NO_STORAGE = """for (const name of ['localStorage', 'sessionStorage'])
  Object.defineProperty(window, name, {get() { throw new DOMException('blocked', 'SecurityError'); }});"""
NO_UDP = """(() => {
  const set = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = function ({type, sdp}) {
    return set.call(this, {type, sdp: sdp.replace(/^(a=candidate:\\S+ \\d+ udp \\d+ \\S+) \\d+/gmi, '$1 9')});
  };
})();"""
TRY_NOW = "document.querySelector('#loading button')?.click()"
"""It may be live by itself."""
PHONE_STANDS = "[...document.querySelectorAll('audio')].every((player) => player.muted)"


@dataclass
class Door:
    """A server, and the public address that it was told: that of a proxy, below a prefix; or its own."""

    server: Server
    public: str
    study: str

    def open(self) -> dict[str, str]:
        """A consult: its links as of the server itself."""
        opened = self.server.open(self.study, title="Second opinion")
        return {name: value.replace(self.public, self.server.address) for name, value in opened.items()}

    def seats(self, consult: str) -> list[str]:
        """Who has a seat."""
        headers = {"Authorization": f"Bearer {self.server.token}"}
        answer = httpx.get(f"{self.server.address}/api/consults/{consult}", headers=headers).json()
        return [seat["name"] for seat in answer["seats"]]


def with_a_study(data: Path) -> tuple[Path, str]:
    """A data directory with one small study, and its StudyInstanceUID."""
    study = write_series(data / "files", images=6, size=64)
    consult("import", str(data / "files"), data=data)
    return data, study


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    """A server that people reach by whatever address of this machine a proxy has."""
    folder, study = with_a_study(tmp_path_factory.mktemp("door"))
    made = Door(Server(folder), "", study)
    made.server.start()
    made.public = made.server.address
    yield made
    made.server.kill()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def clinic(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    """A server with a public address, which alone counts."""
    folder, study = with_a_study(tmp_path_factory.mktemp("clinic"))
    own, port = free_ports()
    public = f"http://127.0.0.1:{port}{PREFIX}"
    made = Door(Server(folder, "--public-url", public), public, study)
    made.server.address = own_address = f"http://127.0.0.1:{own}"
    made.server.start()
    made.server.address = own_address  # it prints the public one
    yield made
    made.server.kill()


def free_ports() -> tuple[int, int]:
    """Two of them."""
    with socket.socket() as one, socket.socket() as other:
        for each in (one, other):
            each.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def port_of(door: Door) -> int:
    """Of its public address."""
    port = urlsplit(door.public).port
    assert port
    return port


async def says(person: Person, why: str, *sentences: str) -> None:
    """The page says why it is not live, and what to do."""
    await expect(person.page.locator(f"body[data-why={why}]")).to_have_count(1)
    for sentence in sentences:
        await person.page.get_by_text(sentence).first.wait_for()


async def test_a_websocket_that_does_not_come_through_is_named_and_tried_again(people: People, door: Door) -> None:
    links = door.open()

    async def meet(name: str, *ways: tuple[Literal["refuse", "hang", "strip"], str, str, str]) -> None:
        rules = Rules()
        async with proxy(door.server.address, rules) as between:
            guest = await people.come(800, 600)
            for n, (how, why, *sentences) in enumerate(ways):
                rules.websocket = how
                await (guest.page.evaluate(TRY_NOW) if n else guest.enter(between.of(links["guest"]), name))
                await says(guest, why, *sentences)
                assert await guest.data("state") == "joining"
                await guest.page.get_by_role("button", name="Try now").wait_for()
            rules.websocket = "pass"
            await guest.page.evaluate(TRY_NOW)
            await guest.state("live")
            await guest.settled()
            await expect(guest.page.locator("#loading")).to_be_hidden()
            assert not guest.problems

    blocks = "This network blocks the connection"
    upgrade = "does not pass on the Upgrade of WebSockets"
    await asyncio.gather(
        meet("A", ("refuse", "blocked", blocks, "mobile data"), ("strip", "proxy", upgrade, "whoever runs the server")),
        meet("B", ("hang", "blocked", blocks, "ask your IT")),
    )


async def open_at_home(home: Person, clinic: Door) -> str:
    """The host opens a consult at home; the link to invite, in the dialog that is open then."""
    await home.page.get_by_role("checkbox").first.check()
    await home.page.get_by_role("button", name="Open consult").click()
    field = home.page.get_by_role("dialog", name="Invite").get_by_label("Link", exact=True)
    await expect(field).to_have_value(re.compile("/join/"))
    link = await field.input_value()
    assert link.startswith(f"{clinic.public}/join/")
    return link


async def test_below_a_prefix_all_works_whatever_host_the_proxy_names(people: People, clinic: Door) -> None:
    rules = Rules(prefix=PREFIX, keep_prefix=True)
    async with proxy(clinic.server.address, rules, port_of(clinic)) as between:
        home, guest = await people.come(1280, 720), await people.come(800, 600)
        await home.page.goto(f"{clinic.public}#{clinic.server.token}")
        await guest.join(await open_at_home(home, clinic), "Referring physician")
        await check_exact(guest)
        rules.keep_prefix = False
        for host in ("", "10.0.0.7:8000"):
            rules.host = host
            await home.page.goto(f"{clinic.public}/")  # a proxy that takes the prefix away adds the slash itself
            await home.page.reload()
            await open_at_home(home, clinic)
            await guest.page.reload()
            await guest.state("live")
            await guest.settled()
        await home.page.get_by_role("dialog", name="Invite").get_by_role("link", name="Go to the consult").click()
        await home.sit_down()
        await home.state("live")
        assert not home.problems + guest.problems
        assert all(path.startswith(PREFIX) for path in between.asked), "nothing beside the prefix"


async def test_in_firefox_too(clinic: Door) -> None:
    rules = Rules(prefix=PREFIX, host="")
    async with proxy(clinic.server.address, rules, port_of(clinic)) as between, Firefox(800, 600) as firefox:
        await firefox.goto(between.of(clinic.open()["guest"]))
        await firefox.wait_for("!!document.querySelector('input[name=name]')")
        await firefox.type_into("input[name=name]", "Fox")
        await firefox.wait_for("document.body?.dataset.state === 'live' && document.body.dataset.revision > 0")


async def test_an_address_that_the_server_does_not_know_is_named(people: People, door: Door) -> None:
    async with proxy(door.server.address, Rules(host="10.0.0.7")) as between:
        guest = await people.come(800, 600)
        await guest.page.goto(between.of(door.open()["guest"]))
        await guest.page.get_by_label("Your name").fill("A")
        await guest.page.get_by_role("button", name="only listen").click()
        await says(guest, "address", "--public-url", "as its own")


async def test_blocked_cookies_are_named_and_blocked_storage_stops_nobody(people: People, door: Door) -> None:
    links = door.open()
    async with proxy(door.server.address, Rules(cookies=False)) as between:
        guest = await people.come(390, 844)
        await guest.page.goto(between.of(links["guest"]))
        await guest.page.get_by_label("Your name").fill("A")
        await guest.page.get_by_role("button", name="only listen").click()
        await says(guest, "cookies", "Cookies are blocked", "use another browser")
    other = await people.come(390, 844)
    await other.page.add_init_script(NO_STORAGE)
    await other.join(links["guest"], "B")
    assert not guest.problems + other.problems


async def test_cookies_that_the_browsers_settings_block_are_named_before_anything_is_asked(
    playwright: Playwright, door: Door, tmp_path: Path
) -> None:
    """Seen to fail: `navigator.cookieEnabled` is true there; the home asked for a token that it had been given."""
    preferences = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default/Preferences").write_text(json.dumps(preferences))
    context = await playwright.chromium.launch_persistent_context(
        tmp_path, executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS
    )
    guest, host = Person(context, await context.new_page()), Person(context, await context.new_page())
    opened = door.open()
    await guest.page.goto(opened["guest"])
    await says(guest, "cookies", "Cookies are blocked", "use another browser")
    assert await guest.page.get_by_role("button", name="Deutsch").count() == 0, "a choice that nothing could keep"
    assert door.seats(opened["consult"]) == [], "no seat is taken for nothing"
    await host.page.goto(f"{door.server.address}/#{door.server.token}")
    await expect(host.page.get_by_role("alert")).to_contain_text("Cookies are blocked")
    assert guest.problems + host.problems == []
    await context.close()


async def test_the_servers_own_fault_is_told_as_its_own_and_tried_again(people: People, door: Door) -> None:
    async with proxy(door.server.address) as between:
        guest = await people.come(390, 844)
        for fault in (500, 502, 413, 507):
            between.rules.faults = {"^POST /join": fault}
            await guest.page.goto("about:blank")
            await guest.page.goto(between.of(door.open()["guest"]))
            await says(guest, "server", "The server has a problem", "neither your link nor your connection")
        between.rules.faults = {"^POST .*/seat$": 507}
        await guest.page.get_by_label("Your name").fill("A")  # it was tried again by itself
        await guest.page.get_by_role("button", name="only listen").click()
        await says(guest, "server", "The server has a problem")
        between.rules.faults = {}  # nothing is pressed twice; seen to fail: the form was there again, without a word
        await guest.page.wait_for_url("**/seat/**")
        await guest.state("live")
        late = await people.come(390, 844)
        between.rules.faults = {"^POST /join": 503}
        await late.page.goto(between.of(door.open()["guest"]))
        await says(late, "server", "The server has a problem")
        between.stop_listening()
        await late.page.get_by_role("button", name="Try again").click()
        await says(late, "unreachable", "The server does not answer")
        await expect(late.page.get_by_text("no longer works")).to_have_count(0)


async def test_a_link_is_read_as_it_was_meant_and_half_a_one_is_told_so(people: People, door: Door) -> None:
    link = door.open()["guest"]
    guest = await people.come(390, 844)
    await guest.page.goto(f"{link.replace('#', '%23')}%3E.{link}")
    await guest.page.get_by_text("invites you").wait_for()
    await guest.page.goto("about:blank")
    await guest.page.goto(link.partition("#")[0])
    await says(guest, "incomplete", "The link is incomplete. Copy it whole.")
    assert await guest.data("state") == "ended"


async def test_who_only_opens_a_hosts_link_takes_no_seat(people: People, door: Door) -> None:
    links = door.open()
    checker = await people.come(800, 600)
    await checker.page.goto(links["host"])
    await checker.page.get_by_role("button", name="Continue as Dr. Host").wait_for()
    await checker.page.wait_for_load_state("networkidle")
    assert door.seats(links["consult"]) == []
    await checker.join(links["host"])
    assert door.seats(links["consult"]) == ["Dr. Host"]
    await checker.page.goto("about:blank")
    await expect_gone(door, links["consult"])
    await checker.page.goto(links["host"])
    await checker.page.wait_for_url("**/seat/**")
    await checker.state("live")
    assert door.seats(links["consult"]) == ["Dr. Host"], "this browser has the seat: no click, and no second one"


async def expect_gone(door: Door, consult_id: str) -> None:
    """Nobody is there any more."""
    headers = {"Authorization": f"Bearer {door.server.token}"}
    async with httpx.AsyncClient(headers=headers) as client, asyncio.timeout(PATIENCE_S):
        while (await client.get(f"{door.server.address}/api/consults/{consult_id}")).json()["people"]:
            pass


async def test_who_is_on_the_phone_says_so_before_joining(people: People, door: Door) -> None:
    links = door.open()
    guest, listener = await people.come(1440, 900), await people.come(1440, 900)
    await guest.page.goto(links["guest"])
    await guest.page.get_by_text("Comes through").wait_for()
    await guest.page.get_by_label("Your name").fill("Surgeon")
    await guest.page.get_by_role("button", name="We are on the phone already").click()
    await guest.page.wait_for_url("**/seat/**")
    await guest.state("live")
    await guest.page.get_by_role("button", name="On the phone").wait_for()
    await guest.wait_for("document.querySelectorAll('audio').length === 3")
    assert await guest.evaluate(PHONE_STANDS)
    assert "#" not in guest.page.url
    await listener.page.add_init_script(NO_UDP)
    await listener.page.goto(links["guest"])
    await listener.page.get_by_text("This network lets none through. Use the telephone.").wait_for()
    await expect(listener.page.get_by_role("button", name="microphone")).to_have_count(0)
    await listener.page.get_by_label("Your name").fill("Listener")
    await listener.page.get_by_role("button", name="Join, and use the telephone").click()
    await listener.page.wait_for_url("**/seat/**")
    await listener.state("live")
    await listener.page.get_by_role("button", name="On the phone").click()
    await listener.page.get_by_text(re.compile("Only (listen|look)")).click()
    await listener.page.get_by_role("button", name="No voice here: use the telephone").click()
    await expect(listener.page.get_by_role("menuitemradio")).to_have_count(2)
    await expect(listener.page.get_by_role("button", name="Connection: Good")).to_have_count(0)


async def test_a_slow_line_says_what_is_under_way_and_few_files_are_asked_for(people: People, door: Door) -> None:
    links = door.open()
    async with proxy(door.server.address, Rules(bytes_per_s=400_000 / 8, delay_s=0.05)) as between:
        guest = await people.come(800, 600)
        await guest.page.goto(between.of(links["guest"]), wait_until="commit")
        await guest.page.get_by_text("Opening the invitation").wait_for()
        await guest.enter(between.of(links["guest"]), "Slow")
        await guest.page.locator("#loading").get_by_text("Connecting to the consult").wait_for()
        await guest.state("live")
        await guest.settled()
        asked = {path.partition("?")[0] for path in between.asked}
        assert len(asked) < 25, asked
