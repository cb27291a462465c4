"""Doors in the simulation: people who come by a code and by a link with a lobby, and hosts who let them in or not.

Two courses in eleven have them, so that the seeds by which other planted bugs are found stay what they are. In these
the host also goes away for a while, and who takes part tries to lead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import TYPE_CHECKING

from msgspec.structs import replace

from consult.model.disclosure import NOBODY
from consult.model.errors import Refused
from consult.model.identifiers import InvitationId, SeatId
from consult.sessions.core import SessionCore
from consult.sessions.events import Entry
from consult.sessions.features.blackouts.commands import BlackOut, RemoveBlackout
from consult.sessions.features.cases.commands import HidePatients
from consult.sessions.features.consult.events import ConsultEnded
from consult.sessions.features.control.commands import TakeControl
from consult.sessions.features.kinds import ParticipantCommand
from consult.sessions.features.note.events import NoteSigned, SignedNote
from consult.sessions.features.seats.closing import why_out
from consult.sessions.features.seats.commands import (
    AdmitSeats,
    AskAgain,
    DenySeat,
    Invite,
    ReadmitSeat,
    RemoveSeat,
    TakeSeat,
)
from consult.sessions.features.seats.events import Invitation, InvitationPut, Seat, SeatPut
from consult.sessions.state import Snapshot

if TYPE_CHECKING:
    from tests.sim.client import Client
    from tests.sim.node import Node
    from tests.sim.world import Simulation

CODE, LINK = InvitationId("i-code"), InvitationId("i-door")
STRANGERS = {
    SeatId("max"): CODE, SeatId("ned"): CODE, SeatId("oda"): CODE,
    SeatId("pia"): LINK, SeatId("rex"): LINK, SeatId("sue"): LINK,
}  # fmt: skip
"""Who comes, and by what; the code is for one of three."""
LEAD_AFTER_S = 0.6
HOST_SHARE, LEAD_SHARE, HIDE_SHARE = 0.25, 0.12, 0.15
AGAIN_S = 0.15


def has_doors(seed: int) -> bool:
    """Whether that course has doors."""
    return seed % 11 in (7, 10)


def invitations() -> tuple[Invite, ...]:
    """The code, and the link."""
    return (
        Invite(invitation=CODE, role="participant", spoken=True, joins_until=1e9),
        Invite(invitation=LINK, role="participant", lobby=True),
    )


class Stranger:
    """Somebody before the door: takes a seat, waits, asks again, and becomes a page once they are let in."""

    def __init__(self, sim: Simulation, seat: SeatId) -> None:
        self.sim, self.seat = sim, seat
        self._random = Random(f"{sim.checker.seed} {seat}")

    def come(self) -> None:
        """Try until there is a seat, or never will be one; then wait."""
        if self.sim.is_calm:
            return
        state = self.sim.owner.core.state
        if self.seat not in state.seats:
            if not self._do(TakeSeat(seat=self.seat, invitation=STRANGERS[self.seat], name=self.seat)):
                return
        elif (reason := why_out(state, self.seat, self.sim.now)) is None:
            self._come_in()
            return
        elif reason == "denied" and not self._do(AskAgain(seat=self.seat)):
            return
        self.sim.after(AGAIN_S * (0.5 + self._random.random()), self.come)

    def _do(self, command: TakeSeat | AskAgain) -> bool:
        """By the newest server, or a stale one; whether it is worth trying again."""
        alive: list[Node] = [node for node in self.sim.nodes[-2:] if not node.is_dead]
        node = self._random.choice(alive) if alive and self._random.random() < 0.3 else self.sim.owner
        if node.is_dead or node.asleep_until > self.sim.now:
            return True
        try:
            node.do(node.core.command(command, self.sim.now))
        except Refused as refused:
            return refused.code == "not_open"
        return True

    def _come_in(self) -> None:
        client = self.sim.make.client(self.sim, self.seat)
        self.sim.clients.append(client)
        self.sim.after(0.01, client.tick)
        self.sim.after(0.02, client.act)


def open_doors(sim: Simulation) -> None:
    """People come, and the host leaves now and then."""
    random = Random(f"{sim.checker.seed} doors")
    for seat in STRANGERS:
        sim.after(random.random() * 1.5, Stranger(sim, seat).come)
    host = next(client for client in sim.clients if client.seat == "host")
    sim.after(1.0 + random.random(), _leave, sim, host, random)


def _leave(sim: Simulation, host: Client, random: Random) -> None:
    """The host's page is closed for a while."""
    if sim.is_calm or host.is_out:
        return
    host.away_until = sim.now + 0.8 + random.random()
    if host.link is not None:
        host.link.cut(half=False)
    sim.after(2.5 + 2 * random.random(), _leave, sim, host, random)


