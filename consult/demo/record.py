"""What a newcomer finds in the demo consult: a finding that has grown, measured on the demo's own images, and a
preliminary note. All of it is made by the consult's own commands, so that its numbers are computed and confirmed like
everybody's; it says DEMO.
"""

from __future__ import annotations

import logging

from msgspec.structs import replace

from consult.demo.author import Author
from consult.demo.studies import CURRENT, LUNG_SERIES, PRIOR, DemoStudy, truth
from consult.model.catalogue import Case, Series
from consult.model.errors import ConsultError, Refused
from consult.model.geometry import Vec, add, dot, scale, subtract
from consult.model.mark import Shape
from consult.model.view import Layout, Stack, View, Viewport
from consult.runtime.runner import ConsultRunner
from consult.sessions.features.findings.commands import ConfirmSide, PutFinding, Wording
from consult.sessions.features.findings.decide import marks_of, numbers_of, offered_side
from consult.sessions.features.marks.commands import PutMark
from consult.sessions.features.note.commands import PutNote, SignNote
from consult.sessions.features.note.events import Field, Signer
from consult.sessions.features.note.signing import versions_of
from consult.sessions.state import State
from consult.sessions.views import fitted_camera, opening_window

logger = logging.getLogger(__name__)
AUTHOR = "Dr. Demo"
SIGNER = Signer(AUTHOR, "radiologist (DEMO)")
LABEL = "Nodule 1"
RADIUS_MM = 70.0
TITLES = {CURRENT: "Nodule in the right upper lobe", PRIOR: "Nodule in the right upper lobe, in May"}
TEXTS: dict[Field, str] = {
    "question": "DEMO. Has the nodule grown since May? Is it resectable?",
    "impression": "DEMO. The nodule in the right upper lobe has grown from 14 mm to 22 mm in 6 months: suspicious for "
    "malignancy.",
    "recommendation": "DEMO. PET/CT, then the thoracic board.",
    "limits": "DEMO: the patient does not exist, and the images are computed.",
}


async def write_demo_note(runner: ConsultRunner) -> None:
    """Write it, unless it is there or somebody has begun a record of their own. What goes wrong is logged."""
    if not _is_untouched(runner.core.state):
        return
    try:
        author = await Author.come(runner, AUTHOR)
        try:
            await _write(author)
        finally:
            author.leave()
    except ConsultError as error:
        logger.warning("the demo's note could not be written: %s", error.code)


def _is_untouched(state: State) -> bool:
    """Nobody else has made a finding or written in the note, and nothing is signed."""
    case = state.current_case
    if case is None or state.consult.ended_at is not None or versions_of(state, case.id):
        return False
    note = state.notes.get(case.id)
    writers = {finding.author for finding in state.findings.values()}
    writers |= {written.author for written in note.fields.values()} if note is not None else set()
    return all(state.seats[writer].name == AUTHOR for writer in writers) and lung_series(case, CURRENT) is not None


async def _write(author: Author) -> None:
    case = author.state.current_case
    assert case is not None
    for study in (CURRENT, PRIOR):
        series = lung_series(case, study)
        if series is not None:
            await _find(author, study, series)
    for field, text in TEXTS.items():
        note = author.state.notes.get(case.id)
        if note is None or not note.text(field):
            await author.do(PutNote, field=field, text=text, base=0)
    seen = tuple(study.key for study in case.studies)
    await author.do(SignNote, status="preliminary", versions=0, signer=SIGNER, again=SIGNER, seen=seen)


async def _find(author: Author, study: DemoStudy, series: Series) -> None:
    """The nodule on that study, measured across, with the side that its image says."""
    centre, name = truth().nodule_centre[study.name], f"demo-{study.name}"
    place = nearest_place(series, centre)
    middle = dropped_onto(series, place, centre)
    half = scale(series.grid.right, truth().nodule_mm[study.name] / 2)
    image = series.image(place, 0)
    assert image is not None
    points = (subtract(middle, half), add(middle, half))
    shape = Shape(id=name, kind="length", series=series.key, image=image, points=points, label=LABEL)
    await author.do(PutMark, mark=shape)
    if name not in author.state.findings:
        wording = Wording(TITLES[study], "DEMO. Solid, spiculated." if study is CURRENT else "DEMO. Solid.", LABEL)
        view = close_view(series, place, middle)
        await author.do(PutFinding, finding=name, base=0, wording=wording, marks=(name,), view=view)
    await author.until(lambda state: _is_measured(state, name))
    side, _ = offered_side(author.state, author.state.findings[name])
    await author.do(ConfirmSide, finding=name, side=side or "RIGHT")


def _is_measured(state: State, finding: str) -> bool:
    found = state.findings.get(finding)
    if found is None:
        raise Refused("unknown_finding", "Somebody has deleted the finding.")
    return all(numbers_of(state, mark) is not None for mark in marks_of(state, found))


def lung_series(case: Case, study: DemoStudy) -> Series | None:
    """The lung series of that date."""
    date = f"{study.date[:4]}-{study.date[4:6]}-{study.date[6:]}"
    keys = {known.key for known in case.studies if known.date == date}
    lungs = (series for series in case.series if series.study in keys and series.description == LUNG_SERIES)
    return next(lungs, None)


def nearest_place(series: Series, point: Vec) -> int:
    """The place of a series that is nearest to a point."""
    normal = series.grid.normal
    return min(range(series.places), key=lambda place: abs(series.grid.location(place) - dot(point, normal)))


def dropped_onto(series: Series, place: int, point: Vec) -> Vec:
    """A point, dropped onto a place's plane."""
    normal = series.grid.normal
    return add(point, scale(normal, series.grid.location(place) - dot(point, normal)))


def close_view(series: Series, place: int, middle: Vec) -> View:
    """What lies around a point of that place, near."""
    camera = replace(fitted_camera(series.grid, place), center=middle, radius=RADIUS_MM)
    window = opening_window(series, place, 0)
    return View(Layout(1, 1), (Viewport("a", Stack(series.key, place), camera, window),), "a")
