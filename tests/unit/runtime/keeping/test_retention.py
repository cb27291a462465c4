"""What is deleted so many days after its end, and what never is. Clocks come in; nobody waits."""

from __future__ import annotations

import asyncio

from msgspec.structs import replace

from consult.model.errors import StoreFailed
from consult.model.identifiers import ConsultId
from consult.runtime.keeping.retention import DAY_S, SETTLED_S, Retention, delete_at
from consult.sessions.features.consult.events import Consult
from consult.sessions.state import State
from tests.support.record import RecordTable

END = 1_800_000_000.0


def ended(name: str, at: float | None = END) -> State:
    """A consult that has ended then."""
    return State(seq=1, consult=Consult(ConsultId(name), "", "Dr. Host", END - DAY_S, at))


def with_open_critical(name: str) -> State:
    """One that has ended, with a critical result that nobody has closed."""
    table = RecordTable()
    table.raised()
    return replace(table.state, consult=ended(name).consult)


class Desk:
    """Consults, clocks, and what was deleted."""

    def __init__(self, *states: State, days: int = 30) -> None:
        self.states = {state.consult.id: state for state in states}
        self.wall, self.steady = END, 100.0
        self.deleted: list[str] = []
        self.finished = self.passes = 0
        self.fails: set[str] = set()
        self.passed = asyncio.Event()
        self.retention = Retention(self, days, self.delete, self.finish, lambda: self.wall, lambda: self.steady)

    async def consults(self) -> list[ConsultId]:
        """All that are there."""
        return list(self.states)

    async def read(self, consult: ConsultId) -> tuple[State, int]:
        """The state of one."""
        return self.states[consult], 0

    async def send_away_deleted(self) -> None:
        """The last step of a pass without a retention."""
        self.passes += 1

    async def delete(self, consult: ConsultId) -> None:
        """Deleted, where the disk takes it."""
        if consult in self.fails:
            raise StoreFailed("disk_full", "The disk is full.")
        del self.states[consult]
        self.deleted.append(consult)

    async def finish(self) -> None:
        """What has begun."""
        self.finished += 1

    async def at(self, wall: float, steady: float) -> list[str]:
        """A pass at these times; what is deleted by then."""
        self.wall, self.steady = wall, steady
        await self.retention._pass()
        return self.deleted


async def test_a_consult_goes_the_days_after_its_end_once_the_clock_has_settled() -> None:
    """Seen to fail: a wall clock set forward for a moment had deleted everything."""
    desk = Desk(ended("old"), ended("open", None), with_open_critical("critical"))
    try:
        due = END + 30 * DAY_S
        assert await desk.at(due - 1, 1000.0) == []
        assert await desk.at(due + 400 * DAY_S, 1010.0) == [], "the clock has just jumped"
        assert await desk.at(due - 1, 1020.0) == [], "and was set right"
        assert await desk.at(due, 1030.0) == []
        assert await desk.at(due + SETTLED_S, 1030.0 + SETTLED_S) == ["old"]
        assert sorted(desk.states) == ["critical", "open"]
        await desk.at(due + 1000 * DAY_S, 9000.0)
        assert await desk.at(due + 1000 * DAY_S, 9999.0) == ["old"], "an open critical result is never deleted by it"
    finally:
        await desk.retention.close()


async def test_without_days_nothing_is_deleted_and_what_has_begun_is_ended() -> None:
    """Seen to fail: 0 days after its end were long over."""
    desk = Desk(ended("old"), days=0)
    try:
        for steady in (0.0, 1e6):
            assert await desk.at(END + 10_000 * DAY_S, steady) == []
        assert desk.finished >= 2
        assert desk.passes >= 2
    finally:
        await desk.retention.close()


async def test_one_that_fails_holds_no_other_and_is_due_still() -> None:
    """Seen to fail: the pass ended with the first that could not be deleted."""
    desk = Desk(ended("a"), ended("b"), days=1)
    desk.fails = {"a"}
    try:
        late = END + 2 * DAY_S
        await desk.at(late, 1000.0)
        assert await desk.at(late, 1000.0 + SETTLED_S) == ["b"]
        desk.fails = set()
        assert await desk.at(late, 1001.0 + SETTLED_S) == ["b", "a"]
    finally:
        await desk.retention.close()


async def test_of_consults_that_are_gone_nothing_is_remembered() -> None:
    """Seen to fail: when each consult had ended that somebody had deleted was remembered for ever."""
    desk = Desk(ended("a"), ended("b"))
    try:
        await desk.at(END, 1000.0)
        assert desk.retention._ends.keys() == {"a", "b"}
        del desk.states[ConsultId("a")]
        await desk.at(END, 1001.0)
        assert desk.retention._ends.keys() == {"b"}
    finally:
        await desk.retention.close()


def test_when_it_goes() -> None:
    """Seen to fail: of a site that deletes nothing, at its end."""
    assert delete_at(ended("a"), 7) == END + 7 * DAY_S
    assert delete_at(ended("a"), 0) is None
    assert delete_at(ended("a", None), 7) is None
    assert delete_at(with_open_critical("a"), 7) is None
