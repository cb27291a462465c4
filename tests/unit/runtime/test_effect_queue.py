"""The queue of effects: what is handed out when, and what becomes of what waits where the log fails."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.model.errors import Conflict, ConsultError, OurFault, StoreFailed
from consult.model.identifiers import ConnectionId, TabId
from consult.model.view import Screen
from consult.runtime.effect_queue import EffectQueue, ScreenReport, Waiter, screen_reports
from consult.sessions.core import SessionCore
from consult.sessions.effects import (
    Append,
    Close,
    Effect,
    ForwardVoice,
    Measure,
    Negotiate,
    Send,
    ShowIndependentView,
    WakeAt,
)
from consult.sessions.events import Entry
from consult.sessions.features.seats.commands import Rename
from consult.sessions.features.view.events import ViewSettled
from consult.sessions.messages import PROTOCOL_VERSION, Ack, EndMedia, Hello, Nack, Ping, Pong, SetScreen
from tests.support.cases import SCREEN, Table, command_id

ANN, BOB = ConnectionId("ann/1"), ConnectionId("bob/2")
FULL = StoreFailed("not_stored", "The disk is full.")
REPORT = ScreenReport(ANN, Screen(640, 480))


class StubCore(SessionCore):
    """A core that only notes how it is called; it answers a roll back with one message, or not at all."""

    def __init__(self, *, can_roll_back: bool = True) -> None:
        self.stored_up_to: list[int] = []
        self.rolled_back: list[int] = []
        self.can_roll_back = can_roll_back

    def stored(self, seq: int) -> None:
        self.stored_up_to.append(seq)

    def stored_state(self, seq: int) -> None:
        return None

    def roll_back(self, after: int, failed: OurFault, now: float) -> list[Effect]:
        if not self.can_roll_back:
            raise failed
        self.rolled_back.append(after)
        return [rolled_back(after)]


class Shell:
    """A queue that the test pumps. `done`: what it handed out; `lost`: why it gave the consult up."""

    def __init__(self, core: SessionCore | None = None, *, max_waiting: int = 1000) -> None:
        self.core = core or StubCore()
        self.done: list[Effect | ScreenReport] = []
        self.lost: list[OurFault] = []
        self.resolved: list[tuple[str, ConsultError | None]] = []
        self.ended: list[ConnectionId] = []
        self.queue = EffectQueue(self.core, self.lost.append, self.ended.append, max_waiting=max_waiting)

    @property
    def is_storing(self) -> bool:
        """The newest effect that was handed out is an append without an answer."""
        return self.queue._storing is not None

    def put(self, *items: Effect | ScreenReport | Waiter) -> None:
        """Queue these, and do what is to be done."""
        self.queue.put(items)
        self.pump()

    def pump(self) -> None:
        """Do what is to be done."""
        while (effect := self.queue.take()) is not None:
            self.done.append(effect)

    def waiter(self, name: str) -> Waiter:
        """Its outcome goes to `resolved`."""
        return Waiter(lambda why: self.resolved.append((name, why)))

    def stored(self) -> None:
        """The log has taken the append."""
        self.queue.stored()
        self.pump()

    def failed(self, failure: StoreFailed = FULL) -> None:
        """The log has not."""
        self.queue.failed(failure, 5.0)
        self.pump()


def send(t: int) -> Send:
    """Some message, known by its number."""
    return Send((ANN,), Pong(t))


def rolled_back(after: int) -> Send:
    """What the stub core asks for once it has gone back."""
    return Send((BOB,), Ping(after))  # type: ignore[arg-type]  # any message


def append(after: int, count: int = 1) -> Append:
    """So many entries after `after`."""
    settled = ViewSettled(1, 1, 1, Table().view)
    return Append(after, tuple(Entry(after + i, 1.0, settled) for i in range(1, count + 1)))


A, B = append(10, 2), append(12)


def test_effects_come_out_in_the_order_in_which_they_went_in() -> None:
    shell = Shell()
    effects = (send(1), WakeAt(3.0), REPORT, send(2), Close(ANN, 4005, "over"))
    shell.put(*effects)
    assert shell.done == list(effects)


def test_nothing_passes_an_append_before_it_is_stored() -> None:
    shell = Shell()
    shell.put(send(1), A, send(2), B, send(3))
    shell.put(send(4))
    assert shell.done == [send(1), A]
    shell.stored()
    assert shell.done == [send(1), A, send(2), B]
    shell.stored()
    assert shell.done == [send(1), A, send(2), B, send(3), send(4)]
    assert isinstance(shell.core, StubCore)
    assert shell.core.stored_up_to == [12, 13]


def test_a_waiter_learns_that_all_before_it_is_done_and_not_sooner() -> None:
    shell = Shell()
    shell.put(shell.waiter("at once"), A, shell.waiter("stored"))
    assert shell.resolved == [("at once", None)]
    shell.stored()
    assert shell.resolved == [("at once", None), ("stored", None)]


SURVIVE = [REPORT, ScreenReport(BOB, SCREEN, "tab-of-bob"), ForwardVoice(ANN, False), Negotiate(ANN, EndMedia(1))]
GO = [send(2), B, Close(ANN, 4005, "over"), Measure((ANN,), ()), ShowIndependentView(ANN, "own-1", None), WakeAt(3.0)]


@pytest.mark.parametrize("behind", SURVIVE, ids=lambda item: type(item).__name__)
def test_what_stands_on_nothing_in_the_log_is_done_though_an_append_failed(behind: Effect | ScreenReport) -> None:
    shell = Shell()
    shell.put(A, send(2), behind, send(3))
    shell.failed()
    assert shell.done == [A, rolled_back(10), behind]


@pytest.mark.parametrize("behind", GO, ids=lambda item: type(item).__name__)
def test_what_is_behind_a_failed_append_is_dropped(behind: Effect) -> None:
    shell = Shell()
    shell.put(A, behind)
    shell.failed()
    assert shell.done == [A, rolled_back(10)]
    assert isinstance(shell.core, StubCore)
    assert (shell.core.rolled_back, shell.core.stored_up_to) == ([10], [])
    shell.put(A, send(9))
    shell.stored()
    assert shell.done[2:] == [A, send(9)], "it goes on"


def test_who_waits_behind_a_failed_append_gets_the_reason() -> None:
    shell = Shell()
    shell.put(A, shell.waiter("first"), B, shell.waiter("second"))
    shell.failed()
    assert shell.resolved == [("first", FULL), ("second", FULL)]
    assert not shell.lost


@pytest.mark.parametrize(
    ("why", "lose"),
    [
        (Conflict(10, 11), lambda shell, why: shell.queue.lose(why)),
        (FULL, lambda shell, why: shell.queue.failed(why, 5.0)),
    ],
    ids=["somebody else owns the log", "the core cannot go back"],
)
def test_a_lost_consult_hands_out_nothing_and_resolves_all_who_wait(why: OurFault, lose: object) -> None:
    shell = Shell(StubCore(can_roll_back=False))
    shell.put(A, send(2), REPORT, shell.waiter("behind it"))
    assert callable(lose)
    lose(shell, why)
    shell.pump()
    assert (shell.done, shell.lost, shell.resolved) == ([A], [why], [("behind it", why)])
    assert shell.queue.is_lost
    shell.put(send(3), shell.waiter("too late"))
    shell.queue.lose(FULL)
    assert (shell.done, shell.lost) == ([A], [why]), "the reason is given once"
    [_, (name, reason)] = shell.resolved
    assert (name, isinstance(reason, StoreFailed)) == ("too late", True)


@pytest.mark.parametrize("answer", ["stored", "failed"])
def test_an_answer_of_the_log_that_comes_too_late_changes_nothing(answer: str) -> None:
    shell = Shell()
    shell.put(A)
    shell.queue.lose(Conflict(10, 11))
    getattr(shell, answer)()
    assert isinstance(shell.core, StubCore)
    assert (shell.core.stored_up_to, shell.core.rolled_back, shell.done) == ([], [], [A])


def test_a_full_queue_ends_who_has_sent_most_and_nobody_else() -> None:
    shell = Shell(max_waiting=8)
    shell.put(A)
    shell.queue.put([send(1)], BOB)
    shell.queue.put([send(2)] * 6, ANN)
    assert shell.ended == []
    shell.queue.put([send(3)] * 2, BOB)
    assert shell.ended == [ANN], "not whoever's message was one too many"
    shell.queue.put([send(4)] * 2, BOB)
    assert shell.ended == [ANN], "the others have some more room meanwhile"
    shell.queue.put([send(5)] * 2, BOB)
    assert (shell.ended, shell.lost) == ([ANN, BOB], [])
    shell.stored()
    assert len(shell.done) == 14, "nothing of what waited is lost"


def test_too_many_effects_behind_a_slow_append_by_nobody_lose_the_consult() -> None:
    shell = Shell(max_waiting=3)
    shell.put(A)
    shell.put(send(1), send(2), shell.waiter("third"))
    assert not shell.queue.is_lost
    shell.put(send(4))
    assert shell.queue.is_lost
    assert [why.code for why in shell.lost] == ["store_busy"]
    assert [(name, why.code) for name, why in shell.resolved if why is not None] == [("third", "store_busy")]
    assert len(shell.queue) == 0


def test_a_closed_queue_resolves_who_waits_and_loses_nothing() -> None:
    shell = Shell()
    shell.put(A, send(1), shell.waiter("behind it"))
    shell.queue.close(FULL)
    shell.pump()
    assert (shell.done, shell.lost, shell.resolved) == ([A], [], [("behind it", FULL)])


@pytest.mark.parametrize("answer", ["stored", "failed"])
def test_an_answer_to_no_append_is_an_error_and_changes_nothing(answer: str) -> None:
    shell = Shell()
    with pytest.raises(RuntimeError, match="no append"):
        getattr(shell, answer)()
    assert not shell.queue.is_lost
    shell.put(send(1))
    assert shell.done == [send(1)]


def test_those_whose_commands_are_lost_get_a_refusal_and_no_acknowledgement() -> None:
    table = Table()
    table.join("ann")
    shell = Shell(table.core)
    for n in (1, 2):
        rename = Rename(id=command_id("ann", n), case=table.state.case, name=f"Ann {n}")
        shell.queue.put(table.core.receive(ConnectionId("ann"), rename, table.now))
    shell.pump()
    shell.failed()
    answers = [e.message for e in shell.done if isinstance(e, Send) and isinstance(e.message, Ack | Nack)]
    assert answers == [Nack(command_id("ann", n), FULL.code, FULL.sentence) for n in (1, 2)]


HELLO = Hello(PROTOCOL_VERSION, TabId("tab-of-ann"), SCREEN)


@pytest.mark.parametrize(
    ("message", "accepted", "reports"),
    [
        (HELLO, HELLO, (ScreenReport(ANN, SCREEN, "tab-of-ann"),)),
        (HELLO, None, ()),
        (HELLO, Hello(PROTOCOL_VERSION, TabId("tab-of-ann"), SCREEN), ()),
        (SetScreen(SCREEN), HELLO, (ScreenReport(ANN, SCREEN),)),
        (SetScreen(SCREEN), None, ()),
        (Ping(1), HELLO, ()),
    ],
    ids=["hello", "refused hello", "second hello", "screen", "screen before hello", "another message"],
)
def test_a_screen_is_reported_of_who_takes_part(
    message: Hello | SetScreen | Ping, accepted: Hello | None, reports: tuple[ScreenReport, ...]
) -> None:
    assert screen_reports(ANN, message, accepted) == reports


STEPS = st.lists(st.sampled_from(["send", "append", "report", "wait", "stored", "failed"]), max_size=40)


@given(STEPS)
def test_whatever_comes_nothing_is_overtaken_and_each_waiter_is_resolved_once(steps: Iterable[str]) -> None:
    shell, put, waiters = Shell(), list[Effect | ScreenReport](), 0
    for number, step in enumerate(steps):
        match step:
            case "send":
                put.append(send(number))
            case "append":
                put.append(Append(100 + number, A.entries))
            case "report":
                put.append(ScreenReport(ANN, Screen(100 + number, 480)))
            case "wait":
                waiters += 1
                shell.put(shell.waiter(str(waiters)))
            case "stored" if shell.is_storing:
                shell.stored()
            case "failed" if shell.is_storing:
                shell.failed()
        if step in {"send", "append", "report"}:
            shell.put(put[-1])
    while shell.is_storing:
        shell.stored()
    done = [item for item in shell.done if item in put]
    assert done == [item for item in put if item in done], "in their order"
    assert {item for item in put if isinstance(item, ScreenReport)} <= set(done), "no report is lost"
    assert sorted(name for name, _ in shell.resolved) == sorted(str(n + 1) for n in range(waiters))
