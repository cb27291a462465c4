"""The consults of this server: opened from their logs when somebody asks for them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from consult.access.keys import Keys
from consult.clock import now
from consult.library.library import Library
from consult.library.one_patient import EVERYTHING, Admission
from consult.model.catalogue import Role
from consult.model.errors import ConsultError, OurFault, Refused, StoreFailed
from consult.model.identifiers import ConsultId, InvitationId, SeriesKey
from consult.once import OneAtATime
from consult.runtime.audit_trail import AuditTrail
from consult.runtime.context import ConsultContext
from consult.runtime.record import ConsultRecord
from consult.runtime.runner import ConsultRunner
from consult.runtime.state_store import StateKeeper, load
from consult.sessions.core import SessionCore
from consult.sessions.events import Entry
from consult.sessions.features.board.commands import Prepare
from consult.sessions.features.consult.commands import OpenConsult
from consult.sessions.features.consult.events import DEFAULT_SITE, Kind, Site
from consult.sessions.features.critical.events import Critical
from consult.sessions.features.findings.commands import PutNumbers
from consult.sessions.features.findings.events import MarkNumbers
from consult.sessions.features.limits import check_cases
from consult.sessions.features.seats.commands import Invite
from consult.sessions.hanging.rules import NO_RULES, HangingRules
from consult.sessions.presence.independent_views import INDEPENDENT_VIEWS
from consult.sessions.publishing.document import hidden_parts
from consult.sessions.register import next_case
from consult.sessions.state import State
from consult.store.log import Log
from consult.streaming.router import PictureRouter, RoutedVolumes
from consult.streaming.stills import Stills
from consult.streaming.values.hidden import lies_on_hidden
from consult.streaming.values.numbers import MarkNumbersMaker
from consult.streaming.video_router import MediaContext
from consult.streaming.voice_router import VoiceRouter
from consult.streaming.webrtc_calls import WebRtcCalls
from consult.tally import Tally

logger = logging.getLogger(__name__)
LINK_S = 7 * 24 * 3600.0
"""How long a link is valid where nothing else is said."""
HANDED_OVER_S = 1.0
"""How long a consult that goes to another node waits for its rows in the audit trail."""
ENDED_S = 60.0, 24 * 3600.0
"""Since so long, and no longer, has a consult ended whose end is looked for in the audit trail when it is listed: by
then no node is still writing it."""
MAX_ENDED = 256
"""States of ended consults that are cached: they need not be folded from their logs again."""


@dataclass(frozen=True)
class Link:
    """A link to a consult: path and fragment, to be put behind the server's address."""

    invitation: InvitationId
    role: Role
    path: str


class Ownership(Protocol):
    """Which consults this process may act for (`cluster.Cluster`)."""

    shared: bool
    """What is let go another node may take."""

    async def own(self, consult: str, *, new: bool = False, insist: bool = False) -> None:
        """Have it; `new`: there need not be one yet; `insist`: though another has it. Raises OurFault, Refused."""

    async def release(self, consult: str) -> None:
        """Let it go. Raises OurFault."""


class Alone:
    """All of them: there is no other node."""

    shared = False

    async def own(self, consult: str, *, new: bool = False, insist: bool = False) -> None:
        """See `Ownership.own`."""

    async def release(self, consult: str) -> None:
        """See `Ownership.release`."""


