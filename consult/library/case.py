"""A case: the catalogue of one patient's studies, put together of their files and stacks. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from consult.dicom.presentation_states.catalogue import catalogued as catalogued_state
from consult.dicom.records import FileRecord, StackRecord
from consult.dicom.segmentations.catalogue import catalogued
from consult.dicom.stacks import series_of
from consult.model.catalogue import Case, Patient, Study, Unshown
from consult.model.presentation_states.state import PresentationState
from consult.model.segmentations.segmentation import Segmentation
from consult.model.study_role import is_prior


def put_together(
    files: Sequence[FileRecord],
    stacks: Sequence[StackRecord],
    *,
    id: str,  # noqa: A002  # the case's own word
    title: str,
    patient: Patient,
) -> Case:
    """The newest study first, the older ones as priors; series study by study, by number.

    Args:
        files: of the patient.
        stacks: of these files, those of one series in their order.
        id, title: of the case.
        patient: whose it is.
    """
    studies = _studies(files)
    order = {study.key: i for i, study in enumerate(studies)}
    series = [stack.series for stack in stacks]
    series.sort(key=lambda s: (order[s.study], s.number, series_of(s.key)))  # those of one series stay in order
    return Case(
        id=id,
        title=title,
        patient=patient,
        studies=tuple(replace(study, prior=is_prior(study, studies)) for study in studies),
        series=tuple(series),
        unshown=_unshown(files),
        segmentations=_segmentations(files, stacks),
        presentation_states=_presentation_states(files, stacks),
    )


def _studies(files: Sequence[FileRecord]) -> list[Study]:
    """Those of these files, newest first; each as its first file says."""
    found: dict[str, Study] = {}
    for record in files:
        found.setdefault(record.study_uid, record.study)
    return sorted(found.values(), key=lambda study: (study.date, study.time), reverse=True)


def _unshown(records: Sequence[FileRecord]) -> tuple[Unshown, ...]:
    """What studies hold that cannot be shown, series by series, kind by kind, and by why not."""
    counts = Counter(
        (r.study.key, r.series_uid, r.series_number, r.unshown, r.series_description, r.why)
        for r in records
        if r.unshown
    )
    return tuple(
        Unshown(study, kind, name, n, number, why) for (study, _, number, kind, name, why), n in counts.items()
    )


def _segmentations(files: Sequence[FileRecord], stacks: Sequence[StackRecord]) -> tuple[Segmentation, ...]:
    """Those that lie over images first; by number and name."""
    found = [catalogued(record, stacks) for record in files if record.segmentation is not None]
    return tuple(sorted(found, key=lambda one: (bool(one.why), one.number, one.name, one.key)))


def _presentation_states(files: Sequence[FileRecord], stacks: Sequence[StackRecord]) -> tuple[PresentationState, ...]:
    """Those that are for images here first; by number of the series, then the newest."""
    found = [catalogued_state(record, stacks) for record in files if record.presentation_state is not None]
    found.sort(key=lambda state: (state.created, state.key), reverse=True)
    return tuple(sorted(found, key=lambda state: (bool(state.why), state.number)))
