"""Who a patient is, in words. The page's twin is web/js/core/patient.js, and tests/patients.json holds both.

A name is a PN (PS3.5 6.2.1): up to three groups (alphabetic, ideographic, phonetic) parted by "=", each of up to five
components (family, given, middle, prefix, suffix) parted by "^".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from consult.model.catalogue import Patient

NO_NAME = "No name"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LETTERS = re.compile(r"[^\W\d_]+")
_GEORGIAN = re.compile("[\u10d0-\u10ff]")
"""Its capitals are in few fonts, and no name is written in them."""
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
"""Such a name is isolated (U+2068, U+2069), so that a date or number beside it stays where it is."""
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def person_name(value: str) -> str:
    """ "山田 太郎 (YAMADA, Tarou)", "ADAMS, John Robert, Rev., B.A."; "No name" where there is none. Never a caret."""
    alphabetic, ideographic, phonetic, *_ = [*_groups(value), "", ""]
    latin = _alphabetic(alphabetic)
    script = _spaced(ideographic.replace("^", " "))
    if not script or script == latin:
        return latin or _spaced(phonetic.replace("^", " ")) or NO_NAME
    return f"{script} ({latin})" if latin else script


def format_date(iso: str) -> str:
    """ "1962-11-24" to "24 Nov 1962"; "" where there is no date."""
    found = _ISO.match(iso)
    month = int(found[2]) if found else 0
    return f"{int(found[3])} {MONTHS[month - 1]} {found[1]}" if found and 1 <= month <= len(MONTHS) else ""


def identity_line(patient: Patient, n: int = 1, of: int = 1) -> str:
    """ "DEMO, Anna · born 24 Nov 1962 · ID 4711 · case 2 of 5": what is missing is said, an only case not counted;
    where it is hidden, "Case 2 · patient data hidden · case 2 of 5"."""
    number = [f"case {n} of {of}"] if of > 1 else []
    if patient.hidden:
        return " · ".join([patient.name, "patient data hidden", *number])
    name, born = person_name(patient.name), format_date(patient.birth_date)
    isolated = f"\u2068{name}\u2069" if _RIGHT_TO_LEFT.search(name) else name
    parts = [isolated, f"born {born}" if born else "no birth date", f"ID {patient.id}" if patient.id else "no ID"]
    return " · ".join([*parts, *number])


def patient_key(patient: Patient) -> tuple[str, ...]:
    """Equal for studies of one patient: ID and who issued it; without an ID, name and birth date."""
    if patient.id.strip():
        return "id", patient.issuer.strip(), patient.id.strip()
    return "name", _plain_name(patient.name), patient.birth_date


def count_patients(patients: Iterable[Patient]) -> int:
    """How many patients these are."""
    return len({patient_key(patient) for patient in patients})


def namesakes(patient: Patient, patients: Iterable[Patient]) -> str:
    """Of patients that one could take for each other: "2 patients of this name: birth dates differ"; else "".

    Birth date and ID stand beside it, so where only who issued the ID tells them apart, it says that.
    """
    name = _plain_name(patient.name)
    same = {patient_key(other): other for other in (*patients, patient) if _plain_name(other.name) == name}
    if len(same) < 2:
        return ""
    whose = "of this name" if name else "without a name"
    return f"{len(same)} patients {whose}: {_difference(list(same.values()), patient)}"


def _difference(patients: Sequence[Patient], patient: Patient) -> str:
    def apart(of: Callable[[Patient], str]) -> bool:
        return len({of(patient) for patient in patients}) == len(patients)

    if apart(lambda patient: patient.birth_date):
        return "birth dates differ"
    if apart(lambda patient: patient.id):
        return "IDs differ"
    if apart(lambda patient: f"{patient.birth_date}\n{patient.id}"):
        return "birth dates or IDs differ"
    return f"issuers of the ID differ, here {patient.issuer.strip() or 'none'}"


def _groups(value: str) -> list[str]:
    return _CONTROL.sub(" ", unicodedata.normalize("NFC", value)).split("=")


def _alphabetic(group: str) -> str:
    if "^" not in group:
        return _spaced(group)
    family, given, middle, prefix, *suffix = [_spaced(part) for part in f"{group}^^^^".split("^")]
    first = _spaced(f"{_with_small_letters(given)} {_with_small_letters(middle)}")
    return ", ".join(filter(None, (_with_capitals(family), first, prefix, _spaced(" ".join(suffix)))))


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _with_capitals(text: str) -> str:
    return text if _GEORGIAN.search(text) else text.upper()


def _with_small_letters(text: str) -> str:
    """ "ANNA-MARIA" is "Anna-Maria"; what is written in both cases stays."""
    if text != text.upper() or _GEORGIAN.search(text):
        return text
    return _LETTERS.sub(lambda word: word[0][0] + word[0][1:].lower(), text)


def _plain_name(name: str) -> str:
    """Of the alphabetic group (else of any): letters and digits alone, small, without accents."""
    group = next((g for g in _groups(name) if _spaced(g.replace("^", " "))), "")
    components = "".join(group.split("^")[:3])
    return "".join(c for c in unicodedata.normalize("NFD", components).lower() if c.isalnum())
