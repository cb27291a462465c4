"""The bound of the volume cache: who goes first, who never goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from consult.model.errors import StoreFailed
from consult.model.identifiers import SeriesKey
from consult.volumes.eviction import VolumeFolder

A, B, C = (SeriesKey(name) for name in ("aaa", "bbb-2", "ccc"))


def put(folder: VolumeFolder, key: SeriesKey, size: int = 40, digest: str = "d1", *held: SeriesKey) -> list[SeriesKey]:
    """Reserve space and fill it."""
    evicted = folder.reserve(key, digest, size, set(held))
    folder.path(key).write_bytes(b"x" * size)
    folder.path(key).with_suffix(".ready").write_bytes(b"r")
    return evicted


def names(path: Path) -> set[str]:
    return {file.name for file in path.iterdir() if file.suffix == ".raw"}


def test_the_least_recently_shown_goes_first(tmp_path: Path) -> None:
    folder = VolumeFolder(tmp_path / "v", 100)
    assert put(folder, A) + put(folder, B) == []
    folder.touch(A)
    assert put(folder, C) == [B]
    assert names(tmp_path / "v") == {"aaa-d1.raw", "ccc-d1.raw"}


def test_what_is_shown_never_goes(tmp_path: Path) -> None:
    folder = VolumeFolder(tmp_path, 100)
    put(folder, A)
    put(folder, B)
    assert put(folder, C, 40, "d1", A) == [B]
    with pytest.raises(StoreFailed, match="cache_full"):
        put(folder, B, 40, "d1", A, C)
    assert names(tmp_path) == {"aaa-d1.raw", "ccc-d1.raw"}


def test_other_contents_replace_the_old_file(tmp_path: Path) -> None:
    folder = VolumeFolder(tmp_path, 100)
    put(folder, A)
    assert put(folder, A, 60, "d2") == []
    assert names(tmp_path) == {"aaa-d2.raw"}


def test_what_an_earlier_process_left_counts(tmp_path: Path) -> None:
    put(VolumeFolder(tmp_path, 100), A)
    put(VolumeFolder(tmp_path, 100), B)
    (tmp_path / "zzz-d1.raw").write_bytes(b"without its bitmap")
    folder = VolumeFolder(tmp_path, 100)
    assert names(tmp_path) == {"aaa-d1.raw", "bbb-2-d1.raw"}
    assert put(folder, A) == []
    assert put(folder, C) == [B]


def test_forgetting_unlinks(tmp_path: Path) -> None:
    folder = VolumeFolder(tmp_path, 100)
    put(folder, A)
    folder.forget(A)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreFailed, match="cannot_open"):
        VolumeFolder(tmp_path / "file" / "v", 100).reserve(A, "d1", 1, set())
