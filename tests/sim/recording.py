"""What people in the simulation find, write, sign, raise and read; and the server's clock and computations."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from consult.model.identifiers import SeatId
from consult.model.mark import Mark
from consult.sessions.features.consult.events import Site
from consult.sessions.features.critical.commands import (
    AcknowledgeCritical,
    CloseCritical,
    EscalateCritical,
    NoteDelivery,
    RaiseCritical,
    TellCritical,
)
from consult.sessions.features.critical.deadlines import due
from consult.sessions.features.critical.events import Recipient
from consult.sessions.features.findings.commands import (
    ConfirmSide,
    DeleteFinding,
    DropKeyView,
    PutFinding,
    PutNumbers,
    RestoreFinding,
    TakeOverNumber,
    Wording,
)
from consult.sessions.features.findings.events import Finding, LesionKind, MarkNumbers, Number
from consult.sessions.features.kinds import ParticipantCommand
from consult.sessions.features.note.commands import OrderFindings, PutNote, SignNote
from consult.sessions.features.note.events import Field, Note, Signer
from consult.sessions.features.seats.commands import Rename
from consult.sessions.features.seen.commands import MarkSeen, OpenNote
from consult.sessions.views import initial_view
from tests.support.cases import scrolled

if TYPE_CHECKING:
    from tests.sim.client import Client
    from tests.sim.node import Node
    from tests.sim.world import Simulation

SITE = Site(utc_offset_min=60, webhook=True)
CLOCK_S = 0.4
"""So often a server looks for what is due."""
FINDERS = frozenset({"host", "ann", "bob"})
"""Who makes findings of their own."""
SOON_S, LATE_S = 1.0, 4.0
"""Until the backup is asked, in a course that is about as long."""


def record_command(client: Client, identifier: str) -> ParticipantCommand:
    """What somebody wants of findings, notes, critical results or as a reader; mostly possible, sometimes not."""
    random, state = client.sim.random, client.state
    chance = random.random()
    if client.only_watches or chance < 0.1:
        return _read(client, identifier)
    mine = (f for f in state.findings.values() if f.case == state.current and not f.side.side)
    unsided = [f.id for f in mine if client.seat in (f.author, "host")]
    if unsided and random.random() < 0.8:
        side: Literal["LEFT", "RIGHT"] = random.choice(["LEFT", "LEFT", "RIGHT"])
        return ConfirmSide(id=identifier, case=state.case, finding=unsided[0], side=side)
    if chance < 0.45:
        return _find(client, identifier)
    if chance < 0.75:
        return _write(client, identifier)
    return _alarm(client, identifier)


def composed(client: Client) -> ParticipantCommand:
    """What somebody begins to make of the case that they see; they send it later, under an id of then."""
    named = f"{client.tab}.1"
    make = client.sim.random.choice([_find, _write, _raise])
    return make(client, named)


def _find(client: Client, identifier: str) -> ParticipantCommand:
    random, state = client.sim.random, client.state
    here = [finding for finding in state.findings.values() if finding.case == state.current]
    own = [f for f in here if f.author == client.seat or client.seat == "host" or random.random() < 0.1]
    chance = random.random()
    gone = [finding.id for finding in state.deleted_findings.values() if finding.case == state.current]
    if gone and chance < 0.2:
        return RestoreFinding(id=identifier, case=state.case, finding=gone[-1])
    if own and chance < 0.65:
        return _care(client, identifier, random.choice([f for f in own if not f.side.side] or own))
    marks = [m for m, known in state.numbers.items() if not all(n.counts for n in known.numbers)]
    if (marks and chance < 0.8) or chance < 0.02:
        marks = marks or ["gone"]
        return TakeOverNumber(id=identifier, case=state.case, mark=random.choice(marks), quantity="length")
    is_own = client.seat in FINDERS and random.random() < 0.9
    name = client.seat if is_own else SeatId("ann")
    if not is_own and random.random() < 0.8:
        return _write(client, identifier)
    return _put(client, identifier, f"{name}-f-{state.current}")


def _care(client: Client, identifier: str, finding: Finding) -> ParticipantCommand:
    """Something about a finding that is there."""
    random, epoch = client.sim.random, client.state.case
    chance = random.random()
    if chance < 0.6:
        side: Literal["LEFT", "RIGHT"] = random.choice(["LEFT", "LEFT", "RIGHT"])
        return ConfirmSide(id=identifier, case=epoch, finding=finding.id, side=side)
    if finding.views and chance < 0.7:
        return DropKeyView(id=identifier, case=epoch, finding=finding.id, view=finding.views[0].id)
    if chance < 0.75:
        return DeleteFinding(id=identifier, case=epoch, finding=finding.id)
    return _put(client, identifier, finding.id)


def _put(client: Client, identifier: str, name: str) -> PutFinding:
    random, state, case = client.sim.random, client.state, client.case
    known = state.findings.get(name)
    base = known.rev if known is not None and random.random() < 0.9 else 0
    marks = [m.id for m in state.marks.values() if m.case == state.current or random.random() < 0.1]
    view = scrolled(initial_view(case), random.randrange(3)) if case is not None and random.random() < 0.5 else None
    title = random.choice(["Nodule", "Effusion", "Nodule of the right lung"])
    chosen = tuple(random.sample(marks, min(2, len(marks)))) if random.random() < 0.95 else ()
    lesion: LesionKind = ("", "target", "target_node", "new")[zlib.crc32(name.encode()) % 4]
    wording = Wording(title, f"{client.seat} {identifier}", "Nodule 1", lesion=lesion)
    return PutFinding(id=identifier, case=state.case, finding=name, base=base, wording=wording, marks=chosen, view=view)


def _write(client: Client, identifier: str) -> ParticipantCommand:
    random, epoch, current = client.sim.random, client.state.case, client.state.current
    note = client.state.notes.get(current, Note(current))
    chance = random.random()
    here = [finding for finding in client.state.findings.values() if finding.case == current]
    is_ready = note.text("impression") and all(finding.side.side for finding in here)
    if chance < (0.6 if is_ready else 0.1):
        return _sign(client, identifier, note)
    if here and chance < 0.65:
        ids = [finding.id for finding in here]
        if random.random() < 0.3:  # of whichever case: somebody has it in their hand still
            ids.append(f"{random.choice(sorted(FINDERS))}-f-{random.choice(client.sim.cases).id}")
        random.shuffle(ids)
        return OrderFindings(id=identifier, case=epoch, order=tuple(ids))
    field: Field = random.choice(["impression", "impression", "question", "limits"])
    written = note.fields.get(field)
    base = written.rev if written is not None and random.random() < 0.9 else 0
    text = "" if random.random() < 0.1 else f"{client.seat} {identifier} of {current}"
    return PutNote(id=identifier, case=epoch, field=field, text=text, base=base)


def _sign(client: Client, identifier: str, note: Note) -> ParticipantCommand:
    random, state = client.sim.random, client.state
    case = client.case
    versions = sum(version.case == state.current for version in state.signed.values())
    is_final = any(v.case == state.current and v.status != "preliminary" for v in state.signed.values())
    signer = Signer(f"Dr. {client.seat}", "radiologist")
    return SignNote(
        id=identifier,
        case=state.case,
        status="addendum" if is_final else random.choice(["preliminary", "final"]),
        versions=max(0, versions - (random.random() < 0.1)),
        signer=signer,
        again=signer if random.random() < 0.98 else Signer("Dr. Other", "radiologist"),
        seen=tuple(study.key for study in case.studies) if case is not None else (),
        changed="More is known.",
        takes_over=tuple(state.seats) if random.random() < 0.9 else (),  # whoever has written meanwhile
    )


def _raise(client: Client, identifier: str) -> ParticipantCommand:
    random, state = client.sim.random, client.state
    seats = [SeatId("ann"), SeatId("bob"), SeatId("eve")]
    to, backup = random.sample(seats, 2)
    named = random.random() < 0.6
    return RaiseCritical(
        id=identifier,
        case=state.case,
        critical=f"{client.seat}-x{random.randrange(3)}",
        category=random.choice([1, 2, 3]),
        what=f"Bleeding of {state.current}",
        to=Recipient(to, to if named else SeatId("")),
        backup=Recipient(backup, backup if named else SeatId("")),
        where=random.choice(["LEFT", "LEFT", ""]),
        after_s=SOON_S + (LATE_S - SOON_S) * random.random(),
    )


def _alarm(client: Client, identifier: str) -> ParticipantCommand:
    random, epoch, known = client.sim.random, client.state.case, client.state.criticals
    if not known or random.random() < 0.1:
        return _raise(client, identifier)
    taken = [c.id for c in known.values() if c.acknowledged is not None and c.closed is None]
    raised = [c.id for c in known.values() if c.found_by == client.seat or client.seat == "host"]
    chance = random.random()
    if taken and chance < 0.3:
        critical = random.choice(taken)
        return CloseCritical(id=identifier, case=epoch, critical=critical, outcome="Operated.")
    critical = random.choice(raised or list(known))
    if raised and chance < 0.5:
        return TellCritical(
            id=identifier, case=epoch, critical=critical, how="telephone", to="Dr. Away", told_at=client.sim.now
        )
    if chance < 0.55:
        return CloseCritical(id=identifier, case=epoch, critical=critical, outcome="Operated.")
    return acknowledge(client, identifier, random.choice(_meant(client) or list(known)))


def _meant(client: Client) -> list[str]:
    """The critical results that are for this seat, or for anybody."""
    return [c.id for c in client.state.criticals.values() if client.seat in (c.to.seat, c.backup.seat) or not c.to.seat]


def acknowledge(client: Client, identifier: str, critical: str) -> AcknowledgeCritical:
    """In their own words, or too few of them."""
    words = client.sim.random.choice(["ok", *[f"{client.seat} knows of {critical} now"] * 4])
    return AcknowledgeCritical(id=identifier, case=client.state.case, critical=critical, read_back=words)


def _read(client: Client, identifier: str) -> ParticipantCommand:
    random, epoch = client.sim.random, client.state.case
    criticals = _meant(client) if random.random() < 0.7 else list(client.state.criticals)
    if criticals and random.random() < 0.4:
        return acknowledge(client, identifier, random.choice(criticals))
    if not client.state.signed and random.random() < 0.8:
        return Rename(id=identifier, case=epoch, name=f"{client.seat}-{random.randrange(3)}")
    version = random.choice(list(client.state.signed) or ["c1.1"])
    return random.choice([OpenNote, MarkSeen])(id=identifier, case=epoch, version=version)


def numbers_of(mark: Mark) -> MarkNumbers:
    """What a server computes of a mark: every other one is not confirmed; by its points alone."""
    value = abs(mark.points[-1][0] - mark.points[0][0])
    is_confirmed = int(value) % 2 != 0
    number = Number("length", value, "mm", other=value, check="confirmed" if is_confirmed else "differs")
    return MarkNumbers(mark.id, mark.case, mark.points, (number,), "LEFT", "outline")


def compute(node: Node, marks: tuple[Mark, ...]) -> None:
    """A server has computed them, a moment later."""
    if not node.is_dead:
        for mark in marks:
            node.do(node.core.command(PutNumbers(numbers=numbers_of(mark)), node.sim.now))


def keep_deadlines(sim: Simulation) -> None:
    """The clock of whoever owns the consult: what is due is read from the log's table, as the product does."""
    if sim.is_still:
        return
    node = sim.owner
    if not node.is_dead and node.asleep_until <= sim.now:
        for deadline in due(sim.log._deadlines.values(), sim.now):
            _act(node, deadline.critical)
    sim.after(CLOCK_S * (0.5 + sim.random.random()), keep_deadlines, sim)


def _act(node: Node, identifier: str) -> None:
    critical, sim = node.core.state.criticals.get(identifier), node.sim
    if critical is None:
        return
    for notice in critical.notices:
        if notice.state == "waiting" and notice.next_at <= sim.now:
            is_taken = not sim.chance(0.5)
            report = NoteDelivery(critical=identifier, notice=notice.id, sent=is_taken)
            sim.after(sim.latency(), _deliver, node, report)
    node.do(node.core.command(EscalateCritical(critical=identifier), sim.now))


def _deliver(node: Node, report: NoteDelivery) -> None:
    """What became of a notice, said to the server that sent it, if it is still there."""
    if not node.is_dead:
        node.do(node.core.command(report, node.sim.now))


def under(command: ParticipantCommand, identifier: str) -> ParticipantCommand:
    """The same command under another id."""
    return replace(command, id=identifier)
