"""A study, a series or a file is deleted: with its volumes, and every consult that has it says what is gone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Protocol

from msgspec import Struct

from consult.dicom.records import FileRecord
from consult.dicom.stacks import series_key, series_of
from consult.library.contents import chosen, images_of, joined
from consult.library.library import Library
from consult.model.catalogue import Series
from consult.model.errors import Refused
from consult.model.identifiers import ConsultId
from consult.runtime.registry import Registry
from consult.sessions.features.cases.commands import CasesCommand, NoteDeletedImages, NoteDeletedStudy
from consult.sessions.features.cases.feature import uses
from consult.sessions.state import State


class Volumes(Protocol):
    """The volume cache, as a deletion needs it."""

    def discard(self, series: str) -> None:
        """Unlink the volumes of all stacks of a series."""


class Target(Struct, frozen=True):
    """What is deleted: a study, or of it one series, or one object.

    Attributes:
        study, series, instance: StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID.
    """

    study: str
    series: str = ""
    instance: str = ""

    @property
    def word(self) -> str:
        """What people call it."""
        return "file" if self.instance else "series" if self.series else "study"


class Use(Struct, frozen=True):
    """A consult that has images of it. `ended`: it can only be read."""

    consult: ConsultId
    title: str
    ended: bool


class StudyInUse(Refused):
    """Consults have this study, series or file.

    Attributes:
        uses: which.
    """

    def __init__(self, uses: Iterable[Use], word: str = "study") -> None:
        self.uses = tuple(uses)
        names = ", ".join(f"“{use.title}”{' (ended)' if use.ended else ''}" for use in self.uses)
        many = f"{len(self.uses)} consults have" if len(self.uses) > 1 else "A consult has"
        sentence = f"{many} this {word}: {names}. Its images would be gone there too. Delete it all the same?"
        super().__init__("study_in_use", sentence)


class _Loss(Struct):
    """What a consult has of it, and is told."""

    use: Use
    notes: list[CasesCommand]


async def delete(
    registry: Registry, library: Library, volumes: Volumes, target: Target, *, force: bool = False
) -> tuple[Use, ...]:
    """Delete a study, or a series or object of one, for good. A study of which nothing is left is no longer there.

    Args:
        force: although consults have it. They say from now on that its images are gone.

    Returns:
        The consults that had it.

    Raises:
        StudyInUse: consults have it, and `force` is not set.
        Refused: "unknown_study", "unknown_series", "unknown_object".
        StoreFailed: the disk does not take it. What is deleted then is said; asked again it goes on.
    """
    records = await library.files(target.study)
    gone = chosen(records, target.series, target.instance)
    whole = len(gone) == len(records)
    losses = [loss async for loss in _losses(registry, library, gone, whole=whole)]
    if losses and not force:
        raise StudyInUse((loss.use for loss in losses), target.word)
    for loss in losses:
        consult = await registry.find(loss.use.consult, insist=True)
        for note in loss.notes:
            await consult.command(note)
    registry.audit.note("delete", role="host", what=gone[0].study.key)
    await registry.audit.written()
    for series in await library.delete(target.study, gone):
        volumes.discard(series)
    return tuple(loss.use for loss in losses)


async def _losses(
    registry: Registry, library: Library, gone: Sequence[FileRecord], *, whole: bool
) -> AsyncIterator[_Loss]:
    """What each consult loses that has images of these files of a study; `whole`: of all of it."""
    series = {series_key(record.study_uid, record.series_uid) for record in gone}
    for consult in await registry.consults():
        state, _ = await registry.read(consult)
        use = Use(consult, _title(state), state.ended)
        if whole and uses(state, study := gone[0].study.key):
            yield _Loss(use, [NoteDeletedStudy(study=study)])
        elif not whole:
            lost = [note for found in _showing(state, series) if (note := await _of_series(library, found, gone))]
            if lost:
                yield _Loss(use, lost)


def _showing(state: State, series: set[str]) -> list[Series]:
    """Stacks of these series that its cases have."""
    return [found for case in state.cases for found in case.series if series_of(found.key) in series]


async def _of_series(library: Library, series: Series, gone: Sequence[FileRecord]) -> CasesCommand | None:
    """None where none of its images, as that consult has them, is among these files."""
    try:
        stack = await library.stack(series.key)
    except Refused:  # all of it was deleted before
        return None
    lost = images_of(stack, {record.file for record in gone})
    return NoteDeletedImages(series=series.key, images=joined(series.deleted, lost)) if lost else None


def _title(state: State) -> str:
    """What the consult is called: its title, else its host's name."""
    return state.consult.title or state.consult.host_name
