"""Who is still there: by what pages say, not by their sockets, which stay open when a network dies or a page is frozen.

Rules:
- A page says something at least each second while somebody looks at it. One that is silent for PROBE_S is asked, since
  browsers throttle the timers of hidden pages and not their answers.
- Who is silent for GONE_S is gone: offline for all, and sent away to come back, should it still be there.
- Where it was this process that slept, silence proves nothing: all are asked, and have their time anew.
"""

from __future__ import annotations

from collections.abc import Collection

from consult.model.identifiers import ConnectionId
from consult.sessions.connection_state import ConnectionState
from consult.sessions.effects import Effect, Send
from consult.sessions.messages import Probe

PROBE_S = 3.0
GONE_S = 9.0
"""With the alarm's own delay people are offline within 12 s."""
LATE_S = 2.0
"""Woken so much later than it asked to be, this process (or its machine) did not run."""


def probe(connections: Collection[ConnectionState], now: float, *, has_slept: bool) -> list[Effect]:
    """Ask those who are silent whether they are there."""
    if has_slept:
        for connection in connections:
            connection.received_at, connection.probed_at = now, float("-inf")
    silent = [c for c in connections if c.joined and (has_slept or _probe_at(c) <= now)]
    for connection in silent:
        connection.probed_at = now
    return [Send(tuple(connection.id for connection in silent), Probe())] if silent else []


def unheard(connections: Collection[ConnectionState], now: float) -> list[ConnectionId]:
    """Those who are gone."""
    return [c.id for c in connections if not c.closed and c.received_at + GONE_S <= now]


def next_check(connections: Collection[ConnectionState]) -> float | None:
    """When the next of them is to be asked, or is gone."""
    times = [c.received_at + GONE_S for c in connections if not c.closed]
    return min([*times, *(_probe_at(c) for c in connections if c.joined)], default=None)


def _probe_at(connection: ConnectionState) -> float:
    return max(connection.received_at, connection.probed_at) + PROBE_S
