"""What of a view plays, and when it is due next: of the shared view, and of each page's own."""

from __future__ import annotations

from consult.model.catalogue import Case
from consult.model.cine import playing
from consult.model.view import View
from consult.sessions.views import window_for


class Player:
    """Keeps a view in step with the server's clock, `wall`: seconds since 1970."""

    def __init__(self) -> None:
        self._at = 0.0
        """When it was looked at last."""

    def begin(self, view: View, before: View | None, case: Case, wall: float) -> View:
        """A view that somebody wants instead of `before`, with what is due."""
        return self._due(playing.begun(view, before, case, wall), case, wall)

    def play(self, view: View, case: Case, wall: float) -> View:
        """The view with what is due; itself where nothing else is due yet, or that is shown already."""
        at = self.next_at(view, case)
        return view if at is None or at > wall else self._due(view, case, wall)

    def next_at(self, view: View, case: Case) -> float | None:
        """When something else is due; None where nothing plays."""
        return playing.next_at(view, case, self._at)

    def _due(self, view: View, case: Case, wall: float) -> View:
        self._at = wall
        return playing.due(view, case, wall, window_for)
