"""The studies of ../shared/cases: one entry for what one acquisition repeats, in the right order, by its pixels.

The README there names what is right; the stored value of a label's ground names the place and time of an image.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from consult.dicom.pixels.decode import decode_frame
from consult.dicom.reading.file_reader import read_file
from consult.dicom.records import FileRecord, StackRecord
from consult.dicom.stacks import TOGETHER, build_stacks
from consult.model.catalogue import Axis
from tests.support.shared_data import shared_case


class Study:
    """A case's files, read, and its stacks."""

    def __init__(self, name: str) -> None:
        self.paths: dict[str, Path] = {}
        self.records: list[FileRecord] = []
        for path in sorted(shared_case(name).rglob("*.dcm")):
            record = read_file(str(path))
            self.records.append(record)
            self.paths[record.frames[0].file] = path
        self.stacks = build_stacks(self.records)

    def values(self, stack: StackRecord) -> list[int]:
        """The highest modality value of each image: that of its label's ground."""
        found = []
        for frame in stack.frames:
            stored = decode_frame(self.paths[frame.file], frame.frame, stack.format)
            found.append(round(float(np.max(stored)) * frame.slope + frame.intercept))
        return found

    def by_place_and_time(self, stack: StackRecord) -> list[list[int | None]]:
        """Values at [time][place], None where there is no image."""
        values, series = self.values(stack), stack.series
        cells = [[series.image(place, time) for place in range(series.places)] for time in range(series.times)]
        return [[None if image is None else values[image] for image in row] for row in cells]


def axial(count: int) -> range:
    """Numbers of places from the head, where files count them from the feet."""
    return range(count - 1, -1, -1)


def test_b_values_are_times_of_one_entry_though_their_numbers_are_the_same() -> None:
    study = Study("01-dwi-repeated-instance-numbers")
    (stack,) = study.stacks
    assert stack.series.axis == Axis("DiffusionBValue", ("b 0", "b 1000"))
    assert study.by_place_and_time(stack) == [[1000 + b + place for place in axial(8)] for b in (0, 1000)]
    assert [position[2] for position in stack.series.grid.positions] == [10.0 * place for place in axial(8)]
    assert stack.series.note == ""


def test_magnitude_and_phase_are_entries_of_their_own() -> None:
    study = Study("02-magnitude-and-phase")
    found = {stack.series.description: study.values(stack) for stack in study.stacks}
    assert found == {
        "B0 map, magnitude": [3000 + place for place in axial(8)],
        "B0 map, phase": [3500 + place for place in axial(8)],
    }
    assert [stack.series.axis for stack in study.stacks] == [None, None]


def test_a_dynamic_that_was_stopped_early_has_a_short_last_phase() -> None:
    study = Study("04-dynamic-stopped-early")
    (stack,) = study.stacks
    whole: list[list[int | None]] = [[1000 * time + place for place in axial(10)] for time in range(1, 5)]
    assert study.by_place_and_time(stack) == [*whole, [None] * 6 + [5000 + place for place in axial(4)]]
    assert stack.series.axis is not None
    assert stack.series.axis.labels == tuple(f"time {time}" for time in range(1, 6))
    assert stack.series.axis.missing == tuple((4, place) for place in range(6))


def test_a_cine_plays_at_one_place_and_scrolls_through_places() -> None:
    study = Study("05-short-axis-cine")
    (stack,) = study.stacks
    assert stack.series.axis == Axis("TriggerTime", tuple(f"{70 * phase} ms" for phase in range(12)))
    assert study.by_place_and_time(stack) == [[1000 + 100 * p + t for p in range(6)] for t in range(12)]


def test_clips_and_stills_of_one_series_are_entries_in_order_of_acquisition() -> None:
    study = Study("06-echo-clips-in-one-series")
    names = [(stack.series.description, stack.series.images) for stack in study.stacks]
    words = ["still 1", "clip 2", "clip 3", "clip 4", "still 5"]
    assert names == [(f"TTE, {word}", images) for word, images in zip(words, (1, 12, 10, 8, 1), strict=True)]
    files = [study.paths[stack.frames[0].file].stem for stack in study.stacks]
    assert files == ["002", "003", "001", "005", "004"]


def test_echoes_that_nothing_distinguishes_stay_one_stack_with_a_note() -> None:
    study = Study("24-ge-multi-echo")
    (stack,) = study.stacks
    assert (stack.series.axis, stack.series.note, stack.series.images) == (None, TOGETHER, 18)
    places = [value % 1000 for value in study.values(stack)]
    assert places == [place for place in axial(6) for _ in range(3)]
    assert build_stacks(study.records[::-1]) == study.stacks


def test_signed_and_unsigned_slices_are_one_stack_of_equal_values() -> None:
    study = Study("33-signed-and-unsigned-slices")
    (stack,) = study.stacks
    assert study.values(stack) == [1000] * 8
    assert {frame.intercept for frame in stack.frames} == {0, -1024}
    assert [position[2] for position in stack.series.grid.positions] == [5.0 * place for place in axial(8)]


def test_stills_without_a_number_are_in_order_of_their_times_and_slices_of_their_positions() -> None:
    study = Study("35-no-place-no-number")
    stills, slices = sorted(study.stacks, key=lambda stack: stack.series.number)
    assert [study.paths[frame.file].stem for frame in stills.frames] == [f"{n:03}" for n in range(1, 9)]
    assert [position[2] for position in slices.series.grid.positions] == [5.0 * place for place in axial(8)]
    assert (stills.series.note, slices.series.note) == ("", "")


def test_sixty_time_points_are_one_entry() -> None:
    study = Study("36-many-time-points")
    (stack,) = study.stacks
    values = study.by_place_and_time(stack)
    assert [row[:3] for row in values] == [[1000 * place + time for place in (3, 2, 1)] for time in range(60)]
    assert stack.series.axis is not None
    assert stack.series.axis.labels[-1] == "time 60"


def test_phases_are_one_entry_with_one_window() -> None:
    study = Study("39-phases-get-windows-of-their-own")
    (stack,) = study.stacks
    assert study.by_place_and_time(stack) == [[liver] * 5 for liver in (200, 500, 800)]
    assert stack.series.locate(stack.frames.index(stack.middle)) == (2, 1)


def test_colours_of_a_jpeg_are_those_of_its_markers() -> None:
    paths = sorted(shared_case("14-jpeg-colour-tags").glob("*.dcm"))
    assert len(paths) == 5
    for path in paths:
        pixels = decode_frame(path, 0, read_file(str(path)).format)
        assert np.abs(pixels[:16, :16].astype(int) - (200, 30, 30)).max() <= 2, path.stem
