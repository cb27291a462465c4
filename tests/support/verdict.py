"""What became of all that pages asked for: what they were told, held against the log in Redis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from consult.model.identifiers import ConsultId
from consult.sessions.events import Entry
from consult.store.redis.client import RedisClient
from consult.store.redis.log import RedisLog
from tests.support.consult_client import ConsultClient
from tests.support.nodes import Nodes


async def entries_of(running: Nodes, consult: str) -> list[Entry]:
    """Its log, as it is in Redis."""
    client = RedisClient(running.redis.url)
    try:
        with running.redis.client() as plain:
            store = plain.hget("{consult}:store", "id")
        assert store is not None
        return await RedisLog(client, store.decode()).read(ConsultId(consult))
    finally:
        await client.close()


@dataclass(frozen=True)
class Verdict:
    """Commands, by what pages were told and what the log has.

    Attributes:
        acknowledged: how many were.
        lost: acknowledged, and not in the log under that number.
        twice: in the log more than once.
        late: refused, and in the log all the same.
    """

    acknowledged: int
    lost: int
    twice: int
    late: int

    @property
    def is_right(self) -> bool:
        """Nothing acknowledged is lost, nothing lost was acknowledged."""
        return not (self.lost or self.twice or self.late)


def judged(people: Sequence[ConsultClient], entries: Sequence[Entry]) -> Verdict:
    """Every answer to every page, held against the log."""
    stored = {entry.command: entry.seq for entry in entries if entry.command}
    times = Counter(entry.command for entry in entries if entry.command)
    confirmed = {name: seq for person in people for name, seq in person.acknowledged.items() if seq}
    denied = {name for person in people for name in person.denied if name} - confirmed.keys()
    return Verdict(
        acknowledged=len(confirmed),
        lost=sum(stored.get(name) != seq for name, seq in confirmed.items()),
        twice=sum(count > 1 for count in times.values()),
        late=len(denied & stored.keys()),
    )
