"""Small pictures of prepared views: what each shows, for whom its case is told."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from consult.http.seat.prepared import SIZE
from consult.model.identifiers import ConsultId
from consult.sessions.features.board.commands import KeptView, Prepare
from tests.support.cases import scrolled
from tests.unit.http.conftest import Door, Join

pytestmark = pytest.mark.asyncio(loop_scope="module")
REFUSED = 404


async def test_each_shows_its_own_image_and_no_guest_sees_another_cases(door: Door, join: Join) -> None:
    # Seen to fail: a guest could fetch a view of a case that was not on the stage; two places, one picture.
    registry = door.services.registry
    consult = ConsultId(
        await registry.open([door.study], title="Board", host_name="Dr. Host", more_cases=[[door.study]], kind="board")
    )
    await registry.invite(consult, "preparer")
    running = await registry.find(consult)
    assert running.core.shown is not None
    view = running.core.shown.view
    for case in ("c1", "c2"):
        views = tuple(KeptView(scrolled(view, place), "") for place in (0, 2))
        await running.command(Prepare(of=case, by_name="Dr. Prep", views=views))
    prepared = list(running.core.state.prepared.values())
    assert [one.case for one in prepared] == ["c1", "c1", "c2", "c2"]
    links = {link.role: link for link in await registry.links(consult)}
    async with door.client() as preparer, door.client() as guest:
        at, other = await join(preparer, links["preparer"], "Dr. Prep"), await join(guest, links["participant"], "G")
        pictures = []
        for one in prepared[:2]:
            answer = await guest.get(f"{other}prepared/{one.id}")
            assert answer.headers["content-type"] == "image/png", answer.text
            pictures.append(np.asarray(Image.open(BytesIO(answer.content))))
        assert pictures[0].shape[:2] == SIZE[::-1]
        assert not np.array_equal(pictures[0], pictures[1])
        assert (await guest.get(f"{other}prepared/{prepared[2].id}")).status_code == REFUSED
        assert (await preparer.get(f"{at}prepared/{prepared[2].id}")).status_code == 200
        assert (await preparer.get(f"{at}prepared/none")).status_code == REFUSED
