"""Whether anybody leads: since when neither a host or moderator is here nor whoever has control.

While it is so, who takes part may take control and stand in: the first host who is back has it again at once.
"""

from __future__ import annotations

from collections.abc import Iterable

from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.sessions.connection_state import ConnectionState
from consult.sessions.features.control.commands import TakeControl
from consult.sessions.features.control.decide import LEADERS
from consult.sessions.features.kinds import ParticipantCommand
from consult.sessions.state import State

LEAD_AFTER_S = 20.0
"""So long is waited for a host who has gone: a reload, or another network, takes less."""


class Vacancy:
    """Since when nobody leads, in seconds of the core's clock.

    Args:
        after_s: how long it is waited then.
    """

    def __init__(self, after_s: float = LEAD_AFTER_S) -> None:
        self._after_s = after_s
        self._since: float | None = None

    def watch(self, connections: Iterable[ConnectionState], state: State, now: float) -> None:
        """Who is here, and who has control, may have changed."""
        leads = any(
            one.joined and (one.seat == state.control.seat or state.seats[one.seat].role in LEADERS)
            for one in connections
        )
        if leads:
            self._since = None
        elif self._since is None:
            self._since = now

    def check(self, state: State, actor: SeatId, command: ParticipantCommand, now: float) -> None:
        """Let a host or moderator take control at any time, and others while nobody leads.

        Raises:
            Refused: "somebody_leads".
        """
        if not isinstance(command, TakeControl) or state.seats[actor].role in LEADERS:
            return
        if self._since is None or now - self._since < self._after_s:
            raise Refused("somebody_leads", "Whoever leads is here, or was until a moment ago. Ask for control.")
