"""Stamps name the stage whose view they show; its volumes are held in its own name, and let go at its end."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from msgspec.structs import replace

from consult.model.errors import NotReady
from consult.model.identifiers import ConnectionId, PresentationStateKey, SeriesKey
from consult.model.planes.acts import move_point, open_planes
from consult.model.presentation_states.drawn import Annotation, Words
from consult.model.presentation_states.state import Look, PresentationState
from consult.model.privacy.blackout import NOTHING_HIDDEN, Rectangle
from consult.model.stamp import NativeValue, Stamp
from consult.model.view import Screen
from consult.rendering.planes.native import value_at
from consult.rendering.presentation_states.state import DrawnImage, DrawnState
from consult.sessions.features.view.messages import ShownView
from consult.sessions.messages import ShownStamp
from consult.sessions.views import initial_view
from consult.streaming.arrays import Arrays
from consult.streaming.scene import Scene
from consult.streaming.still_stamps import StampContext, StillStamper
from tests.support.arrays import AlreadyRead, MadeVolumes, no_arrays, waves
from tests.support.consults import SERIES, a_case
from tests.support.volumes import volume_case
from tests.support.waiting import PATIENCE_S, until
from tests.unit.streaming.test_router import Volumes

CASE = a_case()
ONE = ConnectionId("one")


PLANES = volume_case()


async def test_values_at_the_crosshair_come_with_a_stamp_once_their_volumes_are_there() -> None:
    """And nothing waits for them. Seen to fail where the values of volumes that came late were never sent, and
    where a turn in which nobody was due forgot that they were still to come."""
    ct = PLANES.series[0]
    made, sent = {ct.key: waves(ct)}, asyncio.Queue[Any]()
    hidden: dict[SeriesKey, tuple[Rectangle, ...]] = {}
    made[ct.key].loaded.clear()
    volumes = Volumes()
    volumes.gate.clear()
    with ThreadPoolExecutor(1) as pool:
        arrays = Arrays(MadeVolumes(made), pool, max_bytes=1 << 26)
        context = StampContext(
            volumes,
            arrays,
            AlreadyRead(),
            AlreadyRead(),
            lambda to, message: sent.put_nowait(message),
            lambda connection: hidden,
            lambda source, recipe, hidden: "still",
            lambda scene, stage: None,
        )
        stamper = StillStamper("c", "", context)
        arrays.on_ready(stamper.series_changed)
        stamper.set_screen(ONE, Screen(640, 480))
        view = open_planes(PLANES, ct.key)
        assert view.crosshair is not None
        stamper.show(ShownView(9, 1, 1, view), PLANES)
        await until(lambda: bool(volumes.held))
        stamper.set_screen(ONE, Screen(640, 480))  # it is stamped in the same turn, and in the next nobody is due
        volumes.gate.set()
        assert [v.at_crosshair for v in (await next_stamp(sent)).viewports] == [(), (), ()]
        await until(lambda: not stamper._wake.is_set())
        made[ct.key].loaded.set()
        late = await next_stamp(sent)
        array = arrays.now(ct, 0)
        value = value_at(array, view.crosshair.point)
        assert value is not None
        assert late.rev == 9
        assert [v.at_crosshair for v in late.viewports] == [(NativeValue(ct.key, value),)] * 3
        moved = move_point(view, PLANES, (4.0, 5.0, -6.0))
        stamper.show(ShownView(10, 1, 1, moved), PLANES)
        other = value_at(array, (4.0, 5.0, -6.0))
        assert other is not None
        assert (await next_stamp(sent)).viewports[0].at_crosshair == (NativeValue(ct.key, other),)
        hidden[ct.key] = ((0, 0, 1, 1),)
        stamper.again()
        assert (await next_stamp(sent)).viewports[0].at_crosshair == (), "of a series that is hidden in part none"
        await stamper.close()
        await arrays.close()


async def next_stamp(sent: asyncio.Queue[Any]) -> Stamp:
    """The next one that is sent."""
    async with asyncio.timeout(PATIENCE_S):
        while not isinstance(message := await sent.get(), ShownStamp):
            pass
    return message.stamp


async def test_where_words_of_a_presentation_state_lie_comes_once_it_is_read() -> None:
    """Seen to fail where a stamp that went out before it was read was the last."""
    looks = (Look(SERIES, ((0, 20),)),)
    state = PresentationState(PresentationStateKey("p-1"), CASE.studies[0].key, "LUNG", looks=looks)
    case = replace(CASE, presentation_states=(state,))
    drawn = DrawnImage(annotations=(Annotation(words=(Words(("Nodule",), anchor=(10.0, 10.0)),)),))
    states, sent = LateStates({(SERIES, image): drawn for image in range(20)}), asyncio.Queue[Any]()
    context = StampContext(
        Volumes(),
        no_arrays(),
        AlreadyRead(),
        states,
        lambda to, message: sent.put_nowait(message),
        lambda connection: NOTHING_HIDDEN,
        lambda source, recipe, hidden: "still",
        lambda scene, stage: None,
    )
    stamper = StillStamper("c", "", context)
    stamper.set_screen(ONE, Screen(640, 480))
    view = initial_view(case)
    view = replace(view, viewports=(replace(view.viewports[0], presentation_state=state.key),))
    stamper.show(ShownView(9, 1, 1, view), case)
    assert (await next_stamp(sent)).viewports[0].words_px == ()
    states.read = True
    stamper.series_changed(SERIES)
    (box,) = (await next_stamp(sent)).viewports[0].words_px
    assert box[2] > box[3] > 10, "a word of six letters"
    await stamper.close()


class LateStates:
    """A state that is not read yet."""

    def __init__(self, images: dict[Any, DrawnImage]) -> None:
        self.drawn, self.read = DrawnState(images), False

    def now(self, wanted: PresentationState) -> DrawnState:
        if not self.read:
            raise NotReady("not_loaded", "It is being read.")
        return self.drawn

    async def get(self, wanted: PresentationState) -> DrawnState:
        return self.drawn


async def test_a_stage_is_named_in_all_that_it_does() -> None:
    volumes, sent, scenes = Volumes(), asyncio.Queue[Any](), list[tuple[Scene, str]]()
    context = StampContext(
        volumes,
        no_arrays(),
        AlreadyRead(),
        AlreadyRead(),
        lambda to, message: sent.put_nowait(message),
        lambda connection: NOTHING_HIDDEN,
        lambda source, recipe, hidden: f"still of {source}",
        lambda scene, stage: scenes.append((scene, stage)),
    )
    stamper = StillStamper("c", "own-4", context)
    stamper.set_screen(ONE, Screen(640, 480))
    stamper.show(ShownView(9, 1, 1, initial_view(CASE)), CASE)
    async with asyncio.timeout(PATIENCE_S):
        message = await sent.get()
    assert isinstance(message, ShownStamp)
    assert (message.stamp.stage, message.stamp.stream, message.stamp.rev) == ("own-4", "still", 9)
    assert message.stamp.viewports[0].digest == "still of pixels-5"
    assert [(scene.shown.rev, stage) for scene, stage in scenes] == [(9, "own-4")]
    assert volumes.held == {"c own-4": {SERIES}}
    await stamper.close()
    assert volumes.held == {"c own-4": set()}
