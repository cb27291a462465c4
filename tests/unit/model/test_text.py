"""What nobody sees goes; what joins letters and emoji stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.model.text import visible

KEPT = [
    "می\u200cرود",  # Persian: a half-space within the word
    "ه\u200d.ش",  # Persian: an initial form that stands alone
    "क\u094d\u200dष",  # Devanagari: a half form
    "മലയാളം\u200cഎ",
    "👩\u200d⚕\ufe0f",  # a doctor
    "👨🏽\u200d🔬",  # with a colour of skin
    "❤\ufe0f\u200d🔥",
    "🫩",  # of Unicode 16
    "Łódź 李 한글 ย\u0e34",
    "שלום",
]


@pytest.mark.parametrize("text", KEPT)
def test_joiners_stay_where_they_join(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize("direction", "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_nothing_turns_the_text(direction: str) -> None:
    assert visible(f"A{direction}B") == "AB"
    assert visible(f"سلا{direction}م") == "سلام"


@pytest.mark.parametrize("hidden", ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\ue000", "\ufdd0"])
def test_two_names_do_not_differ_by_what_nobody_sees(hidden: str) -> None:
    assert visible(f"An{hidden}na") == "Anna"


def test_one_joiner_between_two_letters() -> None:
    assert visible("می\u200c\u200c\u200dرود") == "می\u200cرود"
    assert visible("می\u200c رود\u200c") == "می رود"
    assert visible("👩\u200d Anna") == "👩 Anna"


def test_what_is_empty_is_a_space() -> None:
    assert visible("\u3164\u2800\u00a0\u3000\x00").strip() == ""


@given(st.text(st.sampled_from("aم\u200c\u200d👩⚕\ufe0f\u202e \u0938\u094d\u0000"), max_size=12))
def test_reading_twice_is_reading_once(text: str) -> None:
    once = visible(text)
    assert visible(once) == once
