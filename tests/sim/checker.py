"""What must hold of every course of every consult. It knows nothing of any bug.

1. The log has no gap. An acknowledged command is in it exactly once, at the number of the acknowledgement; a refused
   one is not in it at all, nor one that is acknowledged as having changed nothing.
2. What was acknowledged before another command was sent has the smaller number.
3. Every page has applied a part of the one log, nothing left out but what pages are not shown, nothing twice.
4. Every view shown is what its maker meant (but for the image of what plays, which the clock says), made for the case
   and the control under which it is shown, by who had that control; its series are of that case; revisions never fall
   at any page.
5. A command is stored under the case it was made for.
6. In the end every page equals the fold of the log, shows what the server shows, and that is what the presenter meant.
7. Marks and key images are of the case under which they were made, changed by their authors alone, deleted by them or
   by the host. An undo takes back the newest act of the same seat that still holds; a redo does it again.
8. In the end every page sees what each other page draws, and nothing that nobody draws.
9. A cursor is shown as its owner meant it and under the case it was meant for, to others alone, and never an older one
   after a newer one. In the end everybody sees everybody's newest cursor, and whose hand is up.
10. Who explores on their own is shown what they meant, for the case on the stage, under a revision that nothing else
    has, and only they; never more than may at a time. In the end all who may still explore what they meant to.
11. Control is never put on somebody who has been removed, nor stays there.
12. In the end pictures are made for the screen that each page has, guests' pictures leave out what hosts have blacked
    out, where patients are hidden, and nothing else; and a voice is forwarded where others are shown that its
    microphone is on, and nowhere else.
13. A message is of the case that its author saw when they began to type it. What is made of a case later than it was
    seen (a finding, a note, a critical result) is of the case that was seen.
14. The state that is kept beside the log, with the entries behind it, is the fold of the log.
15. A guest is told of the case on the stage alone, in every snapshot and with every switch.
16. What record.py says of findings, notes, critical results and readers. A signed version is the same one on every
    page. In the end every page sees what each other page writes, and nothing that nobody writes. That a critical
    result of another case waits for them is sent to whom it is for, and to nobody else.
17. A case that comes back on the stage is shown as it was left, and a view in motion comes to rest before that.
18. What boards.py says of what is prepared, decided, dissented from, and of the time of each case.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from consult.model.catalogue import Role
from consult.model.disclosure import KNOWING
from consult.model.identifiers import SeatId, TabId
from consult.model.privacy.blackout import Blackout
from consult.sessions.core import SessionCore
from consult.sessions.effects import Effect, ShowIndependentView, ShowView
from consult.sessions.events import Entry, StoredEvent
from consult.sessions.features.blackouts.events import BlackoutPut, BlackoutRemoved
from consult.sessions.features.cases.events import CaseSwitched, HidingChanged
from consult.sessions.features.chat.events import ChatPosted
from consult.sessions.features.consult.events import ConsultOpened
from consult.sessions.features.control.events import ControlPut
from consult.sessions.features.coverage.events import Coverage, CoveragePut
from consult.sessions.features.critical.events import Critical, CriticalPut
from consult.sessions.features.findings.events import Finding, FindingDeleted, FindingPut, MarkNumbers, NumbersPut
from consult.sessions.features.kinds import ParticipantCommand
from consult.sessions.features.note.events import Note, NotePut, NoteSigned, SignedNote
from consult.sessions.features.note.messages import Writings
from consult.sessions.features.seats.events import InvitationPut, SeatPut
from consult.sessions.features.seen.events import Seen, SeenPut
from consult.sessions.features.view.messages import Show, ShownView
from consult.sessions.fold import fold_all
from consult.sessions.presence.messages import Cursor, Cursors, Explore, Exploring
from consult.sessions.publishing.document import RECORDS
from consult.sessions.state import FIRST_CASE_EPOCH, Snapshot
from tests.sim.boards import board_case_of
from tests.sim.doors import as_signed, as_stored, wrong_lead, wrong_patients
from tests.sim.leaving import wrong_leaving
from tests.sim.marks import wrong_marks
from tests.sim.pages import wrong_drafts, wrong_pages
from tests.sim.playing import meant

if TYPE_CHECKING:
    from tests.sim.client import Client

Stretch = list[tuple[int, StoredEvent, Role]]


class Checker:
    """Notes what happened, and finds what is wrong with it."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.violations: list[str] = []
        self.counts = dict.fromkeys(
            (
                "commands", "acknowledged", "shown", "takeovers", "entries", "cursors", "explored", "queues overflowed",
                "states",
            ),
            0,
        )  # fmt: skip
        self._commands: dict[str, tuple[SeatId, ParticipantCommand, int]] = {}
        self._made_for: dict[str, str] = {}
        self._signed: dict[str, SignedNote] = {}
        self._waiting: set[tuple[SeatId, str]] = set()
        self._wrote: set[tuple[SeatId, int, str]] = set()
        self._typed: dict[str, str] = {}
        self._acked: dict[str, int] = {}
        self._refused: set[str] = set()
        self._highest_acked = 0
        self._meant: dict[tuple[str, int], tuple[SeatId, Show]] = {}
        self._shown: dict[int, ShownView] = {}
        self._revs: dict[SeatId, int] = {}
        self._own: set[int] = set()
        self._explores: dict[tuple[TabId, int], Explore] = {}
        self._cursors: dict[tuple[SeatId, int], Cursor] = {}
        self._seen_cursors: dict[tuple[SeatId, SeatId], int] = {}
        self._applied: dict[SeatId, list[Stretch]] = {}
        self._roles: dict[SeatId, Role] = {}

    @property
    def commands(self) -> int:
        """How many were sent, each counted once."""
        return len(self._commands)

    @property
    def asked(self) -> dict[str, ParticipantCommand]:
        """What was asked for, by id."""
        return {identifier: command for identifier, (_, command, _) in self._commands.items()}

    def wrong(self, sentence: str) -> None:
        """Something is wrong."""
        self.violations.append(sentence)

    # What happened

    def sent(self, seat: SeatId, command: ParticipantCommand, made_for: str = "") -> None:
        """A person asked for something, for the first time; made for a case that they saw earlier."""
        self._commands[command.id] = (seat, command, self._highest_acked)
        if made_for:
            self._made_for[command.id] = made_for

    def wrote(self, seat: SeatId, case: int, text: str) -> None:
        """What a person writes in the note of the case of that epoch, whatever of it arrives."""
        self._wrote.add((seat, case, text))

    def saw_writings(self, seat: SeatId, message: Writings) -> None:
        """A page was sent what others write."""
        for writing in message.writings:
            if (writing.seat, message.case, writing.text) not in self._wrote:
                self.wrong(f"{seat} saw {writing.seat} write what they did not write about that case")

    def saw_signed(self, seat: SeatId, version: SignedNote) -> None:
        """A page has a signed version."""
        version = as_signed(version)
        if self._signed.setdefault(version.id, version) != version:
            self.wrong(f"{seat} has another version {version.id} than others")

    def saw_waiting(self, seat: SeatId, critical: str) -> None:
        """A page was sent that a critical result waits for it."""
        self._waiting.add((seat, critical))

    def typed(self, identifier: str, case: str) -> None:
        """A person sends what they typed while that case was on their stage."""
        self._typed[identifier] = case

    def acknowledged(self, identifier: str, seq: int) -> None:
        """A page was sent that its command is stored."""
        if self._acked.setdefault(identifier, seq) != seq:
            self.wrong(f"{identifier} was acknowledged as {self._acked[identifier]} and as {seq}")
        self._highest_acked = max(self._highest_acked, seq)

    def refused(self, identifier: str) -> None:
        """A page was sent that its command was not used."""
        self._refused.add(identifier)

    def meant(self, seat: SeatId, tab: TabId, show: Show) -> None:
        """What a person wants to be shown, whatever of it arrives."""
        self._meant[tab, show.n] = (seat, show)

    def decided(self, core: SessionCore, effects: Sequence[Effect]) -> None:
        """A server has dealt with a message: a view shown upon it is of the case and the control that it has now."""
        for effect in effects:
            if isinstance(effect, ShowView) and effect.shown.tab:
                now = (core.state.control.epoch, core.state.case)
                if (effect.shown.control, effect.shown.case) != now:
                    self.wrong(f"view {effect.shown.rev} was shown under another control or case")
        self.violations += wrong_lead(core)

    def showed(self, shown: ShownView) -> None:
        """A server makes pictures of it."""
        if self._shown.setdefault(shown.rev, shown) != shown:
            self.wrong(f"two views have revision {shown.rev}")

    def saw(self, seat: SeatId, shown: ShownView) -> None:
        """A page was sent the view."""
        if shown.rev < self._revs.get(seat, 0):
            self.wrong(f"revisions fell at {seat}: {self._revs[seat]}, then {shown.rev}")
        self._revs[seat] = shown.rev
        self._shown.setdefault(shown.rev, shown)

    def pointed(self, seat: SeatId, cursor: Cursor) -> None:
        """Where a person points, whatever of it arrives."""
        self._cursors[seat, cursor.n] = cursor

    def explored(self, seat: SeatId, tab: TabId, explore: Explore) -> None:
        """What a person explores, whatever of it arrives."""
        self._explores[tab, explore.n] = explore

    def made_due(self, due: ShowView | ShowIndependentView) -> None:
        """A server makes pictures of a view, for all or for one page that explores."""
        shown = due.shown
        if shown is None:
            return
        self.showed(shown)
        if isinstance(due, ShowView):
            return
        self._own.add(shown.rev)
        explored = self._explores[TabId(shown.tab), shown.n]
        if (explored.case, meant(explored.view)) != (shown.case, meant(shown.view)):
            self.wrong(f"view {shown.rev} of {due.connection} is not what it meant to explore")
        self.counts["explored"] += 1

    def saw_own(self, seat: SeatId, tab: TabId, message: Exploring) -> None:
        """A page was sent what it explores."""
        if message.view is not None and message.view.tab != tab:
            self.wrong(f"{seat} was sent another's view")

    def saw_cursors(self, seat: SeatId, message: Cursors) -> None:
        """A page was sent where the others point."""
        for pointed in message.cursors:
            meant = self._cursors[pointed.seat, pointed.n]
            if (meant.case, meant.at, meant.laser) != (message.case, pointed.at, pointed.laser):
                self.wrong(f"{seat} saw a cursor that {pointed.seat} did not mean so")
            if pointed.seat == seat:
                self.wrong(f"{seat} was sent its own cursor")
            before = self._seen_cursors.get((seat, pointed.seat), 0)
            if pointed.n < before:
                self.wrong(f"{seat} saw {pointed.seat}'s cursor {pointed.n} after {before}")
            self._seen_cursors[seat, pointed.seat] = pointed.n
            self.counts["cursors"] += 1

    def welcomed(self, seat: SeatId, role: Role) -> None:
        """A page was let in with that role."""
        self._roles[seat] = role

    def knows(self, seat: SeatId) -> bool:
        """Whether it is told of all cases."""
        return self._roles.get(seat) in KNOWING

    def restarted(self, seat: SeatId, seq: int) -> None:
        """A page begins anew from a snapshot."""
        self._applied.setdefault(seat, []).append([])

    def received(self, seat: SeatId, document: Snapshot) -> None:
        """A page was told this much of the document."""
        if self._roles.get(seat) == "host":
            return
        if any(other.lobby for other in document.seats):
            self.wrong(f"{seat}, who is no host, was told who waits before the door")
        if self.knows(seat):
            return
        self.violations += wrong_patients(seat, document)
        of = {case.id for case in document.cases if not case.withheld}
        of |= {*(m.case for m in document.marks), *(k.case for k in document.key_images)}
        of |= {message.case for message in document.chat}
        of |= {record.case for name in RECORDS for record in getattr(document, name)}
        if of - {document.current}:
            self.wrong(f"{seat}, a guest, was told of {sorted(of)} while {document.current} is on the stage")

    def resumed(self, seat: SeatId, seq: int) -> None:
        """A page goes on where it was."""
        if seat not in self._applied:
            self.wrong(f"{seat} resumed what it never had")

    def applied(self, seat: SeatId, head: int, event: StoredEvent) -> None:
        """A page, at `head`, applied an event."""
        if self._roles.get(seat) != "host" and isinstance(event.event, SeatPut) and event.event.seat.lobby:
            self.wrong(f"{seat}, who is no host, was told who waits before the door")
        self._applied[seat][-1].append((head, event, self._roles.get(seat, "participant")))

    # What is wrong with it

    def finish(self, log: Sequence[Entry], core: SessionCore, clients: Sequence[Client]) -> None:
        """All is quiet: check everything."""
        self.counts.update(
            commands=self.commands,
            acknowledged=len(self._acked),
            shown=len(self._shown),
            takeovers=core.state.owners - 1,
            entries=len(log),
        )
        if [entry.seq for entry in log] != list(range(1, len(log) + 1)):
            self.wrong("the log has a gap or a number twice")
            return
        self._check_commands(log)
        self._check_chat(log)
        self._check_pages(log)
        self._check_control(log)
        self._check_views(log)
        self._check_signed(clients)
        self.violations += wrong_marks(log)
        self.violations += wrong_drafts(clients)
        self.violations += wrong_leaving(log, {rev: view for rev, view in self._shown.items() if rev not in self._own})
        state = fold_all(log)
        self.violations += wrong_pages(state, core, clients)
        for seat, identifier in sorted(self._waiting):
            critical = state.criticals[identifier]
            if seat not in (critical.to.seat, critical.backup.seat):
                self.wrong(f"{seat} was sent that critical result {identifier} waits for them, and it is not for them")

    def _check_commands(self, log: Sequence[Entry]) -> None:
        places: dict[str, list[Entry]] = {}
        epoch = FIRST_CASE_EPOCH
        for entry in log:
            if entry.command:
                places.setdefault(entry.command, []).append(entry)
                if self._commands[entry.command][1].case != epoch:
                    self.wrong(f"{entry.command} was stored under another case")
            if isinstance(entry.event, CaseSwitched):
                epoch = entry.event.epoch
        self._check_answers(places)
        for identifier, stored in places.items():
            seat, _, acked_before = self._commands[identifier]
            if len(stored) != stored[-1].seq - stored[0].seq + 1 or any(entry.by != seat for entry in stored):
                self.wrong(f"{identifier} was stored more than once, or for another seat")
            if stored[0].seq <= acked_before:
                self.wrong(f"{identifier} was sent behind {acked_before}, and stored as {stored[0].seq}")

    def _check_chat(self, log: Sequence[Entry]) -> None:
        for entry in log:
            if isinstance(entry.event, ChatPosted) and entry.event.message.case != self._typed[entry.command]:
                self.wrong(f"{entry.command} was typed for {self._typed[entry.command]}, and is of another case")
            if (made_for := self._made_for.get(entry.command)) is not None and case_of(entry.event) != made_for:
                self.wrong(f"{entry.command} was made for {made_for}, and is of {case_of(entry.event)}")

    def _check_answers(self, places: dict[str, list[Entry]]) -> None:
        for identifier, seq in self._acked.items():
            stored = places.get(identifier, [])
            if (stored[-1].seq if stored else 0) != seq:
                self.wrong(f"{identifier} was acknowledged as {seq}, stored as {[entry.seq for entry in stored]}")
        for identifier in self._refused & places.keys():
            self.wrong(f"{identifier} was refused, and stored as {places[identifier][0].seq}")

    def _check_pages(self, log: Sequence[Entry]) -> None:
        stages = list(_stages(log))
        for seat, stretches in self._applied.items():
            for head, event, role in (applied for stretch in stretches for applied in stretch):
                skipped = log[head : event.seq - 1]
                entry = log[event.seq - 1] if 0 < event.seq <= len(log) else None
                if event.seq <= head or not all(
                    isinstance(e.event, InvitationPut)
                    or (role != "host" and isinstance(e.event, SeatPut) and e.event.seat.lobby)
                    or (role not in KNOWING and isinstance(e.event, HidingChanged))
                    or (role not in KNOWING and case_of(e.event) not in ("", stages[e.seq - 1]))
                    for e in skipped
                ):
                    self.wrong(f"{seat} applied {event.seq} at {head}")
                elif entry is None or not _is_same(entry, event):
                    self.wrong(f"{seat} applied {event.seq}, which the log does not have")

    def _check_control(self, log: Sequence[Entry]) -> None:
        removed: set[SeatId | None] = set()
        holder: SeatId | None = None
        for entry in log:
            match entry.event:
                case SeatPut(seat=seat):
                    (removed.add if seat.removed else removed.discard)(seat.id)  # a host lets them in again
                case ControlPut(control=control):
                    holder = control.seat
                    if holder in removed:
                        self.wrong(f"entry {entry.seq} gives control to {holder}, who has been removed")
        if holder in removed:
            self.wrong(f"{holder} has been removed, and has control")

    def _check_views(self, log: Sequence[Entry]) -> None:
        holders: dict[int, SeatId | None] = {0: None}
        cases: dict[int, set[str]] = {}
        for entry in log:
            match entry.event:
                case ConsultOpened(cases=all_cases):
                    keys = {case.id: {str(series.key) for series in case.series} for case in all_cases}
                    cases[FIRST_CASE_EPOCH] = keys[all_cases[0].id]
                case CaseSwitched(epoch=epoch, case=case):
                    cases[epoch] = keys[case]
                case ControlPut(control=control):
                    holders[control.epoch] = control.seat
        for rev, shown in self._shown.items():
            if not set(map(str, shown.view.series)) <= cases.get(shown.case, set()):
                self.wrong(f"view {rev} shows another case's series")
            if shown.tab and rev not in self._own:
                seat, show = self._meant[shown.tab, shown.n]
                if (show.control, show.case, meant(show.view)) != (shown.control, shown.case, meant(shown.view)):
                    self.wrong(f"view {rev} is not what {seat} meant")
                if holders.get(shown.control) != seat:
                    self.wrong(f"view {rev} is of {seat}, who did not have control")

    def _check_signed(self, clients: Sequence[Client]) -> None:
        for client in clients:
            if not client.is_out:
                for version in client.state.signed.values():
                    self.saw_signed(client.seat, version)


