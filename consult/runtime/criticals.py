"""What the server does about an open critical result: sends its notices, and asks the next person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from consult.clock import now
from consult.model.errors import Refused
from consult.model.identifiers import ConsultId
from consult.notices.notice import Outgoing
from consult.notices.sender import NoticeSender
from consult.runtime.registry import Registry
from consult.runtime.runner import ConsultRunner
from consult.sessions.features.critical.commands import EscalateCritical, NoteDelivery
from consult.sessions.features.critical.deadlines import Deadline
from consult.sessions.features.critical.events import FIRST, Critical, Notice
from consult.sessions.features.critical.invitations import invitation_label


class CriticalWork:
    """Acts on deadlines.

    Args:
        registry: opens consults that nobody has open.
        sender: of notices.
        base_url: what links begin with; "" where it is not known: notices have none then.
        clock: seconds since 1970.
    """

    def __init__(
        self, registry: Registry, sender: NoticeSender, base_url: str, clock: Callable[[], float] = now
    ) -> None:
        self._registry, self._sender, self._base_url, self._clock = registry, sender, base_url, clock

    async def act(self, deadline: Deadline) -> None:
        """Send what is to be sent, and ask the next person where that is due. Raises ConsultError."""
        runner = await self._registry.find(deadline.consult)
        critical = runner.core.state.criticals.get(deadline.critical)
        if critical is None or critical.next_at is None:
            return
        for notice in critical.notices:
            if notice.state == "waiting" and notice.next_at <= self._clock():
                await self._send(runner, critical, notice)
        await runner.command(EscalateCritical(critical=critical.id))

    async def _send(self, runner: ConsultRunner, critical: Critical, notice: Notice) -> None:
        link = await self._link(runner, critical, notice)
        outgoing = Outgoing(runner.id, critical.id, notice.id, critical.category, notice.stage, link)
        self._sender.send(outgoing, notice.to, self._report(runner.id, critical.id, notice.id))

    def _report(self, consult: ConsultId, critical: str, notice: str) -> Callable[[bool, str], Awaitable[None]]:
        async def report(sent: bool, sentence: str) -> None:
            runner = await self._registry.find(consult)
            await runner.command(NoteDelivery(critical=critical, notice=notice, sent=sent, sentence=sentence))

        return report

    async def _link(self, runner: ConsultRunner, critical: Critical, notice: Notice) -> str:
        """An invitation for the person who is asked, one for all notices of a stage; none once the consult is over."""
        state = runner.core.state
        if not self._base_url or state.ended:
            return ""
        label = invitation_label(critical, notice.stage)
        known = next((i for i in state.invitations.values() if i.label == label and not i.revoked), None)
        if known is not None:
            return self._base_url + self._registry.link(runner.id, known.id, known.role).path
        person = critical.to if notice.stage == FIRST else critical.backup
        try:
            link = await self._registry.invite(runner.id, "viewer", name=person.name, label=label)
        except Refused:  # no more invitations: the notice is more important than its link
            return ""
        return self._base_url + link.path
