"""What the words of presentation states cover, for the stamps of exact pictures: pages write nothing over them.

Of a state that is not at hand yet nothing is known; its reading is begun, and who waits is told which series for.
"""

from __future__ import annotations

from typing import Protocol

from consult.model.catalogue import Case
from consult.model.errors import ConsultError, NotReady
from consult.model.identifiers import SeriesKey
from consult.model.presentation_states.state import PresentationState
from consult.model.view import View
from consult.rendering.affine import affine
from consult.rendering.presentation_states.state import DrawnImage, DrawnState
from consult.rendering.presentation_states.words import PixelBox, word_boxes
from consult.streaming.recipes import Recipe, drawn_state

States = dict[str, DrawnImage]
"""By viewport."""


class StatesAtHand(Protocol):
    """What waits for nothing needs of presentation states."""

    def now(self, wanted: PresentationState) -> DrawnState:
        """What of one is drawn, if it is there. Raises ConsultError; NotReady: its reading is begun."""


def states_at_hand(view: View, case: Case, states: StatesAtHand) -> tuple[States, frozenset[SeriesKey]]:
    """What is drawn in each viewport, and the series over which lies what is not at hand (yet)."""
    found: States = {}
    waiting: set[SeriesKey] = set()
    for viewport in view.viewports:
        series, image = case.shown_image(viewport.shows)
        if (state := drawn_state(viewport, case, series, image)) is None:
            continue
        try:
            found[viewport.id] = states.now(state).of(series.key, image)
        except NotReady:
            waiting.add(series.key)
        except ConsultError:
            continue  # its picture cannot be drawn either, and says why
    return found, frozenset(waiting)


def covered(drawn: DrawnImage, recipe: Recipe) -> tuple[PixelBox, ...]:
    """What its words cover in a picture."""
    mapping = affine(recipe.series.grid, recipe.series.locate(recipe.image)[0], recipe.viewport.camera, recipe.size)
    return word_boxes(drawn, mapping, recipe.size)
