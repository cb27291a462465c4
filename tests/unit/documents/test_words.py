"""Words of a document, as the pages have them."""

from __future__ import annotations

import pytest

from consult.documents.words import NBSP, Words
from consult.model.mark import Quantity
from consult.sessions.features.findings.events import Number
from tests.support.documents import WEB

ENGLISH, GERMAN = Words.read(WEB / "locales", "en"), Words.read(WEB / "locales", "de")


def a_number(quantity: Quantity, value: float, unit: str = "mm") -> Number:
    return Number(quantity, value, unit, check="confirmed")


def test_dates_and_moments() -> None:
    assert (ENGLISH.date("2026-11-24"), GERMAN.date("2026-11-04"), ENGLISH.date("")) == ("24 Nov 2026", "4.11.2026", "")
    assert ENGLISH.moment(1_764_000_000.0, 60) == "24 Nov 2025, 17:00 (UTC+1)"
    assert ENGLISH.moment(1_764_000_000.0, -210) == "24 Nov 2025, 12:30 (UTC−3:30)"


@pytest.mark.parametrize(
    ("number", "english", "german"),
    [
        (a_number("length", 22.44), "22.4 mm", "22,4 mm"),
        (a_number("length", 22.44, "mm at detector"), "22.4 mm at detector", "22,4 mm am Detektor"),
        (a_number("length", 134.2, "px"), "134 px", "134 px"),
        (a_number("angle", 31.26, "°"), "31.3°", "31,3°"),
        (a_number("value", -980.2, "HU"), "−980 HU", "−980 HU"),
        (a_number("value", 4.239, "g/ml"), "4.24 g/ml", "4,24 g/ml"),
    ],
)
def test_a_number_is_written_as_the_page_writes_it(number: Number, english: str, german: str) -> None:
    assert ENGLISH.amount(number).replace(NBSP, " ") == english
    assert GERMAN.amount(number).replace(NBSP, " ") == german


def test_statistics_say_mean_and_deviation_and_the_rest_below() -> None:
    quantities: dict[Quantity, float] = {"area": 143.1, "mean": 40.2, "sd": 23.6, "low": -38.0, "high": 92.0}
    numbers = [a_number(name, value, "mm²" if name == "area" else "HU") for name, value in quantities.items()]
    title, more = ENGLISH.values(numbers)
    assert title.replace(NBSP, " ") == "40 ± 24 HU"
    assert more.replace(NBSP, " ") == "min −38, max 92, 143 mm²"
    assert ENGLISH.values([]) == ("", "")


def test_a_difference_is_that_of_the_numbers_as_they_are_written() -> None:
    before, now = a_number("length", 14.149), a_number("length", 22.351)
    assert ENGLISH.difference(before, now).replace(NBSP, " ") == "+8.3 mm"
    assert GERMAN.difference(now, before).replace(NBSP, " ") == "−8,3 mm"


def test_sentences_of_the_server_are_said_in_the_language_as_far_as_they_are_known() -> None:
    assert GERMAN.of_server("No prior study.") == "Keine Voruntersuchung."
    assert GERMAN.of_server("What nobody knows.") == "What nobody knows."
    incomplete = "Incomplete: 96 of 160 images of series 4 (CT 1.5 mm)."
    assert GERMAN.of_server(incomplete) == "Unvollständig: 96 von 160 Bildern der Serie 4 (CT 1.5 mm)."
    assert GERMAN.limit("CT lung: not for reading, spacing uneven.") == (
        "CT lung: nicht zur Befundung, ungleiche Schichtabstände."
    )
    assert GERMAN.limit("No prior study.") == "Keine Voruntersuchung."
    assert GERMAN.of_server("Incomplete: 1 of 2 images of series 5.") == "Unvollständig: 1 von 2 Bildern der Serie 5."
    assert GERMAN.of_server("Computed from its file it is 22.35 mm.") == "Aus der Datei berechnet: 22,35 mm."
    assert ENGLISH.of_server("Computed from its file it is 22.35 mm.") == "Computed from its file it is 22.35 mm."
    assert Words.read(WEB / "locales", "../../etc/passwd").language == "en"
    assert (ENGLISH.age("065Y"), ENGLISH.age("000Y")) == (f"65{NBSP}y", "")
