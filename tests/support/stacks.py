"""Stacks of records around files, for those who load them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from consult.dicom.records import Frame, PixelFormat, StackRecord
from consult.model.catalogue import Patient, Series, Study
from consult.model.errors import Refused
from consult.model.geometry import Grid
from consult.model.identifiers import SeriesKey, StudyKey

KEY = SeriesKey("0123456789abcdef")


def make_stack(files: Sequence[str], pixel_format: PixelFormat, key: SeriesKey = KEY) -> StackRecord:
    """A stack of the first frames of files; their names stand for their hashes."""
    frames = tuple(Frame(file, 0, f"1.2.{i}", None, 1.0, 1.0, "px", intercept=-1024.0) for i, file in enumerate(files))
    origins = ((0.0, 0.0, 0.0),) * len(frames)
    rows, columns = pixel_format.rows, pixel_format.columns
    grid = Grid("image", rows, columns, 1.0, 1.0, "px", (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), origins)
    series = Series(key, StudyKey("s"), "CT", 1, "", len(frames), grid)
    return StackRecord(Patient("", ""), "1.2", Study(StudyKey("s"), "", "", ""), "1.2", series, pixel_format, frames)


class Stacks:
    """A library of some stacks whose files lie in one folder."""

    def __init__(self, folder: Path, *stacks: StackRecord) -> None:
        self.folder = folder
        self.stacks = {stack.series.key: stack for stack in stacks}

    async def stack(self, key: SeriesKey) -> StackRecord:
        """Raises Refused."""
        if key not in self.stacks:
            raise Refused("unknown_series", "There is no such series here.")
        return self.stacks[key]

    async def fetched(self, file: str) -> Path:
        """Where a file lies."""
        return self.folder / file
