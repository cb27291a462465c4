"""Who somebody is to the tables of permissions. Control is not a role: it is a column of its own."""

from __future__ import annotations

from msgspec import Struct

from consult.model.catalogue import Role


class Standing(Struct, frozen=True):
    """What counts about a sender: the role, whether they have control, whether the consult is over."""

    role: Role
    control: bool
    ended: bool = False


HOST_IDLE = Standing("host", False)
HOST_IN_CONTROL = Standing("host", True)
PARTICIPANT_IDLE = Standing("participant", False)
PARTICIPANT_IN_CONTROL = Standing("participant", True)
VIEWER = Standing("viewer", False)
READING_IN_CONTROL = Standing("host", True, ended=True)
READING = frozenset({Standing("host", False, ended=True), READING_IN_CONTROL})
"""A host who reads a consult that has ended: nothing of it changes but what is looked at."""

HOSTS = frozenset({HOST_IDLE, HOST_IN_CONTROL})
IN_CONTROL = frozenset({HOST_IN_CONTROL, PARTICIPANT_IN_CONTROL})
TAKING_PART = frozenset({*HOSTS, PARTICIPANT_IDLE, PARTICIPANT_IN_CONTROL})
EVERYBODY = TAKING_PART | {VIEWER}
