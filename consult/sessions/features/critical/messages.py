"""What somebody is told of a critical result whose case is not on the stage."""

from __future__ import annotations

from consult.sessions.features.kinds import ServerMessage


class CriticalWaits(ServerMessage, frozen=True, tag="critical_waits"):
    """A critical result waits for this seat's answer: its id, and nothing of it, since its case is not on the stage; ""
    once none does."""

    critical: str
