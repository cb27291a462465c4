"""Whether what a log of others leads to is a consult: no more records than one holds, and images that lie somewhere.

What people do is decided before it is stored. What comes in a file was decided elsewhere, or by nobody: each record of
it is read by the same code afterwards, which takes for granted what is checked here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from consult.dicom.limits import MAX_FRAMES, MAX_TEXT
from consult.model.catalogue import Case, Series
from consult.model.errors import Malformed, Refused
from consult.model.geometry import Grid, Vec, dot, norm
from consult.model.mark import POINTS, Mark
from consult.model.privacy.blackout import Blackout
from consult.sessions.features.consult.commands import MAX_HOST_NAME, MAX_TITLE
from consult.sessions.features.limits import (
    MAX_BLACKOUTS,
    MAX_CASES,
    MAX_CRITICALS,
    MAX_FINDINGS,
    MAX_KEY_IMAGES,
    MAX_MARKS,
    MAX_SIGNED,
)
from consult.sessions.features.seats.decide import MAX_INVITATIONS, MAX_SEATS
from consult.sessions.state import State
from consult.sessions.views import initial_view, is_near, series_under

MOST = {
    "marks": MAX_MARKS, "key_images": MAX_KEY_IMAGES, "findings": MAX_FINDINGS, "criticals": MAX_CRITICALS,
    "signed": MAX_SIGNED, "notes": MAX_CASES, "cases": MAX_CASES, "invitations": MAX_INVITATIONS,
    "seats": 4 * MAX_SEATS, "numbers": 2 * MAX_MARKS, "seen": 4 * MAX_SEATS, "stages": 4 * MAX_SEATS,
    "blackouts": MAX_BLACKOUTS,
}  # fmt: skip
"""Records of a state; who has left keeps a seat."""
MAX_IMAGES = 5 * MAX_FRAMES
"""Of a series: of several files."""
IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")
SIZE = range(1, 65_536)
MAX_SPACING, MAX_MM = 1e6, 1e9
ALMOST = 1e-2
"""Of the length of a direction, and of a right angle."""


def bad_log(why: str) -> Malformed:
    """The log is no consult's."""
    return Malformed("bad_log", f"The log in this file leads to no consult: {why}.")


def check_room(state: State) -> None:
    """Let a state pass that holds no more than a consult does; after each entry. Raises Malformed("bad_log")."""
    for name, most in MOST.items():
        if len(getattr(state, name)) > most:
            raise bad_log(f"it holds more than {most} {name.replace('_', ' ')}")


def check_sound(state: State) -> None:
    """Let a state pass whose records are of images that it has. Raises Malformed("bad_log")."""
    if not state.cases or state.current_case is None:
        raise bad_log("it has no case")
    if len(state.consult.title) > MAX_TITLE or len(state.consult.host_name) > MAX_HOST_NAME:
        raise bad_log("its title is too long")
    for case in state.cases:
        check_case(case)
    try:
        for mark in state.marks.values():
            _check_mark(mark, state)
        for blackout in state.blackouts.values():
            _check_blackout(blackout, state)
        for kept in state.key_images.values():
            _case(state, kept.case).shown_image(kept.viewport.shows)
    except Refused as refused:
        raise bad_log(f"something lies on no image of it ({refused.code})") from None


def check_case(case: Case) -> None:
    """Let a case pass that can be shown. Raises Malformed("bad_log")."""
    named = [case.id, *(study.key for study in case.studies), *(series.key for series in case.series)]
    if not all(map(IDENTIFIER.fullmatch, named)) or len({s.key for s in case.series}) < len(case.series):
        raise bad_log("its names are none")
    if any(len(text) > MAX_TEXT for text in (case.title, case.patient.name, case.patient.id, case.patient.issuer)):
        raise bad_log("a text of it is too long")
    for series in case.series:
        _check_series(series)
    try:
        initial_view(case)
    except Refused as refused:
        raise bad_log(f"there is nothing to show ({refused.code})") from None


def _check_series(series: Series) -> None:
    missing = series.axis.missing if series.axis is not None else ()
    cells = series.places * series.times
    held = {(time, place) for time, place in missing if 0 <= time < series.times and 0 <= place < series.places}
    if len(held) < len(missing) or not 1 <= series.images <= MAX_IMAGES or series.images != cells - len(missing):
        raise bad_log("the images of a series are not as many as it says")
    if series.unlisted is not None or not _is_sound(series.grid):
        raise bad_log("the images of a series lie nowhere")
    lists = (series.orientations, series.projections, series.regions, *_values(series))
    if any(len(values) not in (0, 1, series.images) for values in lists):
        raise bad_log("a list of a series is not as long as it")
    if not all(0 <= first <= last < series.images for first, last in (*series.deleted, *series.subtracted)):
        raise bad_log("a series lacks images that it never had")


def _values(series: Series) -> list[Sequence[object]]:
    return [getattr(series.values, name) for name in series.values.__struct_fields__]


def _is_sound(grid: Grid) -> bool:
    is_turn = max(abs(norm(grid.right) - 1), abs(norm(grid.down) - 1), abs(dot(grid.right, grid.down))) <= ALMOST
    fits = grid.rows in SIZE and grid.columns in SIZE
    spacings = (grid.row_spacing, grid.column_spacing)
    return is_turn and fits and all(0 < s <= MAX_SPACING for s in spacings) and all(map(_is_here, grid.positions))


def _is_here(position: Vec) -> bool:
    return all(math.isfinite(number) and abs(number) <= MAX_MM for number in position)


def _check_mark(mark: Mark, state: State) -> None:
    """Raises Malformed, Refused."""
    series_under("The mark", _case(state, mark.case), mark.series, mark.image)
    least, most = POINTS[mark.kind]
    if not least <= len(mark.points) <= most or not all(map(is_near, mark.points)):
        raise bad_log("a mark of it lies nowhere")


def _check_blackout(blackout: Blackout, state: State) -> None:
    """Raises Malformed."""
    series = _case(state, blackout.case).find(blackout.series)
    left, top, right, bottom = blackout.rectangle
    if series is None or not (left < right <= series.grid.columns and top < bottom <= series.grid.rows):
        raise bad_log("a part that is blacked out is on no image of it")


def _case(state: State, identifier: str) -> Case:
    case = state.find_case(identifier)
    if case is None:
        raise bad_log("a record of it is of no case")
    return case
