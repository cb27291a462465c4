"""Who somebody is to the tables of permissions. Control is not a role but a column of its own; so is a board's phase.

Moderators and preparers are of boards alone: elsewhere they may do nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from consult.model.catalogue import Role

Phase = Literal["", "preparing", "running"]
"""Of a board, before it has begun and since; "" of any other consult."""
PHASES: tuple[Phase, ...] = ("", "preparing", "running")
BOARD: tuple[Phase, ...] = ("preparing", "running")


class Standing(Struct, frozen=True):
    """What counts about a sender: the role, whether they have control, whether the consult is over, and where a board
    that is not over is."""

    role: Role
    control: bool
    ended: bool = False
    board: Phase = ""


def _of(role: Role, controls: Iterable[bool], phases: Iterable[Phase] = PHASES) -> frozenset[Standing]:
    controls = tuple(controls)
    return frozenset(Standing(role, control, board=phase) for control in controls for phase in phases)


HOST_IDLE, HOST_IN_CONTROL = _of("host", [False]), _of("host", [True])
PARTICIPANT_IDLE, PARTICIPANT_IN_CONTROL = _of("participant", [False]), _of("participant", [True])
VIEWERS = _of("viewer", [False])
MODERATOR_IDLE, MODERATOR_IN_CONTROL = _of("moderator", [False], BOARD), _of("moderator", [True], BOARD)
PREPARER_IDLE, PREPARER_IN_CONTROL = _of("preparer", [False], ["preparing"]), _of("preparer", [True], ["preparing"])
PREPARER_LOOKS_ON = _of("preparer", [False], ["running"])
"""A board that has begun is led by others; who prepares goes on with the cases that are to come."""
READING_IN_CONTROL = frozenset({Standing("host", True, ended=True)})
READING = READING_IN_CONTROL | {Standing("host", False, ended=True)}
"""A host who reads a consult that has ended: nothing of it changes but what is looked at."""

HOSTS = HOST_IDLE | HOST_IN_CONTROL
MODERATORS = MODERATOR_IDLE | MODERATOR_IN_CONTROL
PREPARERS = PREPARER_IDLE | PREPARER_IN_CONTROL
IN_CONTROL = HOST_IN_CONTROL | MODERATOR_IN_CONTROL | PARTICIPANT_IN_CONTROL | PREPARER_IN_CONTROL
TAKING_PART = HOSTS | MODERATORS | PARTICIPANT_IDLE | PARTICIPANT_IN_CONTROL | PREPARERS
EVERYBODY = TAKING_PART | VIEWERS | PREPARER_LOOKS_ON


def on_boards(standings: frozenset[Standing], *phases: Phase) -> frozenset[Standing]:
    """Of these, those of a board; of these phases alone, where any is given."""
    return frozenset(standing for standing in standings if standing.board in (phases or BOARD))


LEADING = on_boards(HOSTS | MODERATORS)
PREPARING = LEADING | PREPARERS | PREPARER_LOOKS_ON
"""Who prepares cases."""
