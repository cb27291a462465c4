"""What is drawn or written just now, before it is stored: presence. One a connection, absolute, with a time to live.

Rules:
- All drafts of a kind go out in one message, so that the newest is the whole truth: what is not in it is a draft no
  longer. They go out no more often than its rate, whatever comes in: what many send is not sent on as many times to
  everybody.
- A page sends its draft anew while it holds it; one that falls silent is forgotten.
- A draft ends with its connection, with the record it becomes, and with the case.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from consult.model.identifiers import ConnectionId
from consult.model.rates import RateLimit, Turns
from consult.sessions.features.cases.events import CaseSwitched
from consult.sessions.features.kinds import Event, ServerMessage

DraftT = TypeVar("DraftT")


@dataclass(frozen=True)
class _Held(Generic[DraftT]):
    case: int
    draft: DraftT
    until: float


class DraftTable(ABC, Generic[DraftT]):
    """Who holds a draft of one kind now.

    Args:
        ttl_s: a page that is silent for so long is forgotten.
        most: drafts that are sent; of more the first ones.
        rate: how often they are sent.
    """

    def __init__(self, ttl_s: float, most: int, rate: RateLimit) -> None:
        self._ttl_s, self._most = ttl_s, most
        self._turns = Turns(rate)
        self._held: dict[ConnectionId, _Held[DraftT]] = {}
        self._sent: tuple[int, tuple[DraftT, ...]] = 0, ()

    @abstractmethod
    def message(self, case: int) -> ServerMessage:
        """All that is sent now of the case of that epoch."""

    @abstractmethod
    def is_stored(self, draft: DraftT, event: Event) -> bool:
        """Whether a draft has become what that event stores."""

    def hold(self, connection_id: ConnectionId, case: int, draft: DraftT, now: float) -> None:
        """A page has that draft, in place of the one before."""
        self._held[connection_id] = _Held(case, draft, now + self._ttl_s)

    def drop(self, connection_id: ConnectionId) -> None:
        """A page has no draft, or has gone."""
        self._held.pop(connection_id, None)

    def expire(self, now: float) -> None:
        """Forget those that nobody holds any more."""
        self._held = {c: held for c, held in self._held.items() if held.until > now}

    def follow(self, events: Iterable[Event]) -> None:
        """What has happened ends drafts: what is stored its own, a switch of the case all."""
        for event in events:
            if isinstance(event, CaseSwitched):
                self._held.clear()
            else:
                self._held = {c: held for c, held in self._held.items() if not self.is_stored(held.draft, event)}

    def due_at(self, now: float) -> float | None:
        """When the first is forgotten, unless it is sent anew; earlier where there is something to send."""
        times = [self._turns.due_at(now), *(held.until for held in self._held.values())]
        return min((at for at in times if at is not None), default=None)

    def held(self, case: int) -> tuple[DraftT, ...]:
        """All of the case of that epoch."""
        return tuple(held.draft for held in self._held.values() if held.case == case)

    def sent(self, case: int) -> tuple[DraftT, ...]:
        """Of these, those that are sent."""
        return self.held(case)[: self._most]

    def news(self, case: int, now: float) -> ServerMessage | None:
        """All that is sent now of the case of that epoch, where that is new and its turn has come."""
        former_case, former = self._sent
        drafts = self.sent(case)
        is_new = drafts != former or (bool(drafts) and case != former_case)
        if not self._turns.take(now, is_new=is_new):
            return None
        self._sent = case, drafts
        return self.message(case)
