"""The record by the host API, on a real server: numbers from real files, a signed note that nothing changes, the
audit trail."""

from __future__ import annotations

import json
from typing import Any

import pytest

from consult.model.identifiers import InvitationId, SeatId
from consult.runtime.runner import ConsultRunner
from consult.sessions.features.seats.commands import Invite, TakeSeat
from consult.sessions.messages import PROTOCOL_VERSION
from consult.sessions.state import State
from consult.sessions.views import first_place
from consult.store.audit import faults
from tests.support.waiting import until
from tests.unit.http.conftest import Door

pytestmark = pytest.mark.asyncio(loop_scope="module")
TAB = "tab-of-host"


class Seat:
    """A page of a seat, without a socket."""

    def __init__(self, runner: ConsultRunner, seat: str) -> None:
        self.runner, self.seat, self.n = runner, seat, 0
        self.handle = runner.attach(SeatId(seat))
        screen = {"width": 800, "height": 600}
        self.send({"type": "hello", "protocol": PROTOCOL_VERSION, "tab": f"tab-of-{seat}", "screen": screen})

    def send(self, message: dict[str, Any]) -> None:
        """A message."""
        self.handle.receive(json.dumps(message))

    def ask(self, kind: str, **fields: Any) -> None:
        """A command."""
        self.n += 1
        self.send({"type": kind, "id": f"tab-of-{self.seat}.{self.n}", "case": self.runner.core.state.case, **fields})


async def seated(door: Door, *seats: str) -> tuple[ConsultRunner, list[Seat]]:
    """A new consult, the first of these seats the host's."""
    consult, _ = await door.open()
    runner = await door.services.registry.find(consult)
    for number, seat in enumerate(seats):
        role: Any = "participant" if number else "host"
        await runner.command(Invite(invitation=InvitationId(f"of-{seat}"), role=role))
        await runner.command(TakeSeat(seat=SeatId(seat), invitation=InvitationId(f"of-{seat}"), name=seat))
    return runner, [Seat(runner, seat) for seat in seats]


def a_mark(runner: ConsultRunner, kind: str = "length") -> dict[str, Any]:
    """On the first image that the case opens with."""
    case = runner.core.state.current_case
    assert case is not None
    series = case.series[0]
    place = first_place(series)
    pixels = {"length": ((4, 4), (14, 4)), "ellipse": ((10, 10), (16, 10), (10, 15))}[kind]
    points = [series.grid.point(place, column, row) for column, row in pixels]
    return {"id": f"m-{kind}", "kind": kind, "series": series.key, "image": place, "points": points}


async def test_from_marks_to_a_signed_note_that_nothing_changes(door: Door) -> None:
    runner, (host, guest) = await seated(door, "host-1", "guest-1")

    def state() -> State:
        return runner.core.state

    for kind in ("length", "ellipse"):
        host.ask("put_mark", mark=a_mark(runner, kind))
    marks = ["m-length", "m-ellipse"]
    host.ask("put_finding", finding="f1", base=0, wording={"title": "Nodule"}, marks=marks)
    await until(lambda: len(state().numbers) == 2)
    numbers = {n.quantity: n for mark in marks for n in state().numbers[mark].numbers}
    assert set(numbers) == {"length", "area", "mean", "sd", "low", "high"}
    assert {number.check for number in numbers.values()} == {"confirmed"}, numbers
    length = numbers["length"]
    assert length.source.spacing_tag == "PixelSpacing"
    assert length.source.sop_instance_uid
    assert numbers["mean"].source.pixels > 50
    host.ask("confirm_side", finding="f1", side="RIGHT")
    host.ask("put_note", field="impression", text="A nodule.", base=0)
    case = state().current_case
    assert case is not None
    signer = {"name": "Dr. Host", "role": "radiologist"}
    seen = [case.studies[0].key]
    host.ask("sign_note", status="final", versions=0, signer=signer, again=signer, seen=seen)
    await until(lambda: "c1.1" in state().signed)
    guest.ask("mark_seen", version="c1.1")
    await until(lambda: bool(state().seen))
    async with door.client(door.services.keys.host_token()) as client:
        base = f"/api/consults/{runner.id}/notes"
        (note,) = (await client.get(base)).json()["notes"]
        assert (note["case"], note["whole"], [v["id"] for v in note["versions"]]) == ("c1", True, ["c1.1"])
        before = (await client.get(f"{base}/c1.1")).content
        for method in ("PUT", "PATCH", "POST", "DELETE"):
            answer = await client.request(method, f"{base}/c1.1", json={"texts": {}})
            assert (answer.status_code, answer.json()["error"]["code"]) == (409, "signed_note")
        assert (await client.get(f"{base}/c1.1")).content == before
        assert (await client.get(f"{base}/c1.2")).status_code == 404
    await door.services.registry.audit.flushed()


async def test_open_critical_results_are_listed_for_the_host_until_they_are_closed(door: Door) -> None:
    runner, (host, guest) = await seated(door, "host-2", "guest-2")
    people = {"to": {"name": "Guest", "seat": "guest-2"}, "backup": {"name": "Dr. Backup"}}
    host.ask("raise_critical", critical="x1", category=1, what="Bleeding", where="LEFT", **people)
    await until(lambda: "x1" in runner.core.state.criticals)
    async with door.client(door.services.keys.host_token()) as client:

        async def listed() -> list[str]:
            found = (await client.get("/api/criticals")).json()["criticals"]
            return [one["critical"]["id"] for one in found if one["consult"] == runner.id]

        assert await listed() == ["x1"]
        everything = (await client.get("/api/criticals")).json()
        row = next(one for one in everything["criticals"] if one["consult"] == runner.id)
        assert (row["case"], row["cases"], row["ended"], row["title"]) == (1, 1, False, "Second opinion")
        assert row["patient"]["name"] == "TEST^ANNA"
        assert row["critical"]["due_at"] - everything["now"] == pytest.approx(30 * 60, abs=60), "by the server's clock"
        guest.ask("acknowledge_critical", critical="x1", read_back="There is a bleeding in the head.")
        await until(lambda: runner.core.state.criticals["x1"].acknowledged is not None)
        assert await listed() == ["x1"], "acknowledged is not closed"
        host.ask("close_critical", critical="x1", outcome="Operated.")
        await until(lambda: runner.core.state.criticals["x1"].closed is not None)
        await runner.command(Invite(invitation=InvitationId("behind-it"), role="viewer"))  # stored behind it
        assert await listed() == []


async def test_who_came_and_who_was_refused_is_in_the_audit_trail(door: Door) -> None:
    runner, (host, guest) = await seated(door, "host-3", "guest-3")
    guest.ask("end_consult")
    async with door.client("wrong") as client:
        await client.get("/api/consults")
        await client.post(f"/join/{runner.id}/of-host-3", json={"secret": "wrong"})
    await runner.end()
    await door.services.registry.audit.flushed()
    log: Any = door.services.registry.audit._log
    rows = await log.rows()
    ours = [(r.record.kind, r.record.who, r.record.what) for r in rows if r.record.consult == runner.id]
    for expected in (
        ("join", "host-3", ""),
        ("join", "guest-3", ""),
        ("view_case", "guest-3", "c1"),
        ("refusal", "guest-3", "not_allowed"),
        ("end", "", ""),
    ):
        assert expected in ours, ours
    assert "no_token" in [row.record.what for row in rows]
    assert faults(rows, await log.head()) == []
    assert host.handle is not guest.handle
