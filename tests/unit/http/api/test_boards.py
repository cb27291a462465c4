"""Boards in the host API: opened from a list, a case added and dropped, what was put off taken over, minutes."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from consult.demo.author import Author
from consult.model.identifiers import ConsultId, SeatId
from consult.sessions.features.board.commands import BeginBoard, PutDecision, PutWords, SaveDecision
from consult.sessions.features.seats.commands import TakeSeat
from tests.support.ct import write_series
from tests.unit.http.conftest import Door

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def berta(door: Door, folder: Path) -> str:
    """One more patient."""
    study = write_series(folder, images=1, size=32, patient="TEST^BERTA", patient_id="4712")
    await door.services.library.import_paths([folder], lambda progress: None)
    return study


async def test_a_board_from_its_list_to_its_minutes(door: Door, tmp_path: Path) -> None:
    other = await berta(door, tmp_path)
    async with door.client(door.services.keys.host_token()) as client:
        client.timeout = httpx.Timeout(120.0)  # a PDF takes its time where many work
        rows = (await client.post("/api/boards/list", content="id,question\n4711,Surgery?\n9,x\n")).json()["rows"]
        assert [(row["state"], row["studies"]) for row in rows] == [("found", [door.study]), ("nothing", [])]
        cases = [{"studies": rows[0]["studies"], "question": rows[0]["row"]["question"], "minutes": 8}]
        opened = (await client.post("/api/boards", json={"cases": cases, "title": "Thorax"})).json()
        assert {link["role"] for link in opened["links"]} == {"host", "participant", "preparer"}
        consult = ConsultId(opened["consult"])
        added = (await client.post(f"/api/consults/{consult}/cases", json={"studies": [other]})).json()
        assert added == {"case": "c2"}
        state = (await door.services.registry.find(consult)).core.state
        assert (state.consult.kind, [case.id for case in state.cases]) == ("board", ["c1", "c2"])
        assert state.preparations["c1"].text("question") == "Surgery?"
        dropped = await client.delete(f"/api/consults/{consult}/cases/c2")
        assert dropped.json() == {"dropped": "c2"}
        assert (await client.delete(f"/api/consults/{consult}/cases/c1")).json()["error"]["code"] == "on_the_stage"
        for form, begins in (("json", b"{"), ("fhir", b"{"), ("html", b"<!doctype"), ("pdf", b"%PDF")):
            answer = await client.get(f"/api/consults/{consult}/minutes.{form}")
            assert (answer.status_code, answer.content.lstrip()[: len(begins)]) == (200, begins), form
        assert (await client.get(f"/api/consults/{consult}/minutes.doc")).json()["error"]["code"] == "unknown_form"


async def test_what_was_put_off_comes_to_the_next_board_with_why(door: Door) -> None:
    async with door.client(door.services.keys.host_token()) as client:
        client.timeout = httpx.Timeout(120.0)
        body = {"cases": [{"studies": [door.study], "question": "Surgery?"}], "title": "Last week"}
        consult = ConsultId((await client.post("/api/boards", json=body)).json()["consult"])
        runner = await door.services.registry.find(consult)
        await decide(door, consult)
        assert (await client.get("/api/boards/deferred")).json()["cases"] == [], "the board goes on"
        await runner.end()
        (case,) = (await client.get("/api/boards/deferred")).json()["cases"]
        assert (case["why"], case["studies"], case["title"]) == ("No biopsy yet.", [door.study], "Last week")
        deferred = {"consult": case["consult"], "case": case["case"]}
        again = {"cases": [{"studies": case["studies"], "deferred": deferred}], "title": "This week"}
        second = ConsultId((await client.post("/api/boards", json=again)).json()["consult"])
        preparation = (await door.services.registry.find(second)).core.state.preparations["c1"]
        assert preparation.text("question") == "Surgery?"
        assert "No biopsy yet." in preparation.text("history")


async def decide(door: Door, consult: ConsultId) -> None:
    """The case is put off by the host."""
    runner = await door.services.registry.find(consult)
    link = next(one.id for one in runner.core.state.invitations.values() if one.role == "host")
    await runner.command(TakeSeat(seat=SeatId("host"), invitation=link, name="Dr. Host"))
    host = Author(runner, SeatId("host"))
    await host.do(BeginBoard)
    await host.do(PutDecision, base=0, words=PutWords("No biopsy yet.", outcome="deferral"), shown=True)
    await host.do(SaveDecision, base=1)
    host.leave()
