"""The audit trail says who was here, and nobody can fill the disk with it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from consult.model.identifiers import ConsultId
from consult.runtime.audit_trail import AND_MORE, AND_MORE_S, MAX_REFUSED, REFUSALS, AuditTrail
from consult.sessions.features.seats.commands import RevokeInvitation
from tests.support.waiting import until
from tests.unit.http.conftest import Door, Join, door, join
from tests.unit.http.sockets.test_control_socket import HELLO, connect, receive
from tests.unit.runtime.test_audit_trail import Kept

__all__ = ["door", "join"]


async def rows_of(door: Door, consult: str) -> list[tuple[str, str]]:
    """Kind and what of the rows of a consult."""
    trail: Any = door.services.registry.audit
    await trail.flushed()
    return [(row.record.kind, row.record.what) for row in await trail._log.rows() if row.record.consult == consult]


@pytest.mark.asyncio(loop_scope="module")
async def test_who_connects_again_and_again_joins_once_and_who_is_sent_out_leaves(door: Door, join: Join) -> None:
    """Seen to fail: two rows each time."""
    consult, links = await door.open()
    running = await door.services.registry.find(consult)
    async with door.client() as client:
        seat = await join(client, links["participant"], "A")
        for _ in range(6):
            async with await connect(door, client, seat) as socket:
                await socket.send(json.dumps(HELLO))
                await receive(socket, "welcome")
    await until(lambda: not running.count_online())
    assert await rows_of(door, consult) == [("join", ""), ("view_case", "c1")]
    await running.command(RevokeInvitation(invitation=links["participant"].invitation))
    assert (await rows_of(door, consult))[2:] == [("leave", "removed")]


@pytest.mark.asyncio(loop_scope="module")
async def test_who_goes_and_does_not_come_back_has_left(
    door: Door, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consult.runtime.attendance.AWAY_S", 0.0)
    consult, links = await door.open()
    running = await door.services.registry.find(consult)
    async with door.client() as client, await connect(door, client, await join(client, links["host"], "")) as socket:
        await socket.send(json.dumps(HELLO))
        await receive(socket, "welcome")
    await until(lambda: not running.count_online())
    assert (await rows_of(door, consult))[-1] == ("leave", "")


async def test_who_is_refused_everything_there_is_has_so_many_rows() -> None:
    """Seen to fail: a seat that is refused 60 codes has 6 rows a second for ever, and with 20 seats no row is known."""
    kept, now = Kept(), [0.0]
    trail = AuditTrail(kept, steady_clock=lambda: now[0])
    for _ in range(60):
        for seat in range(50):
            for code in range(60):
                trail.note("refusal", consult="c-1", who=f"s{seat}", what=f"code {code}", outcome="refused")
        now[0] += 10.0
    await trail.close()
    of_one = [record.what for record in kept.records if record.who == "s7"]
    assert len(of_one) <= REFUSALS.burst + 600 * REFUSALS.per_s + 600 / AND_MORE_S + 1
    assert of_one[:20] == [f"code {code}" for code in range(20)]
    assert AND_MORE in of_one, "the trail says that it is not all"
    assert len(trail._refused) <= MAX_REFUSED


async def test_what_is_handed_out_is_a_row() -> None:
    kept = Kept()
    trail = AuditTrail(kept, clock=lambda: 5.0)
    trail.exported(ConsultId("c-1"), "c1.2")
    await trail.close()
    (row,) = kept.records
    assert (row.kind, row.consult, row.who, row.role, row.what, row.outcome) == (
        "export", "c-1", "", "host", "c1.2", "success",
    )  # fmt: skip
