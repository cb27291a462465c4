"""What people in the simulation ask for: control, another case, marks, words; and, by recording.py, of the record."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from consult.model.catalogue import Case
from consult.model.identifiers import SeatId, SeriesKey
from consult.model.mark import MarkKind, Shape
from consult.sessions.features.cases.commands import SwitchCase
from consult.sessions.features.control.commands import GiveBackControl, GrantControl, RequestControl, TakeControl
from consult.sessions.features.coverage.commands import ReportImages
from consult.sessions.features.kinds import ParticipantCommand
from consult.sessions.features.marks.commands import DeleteMark, KeepImage, PutMark, Redo, Undo
from consult.sessions.features.seats.commands import RemoveSeat, Rename
from consult.sessions.views import initial_view
from tests.sim.boarding import board_command
from tests.sim.doors import door_command
from tests.sim.recording import record_command
from tests.support.cases import scrolled

if TYPE_CHECKING:
    from tests.sim.client import Client


def chosen(client: Client, identifier: str, *, drives: bool) -> ParticipantCommand:
    """What somebody wants next; mostly possible, sometimes not."""
    epoch, random = client.state.case, client.sim.random
    if (wish := _besides(client, identifier)) is not None:
        return wish
    if client.sim.has_doors and (wish := door_command(client, identifier, drives=drives)) is not None:
        return wish
    if client.sim.has_board and (wish := board_command(client, identifier)) is not None:
        return wish
    if random.random() < client.sim.make.odds.record:
        return record_command(client, identifier)
    other = random.choice([SeatId("host"), SeatId("ann"), SeatId("bob"), SeatId("fay"), SeatId("eve")])
    if not client.only_watches and random.random() < (0.4 if drives else 0.75):
        return _mark(client, identifier)
    rename = Rename(id=identifier, case=epoch, name=f"{client.seat}-{client.asked % 3}")
    if random.random() < 0.25:
        return rename if client.asked % 2 else _looked(client, identifier)
    if client.seat == "host" and random.random() < 0.15:
        return RemoveSeat(id=identifier, case=epoch, seat=other)
    if client.seat == "host" or drives:
        return _lead(client, identifier, other)
    return RequestControl(id=identifier, case=epoch) if random.random() < 0.5 else rename


def _besides(client: Client, identifier: str) -> ParticipantCommand | None:
    """What the odds of a course have more of than others."""
    odds, state, random = client.sim.make.odds, client.state, client.sim.random
    if odds.switches and client.seat == "host" and random.random() < odds.switches:
        return SwitchCase(id=identifier, case=state.case, to=random.choice(["c1", "c2", "c3"]))
    if odds.moves and client.case is not None and random.random() < odds.moves:
        here = [name for finding in state.findings.values() if finding.case == state.current for name in finding.marks]
        own = [name for name in here if name in state.marks and state.marks[name].author == client.seat]
        if own:
            shape = a_shape(random.choice(own), client.case, random.randrange(20), random.randrange(1, 40))
            return PutMark(id=identifier, case=state.case, mark=shape)
    return None


def _lead(client: Client, identifier: str, other: SeatId) -> ParticipantCommand:
    """Take, grant or give back control, or switch the case."""
    epoch, choose = client.state.case, client.sim.random.choice
    gone = [seat.id for seat in client.state.seats.values() if seat.removed]
    choices: list[ParticipantCommand] = [
        TakeControl(id=identifier, case=epoch),
        GrantControl(id=identifier, case=epoch, seat=other),
        GrantControl(id=identifier, case=epoch, seat=choose(gone or [other])),
        GiveBackControl(id=identifier, case=epoch),
        SwitchCase(id=identifier, case=epoch, to=choose(["c1", "c2", "c3"])),
        SwitchCase(id=identifier, case=epoch, to=choose(["c1", "c2", "c3"])),
    ]
    return choose(choices)


def _looked(client: Client, identifier: str) -> ParticipantCommand:
    """Some images were on the screen; of another case than the one on the stage it is not taken."""
    case, first = client.case, client.asked % 16
    series = SeriesKey("s-none") if case is None or not case.series else case.series[0].key
    return ReportImages(id=identifier, case=client.state.case, series=series, runs=((first, first + 3),))


def _mark(client: Client, identifier: str) -> ParticipantCommand:
    """Draw, change, delete, keep, write, undo or redo."""
    epoch, random, case = client.state.case, client.sim.random, client.case
    if case is None or random.random() < 0.35:
        return (Undo if random.random() < 0.6 else Redo)(id=identifier, case=epoch)
    chance = random.random()
    if chance < 0.55:
        name = f"{random.choice([client.seat, SeatId('ann')])}-{random.randrange(4)}"
        shape = a_shape(name, case, random.randrange(20), random.randrange(1, 40))
        return PutMark(id=identifier, case=epoch, mark=shape)
    if chance < 0.75:
        name = f"{random.choice(['host', 'ann', 'bob'])}-{random.randrange(4)}"
        return DeleteMark(id=identifier, case=epoch, mark=name)
    if chance < 0.9:
        view = scrolled(initial_view(case), random.randrange(3))
        return KeepImage(id=identifier, case=epoch, viewport=view.viewports[0])
    return client.message(identifier)


FORMS: tuple[tuple[MarkKind, tuple[tuple[float, float], ...]], ...] = (
    ("length", ((0, 0), (1, 0))),
    ("bidirectional", ((0, 0), (2, 0), (1, -0.5), (1, 0.5))),
    ("cobb", ((0, 0), (1, 0.1), (0, 1), (1, 0.9))),
    ("circle", ((0, 0), (1, 0), (0, 1))),
    ("rectangle", ((0, 0), (1, 0), (1, 2), (0, 2))),
    ("polyline", ((0, 0), (1, 0), (1, 1), (3, 1))),
    ("polygon", ((0, 0), (1, 0), (1, 1), (0, 3))),
    ("freehand", ((0, 0), (1, 0), (2, 1), (1, 2), (0, 2), (-1, 1))),
)
"""Of each kind one, of size 1."""


def a_shape(identifier: str, case: Case, image: int, size: int) -> Shape:
    """A shape on the first series of a case; its kind goes by its name, so that it keeps it when it is changed."""
    z = case.series[0].grid.positions[image][2]
    kind, form = FORMS[zlib.crc32(identifier.encode()) % len(FORMS)]
    points = tuple((x * size, y * size, z) for x, y in form)
    return Shape(id=identifier, kind=kind, series=case.series[0].key, image=image, points=points)
