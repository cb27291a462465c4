"""Bugs of the record, as variants of the real classes, by somebody who did not write the checker: it must find each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any
from unittest.mock import patch

from msgspec.structs import replace

from consult.model.errors import Refused
from consult.model.identifiers import ConsultId, SeatId
from consult.sessions.connection_state import ConnectionState
from consult.sessions.core import SessionCore
from consult.sessions.effects import Effect
from consult.sessions.events import Entry
from consult.sessions.features.consult.events import OwnerChanged
from consult.sessions.features.critical import decide as critical_decide
from consult.sessions.features.critical.commands import AcknowledgeCritical, NoteDelivery
from consult.sessions.features.critical.events import NOBODY, Closure, Critical, CriticalPut, Notice
from consult.sessions.features.findings import decide as findings_decide
from consult.sessions.features.findings.events import Finding, MarkNumbers
from consult.sessions.features.kinds import SERVER, ClientMessage, Command, Event, ParticipantCommand
from consult.sessions.features.note import decide as note_decide
from consult.sessions.features.note import signing
from consult.sessions.features.note.commands import PutNote, SignNote
from consult.sessions.features.note.events import Note, NotePut, NoteSigned, SignedNote
from consult.sessions.features.note.messages import Write
from consult.sessions.features.seats.events import SeatPut
from consult.sessions.features.seen.events import SeenPut
from consult.sessions.publishing import publisher
from consult.sessions.state import State
from consult.store.log.memory import MemoryLog
from tests.sim.world import Make, Odds


def with_instead(module: ModuleType, name: str, planted: Callable[..., Any]) -> type[SessionCore]:
    """A core in which a function of a feature is another one."""

    class Variant(SessionCore):
        """Has it while it decides."""

        def _command(self, connection: ConnectionState, command: ParticipantCommand, now: float) -> list[Effect]:
            with patch.object(module, name, planted):
                return super()._command(connection, command, now)

        def command(self, command: Command, now: float) -> list[Effect]:
            with patch.object(module, name, planted):
                return super().command(command, now)

    return Variant


# Signed versions


class CorrectsSignatures(MemoryLog):
    """Writes the new name of somebody who is renamed into what they have signed."""

    def _append(self, consult: ConsultId, after: int, entries: Sequence[Entry]) -> None:
        super()._append(consult, after, entries)
        names = {e.event.seat.id: e.event.seat.name for e in entries if isinstance(e.event, SeatPut)}
        log = self._logs[consult]
        for place, entry in enumerate(log):
            if isinstance(entry.event, NoteSigned) and (name := names.get(entry.event.version.signature.seat)):
                version = entry.event.version
                signed = replace(version, signature=replace(version.signature, name=name))
                log[place] = replace(entry, event=NoteSigned(signed))


class ShowsTheDraft(SessionCore):
    """Has what is written later in the version that was signed before, until it reads its log again."""

    def _append(self, events: Sequence[Event], now: float, *, by: SeatId = SERVER, command: str = "") -> list[Effect]:
        effects = super()._append(events, now, by=by, command=command)
        for note in (event.note for event in events if isinstance(event, NotePut)):
            texts = {field: written.text for field, written in note.fields.items() if written.text}
            signed = {v.id: replace(v, texts=texts) if v.case == note.case else v for v in self.state.signed.values()}
            self.state = replace(self.state, signed=signed)
        return effects


def numbered_as_the_one_before(state: State, case: Any, note: Note, command: SignNote, signature: Any) -> SignedNote:
    """A second version goes by the number of the first."""
    made = SIGN(state, case, note, command, signature)
    number = max(1, made.number - 1)
    again = replace(made, id=f"{case.id}.{number}", number=number, digest="")
    return replace(again, digest=signing.digest_of(again))


def upon_any_version(state: State, case: Any, command: SignNote) -> None:
    """Two who sign at once both win: the second has not read the first."""
    CHECK_VERSIONS(state, case, replace(command, versions=len(signing.versions_of(state, case.id))))


def whoever_wrote_it(note: Note, actor: SeatId, command: SignNote) -> None:
    """Signs another's sentence, not taken over."""


def any_number(state: State, finding: Finding, mark: Any) -> MarkNumbers:
    """A number that nobody has confirmed goes into the note."""
    known = findings_decide.numbers_of(state, mark)
    if known is None:
        raise Refused("not_measured", "It is still being measured.")
    return known


def of_the_mark_as_it_was(state: State, mark: Any) -> MarkNumbers | None:
    """A mark that was moved keeps its numbers."""
    return state.numbers.get(mark.id)


def of_all_cases(state: State, case: str, note: Note) -> list[Finding]:
    """Those of other patients too, once their side is confirmed."""
    return [finding for finding in state.findings.values() if finding.case == case or finding.side.side]


def unasked_side(state: State, finding: Finding) -> None:
    """A finding is signed without a side."""


# Notes and findings


