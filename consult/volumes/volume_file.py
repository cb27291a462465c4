"""The file of a volume: stored values of all images, one after the other, and which of them are there.

Rules of this file:
- The file is as large as it will ever be before anything is written: a full disk is an error at once.
- `NAME.ready` beside it has a byte for every image, set only after its pixels are written. It begins with the name of
  the boot in which they were: after a power failure the disk may hold one without the other, so it begins anew.
- Whoever has mapped it keeps it after it is unlinked.
"""

from __future__ import annotations

import errno
import mmap
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.dicom.records import PixelFormat
from consult.model.errors import StoreFailed

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
BOOT_BYTES = 64
RAW, READY = ".raw", ".ready"


def boot_name() -> bytes:
    """Names this boot of the machine; another one, or none, is not to be trusted."""
    try:
        return BOOT_ID.read_bytes().strip()[:BOOT_BYTES].ljust(BOOT_BYTES)
    except OSError:
        return os.urandom(BOOT_BYTES)


class VolumeFile:
    """One volume file, open.

    Behind the pixels of all images lie, where there are any, their planes of graphics (overlays and shutters).

    Attributes:
        path: of the pixels.
        pixels: (images, rows, columns) or (images, rows, columns, 3), read-only.
        graphics: (images, rows, columns) uint8, read-only; None where it has none.
        graphics_at: where in the file they begin; None where it has none.
    """

    def __init__(self, path: Path, pixel_format: PixelFormat, images: int, *, graphics: bool = False) -> None:
        """Open it, or make it. Blocks on the disk.

        Raises:
            StoreFailed: "disk_full", "cannot_open".
        """
        self.path = path
        size = volume_bytes(pixel_format, images, graphics=graphics)
        if not _has_size(path, size):
            remove(path)
        try:
            _allocate(path, size)
            _allocate(path.with_suffix(READY), BOOT_BYTES + images)
            self._ready = _map(path.with_suffix(READY))
        except OSError as error:
            remove(path)
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                rule = f"The disk is full: {size >> 20} MiB are needed to show these images."
                raise StoreFailed("disk_full", rule) from error
            raise StoreFailed("cannot_open", f"Images cannot be unpacked: {error.strerror}.") from error
        self._begin()
        mapped = np.memmap(path, pixel_format.dtype, "r", shape=(images, *pixel_format.shape))
        self.pixels: NDArray[Any] = mapped.view(np.ndarray)
        self.graphics_at = volume_bytes(pixel_format, images) if graphics else None
        self.graphics: NDArray[np.uint8] | None = None
        if self.graphics_at is not None:
            planes = (images, pixel_format.rows, pixel_format.columns)
            self.graphics = np.memmap(path, np.uint8, "r", self.graphics_at, planes).view(np.ndarray)

    def _begin(self) -> None:
        """Believe what another process has left, if this boot's."""
        boot = boot_name()
        if self._ready[:BOOT_BYTES] != boot:
            self._ready[BOOT_BYTES:] = bytes(len(self._ready) - BOOT_BYTES)
            self._ready[:BOOT_BYTES] = boot

    def is_ready(self, image: int) -> bool:
        """Its pixels are written."""
        return self._ready[BOOT_BYTES + image] == 1

    def mark(self, image: int) -> None:
        """Its pixels are written."""
        self._ready[BOOT_BYTES + image] = 1

    def close(self) -> None:
        """Let go; `pixels` stay mapped for whoever has them."""
        self._ready.close()


def volume_bytes(pixel_format: PixelFormat, images: int, *, graphics: bool = False) -> int:
    """Size of the pixels of a volume, and of its planes of graphics."""
    return images * (pixel_format.frame_bytes + (pixel_format.rows * pixel_format.columns if graphics else 0))


def remove(path: Path) -> None:
    """Unlink a volume file; the bitmap first, so that nothing claims what is not there."""
    path.with_suffix(READY).unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def _allocate(path: Path, size: int) -> None:
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.posix_fallocate(file, 0, size)
    finally:
        os.close(file)


def _map(path: Path) -> mmap.mmap:
    file = os.open(path, os.O_RDWR)
    try:
        return mmap.mmap(file, 0)
    finally:
        os.close(file)
