"""The host API: nothing without the token; consults, links, health."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from consult.app import open_services
from consult.http.application import make_application
from consult.settings import Settings
from tests.support.ct import write_series
from tests.unit.http.conftest import Door

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/studies"),
        ("GET", "/api/consults"),
        ("POST", "/api/consults"),
        ("GET", "/api/consults/x"),
        ("DELETE", "/api/consults/x"),
        ("GET", "/api/consults/x/invitations"),
        ("POST", "/api/consults/x/invitations"),
        ("DELETE", "/api/consults/x/invitations"),
        ("GET", "/api/session"),
        ("DELETE", "/api/session"),
    ],
)
async def test_nothing_without_the_token(door: Door, method: str, path: str) -> None:
    for token in ("", "wrong"):
        async with door.client(token) as client:
            answer = await client.request(method, path)
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "no_token")


async def test_a_consult_from_opening_to_its_end(door: Door) -> None:
    async with door.client(door.services.keys.host_token()) as client:
        studies = (await client.get("/api/studies")).json()["studies"]
        assert [s["uid"] for s in studies] == [door.study]
        opened = await client.post("/api/consults", json={"studies": [door.study], "title": "T", "host_name": "Dr. H"})
        assert opened.status_code == 201
        consult = opened.json()["consult"]
        assert {link["role"] for link in opened.json()["links"]} == {"host", "participant"}
        made = (await client.post(f"/api/consults/{consult}/invitations", json={"role": "viewer"})).json()
        assert made["url"].startswith(f"{door.address}/join/{consult}/{made['invitation']}#")
        revoked = await client.request(
            "DELETE", f"/api/consults/{consult}/invitations", json={"invitation": made["invitation"]}
        )
        assert made["invitation"] not in [i["invitation"] for i in revoked.json()["invitations"]]
        assert (await client.get(f"/api/consults/{consult}")).json()["ended_at"] is None
        assert (await client.delete(f"/api/consults/{consult}")).json()["ended_at"] is not None
        assert consult in [c["id"] for c in (await client.get("/api/consults")).json()["consults"]]


async def test_what_is_not_there_is_unknown(door: Door) -> None:
    async with door.client(door.services.keys.host_token()) as client:
        assert (await client.get("/api/consults/nonsense")).json()["error"]["code"] == "unknown_consult"
        answer = await client.post("/api/consults", json={"studies": ["1.2.3"]})
        assert answer.json()["error"]["code"] == "unknown_study"


async def test_different_patients_are_refused_with_fields_and_values(door: Door, tmp_path: Path) -> None:
    other = write_series(tmp_path, images=1, size=32, patient="TEST^BERTA", patient_id="4712", PatientSex="M")
    await door.services.library.import_paths([tmp_path], lambda progress: None)
    async with door.client(door.services.keys.host_token()) as client:
        answer = await client.post("/api/consults", json={"studies": [door.study, other]})
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "different_patients")
        assert answer.json()["error"]["fields"] == [
            {"tag": "PatientID", "values": ["4711", "4712"]},
            {"tag": "PatientName", "values": ["TEST^ANNA", "TEST^BERTA"]},
            {"tag": "PatientSex", "values": ["F", "M"]},
        ]
        body = {"studies": [door.study], "title": "Board", "more_cases": [[other]]}
        opened = await client.post("/api/consults", json=body)
        listed = (await client.get(f"/api/consults/{opened.json()['consult']}")).json()
    who = {"birth_date": "1961-03-14", "issuer": "", "hidden": False}
    assert listed["patients"] == [
        {"name": "TEST^ANNA", "id": "4711", "sex": "F", **who},
        {"name": "TEST^BERTA", "id": "4712", "sex": "M", **who},
    ]
    assert (listed["studies"], listed["seats"]) == (2, [])
    assert listed["host_url"] == next(link["url"] for link in opened.json()["links"] if link["role"] == "host")


async def test_listing_consults_takes_none_over(door: Door) -> None:
    consult, _ = await door.open()
    async with open_services(Settings(data=door.data, workers=1)) as other:
        application = make_application(other)
        headers = {"Authorization": f"Bearer {other.keys.host_token()}"}
        transport = httpx.ASGITransport(application)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as client:
            listed = (await client.get("/api/consults")).json()["consults"]
            one = (await client.get(f"/api/consults/{consult}")).json()
    assert one in listed
    assert (one["id"], one["title"], one["people"]) == (consult, "Second opinion", 0)
    running = await door.services.registry.find(consult)
    await running.end()
    assert not running.lost, "reading does not fence the owner"


async def test_the_host_is_told_which_files_differ_and_may_leave_them_out_or_confirm(tmp_path: Path) -> None:
    data = tmp_path / "data"
    ours = write_series(tmp_path / "ours", images=2, size=16)
    theirs = write_series(tmp_path / "theirs", images=1, size=16, PatientSex="M", SeriesDescription="dose sheet")
    async with open_services(Settings(data=data)) as services:
        await services.library.import_paths([tmp_path / "ours", tmp_path / "theirs"], lambda progress: None)
        transport = httpx.ASGITransport(make_application(services))
        headers = {"Authorization": f"Bearer {services.keys.host_token()}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as client:
            asked = {"studies": [ours, theirs]}
            refused = await client.post("/api/consults", json=asked)
            error = refused.json()["error"]
            assert (refused.status_code, error["code"]) == (409, "different_patients")
            (part,) = [part for part in error["parts"] if part["values"] == {"PatientSex": "M"}]
            assert (part["name"], part["count"], len(part["files"])) == ("dose sheet", 1, 1)
            for answer in ({"leave_out": [part["series"]]}, {"same_patient": True}):
                assert (await client.post("/api/consults", json=asked | answer)).status_code == 201
