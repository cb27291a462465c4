"""A backup of a running server's data becomes a server's data again: same log, same images, same keys, nothing else."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from consult.app import open_services
from consult.disk import disk_failed
from consult.http.services import Services
from consult.model.errors import ConsultError, Malformed, Refused, StoreFailed
from consult.model.identifiers import ConsultId
from consult.runtime.keeping.backup import making, targets
from consult.runtime.keeping.backup.contents import other_files
from consult.runtime.keeping.backup.making import back_up
from consult.runtime.keeping.backup.manifest import Part
from consult.runtime.keeping.backup.restoring import restore
from consult.sessions.upcast import write_entry
from consult.sessions.views import initial_view
from consult.store.audit import faults
from consult.store.audit.sqlite import SqliteAudit
from tests.support.cases import CONSULT
from tests.support.kept import put_consult, settings_of

NOW = 1_800_000_000.0
SIZE = (320, 240)
FORMS = pytest.mark.parametrize("name", ["backup", "backup.tar"])


async def seen(services: Services) -> dict[str, object]:
    """All that must be the same afterwards."""
    case = (await services.registry.read(ConsultId(CONSULT)))[0].current_case
    assert case is not None
    still = await services.key_views.draw(case, initial_view(case).viewports[0], SIZE)
    return {
        "log": [write_entry(entry) for entry in await services.registry.entries(ConsultId(CONSULT))],
        "pixels": still.sha256,
        "token": services.keys.host_token(),
        "studies": [(study.uid, study.images) for study in await services.library.studies()],
    }


async def make_and_back_up(data: Path, files: Path, path: Path) -> dict[str, object]:
    """A server with a consult, backed up while it runs; what it showed."""
    async with open_services(settings_of(data)) as services:
        await put_consult(services, files, ended=False)
        shown = await seen(services)
        for what in ("first", "second"):
            services.registry.audit.note("export", consult=CONSULT, role="host", what=what)
        await services.registry.audit.flushed()
        made = await asyncio.to_thread(back_up, data, path, NOW)
        assert made.studies_files == 2
        assert not made.damaged
    return shown


@pytest.fixture(scope="module")
def backups(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """A folder and a file of the same data, and what was shown there; left as they are."""
    folder = tmp_path_factory.mktemp("backups")
    shown = asyncio.run(make_and_back_up(folder / "data", folder / "files", folder / "backup"))
    (folder / "data" / "set-aside").mkdir()
    (folder / "data" / "set-aside" / ("0" * 64)).write_bytes(b"aside")
    (folder / "data" / "notes of the site").write_text("kept")
    back_up(folder / "data", folder / "backup.tar", NOW)
    return folder, shown


@FORMS
async def test_it_opens_again(name: str, backups: tuple[Path, dict[str, object]], tmp_path: Path) -> None:
    folder, shown = backups
    data = tmp_path / "restored"
    restored = restore(folder / name, data)
    assert restored.made_at == NOW
    private = {path.stat().st_mode & 0o077 for path in (data, *data.rglob("*")) if path == data or path.is_file()}
    assert private == {0}, "for its owner alone"
    async with open_services(settings_of(data)) as services:
        assert await seen(services) == shown
    trail = SqliteAudit(data / "audit.sqlite")
    rows, head = await trail.rows(), await trail.head()
    await trail.close()
    assert [row.record.what for row in rows[:2]] == ["first", "second"]
    assert faults(rows, head) == []


def test_what_is_made_anew_or_a_process_has_is_left_out(backups: tuple[Path, dict[str, object]]) -> None:
    folder, _ = backups
    assert (folder / "data" / "volumes").is_dir()
    names = {path.name for path in (folder / "backup").iterdir()}
    assert names == {"audit.sqlite", "backup.json", "index.sqlite", "key", "log.sqlite", "objects", "users.sqlite"}
    listed = {part["path"] for part in json.loads((folder / "backup" / "backup.json").read_text())["parts"]}
    assert len([path for path in listed if path.startswith("objects/")]) == 2


def test_what_is_left_out_is_not_walked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen to fail on a walk of everything: a million images were looked at to find a dozen files."""
    for name in ("objects/ab/abc", "volumes/v", "key", "log.sqlite", "log.sqlite-wal", "set-aside/volumes/x", "new/y"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "new" / "link").symlink_to(tmp_path / "key")
    opened, scandir = list[str](), os.scandir

    def look(path: str) -> Any:
        opened.append(path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", look)
    assert sorted(other_files(tmp_path)) == ["key", "new/y", "set-aside/volumes/x"]
    assert not [path for path in opened if str(path).startswith((f"{tmp_path}/objects", f"{tmp_path}/volumes"))]


def test_what_is_not_known_is_taken_along(backups: tuple[Path, dict[str, object]], tmp_path: Path) -> None:
    restore(backups[0] / "backup.tar", tmp_path / "restored")
    assert (tmp_path / "restored" / "notes of the site").read_text() == "kept"
    assert (tmp_path / "restored" / "set-aside" / ("0" * 64)).read_bytes() == b"aside"


def test_nothing_is_written_over(backups: tuple[Path, dict[str, object]], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path, tmp_path / "file", backups[0] / "data"):
        with pytest.raises(Refused, match="is not empty"):
            restore(backups[0] / "backup", place)
    (tmp_path / "empty").mkdir()
    restore(backups[0] / "backup", tmp_path / "empty")
    for place in (backups[0] / "backup", backups[0] / "backup.tar"):
        with pytest.raises(Refused, match="is there already"):
            back_up(backups[0] / "data", place, NOW)
    with pytest.raises(Refused, match="in the data directory"):
        back_up(backups[0] / "data", backups[0] / "data" / "backup", NOW)
    with pytest.raises(Refused, match="nothing to back up"):
        back_up(tmp_path / "none", tmp_path / "backup", NOW)


def change(path: str, content: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def act(backup: Path) -> None:
        (backup / path).write_bytes(content((backup / path).read_bytes()))

    return act


def of_manifest(**changed: object) -> Callable[[Path], None]:
    return change("backup.json", lambda content: json.dumps({**json.loads(content), **changed}).encode())


def part(path: str) -> list[dict[str, object]]:
    return [{"path": path, "size": 1, "sha256": hashlib.sha256(b"x").hexdigest()}]


@pytest.mark.parametrize(
    ("spoil", "kind", "sentence"),
    [
        (change("key", lambda content: content[:-1] + b"x"), Malformed, "key is not what it was"),
        (change("key", lambda content: content + b"x"), Malformed, "key is not what it was"),
        (change("log.sqlite", lambda content: content[:4096]), Malformed, "log.sqlite is not what it was"),
        (lambda backup: (backup / "key").unlink(), Malformed, "key is missing"),
        (lambda backup: (backup / "backup.json").unlink(), Malformed, "There is no backup.json in it"),
        (change("backup.json", lambda content: content[:-9]), Malformed, "was not ended"),
        (change("backup.json", lambda _: b"{}"), Malformed, "no backup of consult"),
        (of_manifest(version=2), Refused, "update consult first"),
        (of_manifest(parts=part("../key")), Malformed, "names what no backup has"),
        (of_manifest(parts=part("/etc/passwd")), Malformed, "names what no backup has"),
        (of_manifest(parts=part(".ssh/key")), Malformed, "names what no backup has"),
        (of_manifest(parts=part("key")), Malformed, "has no index.sqlite"),
        (of_manifest(more=1), Malformed, "is damaged"),
    ],
)
def test_what_was_changed_is_refused_and_nothing_is_left(
    spoil: Callable[[Path], None],
    kind: type[ConsultError],
    sentence: str,
    backups: tuple[Path, dict[str, object]],
    tmp_path: Path,
) -> None:
    shutil.copytree(backups[0] / "backup", tmp_path / "backup")
    spoil(tmp_path / "backup")
    with pytest.raises(kind, match=sentence):
        restore(tmp_path / "backup", tmp_path / "restored")
    assert not list((tmp_path / "restored").glob("*"))


def test_a_cut_or_changed_file_is_refused(backups: tuple[Path, dict[str, object]], tmp_path: Path) -> None:
    content = (backups[0] / "backup.tar").read_bytes()
    at = content.index(b"SQLite format 3") + 5000
    for spoiled in (content[: len(content) // 2], content[:at] + b"?" + content[at + 1 :], b"a letter", b""):
        (tmp_path / "backup.tar").write_bytes(spoiled)
        with pytest.raises(Malformed):
            restore(tmp_path / "backup.tar", tmp_path / "restored")
        assert not list((tmp_path / "restored").glob("*"))
    with pytest.raises(Refused, match="cannot be read"):
        restore(tmp_path / "none.tar", tmp_path / "restored")


@FORMS
def test_a_study_that_goes_while_it_is_copied_is_in_no_backup(
    name: str, backups: tuple[Path, dict[str, object]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All begins anew, with the index as it is then. Seen to fail: the backup named a file that it did not have."""
    data = tmp_path / "data"
    shutil.copytree(backups[0] / "data", data)
    put = making._put_object

    def deleted_meanwhile(target: targets.Target, data: Path, file: str) -> Part:
        if not met:
            met.append(file)
            with closing(sqlite3.connect(data / "index.sqlite", isolation_level=None)) as index:
                index.execute("DELETE FROM files WHERE file = ?", (Path(file).name,))
            (data / file).unlink()
        return put(target, data, file)

    met = list[str]()
    monkeypatch.setattr(making, "_put_object", deleted_meanwhile)
    made = back_up(data, tmp_path / name, NOW)
    assert made.studies_files == 1
    restore(tmp_path / name, tmp_path / "restored")
    assert len(list((tmp_path / "restored" / "objects").rglob("*/*"))) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, "data", "restored"]), "nothing is left"


def test_a_file_that_is_missing_or_damaged_is_named(backups: tuple[Path, dict[str, object]], tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(backups[0] / "data", data)
    first, second = sorted(path for path in (data / "objects").rglob("*") if path.is_file())
    first.write_bytes(b"other bytes")
    made = back_up(data, tmp_path / "backup", NOW)
    assert made.damaged == (first.relative_to(data).as_posix(),)
    second.unlink()
    with pytest.raises(Refused, match=f"{second.name} is missing"):
        back_up(data, tmp_path / "again", NOW)
    assert not (tmp_path / "again").exists()


@FORMS
def test_a_full_disk_leaves_nothing(
    name: str, backups: tuple[Path, dict[str, object]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise disk_failed(OSError(28, "No space left on device"))

    monkeypatch.setattr(targets.Folder, "put_bytes", full)
    monkeypatch.setattr(targets.TarTarget, "put_bytes", full)
    with pytest.raises(StoreFailed, match="disk_full"):
        back_up(backups[0] / "data", tmp_path / name, NOW)
    assert list(tmp_path.iterdir()) == []
