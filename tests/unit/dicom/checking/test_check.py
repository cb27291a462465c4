"""The second way to a mark's numbers: no false alarm over real files, beside SimpleITK, and what other viewers had
wrong is caught."""

from __future__ import annotations

import importlib
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from consult.dicom.checking.check import check_mark
from consult.dicom.checking.records import Checked
from consult.dicom.pixels.decode import decode_frame
from consult.dicom.presenting.image import image_of
from consult.dicom.reading.file_reader import read_file
from consult.dicom.records import StackRecord
from consult.dicom.stacks import build_stacks
from consult.model.catalogue import Series
from consult.model.errors import DicomRefused
from consult.model.geometry import Vec
from consult.model.identifiers import SeatId
from consult.model.image import Image
from consult.model.mark import Mark, MarkKind
from consult.rendering.marks.numbers import Amount, amounts_of
from consult.sessions.features.findings.events import Number
from consult.streaming.values.numbers import asked_of, compared
from tests.support.shared_data import SHARED, shared, table

MAX_PIXELS = 1_200_000
KINDS: tuple[MarkKind, ...] = (
    "length", "angle", "ellipse", "probe", "bidirectional", "cobb", "circle", "rectangle", "freehand", "polyline",
    "polygon",
)  # fmt: skip
Row = dict[str, str]


def sample() -> list[Row]:
    """Of each kind of file a few: transfer syntax, photometric, modality, features."""
    kinds: dict[tuple[str, ...], int] = {}
    chosen = []
    for row in table("INDEX.tsv") if (SHARED / "data").is_dir() else []:
        kind = tuple(row[name] for name in ("modality", "photometric", "signed", "features"))
        if not row["rows"] or int(row["rows"]) * int(row["cols"]) > MAX_PIXELS:
            continue
        if kinds.setdefault(kind, 0) < 1:
            kinds[kind] += 1
            chosen.append(row)
    return chosen


def a_mark(series: Series, image: int, kind: MarkKind) -> Mark:
    """About the middle of an image, over a fifth of it, aslant."""
    place, _ = series.locate(image)
    grid = series.grid
    c, r, size = (grid.columns - 1) / 2 + 0.3, (grid.rows - 1) / 2 + 0.2, max(2.0, min(grid.columns, grid.rows) / 5)
    pixels = {
        "length": ((c - size, r), (c + size / 2, r + size)),
        "angle": ((c - size, r), (c, r), (c + size / 3, r + size)),
        "probe": ((c, r),),
    }
    turns = [(size * math.cos(t), size * (0.8 + 0.2 * math.sin(5 * t)) * math.sin(t)) for t in np.arange(0, 6.2, 0.1)]
    pixels |= {
        "cobb": ((c - size, r - size), (c + size, r - size / 2), (c - size, r + size), (c + size, r + size / 3)),
        "polyline": ((c - size, r), (c, r - size / 2), (c + size, r + size)),
        "polygon": ((c - size, r), (c + size, r - size), (c + size / 2, r + size)),
        "freehand": tuple((c + x, r + y) for x, y in turns),
    }
    if kind in ("ellipse", "circle", "rectangle", "bidirectional"):
        centre, one = grid.point(place, c, r), grid.point(place, c + size, r + size / 2)
        across = np.subtract(one, centre)
        other = np.cross(across, grid.normal) * (1.0 if kind == "circle" else 0.6)
        points: tuple[Vec, ...] = (centre, one, tuple(np.add(centre, other)))
        if kind == "bidirectional":
            points = (centre, one, *(tuple(np.add(centre, across / 2 + other * s)) for s in (-0.5, 0.5)))
        if kind == "rectangle":
            points = (centre, one, tuple(np.add(one, other)), tuple(np.add(centre, other)))
    else:
        points = tuple(grid.point(place, *pixel) for pixel in pixels[kind])
    return Mark(id=kind, kind=kind, series=series.key, image=image, points=points, case="c1", author=SeatId("s"))


