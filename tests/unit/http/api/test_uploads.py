"""Uploads over HTTP, on real sockets: pieces, cuts in the middle of one, and who may send."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from consult.library.uploading.uploads import CHUNK
from tests.support.ct import write_series
from tests.support.waiting import until_notified
from tests.unit.http.conftest import Door

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def create(client: httpx.AsyncClient, *contents: bytes) -> str:
    files = [{"name": f"CD/{number}", "size": len(content)} for number, content in enumerate(contents)]
    answer = await client.post("/api/uploads", json={"name": "CD", "files": files})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/api/uploads/{answer.json()['id']}"
    return f"/api/uploads/{answer.json()['id']}"


async def finished(client: httpx.AsyncClient, path: str) -> dict[str, Any]:
    upload: dict[str, Any] = {}

    async def is_finished() -> bool:
        upload.update((await client.get(path)).json())
        return bool(upload["finished"])

    await until_notified(is_finished)
    return upload


def at(offset: int) -> dict[str, str]:
    return {"Upload-Offset": str(offset)}


async def test_files_come_in_pieces_and_are_taken_in(door: Door, tmp_path: Path) -> None:
    study = write_series(tmp_path, images=1, size=32)
    image, note = (tmp_path / "0000.dcm").read_bytes(), b"a letter " * 40
    async with door.client(door.services.keys.host_token()) as client:
        path = await create(client, image, note)
        first = await client.patch(f"{path}/files/0", content=image[:1000], headers=at(0))
        assert (first.status_code, first.headers["upload-offset"]) == (204, "1000")
        head = await client.head(f"{path}/files/0")
        assert (head.headers["upload-offset"], head.headers["upload-length"]) == ("1000", str(len(image)))
        wrong = await client.patch(f"{path}/files/0", content=image, headers=at(0))
        assert (wrong.status_code, wrong.headers["upload-offset"]) == (409, "1000")
        assert (await client.get(f"{path}/files")).json()["offsets"] == [1000, 0]
        await client.patch(f"{path}/files/0", content=image[1000:], headers=at(1000))
        await client.patch(f"{path}/files/1", content=note, headers=at(0))
        upload = await finished(client, path)
        assert (upload["taken"], upload["refused"], upload["studies"]) == (1, {"not_dicom": 1}, [study])
        (refused,) = upload["refused_files"]
        assert (refused["name"], refused["code"], bool(refused["rule"])) == ("CD/1", "not_dicom", True)
        assert path.rpartition("/")[2] in [u["id"] for u in (await client.get("/api/uploads")).json()["uploads"]]
        assert (await client.delete(path)).status_code == 204
        assert (await client.get(path)).json()["error"]["code"] == "unknown_upload"


async def test_a_piece_that_is_cut_off_is_kept_as_far_as_it_came(door: Door) -> None:
    content = bytes(range(256)) * 8192
    come = CHUNK + 5000
    token = door.services.keys.host_token()
    async with door.client(token) as client, door.client(token) as other:
        path = await create(client, content)

        async def offset() -> int:
            return int((await other.head(f"{path}/files/0")).headers["upload-offset"])

        async def has_come() -> bool:
            return await offset() >= CHUNK

        async def broken() -> AsyncIterator[bytes]:
            yield content[:come]
            await until_notified(has_come)
            raise ConnectionAbortedError

        headers = {**at(0), "Content-Length": str(len(content))}
        with pytest.raises(ConnectionAbortedError):
            await client.patch(f"{path}/files/0", content=broken(), headers=headers)
        here = 0

        async def goes_on() -> bool:
            nonlocal here
            here = await offset()
            rest = await other.patch(f"{path}/files/0", content=content[here:], headers=at(here))
            return rest.status_code == 204

        await until_notified(goes_on)
        assert CHUNK <= here <= come
        assert (await finished(other, path))["refused"] == {"not_dicom": 1}
        await client.delete(path)


async def test_a_file_that_will_not_come_is_listed_as_refused(door: Door) -> None:
    async with door.client(door.services.keys.host_token()) as client:
        path = await create(client, b"x")
        await client.delete(f"{path}/files/0", params={"rule": "the file has gone"})
        upload = await finished(client, path)
        assert [(r["code"], r["rule"]) for r in upload["refused_files"]] == [("not_sent", "the file has gone")]


@pytest.mark.parametrize(
    "body",
    [b"{", b"{}", b'{"files": []}', b'{"files": [{"name": "", "size": 1}]}', b'{"files": [{"name": "a", "size": -1}]}'],
)
async def test_a_list_that_is_none_is_malformed(door: Door, body: bytes) -> None:
    async with door.client(door.services.keys.host_token()) as client:
        answer = await client.post("/api/uploads", content=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "malformed")


async def test_what_is_not_there_is_unknown_and_a_missing_offset_malformed(door: Door) -> None:
    async with door.client(door.services.keys.host_token()) as client:
        path = await create(client, b"x")
        assert (await client.head(f"{path}/files/1")).status_code == 404
        assert (await client.patch(f"{path}/files/1", headers=at(0))).json()["error"]["code"] == "unknown_file"
        for offset in ("", "-1", "1e3", "9" * 30):
            answer = await client.patch(f"{path}/files/0", content=b"x", headers={"Upload-Offset": offset})
            assert answer.json()["error"]["code"] == "malformed"
        assert (await client.patch("/api/uploads/x/files/0", headers=at(0))).json()["error"]["code"] == "unknown_upload"
        await client.delete(path)


async def test_too_many_pieces_at_once_must_wait(door: Door) -> None:
    async with door.client(door.services.keys.host_token()) as client:
        path = await create(client, b"x")
        with door.using(receiving=asyncio.Semaphore(0)):
            answer = await client.patch(f"{path}/files/0", content=b"x", headers=at(0))
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        await client.delete(path)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""), ("POST", ""), ("GET", "/x"), ("DELETE", "/x"), ("GET", "/x/files"),
        ("HEAD", "/x/files/0"), ("PATCH", "/x/files/0"), ("DELETE", "/x/files/0"),
    ],
)  # fmt: skip
async def test_nobody_else_uploads(door: Door, method: str, path: str) -> None:
    async with door.client("wrong") as client:
        assert (await client.request(method, f"/api/uploads{path}")).status_code == 401
