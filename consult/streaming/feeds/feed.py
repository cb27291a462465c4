"""The stills that one page is sent by its picture socket: those of its newest picture, and what probably comes next.

Rules:
- The newest picture comes first; one that is overtaken before it is sent is not sent. What is expected is sent while
  the page has all that was sent before, so the line holds one still that nobody has asked for, at most.
- What the page has is not sent again: what was sent and not reported as forgotten.
- What is expected is rendered when nobody waits for anything (`Stills.fetch_ahead`), and dropped when something else is
  expected. What cannot be rendered ahead is left out.
- A page that forgets what it was sent, without end, is sent `STILLS` and no more.
- A still of the newest picture that cannot be had is reported by its name; the page asks why as it asks for any still.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from consult.clock import steady
from consult.media.pacing.backlog_gate import BacklogGate
from consult.model.errors import ConsultError
from consult.model.rates import TokenBucket
from consult.sessions.features.rates import STILLS
from consult.streaming.stills import Still

logger = logging.getLogger(__name__)
Fetch = Callable[[str], Awaitable[Still]]
REMEMBERED = 4096
"""Names of stills that a page has."""


@dataclass(frozen=True)
class Sent:
    """A still on its way.

    Attributes:
        case: epoch of the case that it is of.
        still: None: it cannot be had.
        due: of the newest picture, not ahead of time.
    """

    number: int
    case: int
    digest: str
    still: Still | None
    due: bool


class Feed:
    """Of one page.

    Args:
        fetch: the still of a name, for which the page waits. Raises ConsultError.
        fetch_ahead: the same, for which nobody waits yet.
    """

    def __init__(self, fetch: Fetch, fetch_ahead: Fetch, now: Callable[[], float] = steady) -> None:
        self.gate = BacklogGate()
        self.stalled = False
        """The page took nothing for too long."""
        self.ended = False
        self.jpeg_xl = False
        """The page has proved that it decodes it."""
        self.raw = False
        """The page is on this machine, and takes the pixels themselves."""
        self._case = 0
        self._fetch, self._fetch_ahead, self._now = fetch, fetch_ahead, now
        self._due: tuple[str, ...] = ()
        self._expected: tuple[str, ...] = ()
        self._has: dict[str, None] = {}
        self._failed: set[str] = set()
        self._number = self._unacknowledged = 0
        self._left = TokenBucket(STILLS, now())
        self._wake = asyncio.Event()

    def show(self, digests: Sequence[str], case: int) -> None:
        """These are of the newest picture; nothing that was expected for the one before is, until it is said again."""
        self._due, self._expected, self._case = tuple(digests), (), case
        self._failed.clear()
        self._wake.set()

    def expect(self, digests: Iterable[str]) -> None:
        """These probably come next, the likeliest first."""
        self._expected = tuple(digests)
        self._wake.set()

    def acknowledged(self, number: int) -> None:
        """The page has that still and all before it."""
        self.gate.acknowledged(number)
        self._unacknowledged = self._number - number
        self._wake.set()

    def forgotten(self, digests: Iterable[str]) -> None:
        """The page does not have these any more."""
        for digest in digests:
            self._has.pop(digest, None)
        self._wake.set()

    def end(self) -> None:
        """No more stills."""
        self.ended = True
        self._wake.set()

    async def take(self) -> Sent | None:
        """The next one, once it is rendered and there is capacity; None at the end, or when the page counts as dead."""
        while not self.ended:
            self._wake.clear()
            digest, due = self._next()
            rest_s = self._left.wait_s(self._now(), least=0.0)
            if digest is None or rest_s > 0:
                if not await self._something(rest_s):
                    self.stalled = True
                    return None
            elif (sent := await self._get(digest, due=due)) is not None:
                return sent
        return None

    def _next(self) -> tuple[str | None, bool]:
        """Of what is to be sent now, the first; whether the page waits for it."""
        if self.gate.has_capacity(self._now()):
            for digest in self._due:
                if digest not in self._has and digest not in self._failed:
                    return digest, True
        if self._unacknowledged <= 0:
            for digest in self._expected:
                if digest not in self._has and digest not in self._failed:
                    return digest, False
        return None, False

    async def _get(self, digest: str, *, due: bool) -> Sent | None:
        """It, or None where something else must be looked at first."""
        task = asyncio.ensure_future(self._fetch(digest) if due else self._fetch_ahead(digest))
        try:
            while not task.done() and self._is_next(digest, due=due):
                self._wake.clear()
                wakes = asyncio.create_task(self._wake.wait())
                await asyncio.wait({task, wakes}, return_when=asyncio.FIRST_COMPLETED)
                wakes.cancel()
            if not self._is_next(digest, due=due):
                return None
            return self._sent(digest, task.result(), due=due)
        except ConsultError as error:
            self._failed.add(digest)
            logger.debug("no still %s: %s", digest[:8], error.code)
            return Sent(0, self._case, digest, None, due) if due else None
        finally:
            task.cancel()
            task.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody else asks for it

    def _is_next(self, digest: str, *, due: bool) -> bool:
        """Whether it is still what is to be sent now."""
        if self.ended:
            return False
        return digest in self._due if due else digest in self._expected and not self._next()[1]

    def _sent(self, digest: str, still: Still, *, due: bool) -> Sent:
        self._number += 1
        self._unacknowledged += 1
        self._left.spend(1, self._now())
        self.gate.sent(self._number, self._now())
        self._has[digest] = None
        while len(self._has) > REMEMBERED:
            del self._has[next(iter(self._has))]
        return Sent(self._number, self._case, digest, still, due)

    async def _something(self, rest_s: float) -> bool:
        """Wait for a picture, an answer or the end, or for so long where that is more than 0; False once the page
        counts as dead."""
        dead_at, now = self.gate.dead_at(), self._now()
        dead_s = None if dead_at is None else max(0.0, dead_at - now)
        waits_s = min((s for s in (dead_s, rest_s or None) if s is not None), default=None)
        try:
            async with asyncio.timeout(waits_s):
                await self._wake.wait()
        except TimeoutError:
            return waits_s != dead_s
        return True
