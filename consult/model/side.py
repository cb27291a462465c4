"""The sides of a patient, how one is found, and the words for them in the languages that reports are written in.

Words are looked for as whole words, without accents and case. What is no side in its language is left out: "right" of
"upright" or "right away", Italian "destro" of skill.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from msgspec import Struct

Side = Literal["", "RIGHT", "LEFT", "MIDLINE", "BOTH"]
"""Of the patient; "" while nobody has said it."""
SideSource = Literal["", "outline", "sign", "chosen"]
"""How a side was found: by the outline of the body in that slice; by the sign of LPS x alone, which is the scanner's,
so with caution; chosen by a person; "": not at all."""


class Located(Struct, frozen=True):
    """Where something lies, as geometry says; empty where it says nothing."""

    side: Side = ""
    source: SideSource = ""


NOWHERE = Located()

Named = Literal["RIGHT", "LEFT"]
LEFT: dict[str, tuple[str, ...]] = {
    "English": ("left", "left-sided", "leftsided", "lt", "sinistral"),
    "German": (
        "links", "linke", "linker", "linken", "linkem", "linkes", "linksseitig", "linksseitige", "linksseitiger",
        "linksseitigen", "linksseitiges", "li", "linkslateral",
    ),
    "French": ("gauche", "gauches"),
    "Italian": ("sinistra", "sinistro", "sinistre", "sinistri", "sn", "sin"),
    "Spanish": ("izquierda", "izquierdo", "izquierdas", "izquierdos", "izq", "izda", "izqda", "izdo"),
    "Portuguese": ("esquerda", "esquerdo", "esquerdas", "esquerdos", "esq"),
    "Dutch": ("linker", "links", "linkszijdig", "linkszijdige"),
    "Polish": (
        "lewa", "lewy", "lewe", "lewej", "lewego", "lewym", "lewostronny", "lewostronna", "lewostronne", "lewo",
    ),
    "Latin": ("sinister", "sinistrum", "sinistrae"),
}  # fmt: skip
RIGHT: dict[str, tuple[str, ...]] = {
    "English": ("right", "right-sided", "rightsided", "rt", "dextral"),
    "German": (
        "rechts", "rechte", "rechter", "rechten", "rechtem", "rechtes", "rechtsseitig", "rechtsseitige",
        "rechtsseitiger", "rechtsseitigen", "rechtsseitiges", "re", "rechtslateral",
    ),
    "French": ("droite", "droites", "droit", "droits"),
    "Italian": ("destra", "destro", "destre", "destri", "dx"),
    "Spanish": ("derecha", "derecho", "derechas", "derechos", "der", "dcha", "dcho"),
    "Portuguese": ("direita", "direito", "direitas", "direitos", "dir"),
    "Dutch": ("rechter", "rechts", "rechtszijdig", "rechtszijdige"),
    "Polish": (
        "prawa", "prawy", "prawe", "prawej", "prawego", "prawym", "prawostronny", "prawostronna", "prawostronne",
        "prawo",
    ),
    "Latin": ("dexter", "dextrum", "dextra", "dextrae"),
}  # fmt: skip
AMBIGUOUS = frozenset({"re", "li", "lt", "rt", "der", "dir", "sin", "sn", "prawo", "lewo"})
"""Also other words: they count only as an abbreviation that stands as one ("li.", "(lt)", "RE"), else not."""
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NO_SIDE = re.compile(r"\bright (?:away|now|before|after|angles?)\b|\b(?:all right|left (?:over|out|alone))\b")
"""Phrases in which the word is no side."""


def named_sides(text: str) -> dict[Named, str]:
    """The sides that a text names, each with the first word that does."""
    plain = _plain(text)
    masked = _NO_SIDE.sub(lambda phrase: " " * len(phrase[0]), plain)
    found: dict[Named, str] = {}
    for match in _WORD.finditer(masked):
        words = {match[0]} if _stands_as_abbreviation(text, match) else {match[0], *match[0].split("-")} - AMBIGUOUS
        for side in (_SIDES[word] for word in words if word in _SIDES):
            found.setdefault(side, text[match.start() : match.end()])
    return found


def other_side_word(text: str, side: str) -> str:
    """The word by which a text names the other side than RIGHT or LEFT; "" where it names none."""
    other: dict[str, Named] = {"RIGHT": "LEFT", "LEFT": "RIGHT"}
    return named_sides(text).get(other[side], "") if side in other else ""


def _sides() -> dict[str, Named]:
    sides: dict[str, Named] = {word: "LEFT" for words in LEFT.values() for word in words}
    sides.update({word: "RIGHT" for words in RIGHT.values() for word in words})
    return sides


def _plain(text: str) -> str:
    """Small letters without accents, each character in its place."""
    return "".join((unicodedata.normalize("NFD", character.lower()) or " ")[0] for character in text)


def _stands_as_abbreviation(text: str, match: re.Match[str]) -> bool:
    """ "li.", "(re)", "LI": with a full stop, alone in brackets, or (German) in capitals."""
    before, after = text[: match.start()][-1:], text[match.end() :][:1]
    return after == "." or (before == "(" and after == ")") or text[match.start() : match.end()] in ("LI", "RE")


_SIDES: dict[str, Named] = _sides()
