"""A note as a document and by a reader's link, on a real server: who may have what, of which version, until when.

Each test was seen to fail on the bugs that its docstring names.
"""

from __future__ import annotations

import hashlib
import io
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

from consult.runtime.registry import Link
from consult.runtime.runner import ConsultRunner
from consult.sessions.features.seats.commands import RevokeInvitation
from tests.support.waiting import until
from tests.unit.http.api.test_record import Seat, a_mark, seated
from tests.unit.http.conftest import Door, Join

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def signed(door: Door, host: str) -> tuple[ConsultRunner, Seat]:
    """A consult with a signed note of one finding."""
    runner, (seat,) = await seated(door, host)
    seat.ask("put_mark", mark=a_mark(runner))
    seat.ask("put_finding", finding="f1", base=0, wording={"title": "Nodule <b>"}, marks=["m-length"])
    await until(lambda: "m-length" in runner.core.state.numbers)
    seat.ask("confirm_side", finding="f1", side="RIGHT")
    seat.ask("put_note", field="impression", text="A nodule.", base=0)
    sign(runner, seat, "final", 0)
    await until(lambda: "c1.1" in runner.core.state.signed)
    return runner, seat


def sign(runner: ConsultRunner, seat: Seat, status: str, versions: int) -> None:
    """A version more."""
    signer, studies = {"name": "Dr. Host", "role": "radiologist"}, runner.core.state.cases[0].studies
    fields: dict[str, Any] = {"status": status, "versions": versions, "signer": signer, "again": signer}
    fields["seen"] = [studies[0].key]
    seat.ask("sign_note", **fields, **({"changed": "More."} if versions else {}))


async def reader_link(door: Door, runner: ConsultRunner, **more: Any) -> Link:
    """A link for reading."""
    return await door.services.registry.invite(runner.id, "reader", **more)


async def test_the_host_has_the_note_in_each_form(door: Door) -> None:
    """Bugs: the draft in place of what is signed; version 0 is the draft; a stranger has it; JSON in place of the form
    that was asked for."""
    runner, seat = await signed(door, "host-10")
    seat.ask("put_note", field="impression", text="Something else.", base=1)
    await until(lambda: runner.core.state.notes["c1"].text("impression") == "Something else.")
    base = f"/api/consults/{runner.id}"
    async with door.client() as stranger:
        assert (await stranger.get(f"{base}/note.json")).status_code == 401
    async with door.client(door.services.keys.host_token()) as host:
        host.timeout = httpx.Timeout(600)
        found = (await host.get(f"{base}/note.json")).json()
        assert (found["version"], found["status"], found["texts"]["impression"]) == (1, "final", "A nodule.")
        number = found["findings"][0]["values"][0]["numbers"][0]
        assert (number["quantity"], round(number["value"], 3), number["check"]) == ("length", 20.0, "confirmed")
        assert found["pictures"][0]["scale"] > 0
        assert len(found["pictures"][0]["sha256"]) == 64
        page = await host.get(f"{base}/note.html?language=de")
        assert (page.status_code, page.headers["content-language"]) == (200, "de")
        assert "Nodule &lt;b&gt;" in page.text
        assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
        table = await host.get(f"{base}/note.csv")
        assert table.status_code == 200
        assert table.headers["content-type"] == "text/csv; charset=utf-8"
        assert table.headers["content-disposition"].startswith("attachment")
        assert table.text.startswith('\ufeff"Lesion"')
        pdf = await host.get(f"{base}/note.pdf")
        assert pdf.headers["content-type"] == "application/pdf"
        assert "A nodule." in PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()
        assert (await host.get(f"{base}/summary.json")).status_code == 200
        for query, status, code in (
            ("note.json?version=2", 404, "unknown_version"),
            ("note.json?case=c9", 404, "unknown_case"),
            ("note.docx", 404, "unknown_form"),
            ("note.json?version=0", 404, "unknown_version"),
        ):
            answer = await host.get(f"{base}/{query}")
            assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), query
        assert (await host.get("/api/consults/nothing/note.json")).status_code == 404
        draft = (await host.get(f"{base}/note.json?version=draft")).json()
        assert (draft["status"], draft["texts"]["impression"]) == ("draft", "Something else.")


