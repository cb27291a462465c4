"""What of a case travels to pages: cut texts, no list that grows with the images, and of a withheld one the id."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from consult.model.catalogue import Case, ImageValues, Patient, Unshown
from consult.model.disclosure import MAX_TEXT, MAX_WINDOWS, disclosed_case, disclosed_series, image_lists, withheld
from consult.model.identifiers import StudyKey
from consult.model.view import NamedWindow, Window
from tests.support.cases import case, series, timed_series

LONG = "x" * 10_240
"""As long as a LT may be."""


def long_case() -> Case:
    """Every text that a file may bring is too long."""
    windows = (NamedWindow(Window(40, 400), LONG),) * 1000
    stack = series("s-1")
    stack = replace(
        stack, modality=LONG, description=LONG, unit=LONG, windows=windows, source_lossy=LONG, body_part=LONG, note=LONG
    )
    made = case("c1", ())
    study = replace(made.studies[0], description=LONG, institution=LONG, age=LONG, date=LONG, time=LONG)
    patient = Patient(f"{LONG}={LONG}={LONG}={LONG}", LONG, LONG, LONG, LONG)
    unshown = (Unshown(StudyKey("st-1"), LONG, LONG),)
    return replace(made, title=LONG, patient=patient, studies=(study,), series=(stack,), unshown=unshown)


def test_texts_of_files_are_cut() -> None:
    # Seen to fail: 10,240 characters of a description went to every page, with each welcome.
    disclosed = disclosed_case(long_case())
    text = msgspec.json.encode(disclosed).decode()
    assert "x" * MAX_TEXT not in text.replace(disclosed.series[0].note, "")
    assert [len(group) for group in disclosed.patient.name.split("=")] == [MAX_TEXT] * 3
    assert len(disclosed.series[0].windows) == MAX_WINDOWS
    assert len(text) < 16 * 1024


def test_what_is_as_long_as_the_standard_lets_it_be_stays() -> None:
    name = "=".join(["N" * 64] * 3)
    made = case("c1", patient=name)
    made = replace(made, studies=(replace(made.studies[0], description="d" * 64),))
    disclosed = disclosed_case(made)
    assert (disclosed.patient, disclosed.studies) == (made.patient, made.studies)


@pytest.mark.parametrize("images", [3, 605])
def test_a_disclosed_series_does_not_grow_with_its_images(images: int) -> None:
    values = ImageValues(instance_number=tuple(range(images)))
    stack = replace(series("s-1", images=images), values=values, orientations=(("L", "P"),) * images)
    assert len(msgspec.json.encode(disclosed_series(stack))) < 1500


def test_what_is_left_out_is_in_the_lists() -> None:
    stack = timed_series("s-1", missing=2)
    stack = replace(stack, projections=("R MLO",), subtracted=((1, 4),), values=ImageValues(b_value=(0.0, 1000.0)))
    disclosed, lists = disclosed_series(stack), image_lists(stack)
    assert disclosed.unlisted is not None
    assert (disclosed.unlisted.places, disclosed.unlisted.times) == (stack.places, stack.times)
    assert stack.axis is not None
    assert disclosed.axis is not None
    again = replace(
        disclosed,
        grid=replace(disclosed.grid, positions=lists.positions),
        axis=replace(disclosed.axis, labels=lists.labels, missing=lists.missing),
        unlisted=None,
        **{name: getattr(lists, name) for name in ("values", "projections", "subtracted", "orientations", "regions")},
    )
    assert again == stack


def test_of_a_withheld_case_nothing_is_told_but_that_it_is_there() -> None:
    disclosed = msgspec.to_builtins(withheld(long_case()))
    assert disclosed.pop("id") == "c1"
    assert disclosed.pop("withheld") is True
    assert not any(value for value in disclosed.pop("patient").values())
    assert not any(disclosed.values())
