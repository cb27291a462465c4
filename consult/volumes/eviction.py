"""The folder of the volume files: who is in it, how large, and which goes first when space is needed."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path

from consult.dicom.stacks import series_of
from consult.model.errors import StoreFailed
from consult.model.identifiers import SeriesKey
from consult.volumes.volume_file import RAW, READY, remove


@dataclass(frozen=True)
class _Entry:
    """A volume file that is there, or will be."""

    path: Path
    size: int


class VolumeFolder:
    """Keeps account of the folder.

    Args:
        folder: made on first use.
        max_bytes: of all files together.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder, self._max_bytes = folder, max_bytes
        self._entries: dict[SeriesKey, _Entry] = {}
        """The least recently shown first."""
        self._find()

    def path(self, series: SeriesKey) -> Path:
        """Of the volume file that was reserved. Raises KeyError."""
        return self._entries[series].path

    def touch(self, series: SeriesKey) -> None:
        """It is shown now."""
        if entry := self._entries.pop(series, None):
            self._entries[series] = entry

    def of_series(self, series: str) -> list[SeriesKey]:
        """The keys of its stacks that have a file."""
        return [key for key in self._entries if series_of(key) == series]

    def series(self) -> set[str]:
        """Series, without their stacks' numbers, that have a file."""
        return {series_of(key) for key in self._entries}

    def forget(self, series: SeriesKey) -> None:
        """Unlink it."""
        if entry := self._entries.pop(series, None):
            remove(entry.path)

    def reserve(self, series: SeriesKey, digest: str, size: int, held: Set[SeriesKey]) -> list[SeriesKey]:
        """Free space for a volume of so many bytes; a file of the same series with other contents goes.

        Returns:
            Series that were evicted.

        Raises:
            StoreFailed: "cache_full": what is shown leaves too little; "cannot_open".
        """
        self._make_folder()
        wanted = _Entry(self._folder / f"{series}-{digest}{RAW}", size)
        if self._entries.get(series) not in (None, wanted):
            self.forget(series)
        self._entries.pop(series, None)
        evicted = []
        for key in [key for key in self._entries if key not in held]:
            if self._used() + size <= self._max_bytes:
                break
            self.forget(key)
            evicted.append(key)
        if self._used() + size > self._max_bytes:
            remove(wanted.path)
            limit = f"{self._max_bytes >> 20} MiB (volume_cache_mib)"
            raise StoreFailed("cache_full", f"The images on screen leave no room for {size >> 20} MiB more of {limit}.")
        self._entries[series] = wanted
        return evicted

    def _used(self) -> int:
        return sum(entry.size for entry in self._entries.values())

    def _make_folder(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StoreFailed("cannot_open", f"Images cannot be unpacked: {error.strerror}.") from error

    def _find(self) -> None:
        """What an earlier process has left; the least recently written first."""
        found = [(path.stat(), path) for path in self._folder.glob(f"*{RAW}")]
        for stat, path in sorted(found, key=lambda item: item[0].st_mtime):
            series = SeriesKey(path.stem.rpartition("-")[0])
            if series in self._entries or not path.with_suffix(READY).exists():
                remove(path)
            else:
                self._entries[series] = _Entry(path, stat.st_size)
