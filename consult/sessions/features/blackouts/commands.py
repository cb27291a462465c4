"""Commands about parts of pictures that may say who the patient is."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from consult.model.identifiers import SeriesKey
from consult.model.privacy.blackout import Rectangle
from consult.sessions.features.kinds import ParticipantCommand


class BlackOut(ParticipantCommand, frozen=True, tag="black_out"):
    """Guests are not shown this part of any image of a series, where patients are hidden."""

    series: SeriesKey
    rectangle: Rectangle


class RemoveBlackout(ParticipantCommand, frozen=True, tag="remove_blackout"):
    """Guests are shown that part again."""

    blackout: Annotated[str, Meta(min_length=1, max_length=120)]


BlackoutsCommand = BlackOut | RemoveBlackout