def both_paths(path: Path, stack: StackRecord, image: int, mark: Mark, shown: Image | None = None) -> list[Number]:
    """The numbers that people see, with what the file says of each."""
    frame = stack.frames[image]
    decoded = decode_frame(path, frame.frame, stack.format)
    picture = shown or image_of(decoded, frame, palette=stack.palettes.get(frame.file))
    checked = check_mark(str(path), frame.frame, stack.format, asked_of(mark, stack.series))
    return [compared(amount, checked) for amount in amounts_of(picture, stack.series, mark).amounts]


def stack_of(path: Path) -> StackRecord:
    """The first stack of a file."""
    return build_stacks([read_file(str(path))])[0]


@pytest.mark.parametrize("row", sample(), ids=lambda row: row["path"])
def test_no_false_alarm_over_real_files(row: Row) -> None:
    path = shared(row["path"])
    try:
        stack = stack_of(path)
    except (DicomRefused, IndexError):
        return  # not taken in: there is nothing to mark
    image = stack.series.images // 2
    for kind in KINDS:
        mark = a_mark(stack.series, image, kind)
        try:
            numbers = both_paths(path, stack, image, mark)
        except DicomRefused:
            return  # it cannot be shown either
        wrong = [number for number in numbers if number.check != "confirmed"]
        assert not wrong, (kind, wrong)


def test_the_sample_is_there() -> None:
    shared("INDEX.tsv")
    rows = sample()
    assert len(rows) > 60
    assert {"CT", "MR", "US", "CR", "PT"} <= {row["modality"] for row in rows}


# Beside SimpleITK

SERIES = "ct_head_invesalius_cranium"


@pytest.fixture(scope="module")
def head() -> tuple[list[Path], StackRecord]:
    """A real CT: its files by their names' hashes, and its stack."""
    paths = sorted(shared(f"demo/{SERIES}").glob("*.dcm"))[40:60]
    records = [read_file(str(path)) for path in paths]
    stack = build_stacks(records)[0]
    by_hash = {record.file: path for record, path in zip(records, paths, strict=True)}
    return [by_hash[frame.file] for frame in stack.frames], stack


def test_both_ways_and_simpleitk_say_the_same(head: tuple[list[Path], StackRecord]) -> None:
    sitk: Any = importlib.import_module("SimpleITK")
    paths, stack = head
    image = 10
    mark = a_mark(stack.series, image, "ellipse")
    numbers: dict[str, Number] = {number.quantity: number for number in both_paths(paths[image], stack, image, mark)}
    volume = sitk.ReadImage(str(paths[image]))
    values = sitk.GetArrayFromImage(volume)[0].astype(np.float64)
    picked = [
        values[row, column]
        for row in range(values.shape[0])
        for column in range(values.shape[1])
        if is_inside(volume.TransformIndexToPhysicalPoint((column, row, 0)), mark.points)
    ]
    assert numbers["mean"].source.pixels == len(picked)
    for quantity, wanted in {
        "mean": np.mean(picked), "sd": np.std(picked), "low": np.min(picked), "high": np.max(picked),
    }.items():  # fmt: skip
        assert numbers[quantity].value == pytest.approx(wanted, abs=1e-6)
        assert numbers[quantity].other == pytest.approx(wanted, abs=1e-6)
    length = both_paths(paths[image], stack, image, a_mark(stack.series, image, "length"))[0]
    ends = a_mark(stack.series, image, "length").points
    assert length.value == pytest.approx(math.dist(*ends))
    assert length.other == pytest.approx(math.dist(*ends), abs=1e-3)
    assert (length.source.spacing_tag, length.source.sop_instance_uid) == (
        "PixelSpacing", volume.GetMetaData("0008|0018").strip("\0 "),
    )  # fmt: skip


def is_inside(point: Any, points: tuple[Vec, ...]) -> bool:
    """By definition."""
    away = np.subtract(point, points[0])
    axes = [np.subtract(end, points[0]) for end in points[1:]]
    return bool(sum((away @ axis / (axis @ axis)) ** 2 for axis in axes) <= 1 + 1e-9)


