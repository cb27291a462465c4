"""Who has control, and that it changed hands."""

from __future__ import annotations

from msgspec import Struct

from consult.model.identifiers import SeatId
from consult.sessions.features.kinds import Event


class Control(Struct, frozen=True):
    """Who drives.

    Attributes:
        epoch: counts changes: gestures of a former presenter carry an older one and die.
        requests: who asks for it.
        stands_in: `seat` has taken it while no host was here, until one is back.
    """

    epoch: int
    seat: SeatId | None
    requests: tuple[SeatId, ...] = ()
    stands_in: bool = False


class ControlPut(Event, frozen=True, tag="control_put"):
    """Control changed hands, or was asked for."""

    control: Control
