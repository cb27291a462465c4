"""Presentation states that are drawn."""

from __future__ import annotations

from typing import Protocol

from consult.model.presentation_states.state import PresentationState
from consult.rendering.presentation_states.state import DrawnState
from consult.volumes.drawables import Drawables

LOADING = "The presentation state is still being loaded."


class PresentationStateSource(Protocol):
    """The library, as presentation states are read from it."""

    async def presentation_state(self, found: PresentationState) -> DrawnState:
        """What of it is drawn. Raises Refused, StoreFailed."""


class PresentationStates(Drawables[PresentationState, DrawnState]):
    """All presentation states of a server that are drawn."""

    def __init__(self, source: PresentationStateSource, *, max_bytes: int) -> None:
        super().__init__("presentation state", LOADING, source.presentation_state, max_bytes=max_bytes)
