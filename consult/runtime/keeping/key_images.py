"""The pictures that people kept of a consult, drawn once more exactly as they would be shown, for its file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from consult.model.catalogue import Case
from consult.model.errors import ConsultError
from consult.model.view import Viewport
from consult.sessions.state import State
from consult.streaming.key_views import KeyViews

SIZE = (1024, 1024)
"""(width, height) in pixels: as the view had it, in a square of this size."""


@dataclass(frozen=True)
class Kept:
    """A viewport that somebody kept. `of`: id of the key image, or of the key view and its viewport."""

    of: str
    case: str
    viewport: Viewport


def kept_of(state: State) -> Iterator[Kept]:
    """All that was kept: key images, then key views of findings, those in signed versions first."""
    for image in state.key_images.values():
        yield Kept(image.id, image.case, image.viewport)
    seen: set[str] = set()
    signed = [one.finding for version in state.signed.values() for one in version.findings]
    for finding in (*signed, *state.findings.values()):
        for view in finding.views:
            for viewport in view.view.viewports:
                of = f"{finding.id}/{view.id}/{viewport.id}"
                if of not in seen:
                    seen.add(of)
                    yield Kept(of, finding.case, viewport)


async def drawn(views: KeyViews, case: Case | None, viewport: Viewport) -> bytes | str:
    """A picture (PNG), or the sentence why there is none."""
    if case is None:
        return "The consult does not have its case."
    try:
        return (await views.draw(case, viewport, SIZE)).png
    except ConsultError as error:
        return error.sentence