def test_values_of_the_table_of_points(head: tuple[list[Path], StackRecord]) -> None:
    """points.tsv, where a point lies in the middle of a pixel."""
    paths, stack = head
    grid, seen = stack.series.grid, 0
    for row in table("points.tsv"):
        if row["series"] != SERIES:
            continue
        point = (float(row["x"]), float(row["y"]), float(row["z"]))
        image = grid.nearest(point[2])
        column, number = grid.pixel(image, point)
        near = abs(column - round(column)) + abs(number - round(number)) < 0.01
        if abs(grid.location(image) - point[2]) > 0.01 or not near:
            continue
        mark = replace(a_mark(stack.series, image, "probe"), points=(point,))
        (found,) = both_paths(paths[image], stack, image, mark)
        assert found.check == "confirmed"
        assert found.value == pytest.approx(float(row["value"]), abs=5)
        seen += 1
    assert seen > 0


# What other viewers had wrong


def checks(numbers: list[Number]) -> set[str]:
    return {number.check for number in numbers}


def test_a_factor_of_seven_is_caught(head: tuple[list[Path], StackRecord]) -> None:
    paths, stack = head
    mark = a_mark(stack.series, 10, "length")
    grid = stack.series.grid
    wide = replace(grid, row_spacing=grid.row_spacing * 7, column_spacing=grid.column_spacing * 7)
    place, _ = stack.series.locate(10)
    drawn = replace(mark, points=tuple(wide.point(place, *grid.pixel(place, p)) for p in mark.points))
    wrong = replace(stack, series=replace(stack.series, grid=wide))
    assert checks(both_paths(paths[10], wrong, 10, drawn)) == {"differs"}
    checked = check_mark(str(paths[10]), 0, stack.format, asked_of(mark, stack.series))
    amount = amounts_of(Image(np.zeros((256, 256), np.int16)), stack.series, mark).amounts[0]
    for factor in (7.0, 1 / 7, 1.02, 0.98):
        assert compared(replace(amount, value=amount.value * factor), checked).check == "differs"
    assert compared(amount, checked).check == "confirmed"


def test_the_spacing_of_another_frame_is_caught(head: tuple[list[Path], StackRecord]) -> None:
    """The series' grid has another row spacing than this file: a length down the rows is another."""
    paths, stack = head
    grid = stack.series.grid
    other = replace(grid, row_spacing=grid.row_spacing * 1.05)
    wrong = replace(stack, series=replace(stack.series, grid=other))
    place, _ = stack.series.locate(10)
    points = (other.point(place, 100, 60), other.point(place, 100, 180))
    mark = replace(a_mark(stack.series, 10, "length"), points=points)
    assert checks(both_paths(paths[10], wrong, 10, mark)) == {"differs"}


def test_a_stack_and_a_volume_that_differ_are_caught(head: tuple[list[Path], StackRecord]) -> None:
    """The pixels shown are those of another image; and the image lies elsewhere than its file says."""
    paths, stack = head
    shown = image_of(decode_frame(paths[14], 0, stack.format), stack.frames[14])
    assert "differs" in checks(both_paths(paths[10], stack, 10, a_mark(stack.series, 10, "ellipse"), shown))
    elsewhere = a_mark(stack.series, 12, "length")
    assert checks(both_paths(paths[10], stack, 12, elsewhere)) == {"differs"}


def test_an_empty_mask_that_gives_nan_is_no_number_and_is_not_confirmed() -> None:
    checked = Checked({"mean": 40.0}, 12)
    for value in (math.nan, math.inf):
        assert compared(Amount("mean", value, "HU", 0), checked).check == "differs"
    assert compared(Amount("mean", 40.0, "HU", 12), Checked({"mean": math.nan}, 12)).check == "not_checked"
    assert compared(Amount("mean", 40.0, "HU", 12), Checked({})).check == "not_checked"


def test_nothing_below_a_mark_gives_a_sentence_and_never_a_nan(head: tuple[list[Path], StackRecord]) -> None:
    _, stack = head
    padded = Image(np.full((256, 256), -2000, np.int16), padding=(-2000.0, -2000.0))
    found = amounts_of(padded, stack.series, a_mark(stack.series, 10, "ellipse"))
    assert [amount.quantity for amount in found.amounts] == ["area"]
    assert found.sentence == "There is only padding here."
    grid = stack.series.grid
    beside = replace(a_mark(stack.series, 10, "probe"), points=(grid.point(10, -50.0, -50.0),))
    assert amounts_of(padded, stack.series, beside).amounts == ()
