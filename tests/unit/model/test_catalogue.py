"""A case finds its series and no other's, and a series which image lies at a place and a time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from consult.model.catalogue import Axis, Case, Patient, Series, Study
from consult.model.errors import Refused
from consult.model.geometry import Grid
from consult.model.identifiers import SeriesKey, StudyKey, split_command_id
from consult.model.view import Stack

STUDY = Study(StudyKey("st"), "CT", "2026-11-24", "09:12:40")
EXAMPLES = json.loads((Path(__file__).parents[2] / "series.json").read_text())["series"]


def grid(places: int) -> Grid:
    """Of one place above the other."""
    positions = tuple((0.0, 0.0, float(z)) for z in range(places))
    return Grid("image", 2, 2, 1.0, 1.0, "px", (1, 0, 0), (0, 1, 0), positions)


def series(example: dict[str, Any]) -> Series:
    """The series of an example."""
    labels = example["labels"]
    axis = None if labels is None else Axis("EchoTime", tuple(labels), tuple(map(tuple, example["missing"])))
    images = sum(image is not None for time in example["images"] for image in time)
    return Series(SeriesKey("one"), STUDY.key, "MR", 1, "", images, grid(example["places"]), axis=axis)


GAPS = series(EXAMPLES[2])
CASE = Case("c1", "", Patient("DEMO^ANNA", "10042"), (STUDY,), (GAPS,))


def test_a_case_finds_its_series_and_no_other() -> None:
    assert CASE.find(SeriesKey("one")) is GAPS
    assert CASE.find(SeriesKey("two")) is None


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["what"])
def test_each_image_lies_at_its_place_and_time(example: dict[str, Any]) -> None:
    it = series(example)
    assert (it.places, it.times) == (example["places"], len(example["images"]))
    found = [[it.image(place, time) for place in range(it.places)] for time in range(it.times)]
    assert found == example["images"]
    for time, row in enumerate(found):
        for place, image in enumerate(row):
            assert image is None or it.locate(image) == (place, time)


@pytest.mark.parametrize(("place", "time"), [(-1, 0), (3, 0), (0, -1), (0, 3)])
def test_beyond_its_ends_a_series_has_no_place(place: int, time: int) -> None:
    with pytest.raises(IndexError):
        GAPS.image(place, time)


@pytest.mark.parametrize("image", [-1, 7])
def test_beyond_its_ends_a_series_has_no_image(image: int) -> None:
    with pytest.raises(IndexError):
        GAPS.locate(image)


def test_a_case_says_which_image_is_shown() -> None:
    assert CASE.shown_image(Stack(SeriesKey("one"), 2, 1)) == (GAPS, 5)


@pytest.mark.parametrize(
    ("shows", "code", "sentence"),
    [
        (Stack(SeriesKey("two"), 0), "unknown_series", "The view shows a series that this case does not have."),
        (Stack(SeriesKey("one"), 3), "image_out_of_range", "The view shows place 3 of 3."),
        (Stack(SeriesKey("one"), 0, 3), "image_out_of_range", "The view shows time 3 of 3."),
        (Stack(SeriesKey("one"), 1, 2), "image_missing", "The view shows place 1 at time 2, where there is no image."),
    ],
)
def test_what_a_case_does_not_have_is_refused_with_a_sentence(shows: Stack, code: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        CASE.shown_image(shows)
    assert (refused.value.code, refused.value.sentence) == (code, sentence)


def test_a_series_without_a_second_axis_has_one_time() -> None:
    flat = replace(GAPS, images=3, axis=None)
    assert (flat.times, flat.image(2), flat.locate(2)) == (1, 2, (2, 0))


def test_a_command_id_is_a_tab_and_a_number() -> None:
    assert split_command_id("tab.with.dots.12") == ("tab.with.dots", 12)