def door_command(client: Client, identifier: str, *, drives: bool) -> ParticipantCommand | None:
    """What somebody wants about doors; None: nothing just now."""
    epoch, random = client.state.case, client.sim.random
    if client.seat == "host" and random.random() < HOST_SHARE:
        return _about_strangers(client, identifier)
    if client.seat != "host" and not drives and not client.only_watches and random.random() < LEAD_SHARE:
        return TakeControl(id=identifier, case=epoch)
    return None


def _about_strangers(client: Client, identifier: str) -> ParticipantCommand:
    """Mostly of who waits; sometimes late, or twice."""
    epoch, random = client.state.case, client.sim.random
    known = [seat for seat in STRANGERS if seat in client.state.seats] or [next(iter(STRANGERS))]
    waiting = [seat for seat in known if seat in client.state.seats and client.state.seats[seat].lobby == "waiting"]
    one = random.choice(known)
    if random.random() < HIDE_SHARE:
        return _about_patients(client, identifier)
    choices: list[ParticipantCommand] = [
        AdmitSeats(id=identifier, case=epoch, seats=tuple(waiting or [one])),
        AdmitSeats(id=identifier, case=epoch, seats=(one,)),
        AdmitSeats(id=identifier, case=epoch, seats=(one,)),
        DenySeat(id=identifier, case=epoch, seat=one),
        RemoveSeat(id=identifier, case=epoch, seat=one),
        ReadmitSeat(id=identifier, case=epoch, seat=one),
    ]
    return random.choice(choices)


def _about_patients(client: Client, identifier: str) -> ParticipantCommand:
    """Hide them or not, black out a part of a picture, or show it again; sometimes one that is shown already."""
    epoch, random, case = client.state.case, client.sim.random, client.state.current_case
    wish = random.random()
    if wish < 0.5 or case is None:
        return HidePatients(id=identifier, case=epoch, hidden=wish < 0.3)
    if wish < 0.7 and client.state.blackouts:
        return RemoveBlackout(id=identifier, case=epoch, blackout=random.choice([*client.state.blackouts]))
    left, top = random.randrange(60), random.randrange(60)
    series = random.choice(case.series).key
    return BlackOut(id=identifier, case=epoch, series=series, rectangle=(left, top, left + 4, top + 2))


def wrong_doors(log: Sequence[Entry], asked: dict[str, ParticipantCommand]) -> Iterator[str]:
    """Nobody comes in but out of the lobby, by a host, once; no code and no link lets in more than it may."""
    invitations: dict[str, Invitation] = {}
    seats: dict[str, Seat] = {}
    for entry in log:
        match entry.event:
            case InvitationPut(invitation=invitation):
                invitations[invitation.id] = invitation
            case SeatPut(seat=seat):
                yield from _wrong_seat(entry, seat, seats.get(seat.id), invitations, asked)
                seats[seat.id] = seat
    for invitation in invitations.values():
        taken = sum(seat.invitation == invitation.id for seat in seats.values())
        if invitation.max_seats and taken > invitation.max_seats:
            yield f"{invitation.id} has let in {taken} people, and is for {invitation.max_seats}"


def _wrong_seat(
    entry: Entry,
    seat: Seat,
    before: Seat | None,
    invitations: dict[str, Invitation],
    asked: dict[str, ParticipantCommand],
) -> Iterator[str]:
    """What is wrong with one change of a seat."""
    if before is None:
        if invitations[seat.invitation].lobby and seat.lobby != "waiting":
            yield f"entry {entry.seq} lets {seat.id} in, whom nobody has let in"
        return
    if seat.is_in and not before.is_in:
        command = asked.get(entry.command)
        if not isinstance(command, AdmitSeats | ReadmitSeat):
            yield f"entry {entry.seq} lets {seat.id} in by {type(command).__name__}"
        elif isinstance(command, AdmitSeats) and (before.lobby, before.removed) != ("waiting", False):
            yield f"entry {entry.seq} admits {seat.id}, who did not wait"
    elif isinstance(asked.get(entry.command), AdmitSeats):
        yield f"entry {entry.seq} admits {seat.id} twice"


def wrong_patients(seat: str, document: Snapshot) -> Iterator[str]:
    """A guest knows of somebody where patients are hidden."""
    named = [case.patient for case in document.cases] + [version.patient for version in document.signed]
    if document.patients_hidden and any((one.name and not one.hidden) or one.id for one in named):
        yield f"{seat}, a guest, was told who a patient is"


def as_signed(version: SignedNote) -> SignedNote:
    """A signed version whoever is told of it: a guest may read a label in place of the patient."""
    return replace(version, patient=NOBODY)


def as_stored(event: object) -> object:
    """An event whoever is told of it."""
    match event:
        case NoteSigned(version=version):
            return NoteSigned(as_signed(version))
        case ConsultEnded(consult=consult):
            return ConsultEnded(replace(consult, title=""))
    return event


def wrong_lead(core: SessionCore) -> Iterator[str]:
    """Somebody stands in for a host who is here."""
    control, state = core.state.control, core.state
    if control.stands_in and any(state.seats[seat].role == "host" for seat in core._connections.here):
        yield f"{control.seat} stands in for a host who is here"