async def test_a_reader_reads_the_note_and_its_exact_pictures_also_after_the_end(door: Door, join: Join) -> None:
    """Bugs: nothing after the end; the draft; a picture of another size; opened counts as read; another origin."""
    runner, _ = await signed(door, "host-11")
    link = await reader_link(door, runner)
    async with door.client() as reader:
        reader.timeout = httpx.Timeout(600)
        seat = await join(reader, link, "Dr. Reader")
        page = await reader.get(seat)
        assert 'data-role="reader"' in page.text
        assert (await reader.get(f"{seat}note.json?version=draft")).json()["error"]["code"] == "not_signed"
        await runner.end()
        note = (await reader.get(f"{seat}reading")).json()
        assert (note["version"], note["newest"], note["seen_at"], note["name"]) == ("c1.1", 1, None, "Dr. Reader")
        assert 'data-picture="1"' in note["page"]
        view = (await reader.get(f"{seat}views/1?version=1&width=390&height=500&ratio=1")).json()
        still = await reader.get(f"{seat}stills/{view['digest']}")
        pixels = np.asarray(Image.open(io.BytesIO(still.content)))
        assert pixels.shape == (500, 390)
        assert hashlib.sha256(pixels.tobytes()).hexdigest() == still.headers["x-pixels-sha256"]
        assert "no-store" in still.headers["cache-control"]
        origin = {"Origin": door.address}
        await reader.post(f"{seat}opened", json={"version": "c1.1"}, headers=origin)
        (opened,) = runner.core.state.seen.values()
        assert (opened.name, opened.seen_at) == ("Dr. Reader", None)
        answer = await reader.post(f"{seat}seen", json={"version": "c1.1", "name": "Dr. R. Reader"}, headers=origin)
        assert answer.json()["name"] == "Dr. R. Reader"
        (read,) = runner.core.state.seen.values()
        assert (read.name, read.seen_at is not None) == ("Dr. R. Reader", True)
        assert (await reader.get(f"{seat}reading")).json()["seen_name"] == "Dr. R. Reader"
        unknown = await reader.post(f"{seat}seen", json={"version": "c1.2", "name": "x"}, headers=origin)
        assert unknown.status_code == 404
        crossed = await reader.post(
            f"{seat}seen", json={"version": "c1.1", "name": "x"}, headers={"Origin": "http://evil.example"}
        )
        assert crossed.json()["error"]["code"] == "cross_origin"


async def test_a_reader_has_nothing_of_the_consult_itself(door: Door, join: Join) -> None:
    """Bugs: small pictures and lists of the consult; another case; any still; a picture of any size; a reader counts as
    being in it."""
    runner, host = await signed(door, "host-12")
    link = await reader_link(door, runner)
    series = runner.core.state.cases[0].series[0].key
    async with door.client() as reader:
        reader.timeout = httpx.Timeout(600)
        seat = await join(reader, link, "Dr. Reader")
        for path in (f"thumbnails/{series}", f"series/{series}", "invitations"):
            answer = await reader.get(f"{seat}{path}")
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed"), path
        assert (await reader.get(f"{seat}note.json?case=c2")).json()["error"]["code"] == "not_allowed"
        offered = list(runner.pictures._offered[False])  # type: ignore[attr-defined]  # what the consult's own pages may fetch
        for digest in [*offered[:3], "0" * 64]:
            assert (await reader.get(f"{seat}stills/{digest}")).status_code == 404
        for query in ("", "?width=0&height=5", "?width=90000&height=90000", "?width=8192&height=8192"):
            assert (await reader.get(f"{seat}views/1{query}")).json()["error"]["code"] == "bad_screen"
        assert (await reader.get(f"{seat}views/7?width=100&height=100")).json()["error"]["code"] == "unknown_picture"
    assert runner.count_online() == 1, "who reads is not in it"
    assert host.seat == "host-12"


