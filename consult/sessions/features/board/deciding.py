"""What is decided of the case on the stage: written, shown on all screens, saved; and who is of another opinion."""

from __future__ import annotations

from datetime import date

from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.sessions.features.board.commands import (
    MAX_OWNER,
    MAX_REASON,
    MAX_STAGE,
    MAX_TEXT,
    PutDecision,
    PutWords,
)
from consult.sessions.features.board.events import (
    Decision,
    DecisionDraft,
    DecisionDrafted,
    DecisionSaved,
    Dissent,
    DissentDropped,
    DissentPut,
    Words,
)
from consult.sessions.features.board.preparing import views_of
from consult.sessions.features.kinds import Event
from consult.sessions.features.limits import MAX_DECISIONS, full_part
from consult.sessions.features.texts import clean_line, clean_lines
from consult.sessions.state import State

NOTHING = Words("")


def decisions_of(state: State, case: str) -> tuple[Decision, ...]:
    """What was decided of a case, in its order."""
    return tuple(one for one in state.decisions.values() if one.case == case)


def dissents_of(state: State, case: str, number: int) -> tuple[Dissent, ...]:
    """Who is of another opinion than a decision of a case."""
    return tuple(one for one in state.dissents.values() if (one.case, one.number) == (case, number))


def draft(state: State, actor: SeatId, command: PutDecision) -> list[Event]:
    """What is about to be decided. What was dissented from is another thing once its words are.

    Raises:
        Refused: "changed_meanwhile", "bad_date", "empty_decision".
    """
    before = state.decision_drafts.get(state.current)
    if command.base != (0 if before is None else before.rev):
        who = "Somebody" if before is None else before.author_name
        raise Refused("changed_meanwhile", f"{who} has written there meanwhile.")
    words = _clean(command.words)
    if command.shown and not words.text:
        raise Refused("empty_decision", "There is nothing to decide yet.")
    if before is not None and (before.words, before.shown) == (words, command.shown):
        return []
    if before is None and words == NOTHING:
        return []
    put = DecisionDrafted(
        DecisionDraft(state.current, command.base + 1, words, actor, state.seats[actor].name, command.shown)
    )
    is_another = before is not None and before.words != words
    return [*(_withdraw_all(state) if is_another else []), put]


def save(state: State, actor: SeatId, base: int, now: float) -> list[Event]:
    """What stands on all screens is decided.

    Raises:
        Refused: "not_shown", "changed_meanwhile", "too_many_decisions".
    """
    about = state.decision_drafts.get(state.current)
    if about is None or not about.shown:
        raise Refused("not_shown", "A decision is saved once it has stood on all screens.")
    if about.rev != base:
        raise Refused("changed_meanwhile", f"{about.author_name} has changed it meanwhile. Read it first.")
    former = decisions_of(state, state.current)
    if len(former) >= MAX_DECISIONS:
        raise full_part("too_many_decisions", "case", MAX_DECISIONS, "decisions", "open a new board for more")
    number = len(former) + 1
    decision = Decision(
        id=f"{state.current}.{number}",
        case=state.current,
        number=number,
        count=len(state.decisions) + 1,
        words=about.words,
        by=actor,
        by_name=state.seats[actor].name,
        at=now,
        utc_offset_min=state.site.utc_offset_min,
        views=views_of(state, state.current) if about.words.outcome == "deferral" else (),
    )
    return [DecisionSaved(decision)]


def dissent(state: State, actor: SeatId, reason: str, now: float) -> list[Event]:
    """Somebody is of another opinion, or no longer.

    Raises:
        Refused: "nothing_decided".
    """
    about, decided = state.decision_drafts.get(state.current), len(decisions_of(state, state.current))
    number = decided + 1 if about is not None and about.shown else decided
    if number == 0:
        raise Refused("nothing_decided", "Nothing is shown or decided yet.")
    identifier, clean = f"{state.current}.{number}/{actor}", clean_lines(reason, MAX_REASON)
    before = state.dissents.get(identifier)
    if not clean:
        return [] if before is None else [DissentDropped(identifier, state.current)]
    if before is not None and before.reason == clean:
        return []
    attendee = state.attendees.get(actor)
    specialty = "" if attendee is None else attendee.specialty
    return [
        DissentPut(Dissent(identifier, state.current, number, actor, state.seats[actor].name, specialty, clean, now))
    ]


def _withdraw_all(state: State) -> list[Event]:
    number = len(decisions_of(state, state.current)) + 1
    return [DissentDropped(one.id, one.case) for one in dissents_of(state, state.current, number)]


def _clean(words: PutWords) -> Words:
    if words.due:
        try:
            date.fromisoformat(words.due)
        except ValueError:
            raise Refused("bad_date", "The date is not one of the calendar.") from None
    return Words(
        clean_lines(words.text, MAX_TEXT),
        clean_line(words.stage, MAX_STAGE),
        clean_line(words.owner, MAX_OWNER),
        words.due,
        words.outcome,
    )
