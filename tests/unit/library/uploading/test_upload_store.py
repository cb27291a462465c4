"""An upload on the disk: what is there is what was written, and nothing is named by a stranger."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from consult.library.import_report import ImportReport, RefusedFile
from consult.library.uploading.upload_store import Manifest, Outcome, UploadFile, UploadStore, find_folders
from consult.model.errors import StoreFailed


def an_upload(folder: Path) -> UploadStore:
    upload = UploadStore(folder / "uploads" / "upload-1")
    upload.create(Manifest("upload-1", "CD", (UploadFile("../../evil", 4), UploadFile("b", 2)), 5.0))
    return upload


def put(upload: UploadStore, number: int, content: bytes, offset: int = 0) -> None:
    descriptor = upload.open(number)
    upload.write(descriptor, offset, content)
    upload.sync(descriptor)
    os.close(descriptor)


def test_what_is_here_is_found_again(tmp_path: Path) -> None:
    upload = an_upload(tmp_path)
    put(upload, 0, b"ab")
    put(upload, 1, b"xy")
    outcome = Outcome()
    outcome.add({1}, ImportReport(["b"], [RefusedFile("c", "not_dicom", "r")], ["1.2"], 3, 1))
    outcome.add(set(), ImportReport([], [], ["1.2", "1.3"]))
    upload.put_outcome(outcome)
    upload.drop({1})
    (found,) = find_folders(tmp_path / "uploads")
    read = found.read()
    assert read is not None
    manifest, again, here, touched = read
    assert manifest.name == "CD"
    assert again == outcome
    assert (again.taken, again.duplicates, again.skipped, again.studies) == (1, 3, 1, ["1.2", "1.3"])
    assert here == [2, 2], "a settled file counts as whole, though it is gone"
    assert touched > 5
    assert sorted(path.name for path in found.path.iterdir()) == ["0", "manifest.json", "outcome.json"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in (found.path, *found.path.iterdir()))


def test_no_name_becomes_a_path(tmp_path: Path) -> None:
    upload = an_upload(tmp_path)
    put(upload, 0, b"ab")
    assert not (tmp_path.parent / "evil").exists()
    with pytest.raises(ValueError, match="invalid literal"):
        upload.file("../../evil")  # type: ignore[arg-type]  # what a caller's mistake would bring


def test_a_folder_without_a_whole_manifest_is_no_upload(tmp_path: Path) -> None:
    upload = an_upload(tmp_path)
    (upload.path / "manifest.json").write_bytes(b'{"id": ')
    assert upload.read() is None
    (tmp_path / "uploads" / "..x").mkdir()
    (tmp_path / "uploads" / "stranger").mkdir()
    assert [folder.path.name for folder in find_folders(tmp_path / "uploads")] == ["stranger", "upload-1"]
    assert find_folders(tmp_path / "nothing") == []


def test_more_bytes_than_declared_are_not_believed(tmp_path: Path) -> None:
    upload = an_upload(tmp_path)
    put(upload, 1, b"xyz")
    read = upload.read()
    assert read is not None
    assert read[2] == [0, 2]


def test_a_full_disk_is_reported_and_the_size_is_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = an_upload(tmp_path)
    real, calls = os.pwrite, [2]

    def little(descriptor: int, content: bytes, offset: int) -> int:
        if not calls:
            raise OSError(errno.ENOSPC, "full")
        return real(descriptor, bytes(content)[: calls.pop()], offset)

    monkeypatch.setattr(os, "pwrite", little)
    with pytest.raises(StoreFailed, match="disk_full"):
        put(upload, 0, b"abcd")
    assert upload.file(0).read_bytes() == b"ab"