def _is_same(entry: Entry, event: StoredEvent) -> bool:
    """Whether a page was sent that entry, or as much of it as it may know."""
    told = as_stored(entry.event) == as_stored(event.event)
    return told and (entry.by, entry.command) == (event.by, event.command)


def _stages(log: Sequence[Entry]) -> Iterator[str]:
    """The case that is on the stage behind each entry."""
    stage = ""
    for entry in log:
        match entry.event:
            case ConsultOpened(cases=cases):
                stage = cases[0].id
            case CaseSwitched(case=case):
                stage = case
        yield stage


def case_of(event: object) -> str:
    """The case that an event of the record is of; "" for others."""
    match event:
        case FindingPut(finding=Finding(case=case)) | NotePut(note=Note(case=case)):
            return case
        case NoteSigned(version=SignedNote(case=case)) | CriticalPut(critical=Critical(case=case)):
            return case
        case SeenPut(seen=Seen(version=version)):
            return version.rpartition(".")[0]
        case BlackoutPut(blackout=Blackout(case=case)) | BlackoutRemoved(case=case):
            return case
        case CoveragePut(coverage=Coverage(case=case)):
            return case
        case FindingDeleted(case=case) | NumbersPut(numbers=MarkNumbers(case=case)):
            return case
    return board_case_of(event)
