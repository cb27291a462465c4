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
from consult.sessions.features.cases.commands import HidePatients
from consult.sessions.views import fitted_camera
from tests.support.dicom_files import write
from tests.support.document_files import A4, encapsulated, pdf
from tests.support.segmentation_files import images_of
from tests.unit.http.conftest import Door, Join
from tests.unit.http.seat.test_lobby import by_host

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


async def test_where_patients_are_hidden_a_guest_is_drawn_no_document_but_what_is_on_the_stage(
    door: Door, join: Join
) -> None:
    """Seen to fail: the glass and the thumbnail drew the name that stands on a letter."""
    files = door.data / "files"
    write(encapsulated(images_of(files)[0], pdf([("Dear Ms Hidden", A4)])), files / "letter.dcm")
    await door.services.library.import_paths([files], lambda progress: None)
    consult, links = await door.open()
    runner = await door.services.registry.find(consult)
    image, epoch = await shown(door, consult)
    letter = next(series for series in runner.core.state.cases[0].series if series.document)
    page = Viewport("a", Stack(letter.key, 0), fitted_camera(letter.grid, 0), None if letter.colour else image.window)
    async with door.client() as host, door.client() as guest:
        own, seat = await join(host, links["host"], "Dr. Host"), await join(guest, links["participant"], "Ann")
        assert (await ask(guest, seat, page, epoch)).status_code == 200
        await by_host(runner, HidePatients(id="tab-9f3a51.1", case=epoch, hidden=True))
        for refused in (await ask(guest, seat, page, epoch), await guest.get(f"{seat}thumbnails/{letter.key}")):
            assert (refused.status_code, refused.json()["error"]["code"]) == (403, "document_hidden")
        assert (await ask(guest, seat, image, epoch)).status_code == 200
        assert (await ask(host, own, page, epoch)).status_code == 200
        view = runner.core.shown.view if runner.core.shown is not None else None
        assert view is not None
        runner.core._register.put(runner.core.state, replace(view, viewports=(page,)), control=0)
        assert (await ask(guest, seat, page, epoch)).status_code == 200, "everybody sees it"
