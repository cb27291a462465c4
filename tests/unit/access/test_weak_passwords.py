"""Short passwords and those that are guessed first are refused; nothing else is asked of one."""

from __future__ import annotations

import pytest

from consult.access.weak_passwords import MAX_LENGTH, check_password, is_guessed, normalized
from consult.model.errors import Refused


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "zwei Tassen Kaffee am Fenster",
        "vTq7 pZx2 mKw9 rLd4",
        "839201748290184",  # any characters, none that must be there
        "пароль из пяти слов",
        "心電図と超音波検査の夜勤です今日も",
    ],
)
def test_long_ones_of_any_characters_pass(password: str) -> None:
    check_password(password, "anna.berg", "Dr. Anna Berg")


@pytest.mark.parametrize("password", ["", "short", "14 characters!"])
def test_short_ones_are_refused_with_the_rule(password: str) -> None:
    with pytest.raises(Refused, match="at least 15 characters"):
        check_password(password)


def test_endless_ones_are_refused() -> None:
    with pytest.raises(Refused, match="at most 256"):
        check_password("ab cd ef gh" * MAX_LENGTH)


@pytest.mark.parametrize(
    "password",
    [
        "password1234567",
        "Passwort2026!!!",
        "P@ssw0rdP@ssw0rd",
        "qwertzuiopasdfghjkl",
        "1q2w3e4r5t6z7u8i",
        "aaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "12345678901234567890",
        "RadiologieKlinikum1",
        "anna.berg-anna.berg",
        "Dr.Anna.Berg.1984",
        "BergBergBerg2026",
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(Refused, match="guessed early"):
        check_password(password, "anna.berg", "Dr. Anna Berg")


def test_of_both_readings_the_worse_counts() -> None:
    assert is_guessed("Pa55w0rtPa55w0rt1")
    assert not is_guessed("drei Ziegen 55 Berge")


def test_the_same_characters_typed_otherwise_are_the_same() -> None:
    assert normalized("Mu\u0308ller") == normalized("M\u00fcller")
