"""The magnifier: exact pixels of what may be shown of the case on the stage, for who is in the consult."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import httpx
import msgspec
import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image

from consult.model.view import Stack, Viewport
from tests.unit.http.conftest import Door, Join

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def shown(door: Door, consult: Any) -> tuple[Viewport, int]:
    """What is on the stage."""
    core = (await door.services.registry.find(consult)).core
    assert core.shown is not None
    return core.shown.view.viewports[0], core.state.case


async def ask(
    client: httpx.AsyncClient, seat: str, viewport: Viewport, epoch: int, size: object = 64
) -> httpx.Response:
    """For what is below the glass."""
    params = {"viewport": msgspec.json.encode(viewport).decode(), "size": str(size), "case": str(epoch)}
    return await client.get(f"{seat}magnified", params=params)


async def test_it_is_what_a_still_of_that_viewport_is(door: Door, join: Join) -> None:
    consult, links = await door.open()
    viewport, epoch = await shown(door, consult)
    near = replace(viewport, camera=replace(viewport.camera, radius=viewport.camera.radius / 8))
    case = (await door.services.registry.find(consult)).core.state.current_case
    async with door.client() as client:
        seat = await join(client, links["participant"], "A")
        answer = await ask(client, seat, near, epoch)
        assert answer.status_code == 200
        pixels = np.asarray(Image.open(io.BytesIO(answer.content)))
        assert pixels.shape[:2] == (64, 64)
        assert hashlib.sha256(pixels.tobytes()).hexdigest() == answer.headers["X-Pixels-SHA256"]
        assert case is not None
        drawn = await door.services.key_views.draw(case, near, (64, 64))
        assert drawn.png == answer.content
        assert "no-store" in answer.headers["cache-control"]


async def test_what_may_not_be_shown_is_not_magnified(door: Door, join: Join) -> None:
    consult, links = await door.open()
    viewport, epoch = await shown(door, consult)
    assert isinstance(viewport.shows, Stack)
    async with door.client() as client, door.client() as stranger:
        seat = await join(client, links["participant"], "A")
        rest = {"size": "64", "case": str(epoch)}
        other = replace(viewport, shows=replace(viewport.shows, series="0123456789abcdef"))
        for asked, code in (
            (ask(client, seat, other, epoch), "unknown_series"),
            (ask(client, seat, viewport, epoch + 1), "stale_case"),
            (ask(client, seat, viewport, epoch, 4000), "bad_screen"),
            (ask(client, seat, viewport, epoch, "x"), "bad_screen"),
            (ask(client, seat, viewport, epoch, "00006499999"), "bad_screen"),
            (client.get(f"{seat}magnified", params={**rest, "viewport": "{}"}), "malformed"),
            (client.get(f"{seat}magnified", params={**rest, "viewport": "x" * 3000}), "too_large"),
        ):
            answer = await asked
            assert answer.json()["error"]["code"] == code
            assert answer.status_code >= 400
        assert (await ask(stranger, seat, viewport, epoch)).status_code == 403
