"""What is hidden while a picture is under way reaches no guest, whoever asked for it before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any

import pytest

from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.model.privacy.blackout import HiddenParts
from consult.model.view import Screen
from consult.streaming.render_pool import RenderPool
from consult.streaming.router import PictureRouter
from consult.streaming.stills import Still
from tests.support.consults import SERIES
from tests.unit.streaming.test_router import CASE, ONE, Stage

SEAT = SeatId("ann")
TOP: HiddenParts = {SERIES: ((0, 0, 64, 8),)}
MORE: HiddenParts = {SERIES: ((0, 0, 64, 8), (0, 30, 64, 40))}
Ask = Callable[[PictureRouter, str], Coroutine[Any, Any, object]]


@pytest.fixture
def pool() -> Iterator[RenderPool]:
    with RenderPool(1) as pool:
        yield pool


@pytest.fixture
async def stage(pool: RenderPool) -> AsyncIterator[Stage]:
    stage = Stage(pool)
    yield stage
    await stage.pictures.close()


@pytest.mark.parametrize("before", [{}, TOP])
@pytest.mark.parametrize(
    "ask",
    [
        lambda pictures, digest: pictures.fetch(digest, SEAT, guest=True),
        lambda pictures, digest: pictures.preview(digest, SEAT, guest=True),
        lambda pictures, digest: pictures.fetch_small(digest, SEAT, now=True, guest=True),
    ],
)
async def test_a_guest_who_waits_for_a_picture_is_not_given_what_is_hidden_meanwhile(
    stage: Stage, before: HiddenParts, ask: Ask
) -> None:
    stage.pictures.hide(before)
    stage.pictures.set_screen(ONE, Screen(64, 48), guest=True)
    stage.pictures.show(stage.view(1), CASE)
    digest = (await stage.stamps(1))[ONE].viewports[0].digest
    stage.volumes.gate.clear()
    asked = asyncio.create_task(ask(stage.pictures, digest))
    await asyncio.sleep(0)
    stage.pictures.hide(MORE)
    stage.volumes.gate.set()
    with pytest.raises(Refused, match="unknown_still"):
        await asked


async def test_the_first_stills_of_a_guest_are_not_fetched_with_what_is_hidden_while_they_are_named(
    stage: Stage,
) -> None:
    stage.pictures.hide(TOP)
    stage.pictures.show(stage.view(1), CASE)
    stage.volumes.gate.clear()
    naming = asyncio.create_task(stage.pictures.first_stills(SEAT, Screen(64, 48), guest=True))
    await asyncio.sleep(0)
    stage.pictures.hide(MORE)
    stage.volumes.gate.set()
    for digest in await naming:
        with pytest.raises(Refused, match="unknown_still"):
            await stage.pictures.fetch(digest, SEAT, guest=True)


async def test_nor_are_they_given_the_small_form_of_it_that_is_encoded_meanwhile(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.pictures.set_screen(ONE, Screen(64, 48), guest=True)
    stage.pictures.show(stage.view(1), CASE)
    digest = (await stage.stamps(1))[ONE].viewports[0].digest
    whole = stage.stills.fetch_small

    async def hides_meanwhile(digest: str, *, now: bool) -> Still:
        stage.pictures.hide(MORE)
        return await whole(digest, now=now)

    monkeypatch.setattr(stage.stills, "fetch_small", hides_meanwhile)
    with pytest.raises(Refused, match="unknown_still"):
        await stage.pictures.fetch_small(digest, SEAT, now=True, guest=True)
