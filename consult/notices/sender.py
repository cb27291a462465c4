"""The sender: each notice one task of its own, which it cancels and awaits; nobody waits for a slow receiver."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from consult.clock import now
from consult.notices.notice import Outgoing
from consult.notices.transports import Mail, Undelivered, Webhook

logger = logging.getLogger(__name__)
THREADS = 4
Report = Callable[[bool, str], Awaitable[None]]
"""Whether it was taken, and why not."""


@dataclass(frozen=True)
class Transports:
    """The transports that a server has for notices."""

    webhook: Webhook | None = None
    mail: Mail | None = None


class NoticeSender:
    """Sends notices, and reports what became of each.

    Args:
        transports: that there are.
        clock: seconds since 1970, for the signature.
    """

    def __init__(self, transports: Transports, clock: Callable[[], float] = now) -> None:
        self._transports, self._clock = transports, clock
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="notice")
        self._sending: dict[str, asyncio.Task[None]] = {}

    def send(self, notice: Outgoing, to: str, report: Report) -> None:
        """Send it by e-mail to an address, or to the webhook where `to` is empty; not while it is under way already."""
        name = f"{notice.consult}/{notice.critical}/{notice.notice}"
        if name in self._sending:
            return
        task = asyncio.create_task(self._send(notice, to, report), name=f"notice {name}")
        self._sending[name] = task
        task.add_done_callback(lambda _: self._sending.pop(name, None))

    async def close(self) -> None:
        """Give up what is under way: it is still waiting in the log, and sent after the restart."""
        tasks = list(self._sending.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _send(self, notice: Outgoing, to: str, report: Report) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(self._pool, self._deliver, notice, to)
        except Undelivered as undelivered:
            await self._report(report, False, undelivered.sentence)
        else:
            await self._report(report, True, "")

    def _deliver(self, notice: Outgoing, to: str) -> None:
        """In a thread. Raises Undelivered."""
        transport = self._transports.mail if to else self._transports.webhook
        if transport is None:
            raise Undelivered("This server is not set up for it.")
        if isinstance(transport, Mail):
            transport.post(notice, to)
        else:
            transport.post(notice, int(self._clock()))

    async def _report(self, report: Report, sent: bool, sentence: str) -> None:
        try:
            await report(sent, sentence)
        except Exception:  # what is not noted is tried again; the sender goes on
            logger.exception("what became of a notice could not be noted")
