"""Which page gets which stream; one without subscribers is closed; a frame's stamp is sent before the frame."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from time import monotonic

import numpy as np
import pytest
import pytest_asyncio
from msgspec.structs import replace

from consult.media.pacing.congestion import PacingGate
from consult.media.pacing.motion import FAST_CHANGES
from consult.media.rtp.clock import RtpClock
from consult.model.errors import NotReady
from consult.model.identifiers import ConnectionId, SeriesKey
from consult.model.image import Image
from consult.model.stamp import Stamp
from consult.model.view import Layout, Playing, Screen, Stack, View
from consult.rendering.layout import place
from consult.sessions.features.view.messages import ShownView
from consult.sessions.messages import ShownStamp
from consult.sessions.views import initial_view
from consult.streaming import video_router as video_module
from consult.streaming.render_pool import RenderPool
from consult.streaming.scene import Scene
from consult.streaming.subscription import Subscription
from consult.streaming.video_router import MediaContext, VideoRouter
from consult.tally import Tally
from tests.support.arrays import AlreadyRead, no_arrays
from tests.support.cases import showing, stack_of
from tests.support.consults import SERIES, a_case, a_timed_case
from tests.support.frames import frame
from tests.support.h264 import Decoder
from tests.support.waiting import PATIENCE_S, until

CASE = a_case()
ONE, TWO, PHONE = (ConnectionId(name) for name in ("one", "two", "phone"))
WIDE, SQUARE = Screen(1280, 720), Screen(1000, 760)


class Volume:
    """Image i is i times 20 everywhere; some are not there yet."""

    def __init__(self) -> None:
        self.missing: set[int] = set()
        self.missed: list[int] = []
        """Images that were asked for and not there."""

    def source_digest(self, image: int) -> str:
        return str(image)

    def image(self, image: int) -> Image:
        if image in self.missing:
            self.missed.append(image)
            raise NotReady("not_loaded", "not yet")
        return Image(np.full((64, 64), image * 20, np.int16))

    async def ready(self, image: int) -> None:
        return


class Stage:
    """A VideoRouter, and what was sent to whom."""

    def __init__(self, pool: RenderPool) -> None:
        self.volume = Volume()
        self.sent: list[tuple[ConnectionId, Stamp]] = []
        self.tally = Tally()
        self.video = VideoRouter(MediaContext(pool, RtpClock(monotonic, 0), tally=self.tally), self.send)

    def send(self, connection: ConnectionId, message: ShownStamp) -> None:
        self.sent.append((connection, message.stamp))

    def view(self) -> View:
        return initial_view(CASE)

    def show(self, rev: int, image: int = 3, view: View | None = None) -> ShownView:
        view = view or self.view()
        view = replace(view, viewports=tuple(showing(v, place=image) for v in view.viewports))
        shown = ShownView(rev, 1, 1, view)
        self.video.show(Scene(shown, CASE, {SERIES: self.volume}, no_arrays(), AlreadyRead(), AlreadyRead()))
        return shown

    def show_independent(self, name: str, rev: int, image: int = 3) -> None:
        view = self.view()
        view = replace(view, viewports=tuple(showing(v, place=image) for v in view.viewports))
        self.video.show(
            Scene(ShownView(rev, 1, 1, view), CASE, {SERIES: self.volume}, no_arrays(), AlreadyRead(), AlreadyRead()),
            name,
        )

    def subscribe(self, connection: ConnectionId, screen: Screen) -> Subscription:
        self.video.set_screen(connection, screen)
        return self.video.subscribe(connection)


@pytest_asyncio.fixture
async def stage() -> AsyncIterator[Stage]:
    with RenderPool(1) as pool:
        made = Stage(pool)
        yield made
        await made.video.close()


async def test_streams_and_the_age_of_their_frames_are_counted(stage: Stage) -> None:
    """Each new picture once, a repeated one never; a stream as long as it has somebody."""
    ages = stage.tally.durations["frame_age"]
    stage.show(1)
    subscription = stage.subscribe(ONE, WIDE)
    assert stage.tally.levels["streams"] == 1
    for rev in (1, 2):
        frames = [await subscription.take()]
        while (found := frames[-1]) is not None and found.access_unit.stamp.rev != rev:
            frames.append(await subscription.take())
        assert sum(ages.counts) == rev
        stage.show(rev + 1, image=rev)
    stage.video.unsubscribe(subscription)
    assert stage.tally.levels["streams"] == 0


async def test_equal_screens_share_a_stream_and_phones_have_their_own(stage: Stage) -> None:
    stage.show(1)
    subscriptions = [
        stage.subscribe(ONE, WIDE),
        stage.subscribe(TWO, Screen(1270, 715)),
        stage.subscribe(PHONE, Screen(700, 1250, True)),
    ]
    assert {key.name for key in stage.video.streams} == {"all-1280x720", "active-720x1280"}
    access_units = [(await frame(subscription, 1)).access_unit for subscription in subscriptions]
    assert access_units[0] is access_units[1]
    assert access_units[2].stamp.stream == "active-720x1280"


async def test_a_stream_without_subscribers_is_closed(stage: Stage) -> None:
    stage.show(1)
    one, two = stage.subscribe(ONE, WIDE), stage.subscribe(TWO, WIDE)
    await frame(one, 1)
    assert len(stage.video.streams) == 1
    names = {task.get_name() for task in asyncio.all_tasks()}
    assert "stream all-1280x720" in names
    stage.video.unsubscribe(one)
    assert len(stage.video.streams) == 1
    stage.video.forget(TWO)
    assert not stage.video.streams
    assert await two.take() is None
    await until(lambda: all(not task.get_name().endswith("stream all-1280x720") for task in asyncio.all_tasks()))


async def test_a_second_socket_of_a_page_ends_the_first_and_its_end_does_not_end_the_second(stage: Stage) -> None:
    stage.show(1)
    first = stage.subscribe(ONE, WIDE)
    second = stage.video.subscribe(ONE)
    assert await first.take() is None
    stage.video.unsubscribe(first)
    await frame(second, 1)


async def test_the_stamp_is_sent_to_who_is_sent_the_frame_and_to_nobody_else(stage: Stage) -> None:
    stage.show(5)
    subscription = stage.subscribe(ONE, WIDE)
    stage.subscribe(TWO, WIDE)
    numbered = await frame(subscription, 5)
    assert stage.sent
    assert {connection for connection, _ in stage.sent} == {ONE}
    stamp = stage.sent[-1][1]
    assert stamp is numbered.access_unit.stamp
    (viewport,) = stamp.viewports
    assert (stamp.rev, stamp.case, stamp.stream) == (5, 1, "all-1280x720")
    assert viewport.camera == stage.view().viewports[0].camera
    assert viewport.span_px == 360
    assert viewport.digest == ""


async def test_another_screen_gets_another_stream_from_its_own_idr(stage: Stage) -> None:
    stage.show(1)
    subscription = stage.subscribe(ONE, WIDE)
    await frame(subscription, 1)
    stage.video.set_screen(ONE, SQUARE)
    assert {key.name for key in stage.video.streams} == {"all-960x720"}
    async with asyncio.timeout(PATIENCE_S):
        while (numbered := await subscription.take()) is not None:
            subscription.subscriber.acknowledged(numbered.number)
            if numbered.access_unit.stamp.stream == "all-960x720":
                break
    assert numbered is not None
    assert numbered.access_unit.key


FULL_HD = Screen(1920, 1080)


async def test_while_a_view_changes_too_fast_to_be_read_all_share_the_small_raster(stage: Stage) -> None:
    stage.show(1)
    large, small = stage.subscribe(ONE, FULL_HD), stage.subscribe(TWO, WIDE)
    await frame(large, 1)
    assert {key.name for key in stage.video.streams} == {"all-1920x1080", "all-1280x720"}
    for rev in range(2, 2 + FAST_CHANGES):
        stage.show(rev, image=rev % 6)
    assert {key.name for key in stage.video.streams} == {"all-1280x720"}
    last = 1 + FAST_CHANGES
    assert (await frame(large, last)).access_unit.stamp.stream == "all-1280x720"
    await frame(small, last)
    await until(lambda: {key.name for key in stage.video.streams} == {"all-1920x1080", "all-1280x720"})
    while (again := await large.take()) is not None:
        large.subscriber.acknowledged(again.number)
        if again.access_unit.stamp.stream == "all-1920x1080":
            break
    assert again is not None
    assert (again.access_unit.stamp.rev, again.access_unit.key) == (last, True), "before it moves again"


async def test_of_one_view_for_many_pages_and_of_a_clip_nothing_is_called_fast(stage: Stage) -> None:
    stage.show(1)
    stage.subscribe(ONE, FULL_HD)
    for _ in range(2 * FAST_CHANGES):
        stage.show(1)
    plays = stage.view()
    plays = replace(plays, viewports=tuple(replace(v, playing=Playing("place", 0, 5)) for v in plays.viewports))
    for rev in range(2, 2 + 2 * FAST_CHANGES):
        stage.show(rev, image=rev % 6, view=plays)
    assert {key.name for key in stage.video.streams} == {"all-1920x1080"}


async def test_a_page_that_subscribes_before_the_first_view_gets_it_when_it_comes(stage: Stage) -> None:
    subscription = stage.subscribe(ONE, WIDE)
    assert stage.video.streams == ()
    stage.show(1)
    assert (await frame(subscription, 1)).access_unit.key


async def test_an_image_that_is_not_loaded_is_passed_over_and_comes_when_it_is(stage: Stage) -> None:
    stage.volume.missing = {4}
    stage.show(1)
    subscription = stage.subscribe(ONE, WIDE)
    await frame(subscription, 1)
    stage.show(2, image=4)
    await until(lambda: stage.volume.missed == [4])
    stage.volume.missing = set()
    stage.video.series_changed(SERIES)
    (viewport,) = (await frame(subscription, 2)).access_unit.stamp.viewports
    assert stack_of(viewport.shows).place == 4


async def test_an_oblong_screen_makes_the_circle_smaller_for_the_stream_that_it_gets(stage: Stage) -> None:
    stage.show(1)
    subscription, wide = stage.subscribe(ONE, Screen(1280, 720)), stage.subscribe(TWO, Screen(1680, 720))
    numbered = await frame(subscription, 1)
    await frame(wide, 1)
    (viewport,) = numbered.access_unit.stamp.viewports
    assert viewport.span_px == pytest.approx(360 * (16 / 9) / (1680 / 720))
    assert viewport.scale == pytest.approx(viewport.span_px / viewport.camera.radius)


async def test_the_pixels_are_the_views_in_their_places(stage: Stage) -> None:
    view = stage.view()
    two = replace(view, layout=Layout(1, 2), viewports=(view.viewports[0], replace(view.viewports[0], id="b")))
    shown = stage.show(1, image=5, view=two)
    subscription = stage.subscribe(ONE, WIDE)
    numbered = await frame(subscription, 1)
    (seen,) = Decoder().decode(numbered.access_unit.data)
    assert seen.shape == (720, 1280)
    window = shown.view.viewports[0].window
    assert window is not None
    grey = 255 * (100 - (window.center - 0.5)) / (window.width - 1) + 127.5
    for _, (x, y, w, h) in place(shown.view, Screen(1280, 720, gap=2)):
        assert abs(int(seen[y + h // 2, x + w // 2]) - (16 + 219 * grey / 255)) <= 3
    assert seen[2, 640] <= 20


async def test_when_the_last_page_has_gone_its_volumes_are_not_used_any_more(stage: Stage) -> None:
    stage.show(1)
    stage.subscribe(ONE, WIDE)
    stage.video.forget(ONE)
    stage.subscribe(TWO, WIDE)
    assert not stage.video.streams
    stage.show(2)
    assert stage.video.streams


async def test_a_page_changes_its_transport_without_a_gap_and_the_older_one_ends_by_itself(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both transports have frames, until the handover is over; then only the newer one has."""
    monkeypatch.setattr(video_module, "HANDOVER_S", 0.1)
    stage.show(1)
    socket = stage.subscribe(ONE, WIDE)
    await frame(socket, 1)
    call = stage.video.subscribe(ONE, "webrtc", PacingGate())
    stage.show(2)
    await frame(socket, 2)
    assert not socket.subscriber.ended
    assert (await frame(call, 2)).access_unit is not None
    await until(lambda: socket.subscriber.ended)
    assert (socket.replaced, call.replaced, call.subscriber.ended) == (True, False, False)
    stage.show(3)
    await frame(call, 3)


