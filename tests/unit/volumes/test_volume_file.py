"""The file of a volume: sized at once, read-only for readers, believed only within one boot."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from consult.dicom.records import PixelFormat
from consult.model.errors import StoreFailed
from consult.volumes import volume_file
from consult.volumes.volume_file import VolumeFile, boot_name, remove, volume_bytes

FORMAT = PixelFormat(2, 3, "int16")


def test_it_is_as_large_as_it_will_be_and_not_sparse(tmp_path: Path) -> None:
    file = VolumeFile(tmp_path / "a.raw", PixelFormat(64, 64, "int16"), 10)
    stat = (tmp_path / "a.raw").stat()
    assert stat.st_size == volume_bytes(PixelFormat(64, 64, "int16"), 10) == 81920
    assert stat.st_blocks * 512 >= 81920
    assert stat.st_mode & 0o077 == 0
    assert file.pixels.shape == (10, 64, 64)
    file.close()


def test_colour_has_three_samples(tmp_path: Path) -> None:
    file = VolumeFile(tmp_path / "a.raw", PixelFormat(2, 3, "uint8", colour=True), 4)
    assert file.pixels.shape == (4, 2, 3, 3)
    file.close()


def test_readers_cannot_write(tmp_path: Path) -> None:
    file = VolumeFile(tmp_path / "a.raw", FORMAT, 2)
    with pytest.raises(ValueError, match="read-only"):
        file.pixels[0] = 1
    file.close()


def test_what_was_ready_is_ready_when_it_is_opened_again(tmp_path: Path) -> None:
    first = VolumeFile(tmp_path / "a.raw", FORMAT, 3)
    with (tmp_path / "a.raw").open("r+b") as writer:
        writer.write(np.full(6, 7, "<i2").tobytes())
    first.mark(0)
    second = VolumeFile(tmp_path / "a.raw", FORMAT, 3)  # the first was never closed: its process was killed
    assert [second.is_ready(i) for i in range(3)] == [True, False, False]
    assert second.pixels[0].tolist() == [[7, 7, 7], [7, 7, 7]]
    first.close()
    second.close()


def test_another_boot_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = VolumeFile(tmp_path / "a.raw", FORMAT, 1)
    first.mark(0)
    first.close()
    monkeypatch.setattr(volume_file, "boot_name", lambda: b"another boot".ljust(volume_file.BOOT_BYTES))
    second = VolumeFile(tmp_path / "a.raw", FORMAT, 1)
    assert not second.is_ready(0)
    second.close()


def test_a_machine_that_does_not_name_its_boot_is_never_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert boot_name() == boot_name()
    monkeypatch.setattr(volume_file, "BOOT_ID", Path("/nowhere"))
    assert boot_name() != boot_name()


def test_a_file_of_another_size_is_made_anew(tmp_path: Path) -> None:
    first = VolumeFile(tmp_path / "a.raw", FORMAT, 1)
    first.mark(0)
    first.close()
    os.truncate(tmp_path / "a.raw", 5)
    second = VolumeFile(tmp_path / "a.raw", FORMAT, 1)
    assert not second.is_ready(0)
    second.close()


def test_a_full_disk_is_reported_and_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(file: int, offset: int, size: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(StoreFailed, match="disk_full"):
        VolumeFile(tmp_path / "a.raw", FORMAT, 1)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed, match="cannot_open"):
        VolumeFile(tmp_path / "missing" / "a.raw", FORMAT, 1)


def test_pixels_stay_after_the_file_is_gone(tmp_path: Path) -> None:
    file = VolumeFile(tmp_path / "a.raw", FORMAT, 1)
    pixels = file.pixels
    file.close()
    remove(tmp_path / "a.raw")
    assert list(tmp_path.iterdir()) == []
    assert pixels.sum() == 0
