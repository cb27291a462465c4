"""The pictures that people kept of a consult, and those of its findings, drawn once more exactly, for its file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consult.documents.pictures import around
from consult.model.catalogue import Case
from consult.model.errors import ConsultError
from consult.model.mark import Mark
from consult.model.view import Viewport
from consult.sessions.features.findings.events import Finding
from consult.sessions.state import State
from consult.streaming.key_views import KeyViews

SIZE = (1024, 1024)
"""(width, height) in pixels: as the view had it, in a square of this size."""


@dataclass(frozen=True)
class Kept:
    """A viewport of a consult's file. `of`: id of the key image; of the finding and its key view and viewport; of the
    finding and its mark."""

    of: str
    case: str
    viewport: Viewport


def kept_of(state: State) -> Iterator[Kept]:
    """All that notes show: key images, then those of findings, in signed versions first. Each once."""
    for image in state.key_images.values():
        yield Kept(image.id, image.case, image.viewport)
    seen: set[str] = set()
    for finding, marks in _findings_of(state):
        for one in _shown_of(state, finding, marks):
            if one.of not in seen:
                seen.add(one.of)
                yield one


def _findings_of(state: State) -> Iterator[tuple[Finding, Sequence[Mark]]]:
    for version in state.signed.values():
        for signed in version.findings:
            yield signed.finding, signed.marks
    for finding in state.findings.values():
        yield finding, [state.marks[mark] for mark in finding.marks if mark in state.marks]


def _shown_of(state: State, finding: Finding, marks: Sequence[Mark]) -> Iterator[Kept]:
    """Its key views; where there are none its marks, as documents show them."""
    for view in finding.views:
        for viewport in view.view.viewports:
            yield Kept(f"{finding.id}/{view.id}/{viewport.id}", finding.case, viewport)
    case = state.find_case(finding.case)
    if case is None or finding.views:
        return
    for mark in marks:
        if (picture := around(case, mark)) is not None:
            yield Kept(f"{finding.id}/{mark.id}", finding.case, picture)


async def drawn(views: KeyViews, case: Case | None, viewport: Viewport) -> bytes | str:
    """A picture (PNG), or the sentence why there is none."""
    if case is None:
        return "The consult does not have its case."
    try:
        return (await views.draw(case, viewport, SIZE)).png
    except ConsultError as error:
        return error.sentence
