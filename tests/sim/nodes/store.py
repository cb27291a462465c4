"""The Redis of the simulation: a log of bytes, leases, a disk that is synced a little later, a power that fails.

- What is appended is in memory at once, on the disk when it is synced, and confirmed after that. When the power fails
  what was not synced is gone.
- A bit of what is stored may turn over, in an entry or in the kept state.
- An append may arrive although its answer never will; `settle` says what became of it, and makes it void.
"""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from consult.model.errors import Conflict, StoreFailed
from consult.model.identifiers import ConsultId
from consult.sessions.events import Entry
from consult.sessions.stored_state import StoredState
from consult.sessions.upcast import read_entry, write_entry
from consult.store.log.memory import MemoryLog
from tests.support.cases import CONSULT

if TYPE_CHECKING:
    from tests.sim.nodes.world import ClusterSimulation

T = TypeVar("T")


def at_once(step: Coroutine[Any, Any, T]) -> T:
    """What a step of the leases in memory comes to: it never waits."""
    try:
        step.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise AssertionError("it waits")


class Store(MemoryLog):
    """Log and leases of all nodes. What `MemoryLog` holds is what was appended, whatever became of the bytes."""

    def __init__(self, sim: ClusterSimulation) -> None:
        super().__init__()
        self.sim = sim
        self.leases = sim.nodes_make.leases(exists=lambda consult: bool(self.stored), wall=lambda: 0.0)
        self.stored: list[bytes] = []
        self.synced = 0
        self.is_down = False
        self.boot = 0
        self.void: set[int] = set()

    def put(self, operation: int, epoch: int, after: int, entries: Sequence[Entry]) -> None:
        """Append, in memory. Raises Conflict, StoreFailed."""
        if operation in self.void:
            raise StoreFailed("not_stored", "It came too late.")
        if epoch != self.leases.epoch(CONSULT):
            raise Conflict(after, len(self.stored))
        self._append(ConsultId(CONSULT), after, entries)
        self.stored += [write_entry(entry) for entry in entries]

    def sync(self) -> None:
        """What is in memory is on the disk."""
        self.synced = len(self.stored)

    def settle(self, operation: int, after: int, entries: Sequence[Entry]) -> bool:
        """Whether it is stored; it is not stored later. Raises Conflict: others have stored something there."""
        self.void.add(operation)
        found = self.stored[after : after + len(entries)]
        if not found:
            return False
        if self._logs[ConsultId(CONSULT)][after : after + len(entries)] != list(entries):
            raise Conflict(after, len(self.stored))
        return True

    def fail(self) -> None:
        """The power fails: what was not synced is gone; a state of it as well."""
        self.is_down, self.boot = True, self.boot + 1
        log = self._logs[ConsultId(CONSULT)]
        self.sim.checker.counts["entries lost"] += len(log) - self.synced
        del self.stored[self.synced :], log[self.synced :]
        self._deadlines.clear()
        self._note_deadlines(ConsultId(CONSULT), log)
        state = self._states.get(ConsultId(CONSULT))
        if state is not None and state.seq > self.synced:
            del self._states[ConsultId(CONSULT)]

    def read(self) -> list[Entry]:  # type: ignore[override]  # at once
        """What a node reads. Raises StoreFailed."""
        return [read_entry(line) for line in self.stored]

    def kept(self) -> StoredState | None:
        """The state beside it."""
        return self._states.get(ConsultId(CONSULT))

    def turn_a_bit(self) -> None:
        """Somewhere in an entry, or in the kept state; whoever runs it puts it right after a while."""
        sim, state = self.sim, self.kept()
        if state is not None and sim.random.random() < 0.4:
            spoiled = _turned(state.data, sim.random.randrange(8 * len(state.data)))
            self._states[ConsultId(CONSULT)] = StoredState(state.seq, state.version, spoiled)
            return
        number = sim.random.randrange(self.synced)
        whole = self.stored[number]
        self.stored[number] = _turned(whole, sim.random.randrange(8 * len(whole)))
        sim.after(1.0 + 2 * sim.random.random(), self.put_right, number)

    def put_right(self, number: int) -> None:
        """As it was appended, or as what took its place behind a power cut."""
        log = self._logs[ConsultId(CONSULT)]
        if number < len(log):
            self.stored[number] = write_entry(log[number])


def _turned(data: bytes, bit: int) -> bytes:
    turned = bytearray(data)
    turned[bit // 8] ^= 1 << bit % 8
    return bytes(turned)