def in_any_order(state: State, note: Note, order: tuple[str, ...]) -> list[Event]:
    """A finding need only be there, of whichever case."""
    for identifier in order:
        if identifier not in state.findings:
            raise Refused("unknown_finding", "There is no such finding (any more).")
    unique = tuple(dict.fromkeys(order))
    return [] if unique == note.order else [NotePut(replace(note, order=unique))]


class TakesLateDrafts(SessionCore):
    """Takes what is written for a sentence about whichever patient is on the stage."""

    def _command(self, connection: ConnectionState, command: ParticipantCommand, now: float) -> list[Effect]:
        if isinstance(command, PutNote):
            command = replace(command, case=self.state.case)
        return super()._command(connection, command, now)


class ShowsLateWriting(SessionCore):
    """Shows what somebody writes just now as if it were about the case that is on the stage by now."""

    def _transient(self, connection: ConnectionState, message: ClientMessage, now: float) -> list[Effect]:
        if isinstance(message, Write):
            message = replace(message, case=self.state.case)
        return super()._transient(connection, message, now)


def over_what_was_not_seen(state: State, actor: SeatId, note: Note, command: PutNote) -> list[Event]:
    """The last who writes wins."""
    before = note.fields.get(command.field)
    return WRITE(state, actor, note, replace(command, base=0 if before is None else before.rev))


def confirmed_for_the_author(state: State, actor: SeatId, finding: Finding, side: Any) -> list[Event]:
    """A side that the host confirms counts as confirmed by whose finding it is."""
    return CONFIRM(state, finding.author, finding, side)


# Critical results


class ForgetsClocks(MemoryLog):
    """Has its deadlines in the memory of the server that owns the consult: the next one knows of none."""

    def _append(self, consult: ConsultId, after: int, entries: Sequence[Entry]) -> None:
        super()._append(consult, after, entries)
        if any(isinstance(entry.event, OwnerChanged) for entry in entries):
            self._deadlines.clear()


class _Restarts(SessionCore):
    """Does something about its open critical results when it takes a consult over."""

    def start(self, now: float) -> list[Effect]:
        effects = super().start(now)
        open_ones = [c for c in self.state.criticals.values() if c.next_at is not None]
        changed = [self._again(critical, self._wall(now)) for critical in open_ones]
        events = [CriticalPut(c) for c, before in zip(changed, open_ones, strict=True) if c != before]
        return [*effects, *self._append(events, now)]

    def _again(self, critical: Critical, at: float) -> Critical:
        raise NotImplementedError


class ClocksBeginAnew(_Restarts):
    """Counts the time from when the server was started."""

    def _again(self, critical: Critical, at: float) -> Critical:
        return critical if critical.stage >= NOBODY else replace(critical, due_at=at + critical.after_s)


class SendsTwice(_Restarts):
    """Sends after a restart what it has sent before."""

    def _again(self, critical: Critical, at: float) -> Critical:
        notices = tuple(
            replace(n, state="waiting", next_at=at) if n.stage == critical.stage else n for n in critical.notices
        )
        return replace(critical, notices=notices)


class TakesItForSent(_Restarts):
    """Believes after a restart that what was under way has been sent."""

    def _again(self, critical: Critical, at: float) -> Critical:
        notices = tuple(replace(n, state="sent") if n.state == "waiting" else n for n in critical.notices)
        return replace(critical, notices=notices)


def counted_for_whom_it_is_for(state: State, actor: SeatId, command: AcknowledgeCritical, now: float) -> Critical:
    """Whoever reads it back, it counts for the first person."""
    critical = ACKNOWLEDGE(state, actor, command, now)
    if critical.acknowledged is None or not critical.to.seat:
        return critical
    return replace(critical, acknowledged=replace(critical.acknowledged, by=critical.to.seat, name=critical.to.name))


def acknowledged_by_anybody(state: State, actor: SeatId, command: AcknowledgeCritical, now: float) -> Critical:
    """Whoever reads it back, for whomever it is."""
    critical = critical_decide._open(state, command.critical)
    to, backup = (replace(person, seat=SeatId("")) for person in (critical.to, critical.backup))
    meant = replace(critical, to=to, backup=backup)
    freed = replace(state, criticals={**state.criticals, critical.id: meant})
    return replace(ACKNOWLEDGE(freed, actor, command, now), to=critical.to, backup=critical.backup)


def closed_by_itself(state: State, critical: Critical, now: float) -> Critical:
    """When nobody has answered it closes."""
    after = NEXT_STAGE(state, critical, now)
    if after.stage < NOBODY:
        return after
    return replace(after, closed=Closure(critical.found_by, critical.found_by_name, now, "Nobody answered."))


def though_acknowledged(state: State, identifier: str, now: float) -> list[Event]:
    """The backup is asked although somebody has it."""
    critical = state.criticals.get(identifier)
    if critical is None or critical.stage >= NOBODY or now < critical.due_at:
        return []
    return [CriticalPut(NEXT_STAGE(state, critical, now))]


def tried_again(notice: Notice, command: NoteDelivery, now: float, *, is_last: bool) -> Notice:
    """A notice that failed while somebody acknowledged the result is sent once more."""
    return TRIED(notice, command, now, is_last=False)


