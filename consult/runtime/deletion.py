"""A study is deleted: with its files and volumes, and every consult that has it says what is gone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from msgspec import Struct

from consult.library.library import Library, StudyEntry
from consult.model.errors import Refused
from consult.model.identifiers import ConsultId
from consult.runtime.registry import Registry
from consult.sessions.features.cases.commands import NoteDeletedStudy
from consult.sessions.features.cases.feature import uses
from consult.sessions.state import State


class Volumes(Protocol):
    """The volume cache, as a deletion needs it."""

    def discard(self, series: str) -> None:
        """Unlink the volumes of all stacks of a series."""


class Use(Struct, frozen=True):
    """A consult that has images of the study. `ended`: it can only be read."""

    consult: ConsultId
    title: str
    ended: bool


class StudyInUse(Refused):
    """Consults have this study.

    Attributes:
        uses: which.
    """

    def __init__(self, uses: Iterable[Use]) -> None:
        self.uses = tuple(uses)
        names = ", ".join(f"“{use.title}”{' (ended)' if use.ended else ''}" for use in self.uses)
        many = f"{len(self.uses)} consults have" if len(self.uses) > 1 else "A consult has"
        sentence = f"{many} this study: {names}. Its images would be gone there too. Delete it all the same?"
        super().__init__("study_in_use", sentence)


async def delete_study(
    registry: Registry, library: Library, volumes: Volumes, study_uid: str, *, force: bool = False
) -> tuple[Use, ...]:
    """Delete a study for good.

    Args:
        force: although consults have it. They say from now on that its images are gone.

    Returns:
        The consults that had it.

    Raises:
        StudyInUse: consults have it, and `force` is not set.
        Refused: "unknown_study".
        StoreFailed: the disk does not take it. What is deleted then is said; asked again it goes on.
    """
    study = next((entry for entry in await library.studies() if entry.uid == study_uid), None)
    if study is None:
        raise Refused("unknown_study", "There is no such study here.")
    used = await _uses(registry, study)
    if used and not force:
        raise StudyInUse(used)
    for use in used:
        await (await registry.find(use.consult)).command(NoteDeletedStudy(study=study.key))
    registry.audit.note("delete", role="host", what=study.key)
    for series in await library.delete_study(study_uid):
        volumes.discard(series)
    return used


async def _uses(registry: Registry, study: StudyEntry) -> tuple[Use, ...]:
    found: list[Use] = []
    for consult in await registry.consults():
        state, _ = await registry.read(consult)
        if uses(state, study.key):
            found.append(Use(consult, _title(state), state.ended))
    return tuple(found)


def _title(state: State) -> str:
    """What the consult is called: its title, else its host's name."""
    return state.consult.title or state.consult.host_name
