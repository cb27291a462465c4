"""What happens to parts of pictures that may say who the patient is."""

from __future__ import annotations

from consult.model.privacy.blackout import Blackout
from consult.sessions.features.kinds import Event


class BlackoutPut(Event, frozen=True, tag="blackout_put"):
    """A part of all images of a series is not shown to guests, where patients are hidden."""

    blackout: Blackout


class BlackoutRemoved(Event, frozen=True, tag="blackout_removed"):
    """Guests are shown it again. `case`: id of its case."""

    blackout: str
    case: str


BlackoutsEvent = BlackoutPut | BlackoutRemoved