class Registry:
    """Opens, finds and closes consults. One owner process: its name is in the log of each."""

    def __init__(  # each service once, by name
        self,
        *,
        log: Log,
        library: Library,
        volumes: RoutedVolumes,
        stills: Stills,
        media: MediaContext,
        keys: Keys,
        audit: AuditTrail,
        site: Site = DEFAULT_SITE,
        independent_views: int = INDEPENDENT_VIEWS,
        rules: HangingRules = NO_RULES,
        tally: Tally | None = None,
        ownership: Ownership | None = None,
    ) -> None:
        self._ownership = ownership or Alone()
        self._letting_go: set[asyncio.Task[None]] = set()
        self.library, self.keys, self.audit = library, keys, audit
        self._site, self._rules, self._on_critical = site, rules, list[Callable[[], None]]()
        self._log, self._volumes, self._stills, self._media = log, volumes, stills, media
        self._owner, self._independent_views = secrets.token_hex(8), independent_views
        self._tally = tally or Tally()
        self._running: dict[ConsultId, ConsultRunner] = {}
        self._ended: dict[ConsultId, State] = {}
        self._beginning: set[ConsultId] = set()
        """Those whose first entries are not stored yet."""
        self._opening = OneAtATime()
        self._closed = False

    async def find(self, consult: ConsultId, *, insist: bool = False) -> ConsultRunner:
        """The running consult of that id, folded from its log if need be.

        Args:
            consult: its id.
            insist: where another node has it, have it moved here.

        Raises:
            Refused: "unknown_consult".
            OurFault: another node has it; StoreFailed: the log cannot be read or taken over now.
        """
        self._check_open()
        running = self._running.get(consult)
        if running is not None and not running.lost:
            return running
        async with self._opening.hold(consult):
            running = self._running.get(consult)
            if running is not None and not running.lost:
                return running
            if running is not None:
                await running.close()
            await self._ownership.own(consult, insist=insist)
            state, tail, kept = await load(self._log, consult)
            if not state.opened:
                raise Refused("unknown_consult", "There is no such consult here.")
            core = SessionCore(
                state, owner=self._owner, tail=tail, independent_views=self._independent_views, site=self._site,
                rules=self._rules,
            )  # fmt: skip
            self.audit.recover(consult, state, tail)
            return await self._start(consult, core, kept)

    async def open(  # what a consult is, once each
        self,
        study_uids: Sequence[str],
        *,
        title: str,
        host_name: str,
        name: str = "",
        more_cases: Sequence[Sequence[str]] = (),
        link_s: float | None = LINK_S,
        admission: Admission = EVERYTHING,
        kind: Kind = "consult",
        brought: Sequence[Prepare] = (),
    ) -> ConsultId:
        """A new consult, with a link for the host and one for guests.

        Args:
            study_uids: of the first case; studies of one patient, the older ones are priors.
            title, host_name: as guests will read them.
            name: identifier of the consult; a random one without it.
            more_cases: study UIDs of each case that follows; each is one patient's, of whichever patient.
            link_s: how long its links are valid; None: until it ends.
            admission: what the host decided where studies of a case looked like two patients'.
            kind: "board": a list of cases.
            brought: what is prepared of its cases ("c1", "c2", ...) already.

        Raises:
            Refused: "unknown_study", "too_many_cases".
            DifferentPatients: studies of one case are not one patient's.
            StoreFailed: the log takes nothing now, or the server stops.
        """
        check_cases(1 + len(more_cases))
        consult = ConsultId(name or secrets.token_urlsafe(9))
        cases = tuple(
            [
                await self.library.case(uids, id=f"c{number}", title="" if more_cases else title, admission=admission)
                for number, uids in enumerate((study_uids, *more_cases), start=1)
            ]
        )
        self._beginning.add(consult)
        try:
            opening = OpenConsult(consult=consult, title=title, host_name=host_name, cases=cases, kind=kind)
            await self._begin(consult, (opening, *brought))
        finally:
            self._beginning.discard(consult)
        expires_at = None if link_s is None else now() + link_s
        await self.invite(consult, "host", name=host_name, expires_at=expires_at)
        await self.invite(consult, "participant", expires_at=expires_at)
        return consult

    async def _begin(self, consult: ConsultId, commands: Sequence[OpenConsult | Prepare]) -> None:
        """Store the first entries of a consult; where that fails, none runs."""
        async with self._opening.hold(consult):
            await self._ownership.own(consult, new=True)
            core = SessionCore.new(
                owner=self._owner, independent_views=self._independent_views, site=self._site, rules=self._rules
            )
            running = await self._start(consult, core)
        try:
            for command in commands:
                await running.command(command)
        except ConsultError:
            await self._hand_over(consult)
            raise

    async def invite(
        self, consult: ConsultId, role: Role, *, name: str = "", expires_at: float | None = None, label: str = "",
        case: str = "", lobby: bool = False, max_seats: int = 0, pin: bool = False,
    ) -> Link:  # fmt: skip
        """A new link; a reader's opens the note of that case, or of the one on the stage. See `Invite`."""
        running = await self.find(consult)
        invitation = InvitationId(secrets.token_urlsafe(9))
        invite = Invite(
            invitation=invitation, role=role, name=name, expires_at=expires_at, label=label,
            case=case or running.core.state.current, lobby=lobby, max_seats=max_seats, pin=pin,
        )  # fmt: skip
        await running.command(invite)
        return self.link(consult, invitation, role)

    async def invite_by_code(
        self, consult: ConsultId, invitation: InvitationId, role: Role, *, until: float, label: str = ""
    ) -> None:
        """What a spoken code lets somebody in by, once and until then. See `Invite`."""
        invite = Invite(invitation=invitation, role=role, label=label, spoken=True, joins_until=until)
        await (await self.find(consult)).command(invite)

    def link(self, consult: ConsultId, invitation: InvitationId, role: Role) -> Link:
        """The link of an invitation; it can be shown again at any time."""
        secret = self.keys.invitation_secret(consult, invitation)
        return Link(invitation, role, f"/join/{consult}/{invitation}#{secret}")

    async def links(self, consult: ConsultId) -> list[Link]:
        """The links that work now."""
        state = (await self.find(consult)).core.state
        return [
            self.link(consult, i.id, i.role)
            for i in state.invitations.values()
            if not i.revoked and not i.spoken and (i.expires_at is None or i.expires_at > now())
        ]

    async def read(self, consult: ConsultId) -> tuple[State, int]:
        """The state of a consult, and how many seats are online, without taking the consult over.

        Raises:
            Refused: "unknown_consult".
            StoreFailed: the log cannot be read now.
        """
        if (running := self.running(consult)) is not None:
            return running.core.state, running.count_online()
        if (ended := self._ended.get(consult)) is not None:
            return ended, 0
        state, tail, _ = await load(self._log, consult)
        if not state.opened:
            raise Refused("unknown_consult", "There is no such consult here.")
        if state.ended:
            if ENDED_S[0] <= now() - tail[-1].at <= ENDED_S[1]:  # nobody may open it any more
                self.audit.recover(consult, state, tail)
            self._ended[consult] = state
            if len(self._ended) > MAX_ENDED:
                del self._ended[next(iter(self._ended))]
        return state, 0

    def running(self, consult: ConsultId) -> ConsultRunner | None:
        """The consult, if it runs in this process now."""
        running = self._running.get(consult)
        return None if running is None or running.lost else running

    def all_running(self) -> list[ConsultRunner]:
        """Those that run in this process now."""
        return [running for running in self._running.values() if not running.lost]

    def load(self) -> int:
        """How much this process has to do: its consults, and who is in them."""
        return sum(1 + running.count_online() for running in self.all_running())

    async def open_criticals(self) -> list[tuple[State, Critical]]:
        """The critical results of all consults that nobody has closed, the most urgent first, each with the state of
        its consult. Raises StoreFailed."""
        deadlines = await self._log.deadlines()
        states = {consult: (await self.read(consult))[0] for consult in {one.consult for one in deadlines}}
        found = [(states[one.consult], states[one.consult].criticals.get(one.critical)) for one in deadlines]
        return [(state, critical) for state, critical in found if critical is not None]

    def on_critical(self, wake: Callable[[], None]) -> None:
        """Call this when something about a critical result is stored."""
        self._on_critical.append(wake)

    async def consults(self) -> list[ConsultId]:
        """All consults of the log, ended ones too."""
        return await self._log.consults()

    async def entries(self, consult: ConsultId) -> list[Entry]:
        """All entries of its log. Raises StoreFailed."""
        return await self._log.read(consult)

    async def retire(self, consult: ConsultId) -> None:
        """It is deleted: whoever is in it is told, and nothing of it is remembered here."""
        self._ended.pop(consult, None)
        async with self._opening.hold(consult):
            running = self._running.pop(consult, None)
        if running is not None:
            await running.retire()

    async def send_away_deleted(self) -> None:
        """Retire what another process has deleted. Raises StoreFailed."""
        known = self._running.keys() | self._ended.keys()
        if known:
            for consult in known - set(await self._log.consults()):
                if not await self._log.head(consult) and consult not in self._beginning:
                    await self.retire(consult)

    def lose(self, consults: Iterable[str]) -> None:
        """Other nodes have these, or may have them: nothing is done for them here any more."""
        for consult in map(ConsultId, consults):
            if (running := self._running.get(consult)) is not None:
                running.lose()
                self._let_go(consult, self._close_lost(consult, running))

    def hand_over(self, consult: str) -> None:
        """Another node wants it: end it here, and let it go."""
        self._let_go(consult, self._hand_over(ConsultId(consult)))

    def _let_go(self, consult: str, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name=f"let go {consult}")
        self._letting_go.add(task)
        task.add_done_callback(self._letting_go.discard)

    async def _close_lost(self, consult: ConsultId, running: ConsultRunner) -> None:
        async with self._opening.hold(consult):
            if self._running.get(consult) is running:
                del self._running[consult]
            await running.close()

    async def _hand_over(self, consult: ConsultId) -> None:
        async with self._opening.hold(consult):
            if (running := self._running.pop(consult, None)) is not None:
                await running.close(to_another=self._ownership.shared)
            with contextlib.suppress(OurFault):  # the next owner looks for missing rows: not while they are written
                await self.audit.written(HANDED_OVER_S)
            with contextlib.suppress(OurFault):  # else it is free once this node has left
                await self._ownership.release(consult)

    def series_changed(self, series: SeriesKey) -> None:
        """More images of a series are loaded: every consult that shows it sends new pictures."""
        for running in self._running.values():
            running.pictures.series_changed(series)

    async def close(self) -> None:
        """Ask every page to come back later, and stop."""
        self._closed = True
        await asyncio.gather(*self._letting_go, *map(self._hand_over, list(self._running)), return_exceptions=True)

    def _check_open(self) -> None:
        if self._closed:
            raise StoreFailed("closing", "The server restarts. Try again in a moment.")

    async def _start(self, consult: ConsultId, core: SessionCore, kept: int = 0) -> ConsultRunner:
        self._check_open()  # whoever has waited for files or the log meanwhile may come after `close`
        keeper = StateKeeper(self._log, consult, kept)
        running = ConsultRunner(consult, core, self._log, self._make_context, keeper, tally=self._tally)
        self._running[consult] = running
        if core.state.seq:
            await running.start()
        return running

    def _make_context(self, running: ConsultRunner) -> ConsultContext:
        pictures = PictureRouter(
            running.id,
            self._volumes,
            self._stills,
            self._media,
            running.send,
            prepared=lambda: running.core.state.kept_views,
            following=lambda: next_case(running.core.state, running.core.rules),
        )
        voices = VoiceRouter(running.broadcast)
        calls = WebRtcCalls(self._media.port, pictures, voices, running.send)
        return ConsultContext(pictures, calls, self._make_record(running))

    def _make_record(self, running: ConsultRunner) -> ConsultRecord:
        async def put(numbers: MarkNumbers) -> None:
            await running.command(PutNumbers(numbers=numbers))

        numbers = MarkNumbersMaker(
            running.id,
            volumes=self._volumes,
            pool=self._media.pool,
            checker=self.library,
            put=put,
            is_hidden=lambda mark, series: lies_on_hidden(mark, series, hidden_parts(running.core.state, "viewer")),
        )
        return ConsultRecord(running.id, numbers, self.audit, self._wake_clocks)

    def _wake_clocks(self) -> None:
        for wake in self._on_critical:
            wake()
