"""What happens to the cases of a consult."""

from __future__ import annotations

from consult.sessions.features.kinds import Event


class CaseSwitched(Event, frozen=True, tag="case_switched"):
    """Another case is on the stage. `epoch` counts switches."""

    epoch: int
    case: str
