"""What presence registers: its messages, and who may send them. Nothing of it is a command, nothing is stored."""

from __future__ import annotations

from consult.sessions.features.feature import Feature
from consult.sessions.features.kinds import Event, ParticipantCommand
from consult.sessions.features.standings import EVERYBODY, HOSTS, IN_CONTROL, MODERATORS, READING, VIEWERS
from consult.sessions.presence.messages import (
    Cursor,
    Cursors,
    Explore,
    Exploring,
    FollowRequested,
    Lobby,
    LowerHand,
    Mute,
    Muted,
    Presence,
    RaiseHand,
    ReportHealth,
    RequestFollow,
    SetMicrophone,
    Speaking,
)

PRESENCE = Feature[ParticipantCommand, Event](
    name="presence",
    messages={
        Cursor: (EVERYBODY - VIEWERS) | READING,
        Explore: EVERYBODY | READING,
        RequestFollow: IN_CONTROL,
        RaiseHand: EVERYBODY | READING,
        LowerHand: HOSTS | MODERATORS,
        ReportHealth: EVERYBODY | READING,
        SetMicrophone: EVERYBODY | READING,
        Mute: HOSTS | MODERATORS,
    },
    server_messages=(Presence, Lobby, Cursors, Exploring, FollowRequested, Muted, Speaking),
)
