"""What must hold of findings, notes, critical results and readers in a log, found by replaying it as plainly as can be.
It knows nothing of what decides them, and nothing of any bug."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import NODEFAULT
from msgspec.structs import replace

from consult.sessions.events import Entry
from consult.sessions.features.cases.events import CaseSwitched
from consult.sessions.features.consult.events import ConsultOpened
from consult.sessions.features.coverage.commands import ReportImages
from consult.sessions.features.coverage.events import Coverage, CoveragePut
from consult.sessions.features.critical.events import Critical, CriticalPut
from consult.sessions.features.findings.commands import RestoreFinding
from consult.sessions.features.findings.events import (
    Finding,
    FindingDeleted,
    FindingPut,
    FoundSide,
    MarkNumbers,
    Number,
    NumbersPut,
)
from consult.sessions.features.kinds import ParticipantCommand
from consult.sessions.features.marks.events import MarkDeleted, MarkPut
from consult.sessions.features.note.commands import PutNote, SignNote
from consult.sessions.features.note.events import Note, NotePut, NoteSigned, SignedNote
from consult.sessions.features.seats.events import SeatPut
from consult.sessions.features.seen.commands import MarkSeen, OpenNote
from consult.sessions.features.seen.events import Seen, SeenPut
from consult.sessions.state import State
from tests.sim.criticals import wrong_clock, wrong_notices

Commands = Mapping[str, ParticipantCommand]
"""What was asked for, by id."""
NEXT = {
    "": {"preliminary", "final"}, "preliminary": {"preliminary", "final"}, "final": {"addendum"},
    "addendum": {"addendum"},
}  # fmt: skip
"""Which version may follow which."""
FIXED = (
    "id", "case", "category", "what", "where", "finding", "found_at", "found_by", "found_by_name", "to", "backup",
    "after_s",
)  # fmt: skip
"""Of a critical result: what was said of it stays."""
WORDS = 10
WRITERS = frozenset({"host", "moderator", "participant"})
GRACE_S = 3.0
"""So late a server may be: it was away."""


def wrong_record(log: Sequence[Entry], commands: Commands, state: State, now: float) -> Iterator[str]:
    """What is wrong, a sentence each: with the log, with the state at its end, and with what nobody has done by now."""
    replay = _Replay(commands)
    for entry in log:
        for sentence in replay.see(entry):
            yield f"entry {entry.seq}: {sentence}"
    yield from replay.end(state, now)


class _Replay:
    def __init__(self, commands: Commands) -> None:
        self.commands = commands
        self.case = ""
        self.series: dict[str, set[str]] = {}
        self.roles: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.marks: dict[str, Any] = {}
        self.findings: dict[str, Finding] = {}
        self.deleted: dict[str, Finding] = {}
        self.numbers: dict[str, MarkNumbers] = {}
        self.notes: dict[str, Note] = {}
        self.signed: dict[str, SignedNote] = {}
        self.criticals: dict[str, Critical] = {}
        self.seen: dict[str, Seen] = {}
        self.coverage: dict[str, Coverage] = {}

    def see(self, entry: Entry) -> Iterator[str]:
        match entry.event:
            case ConsultOpened(cases=cases):
                self.series = {case.id: {str(series.key) for series in case.series} for case in cases}
                self.case = cases[0].id
            case CaseSwitched(case=case):
                self.case = case
            case SeatPut(seat=seat):
                self.roles[seat.id], self.names[seat.id] = seat.role, seat.name
            case MarkPut(mark=mark):
                self.marks[mark.id] = mark
            case MarkDeleted(mark=identifier):
                self.marks.pop(identifier, None)
            case _:
                yield from self.see_record(entry)

    def see_record(self, entry: Entry) -> Iterator[str]:
        match entry.event:
            case FindingPut(finding=finding):
                yield from self.finding(entry, finding)
                self.findings[finding.id] = finding
            case FindingDeleted(finding=identifier):
                gone = self.findings.pop(identifier, None)
                yield from self.finding_deleted(entry, gone)
                self.deleted |= {} if gone is None else {identifier: gone}
            case NumbersPut(numbers=numbers):
                yield from self.computed(entry, numbers)
                self.numbers[numbers.mark] = numbers
            case NotePut(note=note):
                yield from self.note(entry, note)
                self.notes[note.case] = note
            case NoteSigned(version=version):
                yield from self.version(entry, version)
                self.signed.setdefault(version.id, version)
            case CriticalPut(critical=critical):
                before = self.criticals.get(critical.id)
                yield from self.critical(entry, before, critical)
                self.criticals[critical.id] = critical
            case SeenPut(seen=seen):
                yield from self.reader(entry, seen)
                self.seen[seen.id] = seen
            case CoveragePut(coverage=coverage):
                yield from self.covered(entry, coverage)
                self.coverage[coverage.id] = coverage

    # Findings

    def finding(self, entry: Entry, finding: Finding) -> Iterator[str]:
        before = self.findings.get(finding.id)
        if before is None and isinstance(self.commands.get(entry.command), RestoreFinding):
            before = self.deleted.get(finding.id)
            if before is None or finding != replace(before, rev=before.rev + 1):
                yield "a finding is brought back that was never there, or not as it was"
        if finding.case != self.case or (before is not None and before.case != finding.case):
            yield f"a finding of {finding.case} is put while {self.case} is on the stage"
        for view in finding.views:
            if not set(map(str, view.view.series)) <= self.series.get(finding.case, set()):
                yield "a finding keeps a view of another case"
        added = set(finding.marks) - set(before.marks if before is not None else ())
        if any(m not in self.marks or self.marks[m].case != finding.case for m in added):
            yield "a finding has a mark that its case does not have"
        if finding.rev != (0 if before is None else before.rev) + 1:
            yield f"revision {finding.rev} of a finding follows another"
        if finding.author != (entry.by if before is None else before.author):
            yield f"{entry.by} changed whose finding it is"
        yield from self.own(entry, before)
        is_new_side = finding.side != (before.side if before is not None else FoundSide())
        confirmed_by = finding.side.confirmed_by, finding.side.confirmed_name
        if is_new_side and confirmed_by != (entry.by, self.names.get(entry.by)):
            yield f"a side that {entry.by} confirmed is counted for {finding.side.confirmed_by}"

    def finding_deleted(self, entry: Entry, finding: Finding | None) -> Iterator[str]:
        if finding is None or finding.case != self.case:
            yield "a finding that is not there is deleted"
        yield from self.own(entry, finding)

    def own(self, entry: Entry, before: Finding | None) -> Iterator[str]:
        if self.roles.get(entry.by) not in WRITERS:
            yield f"{entry.by}, who only watches, has a finding"
        if before is not None and before.author != entry.by and self.roles.get(entry.by) != "host":
            yield f"{entry.by} changed a finding of {before.author}"

    def computed(self, entry: Entry, numbers: MarkNumbers) -> Iterator[str]:
        mark, before = self.marks.get(numbers.mark), self.numbers.get(numbers.mark)
        if mark is None or (mark.points, mark.case) != (numbers.points, numbers.case):
            yield "numbers are of no mark as it is"
        is_same = before is not None and before.points == numbers.points
        if entry.by == "":
            if is_same or any(number.taken_by for number in numbers.numbers):
                yield "the server computed over what was there, or took a number over"
            return
        for old, new in zip(before.numbers if before is not None else (), numbers.numbers, strict=False):
            if old != new and not _is_taken_over(old, new, entry.by):
                yield f"a number is taken over for {new.taken_by} by {entry.by}, or is another now"
        if not is_same:
            yield f"{entry.by} put numbers that nobody computed"

    # Notes

    def note(self, entry: Entry, note: Note) -> Iterator[str]:
        before, command = self.notes.get(note.case, Note(note.case)), self.commands.get(entry.command)
        if note.case != self.case:
            yield f"the note of {note.case} is written while {self.case} is on the stage"
        if self.roles.get(entry.by) not in WRITERS:
            yield f"{entry.by}, who only watches, writes"
        fields = {*before.fields, *note.fields}
        changed = [field for field in fields if before.fields.get(field) != note.fields.get(field)]
        if len(changed) > 1:
            yield "several fields change at once"
        for field in changed:
            old, new = before.fields.get(field), note.fields.get(field)
            if new is None or new.author != entry.by or new.rev != (0 if old is None else old.rev) + 1:
                yield f"the {field} is not the next that {entry.by} wrote"
            elif isinstance(command, PutNote) and (command.base, command.field) != (new.rev - 1, field):
                yield f"{entry.by} wrote over what they had not seen"
        added = set(note.order) - set(before.order)
        if any(f not in self.findings or self.findings[f].case != note.case for f in added):
            yield "a finding of another case is in the note"

    def version(self, entry: Entry, version: SignedNote) -> Iterator[str]:
        former = [one for one in self.signed.values() if one.case == version.case]
        note = self.notes.get(version.case, Note(version.case))
        if version.id in self.signed:
            yield f"version {version.id} is signed again"
        if version.case != self.case:
            yield f"the note of {version.case} is signed while {self.case} is on the stage"
        if version.number != len(former) + 1 or version.former != (former[-1].digest if former else ""):
            yield f"version {version.id} does not follow the one before"
        if version.status not in NEXT[former[-1].status if former else ""]:
            yield f"a {version.status} version follows"
        if version.signature.seat != entry.by or self.roles.get(entry.by) not in WRITERS:
            yield f"{entry.by} signed for {version.signature.seat}"
        if version.signature.at != entry.at:
            yield "it is signed at another time than the server's"
        if digest(version) != version.digest:
            yield "a digest is not of what was signed"
        texts = {field: written.text for field, written in note.fields.items() if written.text}
        if version.texts != texts or not texts.get("impression"):
            yield "what is signed is not what is written"
        yield from self.signed_findings(version)
        yield from self.answered_for(entry, note)

    def answered_for(self, entry: Entry, note: Note) -> Iterator[str]:
        command = self.commands.get(entry.command)
        if not isinstance(command, SignNote):
            yield f"{entry.by} did not ask to sign"
            return
        for written in note.fields.values():
            if written.text and written.author not in (entry.by, *command.takes_over):
                yield f"{entry.by} signed what {written.author} wrote, and did not take it over"
        known = sum(version.case == note.case for version in self.signed.values())
        if command.versions != known or command.signer != command.again:
            yield f"{entry.by} signed upon another version, or did not say it twice"

    def signed_findings(self, version: SignedNote) -> Iterator[str]:
        here = {finding.id: finding for finding in self.findings.values() if finding.case == version.case}
        if {one.finding.id: one.finding for one in version.findings} != here:
            yield "the findings that are signed are not those of the case"
        for one in version.findings:
            if not one.finding.side.confirmed_by or not one.finding.side.side:
                yield "a finding without a side is signed"
            marks = [self.marks[m] for m in one.finding.marks if m in self.marks and self.marks[m].case == version.case]
            if list(one.marks) != marks:
                yield "the marks that are signed are not those of the finding"
            if len(one.marks) != len(one.numbers):
                yield "a mark of a finding is signed without its numbers"
            for mark, numbers in zip(one.marks, one.numbers, strict=False):
                if numbers != self.numbers.get(mark.id) or numbers.points != mark.points:
                    yield "a number that is signed is not of its mark"
                if not all(number.check == "confirmed" or number.taken_by for number in numbers.numbers):
                    yield "a number that nobody answers for is signed"

    # Critical results

    def critical(self, entry: Entry, before: Critical | None, now: Critical) -> Iterator[str]:
        if before is None:
            yield from self.raised(entry, now)
            return
        if any(getattr(before, name) != getattr(now, name) for name in FIXED):
            yield f"what was said of critical result {now.id} has changed"
        if before.closed is not None and replace(now, notices=before.notices) != before:
            yield f"critical result {now.id} is closed, and something becomes of it"
        if now.stage != before.stage:
            is_lost = all(n.state == "failed" for n in now.notices if n.stage == before.stage)
            if entry.by or now.stage != before.stage + 1 or (entry.at < before.due_at and not is_lost):
                yield f"critical result {now.id} went to stage {now.stage} when it was not due"
            if before.acknowledged is not None:
                yield f"critical result {now.id} is acknowledged, and somebody else is asked"
        if now.acknowledged != before.acknowledged:
            yield from self.acknowledged(entry, before, now)
        if now.closed != before.closed:
            yield from self.closed(entry, before, now)
        yield from wrong_clock(entry, before, now)
        yield from wrong_notices(entry, before, now)

    def raised(self, entry: Entry, now: Critical) -> Iterator[str]:
        if now.case != self.case:
            yield f"a critical result of {now.case} is raised while {self.case} is on the stage"
        if (now.found_by, now.found_by_name, now.found_at) != (entry.by, self.names.get(entry.by), entry.at):
            yield f"a critical result that {entry.by} raised is counted for {now.found_by}"
        if (now.stage, now.acknowledged, now.closed, now.due_at) != (0, None, None, entry.at + now.after_s):
            yield f"critical result {now.id} begins with something done already"
        if not now.where or not now.to.name or not now.backup.name:
            yield f"a fact of critical result {now.id} is missing"

    def acknowledged(self, entry: Entry, before: Critical, now: Critical) -> Iterator[str]:
        taken = now.acknowledged
        if before.acknowledged is not None or taken is None:
            yield f"critical result {now.id} is acknowledged twice, or no longer"
            return
        if taken.by != entry.by:
            yield f"an acknowledgement of {entry.by} is counted for {taken.by}"
        if taken.how != "read_back":
            if entry.by != now.found_by and self.roles.get(entry.by) != "host":
                yield f"{entry.by} says that it was told, and did not raise it"
            return
        named = {person.seat for person in (now.to, now.backup) if person.seat}
        if taken.name != self.names.get(entry.by) or entry.by == now.found_by or (named and entry.by not in named):
            yield f"{entry.by} acknowledged for {taken.name} what was for {sorted(named)}"
        if len(taken.words) < WORDS:
            yield f"critical result {now.id} is read back in {len(taken.words)} characters"

    def closed(self, entry: Entry, before: Critical, now: Critical) -> Iterator[str]:
        if before.acknowledged is None or now.closed is None:
            yield f"critical result {now.id} is closed, and nobody has acknowledged it"
        elif now.closed.by != entry.by or (entry.by != now.found_by and self.roles.get(entry.by) != "host"):
            yield f"{entry.by} closed critical result {now.id}"

    # Readers

    def reader(self, entry: Entry, seen: Seen) -> Iterator[str]:
        before, command = self.seen.get(seen.id), self.commands.get(entry.command)
        names = {self.names.get(entry.by), before.name if before is not None else None}
        if (seen.seat, seen.id) != (entry.by, f"{seen.version}/{entry.by}") or seen.name not in names:
            yield f"what {entry.by} read is counted for {seen.seat}"
        if seen.version not in self.signed:
            yield f"{entry.by} has read {seen.version}, which nobody has signed"
        if not isinstance(command, OpenNote | MarkSeen) or command.version != seen.version:
            yield f"{entry.by} did not say that they read {seen.version}"
        if seen.seen_at is not None and not isinstance(command, MarkSeen):
            yield f"{entry.by} has opened {seen.version}, and did not say that they read it"
        if before is not None and (seen.opened_at != before.opened_at or before.seen_at is not None):
            yield f"{entry.by} opened or read {seen.version} twice"

    def covered(self, entry: Entry, coverage: Coverage) -> Iterator[str]:
        before, command = self.coverage.get(coverage.id), self.commands.get(entry.command)
        if coverage.case != self.case or coverage.series not in self.series.get(self.case, set()):
            yield f"what {entry.by} has seen is of a series that was not on the stage"
        if (coverage.seat, coverage.id) != (entry.by, f"{coverage.case}/{entry.by}/{coverage.series}"):
            yield f"what {entry.by} has seen is counted for {coverage.seat}"
        known = set() if before is None else images_of(before.runs)
        reported = images_of(command.runs) if isinstance(command, ReportImages) else set()
        if images_of(coverage.runs) != known | reported:
            yield f"{entry.by} has not seen what is stored for them"

    # In the end

    def end(self, state: State, now: float) -> Iterator[str]:
        if list(state.signed.values()) != list(self.signed.values()):
            yield "a signed version is not as it was signed"
        for critical in state.criticals.values():
            waits = critical.acknowledged is None and critical.closed is None
            if waits and critical.stage < 2 and critical.due_at + GRACE_S < now:
                yield f"critical result {critical.id} was due at {critical.due_at}, and nobody else was asked"
            late = [n.id for n in critical.notices if n.state == "waiting" and n.next_at + GRACE_S < now]
            if waits and late:
                yield f"notices {late} of critical result {critical.id} were not tried"
        for finding in self.findings.values():
            for mark in (self.marks[m] for m in finding.marks if m in self.marks):
                found = self.numbers.get(mark.id)
                if mark.case == finding.case and (found is None or found.points != mark.points):
                    yield f"mark {mark.id} of a finding has no numbers"


def _is_taken_over(old: Number, new: Number, by: str) -> bool:
    """The same number, which somebody answers for now who said so, where nobody did before."""
    return new.taken_by == by and not old.counts and replace(new, taken_by="", taken_name="") == old


def images_of(runs: Sequence[tuple[int, int]]) -> set[int]:
    """One by one."""
    return {image for first, last in runs for image in range(first, last + 1)}


def digest(version: SignedNote) -> str:
    """SHA-256 of a version without its digest, and without what has its default."""
    return hashlib.sha256(msgspec.json.encode(given(replace(version, digest="")), order="deterministic")).hexdigest()


def given(value: Any) -> Any:
    """What a record says beside its defaults, as plain data."""
    if isinstance(value, (tuple, list)):
        return [given(item) for item in value]
    if isinstance(value, dict):
        return {key: given(item) for key, item in value.items()}
    if not isinstance(value, msgspec.Struct):
        return value
    names, defaults = value.__struct_fields__, value.__struct_defaults__
    by_name = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
    kept = {name: given(getattr(value, name)) for name in names if getattr(value, name) != by_name.get(name, NODEFAULT)}
    tag = value.__struct_config__.tag
    return kept if tag is None else {"type": tag} | kept
