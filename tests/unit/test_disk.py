"""Small files are written as a whole or not at all, whatever writes them."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from consult.disk import disk_failed, whole_file, write_whole
from consult.library.set_aside import AsideFile, SetAside
from consult.library.uploading.upload_store import Manifest, Outcome, UploadStore
from consult.model.errors import StoreFailed

FILE = "0" * 64


def upload_outcome(data: Path) -> None:
    """The outcome of an upload, which is there."""
    store = UploadStore(data / "uploads" / "upload-1")
    if not store.path.is_dir():
        store.create(Manifest("upload-1", "a", (), 0.0))
    store.put_outcome(Outcome())


def set_aside(data: Path) -> None:
    """A file of another patient, and what is said of it."""
    (data / "file").write_bytes(b"DICM")
    SetAside(data).put(data / "file", AsideFile(FILE, "a", "1", "CT", "", 0.0, {}))


WRITERS = (upload_outcome, set_aside, lambda data: write_whole(data / "host-address", b"home"))


def files(data: Path) -> dict[str, bytes]:
    """All that is there."""
    return {str(path.relative_to(data)): path.read_bytes() for path in data.rglob("*") if path.is_file()}


@pytest.mark.parametrize("write", WRITERS)
def test_what_was_there_stays_when_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], None]
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    write(tmp_path)
    before = files(tmp_path)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreFailed) as failed:
        write(tmp_path)
    assert failed.value.code == "disk_full"
    assert files(tmp_path) == before, "nothing half written is left"


@pytest.mark.parametrize("write", WRITERS)
def test_nobody_else_can_read_it(tmp_path: Path, write: Callable[[Path], None]) -> None:
    write(tmp_path)
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path != tmp_path / "file"]
    assert written
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}


def test_what_fails_while_it_is_written_leaves_nothing(tmp_path: Path) -> None:
    def write() -> None:
        with whole_file(tmp_path / "a") as file:
            file.write(b"half")
            raise KeyError

    with pytest.raises(KeyError):
        write()
    assert files(tmp_path) == {}


def test_other_errors_of_the_disk_are_no_full_disk() -> None:
    assert disk_failed(OSError(errno.EIO, "Input/output error")).code == "store_failed"
