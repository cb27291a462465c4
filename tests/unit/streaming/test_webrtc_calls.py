"""The calls of one consult: from the request to the end, with stock aiortc as the browser."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from time import monotonic

import pytest
import pytest_asyncio

from consult.media.pacing.congestion import LOSS, QualityLayer, Report
from consult.media.pacing.subscriber_queue import AccessUnit, Gate, SubscriberQueue
from consult.media.rtp.voice_packet import VoicePacket
from consult.media.webrtc.ice import UdpPort, open_port
from consult.media.webrtc.peer import Peer
from consult.model.identifiers import ConnectionId, SeatId
from consult.model.stamp import Stamp
from consult.sessions.messages import AnswerMedia, EndMedia, MediaEnded, Offer, PauseMedia, WantMedia
from consult.sessions.presence.messages import Speaking
from consult.streaming import webrtc_calls as calls_module
from consult.streaming.subscription import Subscription, Transport
from consult.streaming.voice_router import VoiceRouter
from consult.streaming.webrtc_calls import MAX_ENDING, NO_ANSWER, NO_MEDIA, NO_PORT, TOO_MANY, Feedback, WebRtcCalls
from tests.support.waiting import until
from tests.support.webrtc import Browser

ONE, TWO = ConnectionId("seat-one/1"), ConnectionId("seat-two/2")


class PictureRouter:
    """Subscriptions whose frames the test gives."""

    def __init__(self) -> None:
        self.subscriptions: list[tuple[ConnectionId, Transport, Subscription]] = []
        self.layers: list[QualityLayer] = []
        self.keys = 0

    @property
    def live(self) -> list[Subscription]:
        return [subscription for _, _, subscription in self.subscriptions if not subscription.subscriber.ended]

    def subscribe(self, connection: ConnectionId, transport: Transport, gate: Gate) -> Subscription:
        """A page gets the video."""
        subscription = Subscription(SubscriberQueue(monotonic, gate), lambda stamp: None, lambda: None)
        subscription.subscriber.join(self._key)
        self.subscriptions.append((connection, transport, subscription))
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """It gets no more frames."""
        subscription.subscriber.end()

    def set_layer(self, subscription: Subscription, layer: QualityLayer) -> None:
        """Remembered."""
        self.layers.append(layer)

    def _key(self) -> None:
        self.keys += 1


class Consult:
    """WebRtcCalls, and what was sent to whom."""

    def __init__(self, port: UdpPort | None) -> None:
        self.pictures = PictureRouter()
        self.speakers: list[Speaking] = []
        self.voices = VoiceRouter(self.speakers.append)
        self.sent: list[tuple[ConnectionId, Offer | MediaEnded]] = []
        self.port = port
        self.calls = WebRtcCalls(
            port, self.pictures, self.voices, lambda who, message: self.sent.append((who, message))
        )

    @property
    def ended(self) -> list[tuple[int, str]]:
        return [(m.n, m.sentence) for _, m in self.sent if isinstance(m, MediaEnded)]

    async def offered(self, connection: ConnectionId, n: int, *, h264: bool = True) -> str:
        """Ask for a call; its offer."""
        self.calls.negotiate(connection, WantMedia(n, h264))
        await until(lambda: any(who == connection and m.n == n for who, m in self.sent))
        (offer,) = (m for who, m in self.sent if who == connection and m.n == n)
        assert isinstance(offer, Offer)
        return offer.sdp

    async def call(self, connection: ConnectionId, n: int = 1, *, h264: bool = True) -> Browser:
        """A browser that is connected."""
        browser = Browser()
        answer = await browser.answer(await self.offered(connection, n, h264=h264))
        self.calls.negotiate(connection, AnswerMedia(n, answer))
        await until(lambda: browser.connected)
        return browser


@pytest_asyncio.fixture
async def consult() -> AsyncIterator[Consult]:
    before = asyncio.all_tasks()
    async with open_port("127.0.0.1") as port:
        made = Consult(port)
        yield made
        await made.calls.close()
        assert not port._by_fragment
    await until(lambda: not {t for t in asyncio.all_tasks() - before if t.get_name().startswith(("call", "play"))})


def access_unit(rtp: int, *, key: bool = False) -> AccessUnit:
    return AccessUnit(b"\x00\x00\x01\x65frame", key, Stamp("all-1280x720", 1, 1, 1280, 720, (), rtp=rtp))


async def test_a_call_subscribes_to_the_video_once_it_is_connected(consult: Consult) -> None:
    offer = await consult.offered(ONE, 1)
    assert not consult.pictures.subscriptions
    browser = Browser()
    consult.calls.negotiate(ONE, AnswerMedia(1, await browser.answer(offer)))
    await until(lambda: bool(consult.pictures.subscriptions))
    ((connection, transport, subscription),) = consult.pictures.subscriptions
    assert (connection, transport) == (ONE, "webrtc")
    await until(lambda: consult.pictures.keys == 1)
    subscription.subscriber.offer(access_unit(5, key=True))
    await until(lambda: [packet.timestamp for packet in browser.came] == [5])
    await browser.want_key()
    await until(lambda: consult.pictures.keys == 2)
    await browser.close()


async def test_a_newer_request_ends_the_call_before_it_in_silence(consult: Consult) -> None:
    first = await consult.call(ONE, 1)
    await until(lambda: len(consult.pictures.live) == 1)
    second = await consult.call(ONE, 2)
    await until(lambda: len(consult.pictures.subscriptions) == 2 and len(consult.pictures.live) == 1)
    assert consult.ended == []
    assert consult.calls.count == 1
    await first.close()
    await second.close()


async def test_the_page_ends_its_call_and_nobody_elses(consult: Consult) -> None:
    browsers = [await consult.call(ONE), await consult.call(TWO)]
    await until(lambda: len(consult.pictures.live) == 2)
    consult.calls.negotiate(ONE, EndMedia(7))
    assert consult.calls.count == 2
    consult.calls.negotiate(ONE, EndMedia(1))
    await until(lambda: len(consult.pictures.live) == 1)
    consult.calls.forget(TWO)
    await until(lambda: not consult.pictures.live)
    assert (consult.calls.count, consult.ended) == (0, [])
    for browser in browsers:
        await browser.close()


async def test_an_answer_to_another_offer_is_not_used_and_rubbish_ends_the_call_with_a_sentence(
    consult: Consult,
) -> None:
    await consult.offered(ONE, 3)
    consult.calls.negotiate(ONE, AnswerMedia(2, "rubbish"))
    consult.calls.negotiate(TWO, AnswerMedia(3, "rubbish"))
    assert consult.calls.count == 1
    consult.calls.negotiate(ONE, AnswerMedia(3, "rubbish"))
    consult.calls.negotiate(ONE, AnswerMedia(3, "more rubbish"))
    await until(lambda: bool(consult.ended))
    assert [n for n, _ in consult.ended] == [3]
    assert "no answer" in consult.ended[0][1]
    await until(lambda: consult.calls.count == 0)


async def test_rubbish_for_another_offer_does_not_spoil_this_one(consult: Consult) -> None:
    browser = Browser()
    answer = await browser.answer(await consult.offered(ONE, 2))
    consult.calls.negotiate(ONE, AnswerMedia(1, "rubbish"))
    consult.calls.negotiate(ONE, AnswerMedia(2, answer))
    await until(lambda: browser.connected)
    assert consult.ended == []
    await browser.close()


async def test_who_does_not_answer_or_does_not_come_through_gets_the_reason(
    consult: Consult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls_module, "ANSWER_S", 0.05)
    monkeypatch.setattr(calls_module, "CONNECT_S", 0.05)
    await consult.offered(ONE, 1)
    await until(lambda: consult.ended == [(1, NO_ANSWER)])
    monkeypatch.setattr(calls_module, "ANSWER_S", 10.0)
    browser, other = Browser(), Browser()
    await browser.answer(await consult.offered(ONE, 2))
    answer = await other.answer(await consult.offered(TWO, 1))
    consult.calls.negotiate(ONE, AnswerMedia(2, answer))
    await until(lambda: len(consult.ended) == 2)
    assert consult.ended == [(1, NO_ANSWER), (2, NO_MEDIA)]
    await browser.close()
    await other.close()


async def test_without_a_port_there_are_no_calls() -> None:
    consult = Consult(None)
    consult.calls.negotiate(ONE, WantMedia(1, True))
    await until(lambda: bool(consult.ended))
    assert consult.ended == [(1, NO_PORT)]
    assert consult.calls.count == 0
    await consult.calls.close()


async def test_a_storm_of_requests_is_bounded(consult: Consult) -> None:
    for n in range(1, 50):
        consult.calls.negotiate(ONE, WantMedia(n, True))
    assert len(consult.calls._ending) <= MAX_ENDING + 1
    assert (49, TOO_MANY) in consult.ended
    await until(lambda: not consult.calls._ending)
    await consult.offered(ONE, 50)


async def test_a_page_that_is_hidden_gets_no_video_until_it_is_visible(consult: Consult) -> None:
    browser = await consult.call(ONE)
    await until(lambda: len(consult.pictures.live) == 1)
    consult.calls.negotiate(ONE, PauseMedia(2, True))
    assert consult.pictures.live
    consult.calls.negotiate(ONE, PauseMedia(1, True))
    assert not consult.pictures.live
    assert browser.connected
    consult.calls.negotiate(ONE, PauseMedia(1, False))
    await until(lambda: len(consult.pictures.live) == 1)
    consult.calls.negotiate(ONE, PauseMedia(1, False))
    consult.calls.negotiate(ONE, PauseMedia(1, True))
    consult.calls.negotiate(ONE, PauseMedia(1, False))
    await until(lambda: len(consult.pictures.live) == 1 and len(consult.pictures.subscriptions) == 3)
    consult.pictures.live[0].subscriber.offer(access_unit(9, key=True))
    await until(lambda: [packet.timestamp for packet in browser.came] == [9])
    await browser.close()


async def test_a_video_that_went_by_another_transport_comes_back_when_it_is_asked_for(consult: Consult) -> None:
    browser = await consult.call(ONE)
    await until(lambda: len(consult.pictures.live) == 1)
    consult.pictures.live[0].subscriber.end()  # as a newer transport does
    await asyncio.sleep(0)
    assert not consult.pictures.live
    consult.calls.negotiate(ONE, PauseMedia(1, False))
    await until(lambda: len(consult.pictures.live) == 1)
    await browser.close()


async def test_paused_before_it_is_connected_it_gets_no_video(consult: Consult) -> None:
    browser = Browser()
    answer = await browser.answer(await consult.offered(ONE, 1))
    consult.calls.negotiate(ONE, PauseMedia(1, True))
    consult.calls.negotiate(ONE, AnswerMedia(1, answer))
    await until(lambda: bool(consult.voices._members))
    assert not consult.pictures.subscriptions
    consult.calls.negotiate(ONE, PauseMedia(1, False))
    await until(lambda: len(consult.pictures.live) == 1)
    await browser.close()


async def test_voices_go_from_call_to_call_and_not_back(consult: Consult) -> None:
    one, two = await consult.call(ONE, h264=False), await consult.call(TWO, h264=False)
    await until(lambda: len(consult.voices._members) == 2)
    assert not consult.pictures.subscriptions
    consult.calls.set_voice(ONE, on=True, listens=True)
    for number in range(3):
        consult.voices.packet(ONE, VoicePacket(number, 960 * number, b"opus", 20, number == 0))
    await until(lambda: len(two.voices) == 3)
    assert consult.speakers[-1].slots[0] == SeatId("seat-one")
    assert not one.voices
    consult.calls.negotiate(ONE, EndMedia(1))
    await until(lambda: len(consult.voices._members) == 1)
    await one.close()
    await two.close()


async def test_a_slow_link_moves_its_call_to_a_lower_layer(consult: Consult) -> None:
    browser = await consult.call(ONE)
    await until(lambda: bool(consult.pictures.live))
    assert consult.port is not None
    feedback = Feedback(ONE, consult.pictures, Peer(consult.port, lambda packet: None))
    feedback.subscription = consult.pictures.live[0]
    feedback.report(Report(LOSS, 0.1))
    assert consult.pictures.layers[-1] == feedback.layer == "half"
    await browser.close()


async def test_a_call_that_is_lost_sends_the_reason(consult: Consult) -> None:
    browser = await consult.call(ONE)
    await until(lambda: bool(consult.pictures.live))
    await browser.close()
    await until(lambda: bool(consult.ended))
    assert consult.ended == [(1, calls_module.LOST)]
    assert consult.calls.count == 0
    assert not consult.pictures.live
