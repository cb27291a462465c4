"""What a user does by the host API is in the audit trail, with their name; what nobody has a name for is not."""

from __future__ import annotations

import pytest

from consult.store.audit import AuditRecord, faults
from consult.store.audit.sqlite import SqliteAudit
from tests.support.accounts import add_user, own, quick, sign_in
from tests.unit.http.conftest import Door, door

__all__ = ["door"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def records(door: Door) -> list[AuditRecord]:
    """All of them, which are a whole chain."""
    await door.services.registry.audit.flushed()
    log = SqliteAudit(door.data / "audit.sqlite")
    rows = await log.rows()
    assert faults(rows, await log.head()) == []
    await log.close()
    return [row.record for row in rows]


async def test_who_did_what_is_in_the_trail(door: Door) -> None:
    await add_user(door, "anna", "Dr. Anna Berg")
    with door.using(accounts=quick(door)):
        async with door.client() as client:
            await sign_in(client, "anna")
            opened = await client.post("/api/consults", json={"studies": [door.study]}, headers=own(door))
            consult = opened.json()["consult"]
            seat = (await client.post(f"/api/consults/{consult}/seat", headers=own(door))).json()["seat"]
            await client.get(f"/api/consults/{consult}/notes")
            await client.get(f"/api/consults/{consult}/note.json")
            await client.delete(f"/api/consults/{consult}", headers=own(door))
            await client.delete("/api/session", headers=own(door))
    found = [(r.kind, r.consult, r.what) for r in await records(door) if r.user == "anna"]
    assert found == [
        ("sign_in", "", "password"),
        ("act", "", "POST /api/consults"),
        ("seat", consult, ""),
        ("read", consult, "notes"),
        ("export", consult, "c1.draft"),
        ("act", consult, "DELETE /api/consults/{consult}"),
        ("sign_out", "", ""),
    ]
    (taken,) = [r.who for r in await records(door) if r.kind == "seat"]
    assert taken == seat.split("/")[2], "all that this seat does from then on is anna's"


async def test_what_is_refused_is_no_act_and_the_token_has_no_name(door: Door) -> None:
    await add_user(door, "bob")
    with door.using(accounts=quick(door)):
        async with door.client() as client, door.client(door.services.keys.host_token()) as program:
            await sign_in(client, "bob")
            await client.post("/api/consults", json={"studies": ["1.2.3"]}, headers=own(door))
            await client.post("/api/consults", json={"studies": [door.study]})
            await sign_in(client, "bob", "wrong")
            await program.post("/api/consults", json={"studies": [door.study]})
    made = await records(door)
    assert [(r.kind, r.what) for r in made if r.user == "bob"] == [("sign_in", "password")]
    refused = {r.what for r in made if r.kind == "refusal"}
    assert {"cross_origin", "wrong_password"} <= refused
