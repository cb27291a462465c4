"""A critical result on a server that was away: its deadline is kept though nobody opens the consult."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

import pytest

from consult.app import open_services
from consult.cli import main
from consult.http.services import Services
from consult.runtime.deadlines import DeadlineClock, Deadlines
from consult.sessions.features.consult.events import Site
from consult.sessions.features.critical.commands import AcknowledgeCritical
from consult.sessions.features.critical.deadlines import Deadline
from consult.sessions.features.critical.events import BACKUP, FIRST, Critical
from consult.sessions.fold import fold_all
from consult.settings import Settings
from consult.store.log.sqlite import SqliteLog
from tests.support.cases import CONSULT
from tests.support.record import RecordTable
from tests.support.waiting import until_notified
from tests.unit.notices.test_sender import Receiver, receiver

__all__ = ["receiver"]


async def store(data: Path, tables: Iterable[RecordTable]) -> None:
    """A log of long ago, as a server that was stopped has left it."""
    log = SqliteLog(data / "log.sqlite")
    for table in tables:
        await log.append(CONSULT, 0, [entry for append in table.appended for entry in append.entries])
    await log.close()


async def until(services: Services, holds: Callable[[Critical], bool]) -> Critical:
    """Wait until it holds of the critical result."""
    found: list[Critical] = []

    async def asked() -> bool:
        state, _ = await services.registry.read(CONSULT)
        found.append(state.criticals["x1"])
        return holds(found[-1])

    await until_notified(asked)
    return found[-1]


async def test_what_was_due_while_the_server_was_away_is_escalated_at_once(tmp_path: Path) -> None:
    table = RecordTable()
    table.raised()
    await store(tmp_path, [table])
    async with open_services(Settings(data=tmp_path, port=0, workers=1)) as services:
        critical = await until(services, lambda critical: critical.stage == BACKUP)
        assert critical.acknowledged is None
        assert [one.id for _, one in await services.registry.open_criticals()] == ["x1"]
    log = SqliteLog(tmp_path / "log.sqlite")
    state = fold_all(await log.read(CONSULT))
    assert state.criticals["x1"].stage == BACKUP
    await log.close()


async def test_what_was_acknowledged_in_time_is_left_alone(tmp_path: Path) -> None:
    table = RecordTable()
    table.raised()
    table.done("ann", AcknowledgeCritical, critical="x1", read_back="The right lung has collapsed.")
    await store(tmp_path, [table])
    async with open_services(Settings(data=tmp_path, port=0, workers=1)) as services:
        assert services.registry.running(CONSULT) is None
        assert (await until(services, lambda critical: critical.stage == FIRST)).acknowledged is not None


async def test_a_notice_that_waited_goes_out_after_the_restart_and_leads_there(
    tmp_path: Path, receiver: Receiver
) -> None:
    table = RecordTable()
    core = table.restarted()
    core._site = Site(webhook=True)
    table.core = core
    table.do(core.start(table.now))
    for seat in ("host", "ann"):
        table.come(seat)
    table.raised()
    assert [notice.state for notice in table.state.criticals["x1"].notices] == ["waiting"]
    await store(tmp_path, [table])
    settings = Settings(
        data=tmp_path, port=0, workers=1, public_url="https://consult.example", notice_webhook=receiver.url,
        notice_secret="s",
    )  # fmt: skip
    async with open_services(settings) as services:
        critical = await until(services, lambda c: len(c.notices) == 2 and c.notices[1].state == "sent")
        assert len(receiver.got) == 2
        assert critical.stage == BACKUP
        posted = [json.loads(body) for _, body in receiver.got]
        assert {body["notice"] for body in posted} == {"0.webhook", "1.webhook"}
        state, _ = await services.registry.read(CONSULT)
        labels = {invitation.label: invitation.name for invitation in state.invitations.values()}
        assert labels["critical x1 0"] == "Ann"
        assert labels["critical x1 1"] == "Bob"
        assert all(body["link"].startswith("https://consult.example/join/consult-1/") for body in posted)
        for _, body in receiver.got:
            assert b"pneumothorax" not in body
            assert b"DEMO" not in body


@pytest.mark.parametrize("command", ["open", "delete"])
def test_a_command_beside_a_server_leaves_the_deadlines_to_it(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would take the consult over, and the server would send its pages away."""
    made: list[object] = []

    class Seen(DeadlineClock):
        def __init__(self, log: Deadlines, act: Callable[[Deadline], Awaitable[None]]) -> None:
            made.append(self)
            super().__init__(log, act)

    monkeypatch.setattr("consult.app.DeadlineClock", Seen)
    assert main([command, "1.2.3", "--data", str(tmp_path)]) == 1, "there is no such study"
    assert not made
