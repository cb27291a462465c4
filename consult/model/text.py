"""Text that others wrote, as people may read it: nothing in it hides, breaks its line or turns the text around it.

Joiners are kept where they join: the half-space of Persian and its kin, and those within an emoji. Elsewhere two names
would differ by what nobody sees. Direction controls (U+202A-E, U+2066-9 and their kin) are never kept: scripts turn
by themselves.
"""

from __future__ import annotations

import unicodedata

JOINERS = "\u200c\u200d"
"""ZERO WIDTH NON-JOINER, ZERO WIDTH JOINER."""
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and patterns that are empty."""
_SPACES = ("Zs", "Zl", "Zp", "Cc")
_PICTOGRAPHS = range(0x1F000, 0x1FB00)
"""Also those that this Python does not know yet."""
_INDIC = range(0x0900, 0x1CD0)
"""Devanagari and the scripts of South and South-East Asia, which have joiners too (Georgian, Hangul among them not)."""
_NOT_INDIC = range(0x10A0, 0x1700)


def visible(text: str, *, hidden: str = "", control: str = " ") -> str:
    """The text with simple spaces, `control` for control characters, and `hidden` for what nobody would see."""
    kept: list[str] = []
    for number, character in enumerate(text):
        if _is_space(character):
            kept.append(control if unicodedata.category(character) == "Cc" else " ")
        elif _is_hidden(character) and not _is_joiner(text, number, kept[-1] if kept else " "):
            kept.append(hidden)
        else:
            kept.append(character)
    return "".join(kept)


def _is_space(character: str) -> bool:
    return character in _BLANK or unicodedata.category(character) in _SPACES


def _is_hidden(character: str) -> bool:
    unknown = unicodedata.category(character) == "Cn" and ord(character) in _PICTOGRAPHS
    return unicodedata.category(character).startswith("C") and not unknown


def _next(text: str, number: int) -> str:
    """What a reader sees after that place."""
    return next((c for c in text[number + 1 : number + 8] if _is_space(c) or not _is_hidden(c)), " ")


def _is_joiner(text: str, number: int, before: str) -> bool:
    return text[number] in JOINERS and _joins(before, _next(text, number))


def _joins(before: str, after: str) -> bool:
    if _is_space(after) or not before:
        return False
    if _is_picture(before) or before == "\ufe0f":
        return _is_picture(after)
    return unicodedata.bidirectional(before) == "AL" or _is_mark(before) or _is_indic(before)


def _is_picture(character: str) -> bool:
    return unicodedata.category(character) in ("So", "Sk") or ord(character) in _PICTOGRAPHS


def _is_indic(character: str) -> bool:
    return ord(character) in _INDIC and ord(character) not in _NOT_INDIC


def _is_mark(character: str) -> bool:
    """A vowel sign of Arabic, which stands between its letter and the joiner."""
    return "\u064b" <= character <= "\u0670" and unicodedata.category(character) == "Mn"


_ALIKE = str.maketrans("аеорсухіјѕнмтквαορνυι", "aeopcyxijshmtkbaopvui")
"""Letters of Cyrillic and Greek that a reader takes for Latin ones."""


def folded(name: str) -> str:
    """A name without what a reader passes over: case, accents, spaces, signs. Names that fold alike are taken for one.

    `web/js/core/people/names.js` is its twin.
    """
    plain = unicodedata.normalize("NFKD", name).lower().translate(_ALIKE)
    return "".join(c for c in plain if unicodedata.category(c)[0] in "LN") or name
