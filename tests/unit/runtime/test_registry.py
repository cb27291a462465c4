"""Consults are opened from their logs, owned by one process, and the links stay the same."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from consult.app import open_services
from consult.http.services import Services
from consult.model.catalogue import Case
from consult.model.errors import Conflict, DifferentPatients, Refused, StoreFailed
from consult.model.identifiers import ConsultId
from consult.runtime.audit_trail import AuditTrail
from consult.sessions.features.limits import MAX_CASES
from consult.sessions.stored_state import StoredState
from consult.settings import Settings
from consult.store.audit import AuditRecord
from consult.store.audit.sqlite import NAME, SqliteAudit
from consult.store.log.sqlite import SqliteLog
from tests.support.ct import write_series
from tests.support.waiting import PATIENCE_S

"""A bug fails its test and hangs no suite."""


async def test_a_consult_survives_its_server_with_the_same_links(tmp_path: Path) -> None:
    study = write_series(tmp_path / "files", images=2, size=32)
    settings = Settings(data=tmp_path / "data", workers=1)
    async with open_services(settings) as services:
        await services.library.import_paths([tmp_path / "files"], lambda progress: None)
        consult = await services.registry.open([study], title="T", host_name="Dr. Host")
        links = await services.registry.links(consult)
        owners = (await services.registry.find(consult)).core.state.owners
    async with open_services(settings) as services:
        assert await services.registry.consults() == [consult]
        assert await services.registry.links(consult) == links
        running = await services.registry.find(consult)
        assert running.core.state.owners == owners + 1, "the new process has fenced the old one"
        assert await services.registry.find(consult) is running


async def test_a_row_that_its_process_took_with_it_is_in_the_audit_trail_once_the_consult_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail: what was acknowledged just before kill -9 was in the log, and never in the trail."""
    study = write_series(tmp_path / "files", images=1, size=32)
    settings = Settings(data=tmp_path / "data", workers=1)

    async def ends(services: Services, consult: ConsultId) -> list[AuditRecord]:
        await services.registry.audit.flushed()
        log = SqliteAudit(settings.data / NAME)
        found = [row for row in await log.of_consult(consult) if row.kind == "end"]
        await log.close()
        return found

    async with open_services(settings) as services:
        await services.library.import_paths([tmp_path / "files"], lambda progress: None)
        consult = await services.registry.open([study], title="T", host_name="Dr. Host")
        with monkeypatch.context() as killed:
            killed.setattr(AuditTrail, "stored", lambda *_: None)
            await (await services.registry.find(consult)).end()
        assert await ends(services, consult) == []
    for _ in range(2):
        async with open_services(settings) as services:
            await services.registry.find(consult)
            assert len(await ends(services, consult)) == 1


async def test_the_last_owner_wins_and_the_former_one_finds_the_consult_anew(tmp_path: Path) -> None:
    study = write_series(tmp_path / "files", images=2, size=32)
    settings = Settings(data=tmp_path / "data", workers=1)
    async with open_services(settings) as first, open_services(settings) as second:
        await first.library.import_paths([tmp_path / "files"], lambda progress: None)
        consult = await first.registry.open([study], title="T", host_name="Dr. Host")
        former = await first.registry.find(consult)
        newer = await second.registry.find(consult)
        with pytest.raises(Conflict):
            await first.registry.invite(consult, "viewer")
        assert former.lost
        assert not newer.lost
        again = await first.registry.find(consult)
        assert again is not former
        assert again.core.state.owners == 3


async def test_a_consult_of_several_cases_each_of_one_patient(tmp_path: Path) -> None:
    anna = [write_series(tmp_path / "files" / d, images=1, size=32, StudyDate=d) for d in ("20261124", "20260519")]
    berta = write_series(tmp_path / "files" / "b", images=1, size=32, patient="TEST^BERTA", patient_id="4712")
    async with open_services(Settings(data=tmp_path / "data", workers=1)) as services:
        await services.library.import_paths([tmp_path / "files"], lambda progress: None)
        with pytest.raises(DifferentPatients):
            await services.registry.open([*anna, berta], title="Board", host_name="Dr. Host")
        consult = await services.registry.open(anna, title="Board", host_name="Dr. Host", more_cases=[[berta]])
        cases = (await services.registry.find(consult)).core.state.cases
        assert [(case.id, case.patient.name, len(case.studies)) for case in cases] == [
            ("c1", "TEST^ANNA", 2), ("c2", "TEST^BERTA", 1),
        ]  # fmt: skip