@pytest.mark.parametrize("path", ["reading", "views/1?width=100&height=100", "note.json"])
async def test_a_link_that_is_over_opens_nothing_any_more(door: Door, join: Join, path: str) -> None:
    """Bug: a link that was revoked opens still."""
    runner, _ = await signed(door, f"host-13-{len(path)}")
    link = await reader_link(door, runner)
    async with door.client() as reader:
        seat = await join(reader, link, "Dr. Reader")
        await runner.command(RevokeInvitation(invitation=link.invitation))
        answer = await reader.get(f"{seat}{path}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (410, "revoked")


async def test_guests_have_the_note_of_the_case_on_the_stage_and_are_readers_after_the_end(
    door: Door, join: Join
) -> None:
    """Bugs: it is over whatever a seat asks for; a guest has the reader's page while the consult goes on; the draft
    after the end; a link that was revoked then reads on."""
    runner, host = await signed(door, "host-14")
    link = await door.services.registry.invite(runner.id, "viewer")
    series = runner.core.state.cases[0].series[0].key
    async with door.client() as guest:
        guest.timeout = httpx.Timeout(600)
        seat = await join(guest, link, "Guest")
        assert (await guest.get(f"{seat}note.json")).json()["version"] == 1
        assert (await guest.get(f"{seat}note.json?version=draft")).json()["version"] == 0
        assert (await guest.get(f"{seat}reading")).json()["error"]["code"] == "not_allowed"
        host.ask("put_note", field="impression", text="Never signed.", base=1)
        await until(lambda: runner.core.state.notes["c1"].text("impression") == "Never signed.")
        await runner.end()
        assert (await guest.get(f"{seat}note.json")).json()["texts"]["impression"] == "A nodule."
        assert (await guest.get(f"{seat}note.json?version=draft")).json()["error"]["code"] == "not_signed"
        note = (await guest.get(f"{seat}reading")).json()
        assert (note["version"], note["own"], note["seen_at"]) == ("c1.1", False, None)
        assert 'data-role="reader"' in (await guest.get(seat)).text
        view = (await guest.get(f"{seat}views/1?version=1&width=390&height=500&ratio=1")).json()
        assert (await guest.get(f"{seat}stills/{view['digest']}")).status_code == 200
        origin = {"Origin": door.address}
        await guest.post(f"{seat}seen", json={"version": "c1.1", "name": "Guest"}, headers=origin)
        assert runner.core.state.seen[f"c1.1/{seat.split('/')[-2]}"].seen_at is not None
        for path in (f"thumbnails/{series}", f"series/{series}"):
            assert (await guest.get(f"{seat}{path}")).json()["error"]["code"] == "over"
        state = (await guest.post(f"{seat}state")).json()
        assert state["error"]["code"] == "over", "a page that is still the consult's is told so"
        listed = (await door_links(door, runner))["closed"]
        assert {one["state"] for one in listed if one["invitation"] == link.invitation} == {"reads"}
        await runner.command(RevokeInvitation(invitation=link.invitation))
        assert (await guest.get(f"{seat}reading")).json()["error"]["code"] == "revoked"


async def door_links(door: Door, runner: ConsultRunner) -> dict[str, Any]:
    """The links of a consult, as the host sees them."""
    async with door.client(door.services.keys.host_token()) as host:
        found: dict[str, Any] = (await host.get(f"/api/consults/{runner.id}/invitations")).json()
        return found


async def test_the_link_of_who_was_there_leads_to_the_note_after_the_end(door: Door, join: Join) -> None:
    """Bugs: the answer names no seat; it names somebody's seat to whoever has the link."""
    runner, _ = await signed(door, "host-16")
    link = await door.services.registry.invite(runner.id, "participant")
    secret = {"secret": link.path.partition("#")[2]}
    path = f"/join/{runner.id}/{link.invitation}"
    async with door.client() as guest, door.client() as stranger:
        seat = await join(guest, link, "Guest")
        await runner.end()
        error = (await guest.post(path, json=secret)).json()["error"]
        assert (error["code"], error["seat"]) == ("over", seat)
        error = (await stranger.post(path, json=secret)).json()["error"]
        assert (error["code"], "seat" in error) == ("over", False)


async def test_the_host_api_makes_lists_and_revokes_links_to_read(door: Door) -> None:
    """Bugs: a case that is not there is that on the stage; no link to read after the end; other links after the end."""
    runner, _ = await signed(door, "host-15")
    path = f"/api/consults/{runner.id}/invitations"
    async with door.client(door.services.keys.host_token()) as host:
        made = (await host.post(path, json={"role": "reader", "label": "Ward 4"})).json()
        assert (made["role"], made["case"], made["state"]) == ("reader", "c1", "active")
        wrong = await host.post(path, json={"role": "reader", "case": "c9"})
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (404, "unknown_case")
        await runner.end()
        later = (await host.post(path, json={"role": "reader"})).json()
        assert later["state"] == "active", "made after the end"
        refused = await host.post(path, json={"role": "viewer"})
        assert refused.status_code == 410
        left = (await host.request("DELETE", path, json={"invitation": made["invitation"]})).json()
        assert {one["invitation"]: one["state"] for one in left["closed"]}[made["invitation"]] == "revoked"
