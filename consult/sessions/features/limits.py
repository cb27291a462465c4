"""How much a consult may hold: figures of one place, and the sentence that says that one is reached."""

from __future__ import annotations

from consult.model.errors import Refused

MAX_MARKS = 2000
MAX_KEY_IMAGES = 200
MAX_CHAT_MESSAGES = 5000
MAX_CASES = 100
MAX_FINDINGS = 100
MAX_KEY_VIEWS = 6
"""Of a finding."""
MAX_VERSIONS = 20
"""Of the note of a case."""
MAX_SIGNED = 400
"""Versions of all notes of a consult: four of each case."""
MAX_VERSION_BYTES = 256 * 1024
"""Of JSON: a version is one message, which must fit a page's outbox beside much else."""
MAX_CRITICALS = 50
MAX_BLACKOUTS = 400
MAX_BLACKOUTS_OF_SERIES = 16
MAX_CALIBRATIONS = 1000
MAX_COVERAGES = 4000
"""Of a seat and a series."""
MAX_PREPARED_VIEWS = 24
"""Of a case."""
MAX_ALL_PREPARED_VIEWS = 600
MAX_PICTURES = 12
"""Of a case."""
MAX_DECISIONS = 20
"""Of a case."""
MAX_ATTENDEES = 200


def full(code: str, most: int, what: str, instead: str) -> Refused:
    """The refusal of one more. "This consult holds 2,000 marks; delete some or begin a new consult." """
    return Refused(code, f"This consult holds {most:,} {what}; {instead} a new consult.")


def full_part(code: str, part: str, most: int, what: str, instead: str) -> Refused:
    """The refusal of one more in a part of a consult. "This finding has 6 key views already; drop one first." """
    return Refused(code, f"This {part} has {most:,} {what} already; {instead}.")


def check_cases(cases: int) -> None:
    """Raises Refused("too_many_cases") where a consult would have more cases than it may."""
    if cases > MAX_CASES:
        sentence = f"A consult holds at most {MAX_CASES} cases, and these are {cases}."
        raise Refused("too_many_cases", f"{sentence} Open a second consult for the rest.")