async def test_what_is_over_is_folded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = write_series(tmp_path / "files", images=1, size=32)
    settings = Settings(data=tmp_path / "data", workers=1)
    async with open_services(settings) as services:
        await services.library.import_paths([tmp_path / "files"], lambda progress: None)
        consult = await services.registry.open([study], title="T", host_name="Dr. Host")
        assert services.registry.running(consult) is await services.registry.find(consult)
        await (await services.registry.find(consult)).end()
    async with open_services(settings) as services:
        assert services.registry.running(consult) is None
        state, people = await services.registry.read(consult)
        assert (state.ended, people) == (True, 0)
        monkeypatch.setattr(SqliteLog, "read", None)
        assert (await services.registry.read(consult))[0] is state


async def test_unknown_consults_and_closing_are_reported(tmp_path: Path) -> None:
    async with open_services(Settings(data=tmp_path, workers=1)) as services:
        with pytest.raises(Refused, match="unknown_consult"):
            await services.registry.find(ConsultId("nonsense"))
        await services.registry.close()
        with pytest.raises(StoreFailed, match="closing"):
            await services.registry.find(ConsultId("nonsense"))


async def test_a_consult_that_could_not_be_stored_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object) -> None:
        raise StoreFailed("not_stored", "The disk is full.")

    study = write_series(tmp_path / "files", images=2, size=32)
    async with open_services(Settings(data=tmp_path / "data", workers=1)) as services:
        await services.library.import_paths([tmp_path / "files"], lambda progress: None)
        monkeypatch.setattr(SqliteLog, "append", full)
        with pytest.raises(StoreFailed, match="not_stored"):
            await services.registry.open([study], title="T", host_name="Dr. Host", name="not-stored")
        with pytest.raises(Refused, match="unknown_consult"):
            await services.registry.find(ConsultId("not-stored"))
        with pytest.raises(Refused, match="unknown_consult"):
            await services.registry.read(ConsultId("not-stored"))


async def test_a_consult_whose_files_are_read_while_the_server_stops_is_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail: it ran on behind `close`, and what could not begin was said to be beginning for ever."""
    study = write_series(tmp_path / "files", images=1, size=32)
    async with open_services(Settings(data=tmp_path / "data", workers=1)) as services:
        await services.library.import_paths([tmp_path / "files"], lambda progress: None)
        registry, read = services.registry, services.library.case

        async def read_late(*asked: Any, **more: Any) -> Case:
            case = await read(*asked, **more)
            await registry.close()
            return case

        monkeypatch.setattr(services.library, "case", read_late)
        with pytest.raises(StoreFailed, match="closing"):
            await registry.open([study], title="T", host_name="Dr. Host")
        assert registry.all_running() == []
        assert not registry._beginning


async def test_more_cases_than_a_consult_holds_are_refused(tmp_path: Path) -> None:
    # Seen to fail on: any number of cases.
    async with open_services(Settings(data=tmp_path / "data", workers=1)) as services:
        more = [[str(n)] for n in range(MAX_CASES)]
        with pytest.raises(Refused, match="too_many_cases") as refused:
            await services.registry.open(["0"], title="T", host_name="Dr. Host", more_cases=more)
        assert refused.value.sentence.startswith("A consult holds at most 100 cases, and these are 101.")


async def test_a_log_that_takes_long_to_read_holds_no_other_consult(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail: whoever came into any other consult waited until it was open."""
    study, settings = write_series(tmp_path / "files", images=2, size=32), Settings(data=tmp_path / "data", workers=1)
    async with open_services(settings) as services:
        await services.library.import_paths([tmp_path / "files"], lambda progress: None)
        long, other = [await services.registry.open([study], title=name, host_name="Dr. Host") for name in "ab"]
    state, is_asked, may_go_on = SqliteLog.state, asyncio.Event(), asyncio.Event()

    async def slowly(log: SqliteLog, consult: ConsultId) -> StoredState | None:
        if consult == long:
            is_asked.set()
            await may_go_on.wait()
        return await state(log, consult)

    monkeypatch.setattr(SqliteLog, "state", slowly)
    async with open_services(settings) as services:
        opening = [asyncio.create_task(services.registry.find(long)) for _ in range(2)]
        await is_asked.wait()
        async with asyncio.timeout(PATIENCE_S):
            assert (await services.registry.find(other)).id == other
        assert not any(task.done() for task in opening)
        may_go_on.set()
        first, second = await asyncio.gather(*opening)
        assert first is second, "opened once, whoever asks"
        assert list(services.registry._opening._locks) == []
