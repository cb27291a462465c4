"""Speech from one page arrives as speech at the others and not at its sender; who is muted sends nothing."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Playwright, expect

from tests.support.person import METERED, Person, check_exact
from tests.support.voice import GROWS, LISTEN, REMEMBER_PEERS, SPEAK, launch, likeness, stats, write_speech

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
TALK_MS, STEP_MS, PATIENCE_MS = 9000, 100, 20_000
ALIKE = 0.7
QUIET, SPEECH = 1e-5, 0.01
"""Energy in a few seconds: what concealment leaves of a voice that ended; and what a sentence brings at least."""


@pytest.fixture(scope="session")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence and a gap, as a wav."""
    assert shutil.which("espeak-ng"), "tools/setup dev installs espeak-ng"
    return write_speech(tmp_path_factory.mktemp("speech") / "speech.wav")


class Browsers:
    """Browsers of one test, each with one person."""

    def __init__(self, driver: Playwright) -> None:
        self._driver = driver
        self._browsers: list[Browser] = []

    async def come(self, speech: Path | None = None, *, allow: bool = True, prepare: str = "") -> Person:
        """Somebody with a browser of their own. `prepare`: run in each page before its scripts."""
        browser = await launch(self._driver, speech, allow=allow)
        self._browsers.append(browser)
        context = await browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        await context.add_init_script(METERED)
        await context.add_init_script(REMEMBER_PEERS + ";" + prepare)
        return Person(context, await context.new_page())

    async def close(self) -> None:
        """End them."""
        for browser in self._browsers:
            await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def browsers(playwright: Playwright) -> AsyncIterator[Browsers]:
    """The browsers of one test."""
    made = Browsers(playwright)
    yield made
    await made.close()


async def two_who_talk(
    browsers: Browsers, speech: Path, links: dict[str, str], *, prepare: str = ""
) -> tuple[Person, Person]:
    """The host, who hears a guest named Talker."""
    host, talker = await browsers.come(), await browsers.come(speech, prepare=prepare)
    await host.join(links["host"])
    await talker.join(links["guest"], "Talker", microphone=True)
    await plays_speech(host)
    return host, talker


async def connected(*persons: Person) -> None:
    """Wait until voice has a way to each."""
    for person in persons:
        await person.wait_for("window.peers?.some((p) => p.connectionState === 'connected')")


async def plays_speech(person: Person) -> None:
    """Wait until it hears as much as a sentence brings, from now on."""
    assert await person.page.evaluate(GROWS, ["played", SPEECH, PATIENCE_MS, STEP_MS]), "nothing is played"


async def falls_silent(person: Person) -> None:
    """Wait until what was on its way, and in the jitter buffer, is played."""
    for _ in range(20):
        first, *_, last = await person.page.evaluate(LISTEN, [1000, STEP_MS])
        if last["played"] - first["played"] < QUIET:
            return
    raise AssertionError("it does not fall silent")


async def test_speech_arrives_as_speech_at_the_others_and_not_at_its_sender(
    browsers: Browsers, speech: Path, links: dict[str, str]
) -> None:
    host, talker, listener = await browsers.come(), await browsers.come(speech), await browsers.come()
    await host.join(links["host"])
    await talker.join(links["guest"], "Talker", microphone=True)
    await listener.join(links["guest"], "Listener")
    await connected(host, talker, listener)
    await expect(talker.page.get_by_role("button", name="Mute microphone", exact=True)).to_be_visible()
    await asyncio.gather(plays_speech(host), plays_speech(listener))

    courses = await asyncio.gather(
        *(person.page.evaluate(LISTEN, [TALK_MS, STEP_MS]) for person in (talker, host, listener))
    )
    sender, *listeners = courses
    for one in listeners:
        assert one[-1]["played"] - one[0]["played"] > SPEECH
        assert likeness(sender, one) > ALIKE
    assert sender[-1]["played"] - sender[0]["played"] < QUIET
    assert sender[-1]["received"] == sender[0]["received"], "its own packets came back"
    await host.page.locator(".person .avatar.speaking").wait_for()
    await host.page.get_by_role("button", name="Talker, speaking").wait_for()
    assert not any(person.problems for person in (host, talker, listener))


async def test_the_host_mutes_one_and_all_and_they_may_speak_again(
    browsers: Browsers, speech: Path, links: dict[str, str]
) -> None:
    host, talker = await two_who_talk(browsers, speech, links)
    await host.page.get_by_role("button", name="Talker,").click()
    await host.page.get_by_role("menuitem", name="Mute").click()
    await talker.page.get_by_text("Dr. Host muted you.").first.wait_for()
    await expect(talker.page.get_by_role("button", name="Unmute microphone")).to_have_class("button microphone muted")
    await falls_silent(host)
    sent, before = (await stats(talker.page))["sent"], await stats(host.page)
    await talker.page.evaluate(SPEAK, SPEECH)
    assert (await stats(talker.page))["sent"] == sent, "who is muted sends nothing"
    assert (await stats(host.page))["played"] - before["played"] < QUIET
    await host.page.get_by_role("button", name="Talker, following, muted").wait_for()

    await talker.page.locator("#stage").focus()
    await talker.page.keyboard.down("m")
    await talker.page.keyboard.down("m")  # held: it repeats, and acts once
    await talker.page.keyboard.up("m")
    await expect(talker.page.get_by_role("button", name="Mute microphone", exact=True)).to_be_visible()
    await plays_speech(host)
    await host.page.get_by_role("button", name="Mute all").click()
    await expect(talker.page.get_by_role("button", name="Unmute microphone")).to_be_visible()