async def test_a_transport_that_the_page_gives_up_itself_ends_no_other(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """WebRTC was only in doubt: the WebSocket that was opened beside it goes again, and takes its handover along."""
    monkeypatch.setattr(video_module, "HANDOVER_S", 0.05)
    stage.show(1)
    stage.video.set_screen(ONE, WIDE)
    call = stage.video.subscribe(ONE, "webrtc", PacingGate())
    await frame(call, 1)
    socket = stage.video.subscribe(ONE)
    await frame(socket, 1)
    stage.video.unsubscribe(socket)
    assert not socket.replaced
    later = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(0.1, later.set_result, None)
    await later
    assert not call.subscriber.ended
    assert len(stage.video.streams) == 1


async def test_a_slow_link_gets_another_stream_from_its_own_idr_and_the_others_keep_theirs(stage: Stage) -> None:
    stage.show(1)
    slow, fast = stage.subscribe(ONE, Screen(1920, 1080)), stage.subscribe(TWO, Screen(1920, 1080))
    await frame(slow, 1)
    stage.video.set_layer(slow, "low")
    stage.video.set_layer(slow, "low")
    assert {key.name for key in stage.video.streams} == {"all-1920x1080", "all-1280x720-low"}
    async with asyncio.timeout(PATIENCE_S):
        while (numbered := await slow.take()) is not None and numbered.access_unit.stamp.stream != "all-1280x720-low":
            slow.subscriber.acknowledged(numbered.number)
    assert numbered is not None
    assert numbered.access_unit.key
    assert (await frame(fast, 1)).access_unit.stamp.stream == "all-1920x1080"
    stage.video.set_layer(slow, "full")
    assert {key.name for key in stage.video.streams} == {"all-1920x1080"}
    stage.video.unsubscribe(slow)
    stage.video.set_layer(slow, "half")
    assert {key.name for key in stage.video.streams} == {"all-1920x1080"}


async def test_a_page_that_explores_gets_a_stream_of_its_own_scene(stage: Stage) -> None:
    stage.show(1, image=3)
    shared, own = stage.subscribe(ONE, WIDE), stage.subscribe(TWO, WIDE)
    await frame(own, 1)
    stage.video.set_stage(TWO, "own-1")
    (stream,) = stage.video._streams.values()
    assert stream.subscribers == {shared.subscriber}, "nothing of the shared one while its own is not open"
    stage.show_independent("own-1", 2, image=7)
    numbered = await frame(own, 2)
    stamp = numbered.access_unit.stamp
    assert (stamp.stage, stack_of(stamp.viewports[0].shows).place) == ("own-1", 7)
    assert numbered.access_unit.key, "the first of another stream"
    assert stage.sent[-1][1].stage == "own-1"
    stage.show(10, image=4)
    stamp = (await frame(shared, 10)).access_unit.stamp
    assert (stamp.stage, stack_of(stamp.viewports[0].shows).place) == ("", 4)
    assert {key.name for key in stage.video.streams} == {"all-1280x720", "all-1280x720-own-1"}


async def test_a_page_that_follows_again_gets_the_shared_stream_and_its_own_is_closed(stage: Stage) -> None:
    stage.show(1)
    own = stage.subscribe(TWO, WIDE)
    stage.video.set_stage(TWO, "own-1")
    stage.show_independent("own-1", 2, image=7)
    await frame(own, 2)
    stage.video.set_stage(TWO, "")
    assert "own-1" not in stage.video._scenes, "its volumes may go"
    stage.show_independent("own-1", 4, image=8)
    stage.show(5)
    assert (await frame(own, 5)).access_unit.stamp.stage == ""
    assert {key.stage for key in stage.video.streams} == {""}


async def test_a_page_that_goes_takes_its_stage_with_it(stage: Stage) -> None:
    stage.show(1)
    stage.subscribe(ONE, WIDE)
    stage.subscribe(TWO, WIDE)
    stage.video.set_stage(TWO, "own-1")
    stage.show_independent("own-1", 2)
    stage.video.forget(TWO)
    stage.show_independent("own-1", 3)
    assert "own-1" not in stage.video._scenes, "its volumes may go"
    assert {key.stage for key in stage.video.streams} == {""}


async def test_a_frame_shows_the_image_of_its_time(stage: Stage) -> None:
    case = a_timed_case(places=5)
    view = initial_view(case)
    view = replace(view, viewports=(showing(view.viewports[0], place=3, time=1),))
    stage.volume.missing = {8}
    stage.video.show(
        Scene(ShownView(1, 1, 1, view), case, {SERIES: stage.volume}, no_arrays(), AlreadyRead(), AlreadyRead())
    )
    subscription = stage.subscribe(ONE, WIDE)
    await until(lambda: 8 in stage.volume.missed)
    stage.volume.missing = set()
    stage.video.series_changed(SERIES)
    (viewport,) = (await frame(subscription, 1)).access_unit.stamp.viewports
    assert viewport.shows == Stack(SERIES, 3, 1)


async def test_a_guest_gets_a_stream_that_never_had_the_hidden_part(stage: Stage) -> None:
    """From its own IDR; the host keeps theirs. Where the series is not shown, or nothing is hidden, all share one.
    Seen to fail where guests stayed on the stream that they had, and where it went on with what it had coded."""
    stage.show(1, image=9)
    host = stage.subscribe(ONE, WIDE)
    stage.video.set_screen(TWO, WIDE, guest=True)
    guest = stage.video.subscribe(TWO)
    first = (await frame(host, 1)).access_unit
    assert (await frame(guest, 1)).access_unit is first
    for parts in (((0, 0, 64, 20),), ((0, 0, 64, 20), (0, 20, 64, 30))):
        stage.video.hide({SERIES: parts})
        assert len(stage.video.streams) == 2
        assert sum(bool(key.hidden) for key in stage.video.streams) == 1
        (key,) = (key for key in stage.video.streams if key.hidden)
        found = await frame(guest, 1)
        while found.access_unit.stamp.stream != key.name:
            found = await frame(guest, 1)
        assert found.access_unit.key
        assert found.access_unit.stamp.stage == ""
        (luma,) = Decoder().decode(found.access_unit.data)
        rows = {row: int(luma[row * 720 // 64, 640]) for row in (4, 25, 40)}
        assert rows[4] < 40
        assert (rows[25] < 40) is (len(parts) == 2)
        assert rows[40] > 100
    stage.video.hide({})
    assert len(stage.video.streams) == 1
    stage.video.hide({SeriesKey("s-other"): ((0, 0, 9, 9),)})
    assert len(stage.video.streams) == 1
