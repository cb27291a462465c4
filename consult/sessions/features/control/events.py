"""Who has control, and that it changed hands."""

from __future__ import annotations

from msgspec import Struct

from consult.model.identifiers import SeatId
from consult.sessions.features.kinds import Event


class Control(Struct, frozen=True):
    """Who drives. `epoch` counts changes: gestures of a former presenter carry an older one and die."""

    epoch: int
    seat: SeatId | None
    requests: tuple[SeatId, ...] = ()


class ControlPut(Event, frozen=True, tag="control_put"):
    """Control changed hands, or was asked for."""

    control: Control