def of_everybody(state: State, events: Sequence[Event]) -> dict[SeatId, str]:
    """Everybody is told of a critical result of another case."""
    changed = [event.critical.id for event in events if isinstance(event, CriticalPut)]
    return {seat: identifier for identifier in changed for seat in state.seats}


# Readers


class CountsWhoWatches(SessionCore):
    """When somebody opens a note, all who are here have opened it."""

    def _append(self, events: Sequence[Event], now: float, *, by: SeatId = SERVER, command: str = "") -> list[Effect]:
        read = [event.seen for event in events if isinstance(event, SeenPut)]
        more = [
            SeenPut(replace(seen, id=f"{seen.version}/{seat}", seat=seat, name=self.state.seats[seat].name))
            for seen in read
            for seat in sorted(self._connections.here - {seen.seat})
            if f"{seen.version}/{seat}" not in self.state.seen
        ]
        return super()._append([*events, *more], now, by=by, command=command)


class OpenedIsSeen(SessionCore):
    """Who opens a note has said that they read it."""

    def _append(self, events: Sequence[Event], now: float, *, by: SeatId = SERVER, command: str = "") -> list[Effect]:
        confirmed = [
            SeenPut(replace(event.seen, seen_at=event.seen.opened_at)) if isinstance(event, SeenPut) else event
            for event in events
        ]
        return super()._append(confirmed, now, by=by, command=command)


# What is kept


class KeepsNoRecord(SessionCore):
    """Keeps a state without what was signed and read."""

    def stored_state(self, seq: int) -> State | None:
        """As the real one, but for that."""
        state = super().stored_state(seq)
        return None if state is None else replace(state, signed={}, seen={})


SIGN, CHECK_VERSIONS = signing.version, note_decide._check_versions
WRITE, CONFIRM = note_decide._write, findings_decide._confirm
ACKNOWLEDGE, NEXT_STAGE = critical_decide._acknowledge, critical_decide._next_stage
TRIED = critical_decide._tried

RECORDING, NOTING = Odds(record=0.9), Odds(record=0.7)
TURNING, MOVING = Odds(record=0.7, switches=0.1), Odds(record=0.6, computing_s=1.0, moves=0.4)
PLANTED_RECORD = {
    "a signed version changed in the log": Make(log=CorrectsSignatures),
    "a signed version that goes on with its draft": Make(core=ShowsTheDraft),
    "a signed version in place of another": Make(core=with_instead(note_decide, "version", numbered_as_the_one_before)),
    "two who sign at once and both win": Make(core=with_instead(note_decide, "_check_versions", upon_any_version)),
    "another's sentence signed unasked": Make(
        core=with_instead(note_decide, "_check_writers", whoever_wrote_it), odds=RECORDING
    ),
    "a number not confirmed in a note": Make(core=with_instead(signing, "_numbers", any_number), odds=NOTING),
    "a number of a mark that was moved": Make(
        core=with_instead(signing, "numbers_of", of_the_mark_as_it_was), odds=MOVING
    ),
    "a finding of one case signed for another": Make(core=with_instead(signing, "findings_of", of_all_cases)),
    "a finding signed without a side": Make(core=with_instead(signing, "_check_side", unasked_side)),
    "a finding of one case in another's note": Make(
        core=with_instead(note_decide, "_order", in_any_order), odds=TURNING
    ),
    "a late sentence in the next case's note": Make(core=TakesLateDrafts),
    "writing shown under the next case": Make(core=ShowsLateWriting),
    "a sentence written over unseen": Make(core=with_instead(note_decide, "_write", over_what_was_not_seen)),
    "a side counted for somebody else": Make(core=with_instead(findings_decide, "_confirm", confirmed_for_the_author)),
    "an escalation lost in a restart": Make(log=ForgetsClocks),
    "an escalation put off by each restart": Make(core=ClocksBeginAnew),
    "a notice sent twice after a crash": Make(core=SendsTwice),
    "a notice never sent after a crash": Make(core=TakesItForSent),
    "an acknowledgement counted for somebody else": Make(
        core=with_instead(critical_decide, "_acknowledge", counted_for_whom_it_is_for)
    ),
    "an acknowledgement by somebody it is not for": Make(
        core=with_instead(critical_decide, "_acknowledge", acknowledged_by_anybody)
    ),
    "a critical result that closes itself": Make(core=with_instead(critical_decide, "_next_stage", closed_by_itself)),
    "an escalation of what is acknowledged": Make(core=with_instead(critical_decide, "_escalate", though_acknowledged)),
    "a notice tried again though its result is acknowledged": Make(
        core=with_instead(critical_decide, "_tried", tried_again), odds=RECORDING
    ),
    "a critical result of another case that everybody is told of": Make(
        core=with_instead(publisher, "waiting_elsewhere", of_everybody)
    ),
    "seen counted for who watches": Make(core=CountsWhoWatches),
    "opened counted as seen": Make(core=OpenedIsSeen),
    "a kept state without the record": Make(core=KeepsNoRecord),
}
