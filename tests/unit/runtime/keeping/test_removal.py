"""A consult that is deleted: nothing of its patient is left in any byte, and the audit trail proves what went."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import pytest

from consult.app import open_services
from consult.http.services import Services
from consult.model.errors import Refused, StoreFailed
from consult.model.identifiers import ConsultId
from consult.store.audit import faults
from consult.store.audit.sqlite import SqliteAudit
from consult.store.log.sqlite import SqliteLog
from tests.support.cases import CONSULT
from tests.support.ct import write_series
from tests.support.kept import log_of, make_data, put_consult, settings_of, traces

HERE = ConsultId(CONSULT)


async def rows(data: Path) -> list[str]:
    """What the trail says was deleted; the chain is whole."""
    log = SqliteAudit(data / "audit.sqlite")
    try:
        found = await log.rows()
        assert faults(found, await log.head()) == []
        return [f"{row.record.role}: {row.record.what}" for row in found if row.record.kind == "delete"]
    finally:
        await log.close()


async def test_nothing_of_the_patient_is_left_in_any_byte(tmp_path: Path) -> None:
    """Seen to fail: without secure_delete (free pages), without the checkpoint (the WAL), with what was set aside."""
    data = tmp_path / "data"
    async with open_services(settings_of(data), keep_deadlines=False) as services:
        await put_consult(services, tmp_path / "files")
        await use_it(services, tmp_path)
        assert len(traces(data)) > 5
        log = b"".join([line + b"\n" for line in await log_of(services).lines(HERE)])
        objects = sorted(path.name for path in (data / "objects").rglob("*") if path.is_file())
        gone = await services.keeping.delete(HERE)
        assert traces(data) == [], "while the server runs"
        assert await services.registry.consults() == []
        with pytest.raises(Refused, match="unknown_consult"):
            await services.registry.read(HERE)
    assert traces(data) == []
    names = hashlib.sha256("".join(f"{name}\n" for name in objects).encode()).hexdigest()
    assert await rows(data) == [
        f"host: log of {gone.entries} entries, sha256 {hashlib.sha256(log).hexdigest()}",
        f"host: 2 objects, sha256 of their hashes {names}",
        f"host: study {gone.studies[0]}",
    ]


async def use_it(services: Services, folder: Path) -> None:
    """Make what is derived of it: a picture, volumes, a kept state; and a file that claims its study."""
    entry = (await services.library.studies())[0]
    await services.library.study_thumbnail(entry.uid)
    await services.keeping.export(HERE, folder / "one.zip")
    write_series(folder / "other", images=1, size=32, patient="OTHER^MAN", StudyInstanceUID=entry.uid)
    await services.library.import_paths([folder / "other"], lambda progress: None)
    assert len(await services.library.aside.all()) == 1
    runner = await services.registry.find(HERE)
    await runner.close()


async def test_a_study_that_another_consult_has_stays(tmp_path: Path) -> None:
    """Seen to fail: its images were gone in the other consult."""
    data = tmp_path / "data"
    async with open_services(settings_of(data), keep_deadlines=False) as services:
        await put_consult(services, tmp_path / "files")
        uid = (await services.library.studies())[0].uid
        other = await services.registry.open([uid], title="Other", host_name="Dr. Host")
        gone = await services.keeping.delete(HERE)
        assert (gone.studies, gone.objects) == ((), ())
        assert len(await services.library.studies()) == 1
        await services.keeping.delete(other, keep_studies=True)
        assert len(await services.library.studies()) == 1
    assert len(await rows(data)) == 2


async def test_an_open_critical_result_is_deleted_only_by_force(tmp_path: Path) -> None:
    """Seen to fail: it went, and its clock with it."""
    async with open_services(settings_of(tmp_path / "data"), keep_deadlines=False) as services:
        await put_consult(services, tmp_path / "files", critical=True)
        with pytest.raises(Refused, match="critical_open"):
            await services.keeping.delete(HERE)
        assert await services.registry.consults() == [HERE]
        await services.keeping.delete(HERE, force=True)
        assert await log_of(services).deadlines() == []
        with pytest.raises(Refused, match="unknown_consult"):
            await services.keeping.delete(HERE)


async def test_whoever_is_in_it_is_told(tmp_path: Path) -> None:
    """Seen to fail: the page was told that the server restarts, and came back."""
    async with open_services(settings_of(tmp_path / "data"), keep_deadlines=False) as services:
        table = await put_consult(services, tmp_path / "files", ended=False)
        runner = await services.registry.find(HERE)
        page = runner.attach(next(iter(table.state.seats)))
        await services.keeping.delete(HERE)
        sent = await page.outbox.take()
        assert '"reason":"deleted"' in sent[-1]
        assert page.close_frame == (4011, "deleted")


async def test_what_another_process_deletes_is_sent_away_here(tmp_path: Path) -> None:
    """Seen to fail: its state was read from memory for as long as the server ran."""
    data = tmp_path / "data"
    async with open_services(settings_of(data), keep_deadlines=False) as server:
        await put_consult(server, tmp_path / "files")
        await server.registry.find(HERE)
        async with open_services(settings_of(data), keep_deadlines=False) as command:
            await command.keeping.delete(HERE)
        await server.registry.send_away_deleted()
        assert server.registry.running(HERE) is None
        with pytest.raises(Refused, match="unknown_consult"):
            await server.registry.read(HERE)
    assert traces(data) == []


async def test_a_database_of_before_is_written_anew(tmp_path: Path) -> None:
    """Seen to fail: what an earlier release had overwritten without secure_delete was still there."""
    data = tmp_path / "data"
    await make_data(data, tmp_path / "files")
    for name in ("log.sqlite", "index.sqlite"):
        with sqlite3.connect(data / name) as database:
            database.execute("PRAGMA secure_delete=OFF")
            database.execute("CREATE TABLE old (text)")
            database.executemany("INSERT INTO old VALUES (?)", [("KEEPSAKE " * 500,)] * 20)
            database.execute("PRAGMA user_version=0")
            database.commit()
            database.execute("DELETE FROM old")
            database.commit()
        database.close()
    async with open_services(settings_of(data), keep_deadlines=False) as services:
        await services.keeping.delete(HERE)
    assert traces(data) == []


async def test_a_disk_that_does_not_take_it_leaves_it_begun_and_the_next_start_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail: after the failure the consult was there again, without its study."""

    async def full(*_: object) -> None:
        raise StoreFailed("disk_full", "The disk is full.")

    data = tmp_path / "data"
    async with open_services(settings_of(data), keep_deadlines=False) as services:
        await put_consult(services, tmp_path / "files")
        with monkeypatch.context() as patched:
            patched.setattr(SqliteLog, "delete_entries", full)
            with pytest.raises(StoreFailed, match="disk_full"):
                await services.keeping.delete(HERE)
        assert await services.registry.consults() == []
        assert len(await log_of(services).deletions()) == 1
        for _ in range(2):
            await services.keeping.finish_deletions()
    assert traces(data) == []
    assert len(await rows(data)) == 3, "the proof is written once"
