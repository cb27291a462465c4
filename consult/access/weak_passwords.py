"""Which passwords are refused (NIST SP 800-63B-4, 3.1.1.2). Pure.

- At least 15 characters, the minimum for a password that is the only factor; any characters, none that must be there.
- Not one that is guessed first. Lists of leaked passwords of that length are made of few words, runs of the keyboard,
  digits and repetitions: so what is left without these must be something.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from consult.model.errors import Refused

MIN_LENGTH = 15
MAX_LENGTH = 256
MIN_LEFT, MIN_DIFFERENT = 10, 6
"""Characters, and how many different ones, that are not of a common word, a row of keys, a name or a repetition."""
COMMON_WORDS = (
    "password", "passwort", "passphrase", "kennwort", "geheim", "secret", "welcome", "willkommen", "letmein", "access",
    "login", "admin", "administrator", "root", "user", "test", "default", "changeme", "changeit", "temporary",
    "initial", "master", "monkey", "dragon", "shadow", "sunshine", "princess", "football", "fussball", "baseball",
    "superman", "batman", "iloveyou", "ichliebedich", "trustno1", "whatever", "hello", "hallo", "schatz", "computer",
    "internet", "summer", "autumn", "winter", "sommer", "herbst", "januar", "january", "februar", "february",
    "spring", "december", "dezember", "monday", "montag", "sunday", "sonntag", "consult", "radiology", "radiologie",
    "radiologist",
    "radiologe", "hospital", "krankenhaus", "klinikum", "klinik", "clinic", "doctor", "doktor", "medicine", "medizin",
    "patient", "dicom", "pacs", "xray", "roentgen", "rontgen", "correcthorsebatterystaple",
)  # fmt: skip
RUNS = (
    "qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn",
    "1q2w3e4r5t6z7u8i9o0p", "1q2w3e4r5t6y7u8i9o0p", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "1qay2wsx3edc4rfv5tgb6zhn7ujm",
    "abcdefghijklmnopqrstuvwxyz", "01234567890",
)  # fmt: skip
MIN_RUN = 4
LETTERS = str.maketrans("@$!0134578", "asioieastb")
"""Signs and digits that are put for letters."""


def normalized(password: str) -> str:
    """A password as it is hashed: one typed on another keyboard is the same (Unicode NFKC)."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, *own: str) -> None:
    """Let a password pass.

    Args:
        password: as it was typed.
        own: words of the user's own, which are guessed first: the names.

    Raises:
        Refused: "weak_password": with the rule that it breaks.
    """
    length = len(normalized(password))
    if length < MIN_LENGTH:
        raise Refused("weak_password", f"A password has at least {MIN_LENGTH} characters; a sentence is a good one.")
    if length > MAX_LENGTH:
        raise Refused("weak_password", f"A password has at most {MAX_LENGTH} characters.")
    if is_guessed(password, own):
        raise Refused(
            "weak_password",
            "This password is guessed early: it is little more than common words, names, rows of keys or repetitions.",
        )


def is_guessed(password: str, own: tuple[str, ...] = ()) -> bool:
    """Whether too little is left of it without what is guessed first, by whichever reading leaves less."""
    folded = unicodedata.normalize("NFKD", normalized(password)).casefold()
    left = [_left(reading, own) for reading in (folded, folded.translate(LETTERS))]
    return any(len(rest) < MIN_LEFT or len(set(rest)) < MIN_DIFFERENT for rest in left)


def _left(text: str, own: tuple[str, ...]) -> str:
    text = _without(text, tuple(word for name in own for word in re.findall(r"\w{3,}", name.casefold())))
    text = _without(_without(text, COMMON_WORDS), _runs())
    return re.sub(r"(.+?)\1+", r"\1", "".join(text.split()))


def _without(text: str, words: tuple[str, ...]) -> str:
    """The longest first; a gap stays, so that no new word comes of it."""
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, " ")
    return text


@cache
def _runs() -> tuple[str, ...]:
    """All parts of the rows of keys, forwards and backwards."""
    rows = [row[::step] for row in RUNS for step in (1, -1)]
    return tuple(row[a:b] for row in rows for a in range(len(row)) for b in range(a + MIN_RUN, len(row) + 1))
