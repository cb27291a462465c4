"""PictureRouter of real files against those of dcmtk, gdcm and OpenJPH: a sample across encodings and photometrics.

`../shared/tools/oracle` does the same through the command line, for the whole index.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as PillowImage

from consult.cli.render_command import PARTS, choose_window, draw
from consult.dicom.pixels.picture import decode_picture, read_pictures
from tests.support.shared_data import SHARED, shared, table

Row = dict[str, str]
VIDEO = "1.2.840.10008.1.2.4.102"
PER_KIND = 2
MAX_PIXELS = 600_000
ALONE = frozenset(PARTS)
"""What is left out: the references have neither overlays nor shutters nor masks."""


def sample() -> list[Row]:
    """At most PER_KIND small files of every transfer syntax x photometric interpretation x bits."""
    kinds: dict[tuple[str, ...], int] = {}
    chosen = []
    for row in table("INDEX.tsv") if (SHARED / "data").is_dir() else []:
        kind = tuple(row[name] for name in ("ts_uid", "photometric", "bits_allocated", "signed"))
        if not row["ref_frames"] or row["ts_uid"] == VIDEO or int(row["rows"]) * int(row["cols"]) > MAX_PIXELS:
            continue
        if kinds.setdefault(kind, 0) < PER_KIND:
            kinds[kind] += 1
            chosen.append(row)
    return chosen


def reference(path: Path, frame: int) -> NDArray[np.int64]:
    name = f"{path.name}.ref.png" if frame == 1 else f"{path.name}.f{frame}.ref.png"
    with PillowImage.open(path.parent / name) as picture:
        return np.asarray(picture).astype(np.int64)


def allowed(row: Row, *, colour: bool) -> int:
    """Grey levels; decoders of lossy JPEG legitimately differ, as far as the row allows."""
    levels = 2 if colour else 1
    return max(levels, int(row["ref_maxdiff_vs_pydicom"] or 0)) if "lossy JPEG" in row["note"] else levels


def test_the_sample_is_there() -> None:
    shared("INDEX.tsv")
    rows = sample()
    assert len({row["ts_uid"] for row in rows}) >= 14
    assert len({row["photometric"] for row in rows}) >= 8


@pytest.mark.parametrize("row", sample(), ids=lambda row: row["path"])
def test_a_picture_is_the_one_of_other_tools(row: Row) -> None:
    path = shared(row["path"])
    pictures = read_pictures(path)
    window = [float(row["ref_center"]), float(row["ref_width"])] if row["ref_center"] else None
    for number in map(int, row["ref_frames"].split(",")):
        frame = pictures.frames[number - 1]
        image = decode_picture(path, frame, pictures.format, ALONE)
        drawn = draw(image, choose_window(image, frame, window), ALONE).astype(np.int64)
        wanted = reference(path, number)
        assert drawn.shape == wanted.shape
        assert np.abs(drawn - wanted).max() <= allowed(row, colour=image.colour)
