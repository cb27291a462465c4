"""What of the view is stored."""

from __future__ import annotations

from consult.model.view import View
from consult.sessions.features.kinds import Event


class ViewSettled(Event, frozen=True, tag="view_settled"):
    """The view came to rest."""

    rev: int
    control: int
    case: int
    view: View
