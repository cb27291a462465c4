"""Boards in the simulation: somebody prepares, somebody moderates, cases are decided while they are switched.

About one course in eight is a board, so that the seeds by which other planted bugs are found stay what they are; some
of them have doors too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.model.catalogue import Role
from consult.model.identifiers import SeatId
from consult.sessions.features.board.commands import (
    Appoint,
    BeginBoard,
    DropAttendee,
    DropPreparedView,
    NamePreparedView,
    OrderCases,
    OrderPreparedViews,
    PlanCase,
    PrepareView,
    PutAttendee,
    PutDecision,
    PutDissent,
    PutPreparation,
    PutWords,
    SaveDecision,
    SetBoard,
)
from consult.sessions.features.board.events import Outcome, Text
from consult.sessions.features.cases.commands import SwitchCase
from consult.sessions.features.kinds import ParticipantCommand
from consult.sessions.views import initial_view
from tests.support.cases import scrolled

if TYPE_CHECKING:
    from tests.sim.client import Client

BOARD_PEOPLE: tuple[tuple[str, Role], ...] = (("mia", "moderator"), ("pat", "preparer"))
BOARD_SHARE = 0.45
LEADERS, DECIDES = frozenset({"host", "mia"}), 0.45
IDS = ("c1", "c2", "c3")
TEXTS: tuple[Text, ...] = ("question", "history", "pathology")


def has_board(seed: int) -> bool:
    """Whether that course is a board."""
    return seed % 11 == 8 or seed % 22 == 18


def board_command(client: Client, identifier: str) -> ParticipantCommand | None:
    """What somebody wants of the board; None: nothing just now."""
    random = client.sim.random
    if random.random() >= BOARD_SHARE:
        return None
    if client.seat in LEADERS:
        return _lead(client, identifier)
    if client.seat == "pat":
        return _prepare(client, identifier)
    return _attend(client, identifier)


def _lead(client: Client, identifier: str) -> ParticipantCommand:
    random, state = client.sim.random, client.state
    board, epoch = state.board, state.case
    if board is None or (board.phase == "preparing" and random.random() < 0.3):
        return BeginBoard(id=identifier, case=epoch)
    if random.random() < DECIDES:
        return _decide(client, identifier)
    choices: list[ParticipantCommand] = [
        SwitchCase(id=identifier, case=epoch, to=random.choice(IDS)),
        SwitchCase(id=identifier, case=epoch, to=random.choice(IDS)),
        OrderCases(id=identifier, case=epoch, order=tuple(random.sample(IDS, random.randrange(1, 4)))),
        SetBoard(id=identifier, case=epoch, specialties=("Surgery",) * random.randrange(2)),
        Appoint(id=identifier, case=epoch, seat=SeatId("ann"), moderates=random.random() < 0.5),
        PutAttendee(id=identifier, case=epoch, person=random.choice(["bob", "p.1"]), name="Dr. Post"),
        _prepare(client, identifier),
        _prepare(client, identifier),
    ]
    return random.choice(choices)


def _decide(client: Client, identifier: str) -> ParticipantCommand:
    """Write, show, save; sometimes upon what one has not seen."""
    random, state = client.sim.random, client.state
    draft = state.decision_drafts.get(state.current)
    base = 0 if draft is None else draft.rev
    if draft is not None and draft.shown and random.random() < 0.6:
        return SaveDecision(id=identifier, case=state.case, base=base)
    text = f"{client.seat} {random.randrange(4)}" if draft is None or random.random() < 0.6 else draft.words.text
    outcome: Outcome = "deferral" if random.random() < 0.3 else "decision"
    words = PutWords(text, stage="cT1c", owner=client.seat, outcome=outcome)
    late = base - 1 if base and random.random() < 0.1 else base
    return PutDecision(id=identifier, case=state.case, base=late, words=words, shown=random.random() < 0.7)


def _prepare(client: Client, identifier: str) -> ParticipantCommand:
    """Keep a view, order those that are kept, write; of any case."""
    random, state, case = client.sim.random, client.state, client.case
    epoch, of = state.case, random.choice(IDS)
    known = [view.id for view in state.prepared.values() if view.case == of]
    chance = random.random()
    if case is not None and (not known or chance < 0.4):
        view = scrolled(initial_view(case), random.randrange(3))
        name = f"{client.seat}-{client.asked}"
        return PrepareView(id=identifier, case=epoch, prepared=name, view=view, line=f"line {client.asked}")
    if known and chance < 0.55:
        order = tuple(random.sample(known, random.randrange(1, len(known) + 1)))
        return OrderPreparedViews(id=identifier, case=epoch, of=of, order=order)
    if known and chance < 0.62:
        return NamePreparedView(id=identifier, case=epoch, prepared=random.choice(known), line=f"{client.asked}")
    if known and chance < 0.7:
        return DropPreparedView(id=identifier, case=epoch, prepared=random.choice(known))
    if chance < 0.78:
        return PlanCase(id=identifier, case=epoch, of=of, minutes=random.randrange(3))
    text = random.choice(TEXTS)
    written = state.preparations[of].texts.get(text) if of in state.preparations else None
    base = written.rev if written is not None and random.random() < 0.9 else 0
    return PutPreparation(
        id=identifier, case=epoch, of=of, text=text, words=f"{client.seat} {random.randrange(9)}", base=base
    )


def _attend(client: Client, identifier: str) -> ParticipantCommand:
    """Say that one is here, or of another opinion."""
    random, epoch = client.sim.random, client.state.case
    chance = random.random()
    if chance < 0.6 and not client.only_watches:
        return PutDissent(id=identifier, case=epoch, reason=random.choice(["", f"not I, {client.seat}", "No."]))
    if chance < 0.8:
        specialty = random.choice(["Surgery", "Oncology"])
        return PutAttendee(id=identifier, case=epoch, person=client.seat, name=client.seat, specialty=specialty)
    room = f"{client.seat}.room.{random.randrange(2)}"
    if chance < 0.92:
        return PutAttendee(id=identifier, case=epoch, person=room, name="Dr. Lee", specialty="Pathology")
    return DropAttendee(id=identifier, case=epoch, person=random.choice([room, "ann.room.0"]))
