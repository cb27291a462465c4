"""Pictures of pathology: who may add one, what is kept of it, and that it goes with its consult."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from consult.model.identifiers import ConsultId
from tests.unit.http.conftest import Door, Join

pytestmark = pytest.mark.asyncio(loop_scope="module")


def png() -> bytes:
    """A small one."""
    file = BytesIO()
    Image.fromarray(np.full((8, 12, 3), 200, np.uint8)).save(file, "PNG")
    return file.getvalue()


async def test_who_prepares_adds_a_picture_and_it_goes_with_the_board(door: Door, join: Join) -> None:
    # Seen to fail: whoever took part could add one; the folder stayed when the consult was deleted.
    registry = door.services.registry
    consult = ConsultId(await registry.open([door.study], title="Board", host_name="Dr. Host", kind="board"))
    await registry.invite(consult, "preparer")
    links = {link.role: link for link in await registry.links(consult)}
    async with door.client() as preparer, door.client() as guest:
        at, other = await join(preparer, links["preparer"], "Dr. Prep"), await join(guest, links["participant"], "G")
        ours = {"Origin": door.address}
        refused = await guest.post(f"{other}cases/c1/photos", content=png(), headers=ours)
        assert refused.json()["error"]["code"] == "not_preparer"
        foreign = await preparer.post(f"{at}cases/c1/photos", content=png(), headers={"Origin": "https://evil.example"})
        assert foreign.json()["error"]["code"] == "cross_origin"
        unknown = await preparer.post(f"{at}cases/c9/photos", content=png(), headers=ours)
        assert unknown.json()["error"]["code"] == "unknown_case"
        added = await preparer.post(f"{at}cases/c1/photos?line=HE", content=png(), headers=ours)
        name = added.json()["picture"]
        state = (await registry.find(consult)).core.state
        (picture,) = state.preparations["c1"].pictures
        assert (picture.id, picture.line, picture.width, picture.height) == (name, "HE", 12, 8)
        seen = await guest.get(f"{other}photos/{name}")
        assert (seen.status_code, seen.headers["content-type"]) == (200, "image/png")
        assert (await guest.get(f"{other}photos/{'0' * 64}")).status_code == 404
    folder = door.data / "photos" / consult
    assert [path.name for path in folder.iterdir()] == [name]
    await registry.find(consult)
    await door.services.keeping.delete(consult, keep_studies=True)
    assert not folder.exists()
