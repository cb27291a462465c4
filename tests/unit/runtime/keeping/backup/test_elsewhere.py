"""What is in Redis and in a bucket is backed up beside a server that runs, and restored there, or in files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from consult.app import open_services
from consult.http.services import Services
from consult.model.errors import OurFault, Refused
from consult.model.identifiers import ConsultId
from consult.runtime.keeping.backup.elsewhere import Place, back_up_all, put_elsewhere
from consult.runtime.keeping.backup.restoring import restore
from consult.sessions.upcast import write_entry
from consult.settings import Settings
from consult.store.accounts import User
from consult.store.audit import faults
from consult.store.backend import FileBackend, RedisBackend
from consult.store.copying import copy_stores, opened
from consult.stores import bucket_named, open_stores, redis_named
from tests.support.cases import CONSULT
from tests.support.kept import log_of, put_consult, settings_of
from tests.support.redis_server import RedisServer, redis_server
from tests.support.s3_server import S3Server

NOW = 1_800_000_000.0
ONE = ConsultId(CONSULT)


async def seen(services: Services) -> dict[str, object]:
    """All that must be the same afterwards."""
    (study,) = await services.library.studies()
    return {
        "log": [write_entry(entry) for entry in await services.registry.entries(ONE)],
        "clocks": await log_of(services).deadlines(),
        "token": services.keys.host_token(),
        "study": (study.uid, study.images, await services.library.study_thumbnail(study.uid)),
    }


@asynccontextmanager
async def stores_of(settings: Settings) -> AsyncIterator[FileBackend | RedisBackend]:
    """Those that a command has."""
    async with AsyncExitStack() as stack:
        yield await open_stores(stack, settings)


@pytest.fixture
def there(redis_of_session: RedisServer, s3_of_session: S3Server, tmp_path: Path) -> Callable[[str], Settings]:
    """Settings of a site in Redis and a bucket, both empty; of each name another bucket."""
    with redis_of_session.client() as client:
        client.flushall()

    def made(name: str) -> Settings:
        bucket = s3_of_session.settings(s3_of_session.new_bucket())
        return settings_of(tmp_path / name, redis=redis_of_session.url, **bucket)

    return made


async def test_a_backup_of_a_site_in_redis_and_a_bucket_opens_there_and_in_files(
    there: Callable[[str], Settings], redis_of_session: RedisServer, s3_of_session: S3Server, tmp_path: Path
) -> None:
    """Seen to fail: with no clocks, without users, and with an audit trail that ended before its head."""
    old, backup = there("old"), tmp_path / "backup.tar"
    async with open_services(old, keep_deadlines=False) as services:
        await put_consult(services, tmp_path / "files", critical=True, ended=False)
        await services.accounts.store.add(User("anna.berg", "Dr. Anna Berg", created_at=1.5), "hash")
        services.registry.audit.note("export", consult=CONSULT, role="host", what="first")
        await services.registry.audit.flushed()
        shown = await seen(services)
        assert shown["clocks"]
        async with stores_of(old) as stores:
            made = await back_up_all(Place(old.data, stores, bucket_named(old)), backup, NOW)
        assert (made.studies_files, made.damaged) == (2, ())
    assert left_beside(backup) == []
    with redis_server(tmp_path / "second") as second:
        again = there("again").model_copy(update={"redis": second.url})
        for settings in (again, settings_of(tmp_path / "in-files")):
            restore(backup, settings.data, elsewhere=partial(_put, settings=settings))
            async with open_services(settings, keep_deadlines=False) as services:
                assert await seen(services) == shown
                assert await services.accounts.store.password_of("anna.berg") == "hash"
            async with stores_of(settings) as stores, opened(stores) as found:
                rows, head = await found.audit.rows(), await found.audit.head()
            assert [row.record.what for row in rows][:1] == ["first"]
            assert faults(rows, head) == []
        assert not (again.data / "objects").exists()
        assert len(s3_of_session.objects(again.objects)) == 2
        assert not list(again.data.glob("*.sqlite"))
        other = settings_of(tmp_path / "other", redis=second.url)
        with pytest.raises(Refused, match="holds consults already"):
            restore(backup, other.data, elsewhere=partial(_put, settings=other))
        assert not any(other.data.iterdir())


def left_beside(backup: Path) -> list[str]:
    return [path.name for path in backup.parent.iterdir() if path.name.startswith(".")]


def _put(folder: Path, settings: Settings) -> None:
    """As the command does, beside the loop of the test."""
    with ThreadPoolExecutor(1) as threads:
        threads.submit(put_elsewhere, folder, redis_named(settings), bucket_named(settings)).result()


async def test_nothing_is_copied_while_a_consult_is_being_deleted(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    source, target = FileBackend(tmp_path), FileBackend(tmp_path_factory.mktemp("into"))
    async with open_services(settings_of(tmp_path), keep_deadlines=False) as services:
        await put_consult(services, tmp_path / "files", ended=False)
        log = log_of(services)
        await log.begin_deletion(ONE, await log.head(ONE), b"about")
        with pytest.raises(OurFault, match="is being deleted"):
            await copy_stores(source, target)
