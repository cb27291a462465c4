"""Files stored by their hash: whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from consult.library import object_store as objects
from consult.library.object_store import ObjectStore
from consult.model.errors import DicomRefused, Refused, StoreFailed

CONTENT = b"content" * 1000
HASH = hashlib.sha256(CONTENT).hexdigest()


def a_file(folder: Path) -> Path:
    path = folder / "source"
    path.write_bytes(CONTENT)
    return path


def left_over(data: Path) -> list[Path]:
    return [path for path in (data / "incoming").rglob("*") if path.is_file()]


def test_a_copy_lies_under_its_hash_and_nothing_is_left_beside(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path)
    assert not store.has(HASH)
    store.copy(a_file(tmp_path), HASH, limit=10_000)
    store.sync_folders()
    assert store.path(HASH) == tmp_path / "objects" / HASH[:2] / HASH
    assert store.path(HASH).read_bytes() == CONTENT
    assert store.path(HASH).stat().st_mode & 0o077 == 0
    assert left_over(tmp_path) == []


def test_a_file_of_ours_is_stored_without_a_copy_and_stays_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, source = ObjectStore(tmp_path), a_file(tmp_path)
    store.link(source, HASH, limit=10_000)
    store.link(source, HASH, limit=10_000)
    store.sync_folders()
    assert store.path(HASH).samefile(source)

    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "this disk has no links")

    monkeypatch.setattr(os, "link", no_links)
    other = ObjectStore(tmp_path / "other")
    other.link(source, HASH, limit=10_000)
    assert other.path(HASH).read_bytes() == CONTENT
    assert not other.path(HASH).samefile(source)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n", "../" + "a" * 61])
def test_no_path_is_made_of_anything_but_a_hash(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused):
        ObjectStore(tmp_path).path(name)


def test_a_file_that_changed_meanwhile_is_refused(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path)
    with pytest.raises(DicomRefused) as refused:
        store.copy(a_file(tmp_path), "0" * 64, limit=10_000)
    assert refused.value.code == "changed"
    assert left_over(tmp_path) == []
    assert not store.has("0" * 64)


def test_too_large_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(DicomRefused) as refused:
        ObjectStore(tmp_path).copy(a_file(tmp_path), HASH, limit=6_999)
    assert refused.value.code == "too_large"
    assert left_over(tmp_path) == []


def test_what_unpacks_to_much_more_than_it_was_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "FREE", 1000)
    store = ObjectStore(tmp_path)
    with pytest.raises(DicomRefused) as refused:
        store.write(io.BytesIO(CONTENT), store.new_partial_file(), limit=10_000, ratio_of=10, ratio=200)
    assert refused.value.code == "bomb"
    assert store.write(io.BytesIO(CONTENT), store.new_partial_file(), limit=10_000, ratio_of=50, ratio=200) == HASH


def test_a_full_disk_is_reported_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    store = ObjectStore(tmp_path)
    with pytest.raises(StoreFailed) as failed:
        store.copy(a_file(tmp_path), HASH, limit=10_000)
    assert failed.value.code == "disk_full"
    assert left_over(tmp_path) == []
    assert not store.has(HASH)


DIES = """
import sys
from pathlib import Path
from consult.library.object_store import ObjectStore
ObjectStore(Path(sys.argv[1])).new_partial_file().write_bytes(b"x")
"""


def test_what_a_dead_process_was_taking_in_is_cleared_and_what_a_living_one_is_stays(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path)
    alive = store.new_partial_file()
    alive.write_bytes(b"x")
    (tmp_path / "incoming" / "of-an-older-version").write_bytes(b"x")
    subprocess.run([sys.executable, "-c", DIES, str(tmp_path)], check=True)
    assert len(left_over(tmp_path)) == 3
    ObjectStore(tmp_path).clear_partial_files()
    assert left_over(tmp_path) == [alive]
    assert list((tmp_path / "incoming").iterdir()) == [alive.parent]


def test_a_held_file_is_removed_once_it_is_let_go(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path)
    store.copy(a_file(tmp_path), HASH, limit=10_000)
    store.hold(HASH)
    store.hold(HASH)
    store.remove(HASH)
    store.let_go(HASH, wanted=False)
    assert store.has(HASH)
    store.let_go(HASH, wanted=False)
    assert not store.has(HASH)


def test_a_file_that_was_to_go_and_has_a_row_again_stays(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path)
    store.copy(a_file(tmp_path), HASH, limit=10_000)
    store.hold(HASH)
    store.remove(HASH)
    store.let_go(HASH, wanted=True)
    assert store.has(HASH)
    store.remove(HASH)
    assert not store.has(HASH)


def test_a_file_that_no_row_names_is_forgotten(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path)
    store.copy(a_file(tmp_path), HASH, limit=10_000)
    store.remove(HASH)
    assert not store.has(HASH)
