"""By which way the picture comes: WebRTC where the network lets it; else the page says why, and tries again."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import People
from tests.support.motion import WATCH, check_painted, comes_by, scroll
from tests.support.person import Person, check_exact

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
BLOCKABLE = """(() => {
  // While `window.blocked`, the server's address in an offer is one where nobody answers.
  const set = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = function (offer) {
    const sdp = offer.sdp.replace(/^(a=candidate:\\S+ \\d+ udp \\d+ \\S+) \\d+/gmi, window.blocked ? '$1 9' : '$&');
    return set.call(this, {type: offer.type, sdp});
  };
  const Real = RTCPeerConnection;
  window.peers = [];
  window.RTCPeerConnection = class extends Real {
    constructor(...how) { super(...how); window.peers.push(this); }
  };
})();"""
VIDEO_PACKETS = """async () => {
  const peer = window.peers.findLast((one) => one.connectionState === 'connected');
  const all = [...(await peer.getStats()).values()];
  return all.find((one) => one.type === 'inbound-rtp' && one.kind === 'video').packetsReceived;
}"""
LOOK = """(hidden) => {
  Object.defineProperty(document, 'hidden', {get: () => hidden, configurable: true});
  document.dispatchEvent(new Event('visibilitychange'));
}"""
MOVED = "window.seen.some((one) => one.rtp !== null)"


async def come(people: People, *, blocked: bool = False) -> Person:
    """Somebody whose network can be blocked."""
    person = await people.come(1280, 720)
    await person.page.add_init_script(BLOCKABLE + (" window.blocked = true;" if blocked else ""))
    return person


async def test_webrtc_carries_the_picture_where_the_network_lets_it(people: People, links: dict[str, str]) -> None:
    host = await come(people)
    await host.join(links["host"])
    await host.wait_for(comes_by("webrtc"))
    await host.page.evaluate(WATCH)
    revision = await scroll(host, 60, 30)
    assert await host.settled(revision) == revision
    seen = await host.page.evaluate("window.seen")
    check_painted(seen, 12)
    assert {one["transport"] for one in seen} == {"webrtc"}
    await check_exact(host)
    assert not host.problems


async def test_a_blocked_network_is_named_and_tested_again_without_a_reload(
    people: People, links: dict[str, str]
) -> None:
    host = await come(people, blocked=True)
    await host.join(links["host"])
    await host.wait_for(comes_by("websocket"))
    await host.page.evaluate(WATCH)
    health = host.page.get_by_role("button", name="Connection: Indirect")
    await health.click()
    panel = host.page.get_by_role("dialog", name="Connection")
    await expect(panel).to_contain_text("This network blocks the direct way")
    await expect(panel).to_contain_text("No voice comes through: use the telephone.")
    await scroll(host, 10, 30)
    await host.wait_for(MOVED)
    await host.page.evaluate("window.blocked = false; window.seen.length = 0")
    await panel.get_by_role("button", name="Test again").click()
    await host.wait_for(comes_by("webrtc"))
    await expect(panel).to_contain_text("Connected directly")
    await host.page.keyboard.press("Escape")
    await expect(panel).to_have_count(0)
    await scroll(host, 10, 30)
    await host.wait_for(MOVED)
    await check_exact(host)
    assert not host.problems


async def test_a_page_that_nobody_looks_at_takes_no_frames(people: People, links: dict[str, str]) -> None:
    host, guest = await come(people), await come(people)
    await host.join(links["host"])
    await guest.join(links["guest"], "Hidden")
    await guest.wait_for(comes_by("webrtc"))
    await guest.page.evaluate(LOOK, True)
    await scroll(host, 5, 30)  # what was on its way is over
    before = await guest.page.evaluate(VIDEO_PACKETS)
    revision = await scroll(host, 30, 30)
    assert await guest.page.evaluate(VIDEO_PACKETS) == before
    await guest.page.evaluate(WATCH)
    await guest.page.evaluate(LOOK, False)
    assert await guest.settled(revision) == revision
    await scroll(host, 10, 30)
    await guest.wait_for(MOVED)
    assert await guest.data("transport") == "webrtc"
    assert await guest.page.evaluate(VIDEO_PACKETS) > before
    await check_exact(guest)
