"""The queue of effects between a SessionCore and what carries them out. No clock, no asyncio: its shell pumps it.

The product's shell is `runner.ConsultRunner`, the simulation's is tests/sim/world.py.

    idle    -- take() hands out an Append -->  storing
    storing -- stored()                   -->  idle        the core may forget how to undo it
    storing -- failed(StoreFailed)        -->  idle        what waits is dropped, the core goes back to what is stored
    any     -- lose()                     -->  lost        what waits is dropped; the last state

Rules:
- Effects are handed out in the order in which they came. While an append is being stored, everything behind it waits:
  nothing is acknowledged, sent or shown before what it stands on is stored.
- What is dropped is never done by halves: waiters get the reason, those whose commands are lost get a refusal, and
  what stands on nothing in the log (`OUTLIVES_FAILURE`) is done all the same.
- The queue has a bound. Beyond it the sender of most that waits is ended, never the consult; only where no sender has
  a part in it the consult is lost, and found anew in its log.
- In the last state nothing is handed out, and an answer of the log that comes late changes nothing.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from consult.model.errors import ConsultError, OurFault, StoreFailed
from consult.model.identifiers import ConnectionId
from consult.model.view import Screen
from consult.sessions.core import SessionCore
from consult.sessions.effects import Append, Effect, ForwardVoice, Negotiate, Send
from consult.sessions.features.kinds import ClientMessage
from consult.sessions.messages import Ack, Hello, SetScreen
from consult.sessions.state import State

MAX_WAITING = 16_384
"""Effects that wait while the log is slow; with more, senders are ended."""


@dataclass(frozen=True)
class Waiter:
    """Somebody who wants to know when everything before it is done.

    Attributes:
        resolve: called once: with None when all is done, or with the reason why it never will be.
    """

    resolve: Callable[[ConsultError | None], None]


@dataclass(frozen=True)
class ScreenReport:
    """What a page shows pictures on. It stands behind the page's welcome, which may have to wait.

    Attributes:
        tab: of a page that sends hello; "" where only its screen has changed.
    """

    connection: ConnectionId
    screen: Screen
    tab: str = ""


OUTLIVES_FAILURE = (ScreenReport, Negotiate, ForwardVoice)
"""What is done though an append before it was not stored: the core does not ask for it again. A microphone that was
closed behind a failed append must be closed."""


def screen_reports(
    connection: ConnectionId, message: ClientMessage, accepted: Hello | None
) -> tuple[ScreenReport, ...]:
    """What a page's message reports of its screen; put it behind the message's effects.

    Args:
        connection: of the page.
        message: what came, and was dealt with by the core.
        accepted: the hello by which the page takes part: nothing is reported before it, nor of another one.
    """
    match message:
        case Hello(screen=screen, tab=tab) if message is accepted:
            return (ScreenReport(connection, screen, tab),)
        case SetScreen(screen=screen) if accepted is not None:
            return (ScreenReport(connection, screen),)
        case _:
            return ()


def behind_acknowledgement(effects: Iterable[Effect], on_done: Callable[[], None]) -> tuple[Waiter, ...]:
    """What to put behind effects that acknowledge a command, to be called once that is left for the peer."""
    if not any(isinstance(effect, Send) and isinstance(effect.message, Ack) for effect in effects):
        return ()
    return (Waiter(lambda why: on_done() if why is None else None),)


class EffectQueue:
    """The effects of one core, on their way to one shell.

    Args:
        core: whose effects these are; it learns what is stored and what is not.
        on_lost: called once, when the consult is lost: every connection must be sent away.
        on_full: called with the connection that must be ended, since most of what waits is by it.
        max_waiting: so many may wait.
    """

    def __init__(
        self,
        core: SessionCore,
        on_lost: Callable[[OurFault], None],
        on_full: Callable[[ConnectionId], None],
        *,
        max_waiting: int = MAX_WAITING,
    ) -> None:
        self.core = core
        self.is_lost = False
        self._on_lost, self._on_full, self._max_waiting = on_lost, on_full, max_waiting
        self._waiting: deque[Effect | Waiter | ScreenReport] = deque()
        self._senders: Counter[ConnectionId] = Counter()
        """Since nothing waited last: how much came by each that was not ended for it."""
        self._allowed = max_waiting
        self._storing: Append | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, items: Iterable[Effect | Waiter | ScreenReport], sender: ConnectionId | None = None) -> None:
        """Queue them all, in their order. Once the consult is lost, effects are dropped and waiters get that reason.

        Args:
            items: what the core asks for.
            sender: by whose message; None: by nobody's.
        """
        if self.is_lost:
            _fail(items, StoreFailed("lost", "The consult has moved. Try again."))
            return
        before = len(self._waiting)
        self._waiting.extend(items)
        if sender is not None:
            self._senders[sender] += len(self._waiting) - before
        if len(self._waiting) > self._allowed:
            self._end_a_sender()

    def take(self) -> Effect | ScreenReport | None:
        """What is to be done now; None while nothing is, or while an append is being stored.

        After an `Append` the shell calls `stored`, `failed` or `lose`. Waiters are resolved on the way.
        """
        if not self._waiting:
            self._senders.clear()
            self._allowed = self._max_waiting
        while self._waiting and self._storing is None:
            item = self._waiting.popleft()
            if isinstance(item, Waiter):
                item.resolve(None)
                continue
            if isinstance(item, Append):
                self._storing = item
            return item
        return None

    def stored(self) -> State | None:
        """The append that was handed out is stored: what is behind it may be done.

        Returns:
            What is stored now, folded; None where that is not known (any more).
        """
        if self.is_lost:
            return None
        seq = self._answered().entries[-1].seq
        self.core.stored(seq)
        return self.core.stored_state(seq)

    def failed(self, failure: StoreFailed, now: float) -> None:
        """The append that was handed out is not stored: drop what is behind it, and go back to what is stored."""
        if self.is_lost:
            return
        append = self._answered()
        dropped, self._waiting = self._waiting, deque()
        _fail(dropped, failure)
        try:
            effects = self.core.roll_back(append.after, failure, now)
        except OurFault as too_late:
            self.lose(too_late)
        else:
            self.put([*effects, *(item for item in dropped if isinstance(item, OUTLIVES_FAILURE))])

    def lose(self, why: OurFault) -> None:
        """The consult is this process's no longer: somebody else owns the log (`Conflict`), or a fault of ours."""
        if not self.is_lost:
            self.close(why)
            self._on_lost(why)

    def close(self, why: OurFault) -> None:
        """Nothing more is done; those who wait get the reason."""
        self.is_lost = True
        dropped, self._waiting, self._storing = self._waiting, deque(), None
        _fail(dropped, why)

    def _end_a_sender(self) -> None:
        """The one by whom most has come; the others have some more room meanwhile."""
        if not self._senders:
            self.lose(StoreFailed("store_busy", "The server is too slow to store what is done. Try again."))
            return
        ((sender, _),) = self._senders.most_common(1)
        del self._senders[sender]
        self._allowed = len(self._waiting) + self._max_waiting // 4
        self._on_full(sender)

    def _answered(self) -> Append:
        if self._storing is None:
            raise RuntimeError("no append is being stored")
        append, self._storing = self._storing, None
        return append


def _fail(items: Iterable[Effect | Waiter | ScreenReport], why: ConsultError) -> None:
    for item in items:
        if isinstance(item, Waiter):
            item.resolve(why)
