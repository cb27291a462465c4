"""Stamps name the stage whose view they show; its volumes are held in its own name, and let go at its end."""

from __future__ import annotations

import asyncio
from typing import Any

from consult.model.identifiers import ConnectionId
from consult.model.view import Screen
from consult.sessions.features.view.messages import ShownView
from consult.sessions.messages import ShownStamp
from consult.sessions.views import initial_view
from consult.streaming.scene import Scene
from consult.streaming.still_stamps import StampContext, StillStamper
from tests.support.arrays import AlreadyRead, no_arrays
from tests.support.consults import SERIES, a_case
from tests.unit.streaming.test_router import Volumes

CASE = a_case()
ONE = ConnectionId("one")


async def test_a_stage_is_named_in_all_that_it_does() -> None:
    volumes, sent, scenes = Volumes(), asyncio.Queue[Any](), list[tuple[Scene, str]]()
    context = StampContext(
        volumes,
        no_arrays(),
        AlreadyRead(),
        AlreadyRead(),
        lambda to, message: sent.put_nowait(message),
        lambda source, recipe: f"still of {source}",
        lambda scene, stage: scenes.append((scene, stage)),
    )
    stamper = StillStamper("c", "own-4", context)
    stamper.set_screen(ONE, Screen(640, 480))
    stamper.show(ShownView(9, 1, 1, initial_view(CASE)), CASE)
    async with asyncio.timeout(60):
        message = await sent.get()
    assert isinstance(message, ShownStamp)
    assert (message.stamp.stage, message.stamp.stream, message.stamp.rev) == ("own-4", "still", 9)
    assert message.stamp.viewports[0].digest == "still of pixels-5"
    assert [(scene.shown.rev, stage) for scene, stage in scenes] == [(9, "own-4")]
    assert volumes.held == {"c own-4": {SERIES}}
    await stamper.close()
    assert volumes.held == {"c own-4": set()}
