"""Where patients are hidden, a guest is told of none by HTTP either."""

from __future__ import annotations

import pytest

from consult.sessions.features.cases.commands import HidePatients
from tests.unit.http.conftest import Door, Join
from tests.unit.http.seat.test_lobby import by_host

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_guest_reads_a_label_in_notes_and_nothing_in_the_preview(door: Door, join: Join) -> None:
    consult, links = await door.open()
    runner = await door.services.registry.find(consult)
    patient = runner.core.state.cases[0].patient
    path, _, secret = links["participant"].path.partition("#")
    async with door.client() as host, door.client() as guest:
        own, seat = await join(host, links["host"], "Dr. Host"), await join(guest, links["participant"], "Ann")
        await by_host(runner, HidePatients(id="tab-9f3a51.1", case=1, hidden=True))
        preview = (await guest.post(path, json={"secret": secret})).json()
        assert (preview["title"], preview["people"]) == ("", 0)
        asked = "note.json?version=draft"
        told = await guest.get(f"{seat}{asked}")
        assert told.json()["patient"]["name"] == "Case 1"
        assert (told.json()["title"], told.json()["patient"]["id"]) == ("", "")
        assert patient.name not in told.text
        assert (await host.get(f"{own}{asked}")).json()["patient"]["name"] == patient.name
        key = runner.core.state.cases[0].series[0].key
        assert (await guest.get(f"{seat}reports/{key}")).json()["error"]["code"] == "document_hidden"
        await by_host(runner, HidePatients(id="tab-9f3a51.2", case=1, hidden=False))
        assert (await guest.get(f"{seat}{asked}")).json()["patient"]["name"] == patient.name
