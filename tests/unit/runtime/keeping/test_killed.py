"""kill -9 before each step of an export, an import and a deletion: the next start ends it, or it has not begun."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from consult.app import open_services
from consult.model.identifiers import ConsultId
from consult.runtime.keeping.archive import ArchiveReader
from consult.store.audit.sqlite import SqliteAudit
from tests.support.cases import CONSULT
from tests.support.kept import log_of, put_consult, settings_of, traces
from tests.support.killed_process import PART_ROWS, STEPS
from tests.support.waiting import PATIENCE_S
from tests.support.zygote import zygote

HERE = ConsultId(CONSULT)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a consult, and its file beside it."""
    folder = tmp_path_factory.mktemp("made")

    async def make() -> None:
        async with open_services(settings_of(folder / "data"), keep_deadlines=False) as services:
            await put_consult(services, folder / "files")
            await services.keeping.export(HERE, folder / "one.zip")

    asyncio.run(make())
    return folder


def kill(deed: str, step: int, data: Path, file: Path) -> None:
    """A process does that, and is gone before that step."""
    words = [deed, str(step), str(data), str(file)]
    forked = zygote.fork(words, dict(os.environ), stdout=1, stderr=2, module="tests.support.killed_process")
    assert forked.wait(PATIENCE_S) == -signal.SIGKILL


@pytest.mark.parametrize("step", range(len(STEPS["delete"])), ids=lambda n: STEPS["delete"][n][1])
async def test_a_deletion_that_dies_is_ended_or_has_not_begun(step: int, made: Path, tmp_path: Path) -> None:
    """Seen to fail: files whose rows were gone already stayed for ever."""
    data = tmp_path / "data"
    shutil.copytree(made / "data", data)
    await asyncio.to_thread(kill, "delete", step, data, made / "one.zip")
    if STEPS["delete"][step][1] == "begin_deletion":
        async with open_services(settings_of(data)) as services:
            assert await services.registry.consults() == [HERE]
        return
    async with open_services(settings_of(data)) as services:
        await services.keeping.finish_deletions()
        assert await services.registry.consults() == []
        assert await log_of(services).deletions() == []
        assert await services.library.studies() == []
    assert traces(data) == []
    trail = SqliteAudit(data / "audit.sqlite")
    proof = [row.record for row in await trail.rows() if row.record.kind == "delete"]
    await trail.close()
    assert [record.what.split()[0] for record in proof] == ["log", "2", "study"], "proved once"
    assert {record.role for record in proof} == {"retention"}


def names(deed: str) -> list[str]:
    """Of the steps of a deed."""
    return ["-".join(map(str, step[1:])) for step in STEPS[deed]]


@pytest.mark.parametrize("step", range(len(STEPS["import"])), ids=names("import"))
async def test_an_import_that_dies_is_whole_or_nothing(step: int, made: Path, tmp_path: Path) -> None:
    """Seen to fail: pictures of a consult that was not stored stayed; so did half of its log."""
    data = tmp_path / "data"
    data.mkdir()
    await asyncio.to_thread(kill, "import", step, data, made / "one.zip")
    async with open_services(settings_of(data)) as services:
        is_whole = STEPS["import"][step][1] == "append"
        assert await services.registry.consults() == ([HERE] if is_whole else [])
        assert await asyncio.to_thread(lambda: len(list((data / "imported").glob("*")))) == is_whole
        assert bool(rows_of(data)) == is_whole
        if not is_whole:
            await services.keeping.import_file(made / "one.zip")
            assert await services.registry.consults() == [HERE]


@pytest.mark.parametrize("step", range(len(STEPS["clear"])), ids=names("clear"))
async def test_a_start_that_dies_while_it_clears_is_gone_on_with(step: int, made: Path, tmp_path: Path) -> None:
    """Seen to fail: with the mark of a restore removed before its entries, those that were left stayed for ever."""
    data = tmp_path / "data"
    data.mkdir()
    await asyncio.to_thread(kill, "import", len(STEPS["import"]) - 2, data, made / "one.zip")
    assert len(rows_of(data)) > 2 * PART_ROWS, "all of it but that it is whole"
    await asyncio.to_thread(kill, "clear", step, data, made / "one.zip")
    async with open_services(settings_of(data), keep_deadlines=False) as services:
        assert await services.registry.consults() == [], "nobody has cleared, and nobody sees it"
    async with open_services(settings_of(data)) as services:
        assert (await services.registry.consults(), rows_of(data)) == ([], [])
        await services.keeping.import_file(made / "one.zip")
        assert await services.registry.consults() == [HERE]


def rows_of(data: Path) -> list[tuple[str, int]]:
    """All entries that the log has, whoever may see them."""
    with closing(sqlite3.connect(data / "log.sqlite")) as database:
        found: list[tuple[str, int]] = database.execute("SELECT consult, seq FROM entries").fetchall()
        return found


@pytest.mark.parametrize("step", range(len(STEPS["export"])), ids=lambda n: STEPS["export"][n][1])
async def test_an_export_that_dies_leaves_no_half_file(step: int, made: Path, tmp_path: Path) -> None:
    """Seen to fail: written under its own name, half of it was there."""
    data, file = tmp_path / "data", tmp_path / "two.zip"
    shutil.copytree(made / "data", data)
    await asyncio.to_thread(kill, "export", step, data, file)
    assert not await asyncio.to_thread(file.exists)
    async with open_services(settings_of(data), keep_deadlines=False) as services:
        await services.keeping.export(HERE, file)
    assert await asyncio.to_thread(lambda: sorted(path.name for path in tmp_path.iterdir())) == ["data", "two.zip"]
    await asyncio.to_thread(lambda: ArchiveReader(file).__exit__())
