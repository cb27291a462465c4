"""Commands about who drives."""

from __future__ import annotations

from consult.model.identifiers import SeatId
from consult.sessions.features.kinds import ParticipantCommand


class RequestControl(ParticipantCommand, frozen=True, tag="request_control"):
    """Ask the host for control."""


class GrantControl(ParticipantCommand, frozen=True, tag="grant_control"):
    """The host, or who has control, hands it to a seat."""

    seat: SeatId


class TakeControl(ParticipantCommand, frozen=True, tag="take_control"):
    """The host takes control (back); who takes part while nobody leads (`presence/vacancy.py`)."""


class GiveBackControl(ParticipantCommand, frozen=True, tag="give_back_control"):
    """Who has control gives it back to the host."""


ControlCommand = RequestControl | GrantControl | TakeControl | GiveBackControl
