"""What must hold of a board's log, found by replaying it as plainly as can be: of what is prepared, decided and
dissented from, of the roll, and of the time of each case. It knows nothing of what decides
them, and nothing of any bug."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from consult.sessions.events import Entry
from consult.sessions.features.board.commands import (
    DropAttendee,
    DropPreparedView,
    OrderCases,
    OrderPreparedViews,
    PutDecision,
    PutDissent,
    PutPreparation,
    SaveDecision,
)
from consult.sessions.features.board.events import (
    Attendee,
    AttendeeDropped,
    AttendeePut,
    Board,
    BoardPut,
    CasesOrdered,
    Decision,
    DecisionDraft,
    DecisionDrafted,
    DecisionSaved,
    Dissent,
    DissentDropped,
    DissentPut,
    Preparation,
    PreparationPut,
    PreparedView,
    PreparedViewDropped,
    PreparedViewPut,
)
from consult.sessions.features.cases.events import CaseSwitched
from consult.sessions.features.consult.events import ConsultOpened
from consult.sessions.features.kinds import ParticipantCommand
from consult.sessions.features.seats.events import SeatPut
from consult.sessions.state import State

LEADERS = frozenset({"host", "moderator"})
TOLERANCE_S = 1e-6


def wrong_board(log: Sequence[Entry], commands: Mapping[str, ParticipantCommand], state: State) -> Iterator[str]:
    """What is wrong, a sentence each: with the log, and with the state at its end."""
    replay = _Replay(commands)
    for entry in log:
        for sentence in replay.see(entry):
            yield f"entry {entry.seq}: {sentence}"
    kept = (state.preparations, state.prepared, state.decision_drafts, state.decisions, state.dissents, state.attendees)
    if kept != (replay.preparations, replay.prepared, replay.drafts, replay.decisions, replay.dissents, replay.roll):
        yield "in the end the board is not what its log says"


def board_case_of(event: object) -> str:
    """The case that an event of a board is of; "" for others."""
    match event:
        case PreparationPut(preparation=Preparation(case=case)) | PreparedViewPut(prepared=PreparedView(case=case)):
            return case
        case DecisionDrafted(draft=DecisionDraft(case=case)) | DecisionSaved(decision=Decision(case=case)):
            return case
        case PreparedViewDropped(case=case) | DissentDropped(case=case) | DissentPut(dissent=Dissent(case=case)):
            return case
    return ""


class _Replay:
    def __init__(self, commands: Mapping[str, ParticipantCommand]) -> None:
        self.commands = commands
        self.case = ""
        self.order: tuple[str, ...] = ()
        self.series: dict[str, set[str]] = {}
        self.roles: dict[str, str] = {}
        self.board: Board | None = None
        self.preparations: dict[str, Preparation] = {}
        self.prepared: dict[str, PreparedView] = {}
        self.drafts: dict[str, DecisionDraft] = {}
        self.decisions: dict[str, Decision] = {}
        self.dissents: dict[str, Dissent] = {}
        self.roll: dict[str, Attendee] = {}

    def see(self, entry: Entry) -> Iterator[str]:
        match entry.event:
            case ConsultOpened(consult=consult, cases=cases):
                self.series = {case.id: {str(series.key) for series in case.series} for case in cases}
                self.order, self.case = tuple(case.id for case in cases), cases[0].id
                self.board = Board() if consult.kind == "board" else None
            case CaseSwitched(case=case):
                yield from self.left(entry)
                self.case = case
            case SeatPut(seat=seat):
                self.roles[seat.id] = seat.role
            case BoardPut(board=board):
                yield from self.course(entry, board)
                self.board = board
            case CasesOrdered(order=order):
                yield from self.reordered(entry, order)
                self.order = order
            case AttendeePut(attendee=attendee):
                yield from self.called(entry, attendee)
                self.roll[attendee.id] = attendee
            case AttendeeDropped(attendee=gone):
                yield from self.taken_off(entry, gone)
            case _:
                yield from self.see_case(entry)

    def see_case(self, entry: Entry) -> Iterator[str]:
        match entry.event:
            case PreparationPut(preparation=preparation):
                yield from self.prepares(entry, preparation)
                self.preparations[preparation.case] = preparation
            case PreparedViewPut(prepared=view):
                yield from self.keeps(entry, view)
                self.prepared[view.id] = view
            case PreparedViewDropped(prepared=gone):
                command = self.commands.get(entry.command)
                if not isinstance(command, DropPreparedView) or command.prepared != gone:
                    yield f"prepared view {gone} is lost: nobody has dropped it"
                self.prepared.pop(gone, None)
            case DecisionDrafted(draft=draft):
                yield from self.drafted(entry, draft)
                self.drafts[draft.case] = draft
            case DecisionSaved(decision=decision):
                yield from self.decided(entry, decision)
                self.drafts.pop(decision.case, None)
                self.decisions.setdefault(decision.id, decision)
            case DissentPut(dissent=dissent):
                yield from self.dissents_from(entry, dissent)
                self.dissents[dissent.id] = dissent
            case DissentDropped(dissent=gone):
                yield from self.withdraws(entry, gone)
                self.dissents.pop(gone, None)

    # The course

    def course(self, entry: Entry, board: Board) -> Iterator[str]:
        before = self.board
        if before is None or (not self.leads(entry) and board.phase != before.phase):
            yield f"{entry.by} changed the course of a board"
        elif (before.phase, board.phase) == ("running", "preparing"):
            yield "a board that has begun is prepared again"
        if board.began_at is not None:
            counted = sum(board.spent.values())
            if abs(counted - (board.since - board.began_at)) > TOLERANCE_S:
                yield f"of {board.since - board.began_at} s {counted} are counted"

    def left(self, entry: Entry) -> Iterator[str]:
        board = self.board
        if board is not None and board.phase == "running" and abs(board.since - entry.at) > TOLERANCE_S:
            yield f"{self.case} leaves the stage, and its time is not counted"

    def reordered(self, entry: Entry, order: tuple[str, ...]) -> Iterator[str]:
        command = self.commands.get(entry.command)
        named = command.order if isinstance(command, OrderCases) else ()
        if sorted(order) != sorted(self.order):
            yield f"the list was {self.order}, and is {order}"
        elif order[: len(named)] != named:
            yield f"{named} was asked for, and the order is {order}"

    def leads(self, entry: Entry) -> bool:
        return self.roles.get(entry.by) in LEADERS

    # What is prepared

    def prepares(self, entry: Entry, after: Preparation) -> Iterator[str]:
        before, command = self.preparations.get(after.case, Preparation(after.case)), self.commands.get(entry.command)
        if command is None or getattr(command, "of", "") != after.case:
            yield f"{after.case} is prepared, and nobody asked for it"
        for name in {*before.texts, *after.texts}:
            old, new = before.texts.get(name), after.texts.get(name)
            if old == new:
                continue
            if not isinstance(command, PutPreparation) or new is None or (command.text, new.author) != (name, entry.by):
                yield f"the {name} of {after.case} is not what {entry.by} wrote"
            elif (command.base, new.rev) != (new.rev - 1, (0 if old is None else old.rev) + 1):
                yield f"{entry.by} wrote over what they had not seen"
        if isinstance(command, OrderPreparedViews) and after.order != command.order:
            yield "prepared views are in another order than was asked for"

    def keeps(self, entry: Entry, view: PreparedView) -> Iterator[str]:
        before = self.prepared.get(view.id)
        if before is not None:
            if replace(before, line=view.line) != view:
                yield f"prepared view {view.id} is another one now"
            return
        if (view.case, view.by) != (self.case, entry.by):
            yield f"{view.by} kept a view of {view.case} while {self.case} is on the stage"
        if not set(map(str, view.view.series)) <= self.series[view.case]:
            yield "a prepared view shows another case"

    def views(self, case: str) -> tuple[PreparedView, ...]:
        """In their order, all of them."""
        order = self.preparations.get(case, Preparation(case)).order
        known = [view for view in self.prepared.values() if view.case == case]
        return tuple(sorted(known, key=lambda view: order.index(view.id) if view.id in order else len(order)))

    # What is decided

    def of(self, case: str) -> list[Decision]:
        return [decision for decision in self.decisions.values() if decision.case == case]

    def drafted(self, entry: Entry, draft: DecisionDraft) -> Iterator[str]:
        before, command = self.drafts.get(draft.case), self.commands.get(entry.command)
        if draft.case != self.case:
            yield f"a decision about {draft.case} is written while {self.case} is on the stage"
        if not isinstance(command, PutDecision) or command.base != draft.rev - 1:
            yield f"{entry.by} wrote over a decision that they had not seen"
        elif (command.words.text, command.words.outcome) != (draft.words.text, draft.words.outcome):
            yield "a decision has other words than were written"
        if draft.rev != (0 if before is None else before.rev) + 1 or draft.author != entry.by or not self.leads(entry):
            yield f"{entry.by} cannot have written that decision"
        if before is not None and before.words != draft.words:
            number = len(self.of(draft.case)) + 1
            if any((one.case, one.number) == (draft.case, number) for one in self.dissents.values()):
                yield "somebody dissents from other words than they read"

    def decided(self, entry: Entry, decision: Decision) -> Iterator[str]:
        draft, command, former = self.drafts.get(self.case), self.commands.get(entry.command), self.of(decision.case)
        if decision.case != self.case:
            yield f"a decision lands on {decision.case} while {self.case} is on the stage"
        if draft is None or not draft.shown or draft.words != decision.words:
            yield "something is decided that did not stand on all screens"
        elif not isinstance(command, SaveDecision) or command.base != draft.rev:
            yield f"{entry.by} decided what they had not seen"
        numbers = decision.number, decision.count, decision.id
        number = len(former) + 1
        if numbers != (number, len(self.decisions) + 1, f"{decision.case}.{number}") or not self.leads(entry):
            yield f"decision {decision.id} is not the next one, or not of {entry.by}"
        if (decision.by, decision.at) != (entry.by, entry.at):
            yield f"decision {decision.id} was made by another, or at another time"
        views = self.views(decision.case) if decision.words.outcome == "deferral" else ()
        if decision.views != views:
            yield f"{decision.case} is put off, and of its {len(views)} views {len(decision.views)} are kept"

    def dissents_from(self, entry: Entry, dissent: Dissent) -> Iterator[str]:
        draft, number = self.drafts.get(self.case), len(self.of(self.case))
        number += draft is not None and draft.shown
        if (dissent.case, dissent.seat, dissent.number) != (self.case, entry.by, number) or not number:
            yield f"{entry.by} dissents from what is neither shown nor decided"

    def withdraws(self, entry: Entry, gone: str) -> Iterator[str]:
        command, dissent = self.commands.get(entry.command), self.dissents.get(gone)
        own = (
            isinstance(command, PutDissent) and not command.reason and dissent is not None and dissent.seat == entry.by
        )
        if dissent is None or not (own or isinstance(command, PutDecision)):
            yield f"{entry.by} took back another's dissent"

    # Who is there

    def called(self, entry: Entry, attendee: Attendee) -> Iterator[str]:
        before = self.roll.get(attendee.id)
        if attendee.seat != entry.by and not self.leads(entry):
            yield f"{entry.by} says that {attendee.id} is here"
        if before is not None and before.seat != attendee.seat:
            yield f"{attendee.id} sits at another page now"

    def taken_off(self, entry: Entry, gone: str) -> Iterator[str]:
        before, command = self.roll.pop(gone, None), self.commands.get(entry.command)
        if before is None or not isinstance(command, DropAttendee) or command.person != gone:
            yield f"{gone} is taken off the roll, and nobody asked for it"
        elif before.seat != entry.by and not self.leads(entry):
            yield f"{entry.by} took {gone} off the roll"