async def test_on_the_phone_already_nothing_is_sent_and_nothing_played(
    browsers: Browsers, speech: Path, links: dict[str, str]
) -> None:
    host, talker = await two_who_talk(browsers, speech, links)
    await host.page.get_by_role("button", name="Sound").click()
    await host.page.get_by_role("menuitemradio", name="We are on the phone already").click()
    await talker.page.get_by_text("voice by telephone").first.wait_for()
    assert await host.page.evaluate("[...document.querySelectorAll('audio')].every((a) => a.muted)")
    await falls_silent(host)
    before = await stats(host.page)
    assert await talker.page.evaluate(GROWS, ["spoken", SPEECH, PATIENCE_MS, STEP_MS]), "nothing is spoken"
    assert (await stats(host.page))["received"] == before["received"]
    await host.page.get_by_role("button", name="Sound").click()
    await host.page.get_by_role("menuitemradio", name="Only listen").click()
    await plays_speech(host)


async def test_before_joining_the_microphone_is_asked_for_by_a_click_and_let_go(
    browsers: Browsers, speech: Path, links: dict[str, str]
) -> None:
    guest = await browsers.come(speech, prepare=LOSABLE)
    await guest.page.goto(links["guest"])
    await guest.page.get_by_text("Not tested yet").wait_for()
    assert await guest.page.evaluate("tracks.length") == 0
    await guest.page.get_by_role("button", name="Play sound").click()
    await guest.page.get_by_role("button", name="Test the microphone").click()
    await guest.page.locator(".meter .lit").nth(3).wait_for()
    await guest.page.get_by_role("button", name="Stop the test").click()
    assert await guest.page.evaluate("tracks.map((t) => t.readyState).join()") == "ended"
    assert not guest.problems


async def test_a_refused_microphone_leaves_everything_else_working(browsers: Browsers, links: dict[str, str]) -> None:
    host, guest = await browsers.come(), await browsers.come(allow=False)
    await host.join(links["host"])
    await guest.join(links["guest"], "Guest", microphone=True)
    await guest.page.get_by_text("The browser does not let us use the microphone.").first.wait_for()
    await guest.page.get_by_role("button", name="Allow microphone").wait_for()
    revision = await host.after(host.page.keyboard.press("ArrowDown"))
    await guest.settled(revision)
    await check_exact(guest)
    assert not guest.problems


LOSABLE = """(() => {
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.tracks = [];
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    if (window.gone) throw new DOMException('', 'NotFoundError');
    const stream = await real(wanted);
    window.tracks.push(...stream.getAudioTracks());
    return stream;
  };
})()"""
TELEPHONE = "window.tracks.at(-1).dispatchEvent(new Event('{}'))"
UNPLUG = "window.gone = {}; window.tracks.at(-1).dispatchEvent(new Event('ended'))"


async def test_an_unplugged_microphone_is_replaced_or_said_to_be_gone(
    browsers: Browsers, speech: Path, links: dict[str, str]
) -> None:
    host, talker = await two_who_talk(browsers, speech, links, prepare=LOSABLE)
    await talker.page.evaluate(TELEPHONE.format("mute"))
    await talker.page.get_by_text("Nobody hears you until it is given back.").first.wait_for()
    await host.page.get_by_role("button", name="Talker, following, muted").wait_for()
    await talker.page.evaluate(TELEPHONE.format("unmute"))
    await talker.page.get_by_text("They hear you again.").first.wait_for()
    await plays_speech(host)
    await talker.page.evaluate(UNPLUG.format("false"))
    await talker.page.get_by_text("You speak through").first.wait_for()
    assert await talker.page.evaluate("tracks.map((t) => t.readyState).join()") == "ended,live"
    await plays_speech(host)

    await talker.page.evaluate(UNPLUG.format("true"))
    await talker.page.get_by_text("The microphone is gone. You hear the others.").first.wait_for()
    revision = await host.after(host.page.keyboard.press("ArrowDown"))
    await talker.settled(revision)
    await check_exact(talker)
    await talker.page.evaluate("window.gone = false")
    await talker.page.get_by_role("button", name="Retry microphone").click()
    await expect(talker.page.get_by_role("button", name="Mute microphone", exact=True)).to_be_visible()
    await plays_speech(host)


async def test_without_a_way_for_voice_the_microphone_says_why(browsers: Browsers, links: dict[str, str]) -> None:
    guest = await browsers.come(prepare="delete window.RTCPeerConnection")
    await guest.page.goto(links["guest"])
    await guest.page.get_by_text("This browser has none. Use the telephone.").wait_for()
    await guest.page.get_by_label("Your name").fill("Guest")
    await guest.page.get_by_role("button", name="Join, and use the telephone").click()
    await guest.page.wait_for_url("**/seat/**")
    await guest.state("live")
    await guest.page.get_by_role("button", name="On the phone").click()
    await guest.page.get_by_role("menuitemradio", name="Only look").click()
    button = guest.page.get_by_role("button", name="No voice here: use the telephone")
    assert await button.get_attribute("title") == "This browser has no voice. Use the telephone"
    await expect(guest.page.get_by_role("button", name="Unmute microphone")).to_have_count(0)
    await expect(guest.page.get_by_role("button", name="Connection: Good")).to_have_count(0)
    await button.click()
    await guest.page.get_by_role("menuitemradio", name="We are on the phone already").click()
    await guest.page.get_by_role("button", name="On the phone").wait_for()
    assert not guest.problems
