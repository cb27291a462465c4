"""Studies over HTTP: the list, pictures, one file or zip posted."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from consult.demo import demo_studies as demo
from consult.dicom.naming import short_key
from consult.http.api.studies import why_nothing
from consult.library.import_report import ImportReport, RefusedFile
from tests.support.ct import write_series
from tests.support.waiting import until_notified
from tests.unit.http.conftest import Door

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_dicom_file_is_taken_in_once(door: Door, tmp_path: Path) -> None:
    study = write_series(tmp_path, images=1, size=32)
    content = (tmp_path / "0000.dcm").read_bytes()
    async with door.client(door.services.keys.host_token()) as client:
        taken = await client.post("/api/studies", content=content, params={"name": "a.dcm"})
        assert (taken.status_code, taken.json()["taken"], taken.json()["studies"]) == (201, ["a.dcm"], [study])
        again = await client.post("/api/studies", content=content)
        assert (again.status_code, again.json()["taken"], again.json()["duplicates"]) == (200, [], 1)
        assert (await client.get(f"/api/studies/{short_key(study)}")).json()["images"] == 1
        assert study in [s["uid"] for s in (await client.get("/api/studies")).json()["studies"]]
    assert not [path for path in (door.data / "incoming").rglob("*") if path.is_file()]


async def test_a_zip_is_taken_in_and_what_is_refused_is_named(door: Door, tmp_path: Path) -> None:
    study = write_series(tmp_path, images=2, size=32)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("0000.dcm", "0001.dcm"):
            archive.write(tmp_path / name, name)
        archive.writestr("letter.txt", "no picture " * 40)
    async with door.client(door.services.keys.host_token()) as client:
        answer = await client.post("/api/studies", files={"file": ("disc.zip", packed.getvalue())})
        assert answer.status_code == 201
        assert (len(answer.json()["taken"]), answer.json()["studies"]) == (2, [study])
        assert [r["name"] for r in answer.json()["refused"]] == ["disc.zip:letter.txt"]


async def test_nothing_taken_is_an_error_that_says_why(door: Door) -> None:
    async with door.client(door.services.keys.host_token()) as client:
        answer = await client.post("/api/studies", content=b"no picture " * 40, params={"name": "letter.txt"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "refused")
        assert "letter.txt" in answer.json()["error"]["message"]
        assert [r["code"] for r in answer.json()["error"]["refused"]] == ["not_dicom"]


async def test_why_nothing_was_taken_names_tag_value_and_rule() -> None:
    refused = RefusedFile("a", "bad", "must be even", "Rows", "3")
    sentence = why_nothing(ImportReport([], [refused, refused], []))
    assert sentence == "a: Rows is '3': must be even. (2 files are refused.)"
    assert why_nothing(ImportReport([], [], [])) == "There is nothing in it."


async def test_a_study_has_a_picture_that_no_browser_keeps(door: Door) -> None:
    async with door.client(door.services.keys.host_token()) as client:
        answer = await client.get(f"/api/studies/{short_key(door.study)}/thumbnail")
        assert answer.content.startswith(b"\x89PNG")
        assert answer.headers["cache-control"] == "no-store"
        for path in ("/api/studies/1.2.9", "/api/studies/1.2.9/thumbnail"):
            assert (await client.get(path)).json()["error"]["code"] == "unknown_study"


async def test_the_demo_is_made_when_asked_for(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def small(folder: Path, on_progress: demo.OnProgress) -> None:
        on_progress(1, 2)
        write_series(folder / "ct", images=1, size=32, patient="DEMO^ANNA", patient_id=demo.PATIENT_ID)

    monkeypatch.setattr(demo, "make_demo", small)
    async with door.client(door.services.keys.host_token()) as client:
        assert (await client.get("/api/demo")).json()["state"] == "idle"
        assert (await client.post("/api/demo")).status_code == 202

        async def is_here() -> bool:
            return bool((await client.get("/api/demo")).json()["state"] == "here")

        await until_notified(is_here)
        names = [s["patient"]["name"] for s in (await client.get("/api/studies")).json()["studies"]]
        assert names.count("DEMO^ANNA") == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/api/studies"), ("GET", "/api/studies/x/thumbnail"), ("GET", "/api/demo"), ("POST", "/api/demo")],
)
async def test_nobody_else_sees_or_sends_studies(door: Door, method: str, path: str) -> None:
    async with door.client("wrong") as client:
        assert (await client.request(method, path)).status_code == 401
