"""Files set aside, over HTTP: for the host alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from consult.dicom.naming import short_key
from tests.support.dicom_files import ct, write
from tests.unit.http.conftest import Door

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_host_sees_takes_in_and_removes_what_is_set_aside(door: Door, tmp_path: Path) -> None:
    uid = "1.2.99"
    files = [
        write(ct(StudyInstanceUID=uid, PatientID=patient), tmp_path / f"{n}.dcm").read_bytes()
        for n, patient in enumerate(("1", "2", "3"))
    ]
    async with door.client(door.services.keys.host_token()) as client:
        assert (await client.post("/api/studies", content=files[0])).status_code == 201
        for content in files[1:]:
            refused = await client.post("/api/studies", content=content)
            assert (refused.status_code, refused.json()["error"]["refused"][0]["code"]) == (422, "other_patient")
        listed = (await client.get("/api/set-aside")).json()
        assert listed["count"] == 2
        by_id = {file["differing"]["PatientID"][1]: file["file"] for file in listed["files"]}
        assert (await client.post(f"/api/set-aside/{by_id['2']}")).status_code == 201
        assert (await client.delete(f"/api/set-aside/{by_id['3']}")).status_code == 204
        assert (await client.delete(f"/api/set-aside/{by_id['3']}")).status_code == 404
        assert (await client.get("/api/set-aside")).json() == {"files": [], "count": 0}
        assert (await client.get(f"/api/studies/{short_key(uid)}")).json()["images"] == 2


async def test_nobody_else_sees_them(door: Door) -> None:
    async with door.client("") as client:
        assert (await client.get("/api/set-aside")).status_code == 401
        assert (await client.delete(f"/api/set-aside/{'0' * 64}")).status_code == 401
