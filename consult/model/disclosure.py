"""A case as pages are told it: texts cut, lists that grow with the images left out, another patient's withheld.

Rules of this file:
- A text of a file is at most MAX_TEXT characters, a name as many in each of its component groups (PS3.5 6.2); that is
  what the standard lets them have. Text without such a limit (LT, UT, ST) is in no field of the catalogue.
- Where patients are hidden, a label stands in place of one. Pixels are what they are: a picture may hold a name itself,
  and the host is warned of it (web/js/core/privacy/hidden.js).
- What is withheld is made anew from nothing but the id: a field that is added later is withheld as well.
"""

from __future__ import annotations

from msgspec.structs import replace

from consult.model.catalogue import Case, ImageLists, ListSizes, Patient, Role, Series, Study, Unshown
from consult.model.presentation_states.state import PresentationState
from consult.model.segmentations.segmentation import Segmentation
from consult.model.view import NamedWindow

MAX_TEXT = 64
"""Characters of LO, the longest of the values that are told; of a component group of PN."""
MAX_NOTE = 512
"""Characters of a sentence of our own, with values of the file in it."""
MAX_WINDOWS = 32
"""Windows of a series. A file may bring any number."""
NAME_GROUPS = 3
NOBODY = Patient("", "")
KNOWING: frozenset[Role] = frozenset({"host", "moderator", "preparer"})
"""Who knows the patients of all cases: whoever leads a board has its list, and so has who prepares it."""


def disclosed_case(case: Case) -> Case:
    """The case as it is told to whoever may know its patient."""
    return replace(
        case,
        title=_cut(case.title),
        patient=_patient(case.patient),
        studies=tuple(_study(study) for study in case.studies),
        series=tuple(disclosed_series(series) for series in case.series),
        unshown=tuple(_unshown(what) for what in case.unshown),
        segmentations=tuple(_segmentation(what) for what in case.segmentations),
        presentation_states=tuple(_presentation_state(what) for what in case.presentation_states),
    )


def withheld(case: Case) -> Case:
    """The case as it is told to a guest while another is on the stage: that it is there."""
    return Case(case.id, "", NOBODY, (), (), withheld=True)


def hidden_patient(patient: Patient, number: int) -> Patient:
    """The patient of case `number`, from 1, as who may not know them is told: a label in place of name, ID and birth
    date. Sex and age stay: they say nobody's name, and are read with the images."""
    return Patient(f"Case {number}", "", sex=patient.sex, hidden=True)


def hidden_case(case: Case, number: int) -> Case:
    """The case with such a patient; its title may be a name."""
    return replace(case, title="", patient=hidden_patient(case.patient, number))


def disclosed_series(series: Series) -> Series:
    """The series without the lists that grow with its images."""
    axis = series.axis
    return replace(
        series,
        modality=_cut(series.modality),
        description=_cut(series.description),
        unit=_cut(series.unit),
        windows=tuple(_window(window) for window in series.windows[:MAX_WINDOWS]),
        source_lossy=_cut(series.source_lossy),
        body_part=_cut(series.body_part),
        note=_cut(series.note, MAX_NOTE),
        grid=replace(series.grid, positions=()),
        axis=None if axis is None else replace(axis, labels=(), missing=()),
        orientations=(),
        values=type(series.values)(),
        subtracted=(),
        projections=(),
        regions=(),
        unlisted=ListSizes(series.places, series.times),
    )


def image_lists(series: Series) -> ImageLists:
    """The lists that `disclosed_series` leaves out."""
    return ImageLists(
        positions=series.grid.positions,
        labels=() if series.axis is None else tuple(_cut(label) for label in series.axis.labels),
        missing=() if series.axis is None else series.axis.missing,
        orientations=tuple((_cut(across), _cut(down)) for across, down in series.orientations),
        values=series.values,
        subtracted=series.subtracted,
        projections=tuple(_cut(projection) for projection in series.projections),
        regions=series.regions,
    )


def _patient(patient: Patient) -> Patient:
    groups = patient.name.split("=")[:NAME_GROUPS]
    return Patient(
        "=".join(_cut(group) for group in groups),
        _cut(patient.id),
        _cut(patient.birth_date),
        _cut(patient.sex),
        _cut(patient.issuer),
    )


def _study(study: Study) -> Study:
    return replace(
        study,
        description=_cut(study.description),
        date=_cut(study.date),
        time=_cut(study.time),
        institution=_cut(study.institution),
        age=_cut(study.age),
    )


def _unshown(what: Unshown) -> Unshown:
    return replace(what, kind=_cut(what.kind), name=_cut(what.name), why=_cut(what.why, MAX_NOTE))


def _segmentation(what: Segmentation) -> Segmentation:
    segments = tuple(replace(segment, label=_cut(segment.label)) for segment in what.segments)
    note, why = _cut(what.note, MAX_NOTE), _cut(what.why, MAX_NOTE)
    return replace(what, name=_cut(what.name), segments=segments, note=note, why=why)


def _presentation_state(what: PresentationState) -> PresentationState:
    return replace(
        what,
        name=_cut(what.name),
        description=_cut(what.description),
        creator=_cut(what.creator),
        created=_cut(what.created),
        looks=tuple(replace(look, windows=tuple(map(_window, look.windows))) for look in what.looks),
        notes=tuple(_cut(note, MAX_NOTE) for note in what.notes),
        why=_cut(what.why, MAX_NOTE),
    )


def _window(window: NamedWindow) -> NamedWindow:
    return replace(window, explanation=_cut(window.explanation))


def _cut(text: str, most: int = MAX_TEXT) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
