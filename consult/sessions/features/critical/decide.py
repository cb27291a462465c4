"""What becomes of a critical result.

Rules:
- It is open until somebody closes it, and nobody closes what nobody has acknowledged. Nothing closes it by itself.
- Who raised it does not acknowledge it, nor from another seat of the host's own; they say that it was read back by
  voice, or told by telephone, and to whom.
- Where it is meant for somebody who has a seat, nobody else's read-back counts but the backup's.
- The clock is the server's. A notice that cannot be delivered is as one that nobody reads.
- A notice that was being sent when somebody acknowledged or closed the result is still noted as sent or failed; it is
  not tried again.
"""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.model.side import Side, other_side_word
from consult.sessions.features.critical.commands import (
    MAX_WHAT,
    MAX_WORDS,
    AcknowledgeCritical,
    CloseCritical,
    CriticalCommand,
    EscalateCritical,
    NoteDelivery,
    RaiseCritical,
    TellCritical,
)
from consult.sessions.features.critical.events import (
    BACKUP,
    FIRST,
    MAX_PERSON,
    NOBODY,
    Acknowledgement,
    Channel,
    Closure,
    Critical,
    CriticalPut,
    Notice,
    Recipient,
)
from consult.sessions.features.critical.invitations import asked_about
from consult.sessions.features.findings.decide import find
from consult.sessions.features.kinds import Event
from consult.sessions.features.limits import MAX_CRITICALS, full
from consult.sessions.features.texts import clean_line
from consult.sessions.state import State

MIN_READ_BACK = 10
"""Characters of own words."""
RETRY_S = (10.0, 30.0, 120.0, 600.0)
"""After each failed try of a notice; after one more it is undeliverable."""
TOO_LATE = "It was not sent in time."
EARLY_S = 60.0
"""Clocks of two machines may differ by this."""


def decide(state: State, actor: SeatId, command: CriticalCommand, now: float) -> list[Event]:
    """What a command about a critical result leads to.

    Raises:
        Refused: "too_many_criticals", "other_kind", "side_missing", "side_contradicts", "too_long", "no_name",
            "same_person", "unknown_critical", "unknown_finding", "unknown_seat", "own_critical", "for_another",
            "short_read_back", "acknowledged_already", "not_acknowledged", "closed_already", "not_yours", "bad_time".
    """
    match command:
        case RaiseCritical():
            return [CriticalPut(_raise(state, actor, command, now))]
        case AcknowledgeCritical():
            return [CriticalPut(_acknowledge(state, actor, command, now))]
        case TellCritical():
            return [CriticalPut(_tell(state, actor, command, now))]
        case CloseCritical():
            return [CriticalPut(_close(state, actor, command, now))]
        case EscalateCritical(critical=identifier):
            return _escalate(state, identifier, now)
        case NoteDelivery():
            return _delivered(state, command, now)
        case _ as never:
            assert_never(never)


def _raise(state: State, actor: SeatId, command: RaiseCritical, now: float) -> Critical:
    if command.critical in state.criticals:
        raise Refused("other_kind", "There is a critical result of that name already.")
    if len(state.criticals) >= MAX_CRITICALS:
        raise full("too_many_criticals", MAX_CRITICALS, "critical results", "begin")
    within_s = 60.0 * state.site.critical_minutes[command.category - 1]
    after_s = within_s if command.after_s is None else command.after_s
    if after_s > within_s:
        raise Refused("too_long", f"A result of category {command.category} is acknowledged within that time or less.")
    to, backup = _recipient(state, command.to), _recipient(state, command.backup)
    if to == backup or (to.seat and to.seat == backup.seat):
        raise Refused("same_person", "The backup is another person.")
    raised = Critical(
        id=command.critical,
        case=state.current,
        category=command.category,
        what=clean_line(command.what, MAX_WHAT),
        where=_where(state, command),
        finding=command.finding,
        found_at=now,
        found_by=actor,
        found_by_name=state.seats[actor].name,
        to=to,
        backup=backup,
        after_s=after_s,
        due_at=now + after_s,
        utc_offset_min=state.site.utc_offset_min,
    )
    return replace(raised, notices=_notices(state, raised, FIRST, now))


def _recipient(state: State, recipient: Recipient) -> Recipient:
    name = clean_line(recipient.name, MAX_PERSON)
    if not name:
        raise Refused("no_name", "A critical result is for somebody with a name.")
    if recipient.seat:
        state.present(recipient.seat)
    return replace(recipient, name=name)


def _where(state: State, command: RaiseCritical) -> Side:
    side = command.where
    if command.finding:
        side = find(state, command.finding).side.side
    if not side:
        raise Refused("side_missing", "A critical result says on which side it is. Confirm the side first.")
    if word := other_side_word(command.what, side):
        raise Refused("side_contradicts", f'It is on the {side}, and its text says "{word}".')
    return side


def _notices(state: State, critical: Critical, stage: int, now: float) -> tuple[Notice, ...]:
    """What is sent to the person of a stage, by the ways that this server has."""
    person = critical.to if stage == FIRST else critical.backup
    transports: list[tuple[Channel, str]] = [("webhook", "")] if state.site.webhook else []
    transports += [("email", person.email)] if state.site.email and person.email else []
    return tuple(Notice(f"{stage}.{channel}", stage, channel, to, now) for channel, to in transports)


def _find(state: State, identifier: str) -> Critical:
    critical = state.criticals.get(identifier)
    if critical is None:
        raise Refused("unknown_critical", "There is no such critical result.")
    if critical.closed is not None:
        raise Refused("closed_already", f"{critical.closed.name} has closed it already.")
    return critical


def _open(state: State, identifier: str) -> Critical:
    critical = _find(state, identifier)
    if critical.acknowledged is not None:
        raise Refused("acknowledged_already", f"{critical.acknowledged.name} has acknowledged it already.")
    return critical


def _acknowledge(state: State, actor: SeatId, command: AcknowledgeCritical, now: float) -> Critical:
    critical = _open(state, command.critical)
    if _is_raiser(state, actor, critical):
        raise Refused("own_critical", "Who raised it does not acknowledge it. Say to whom it was told.")
    seats = {person.seat for person in (critical.to, critical.backup) if person.seat}
    if seats and actor not in seats and asked_about(state, actor) != critical.id:
        first, backup = critical.to.name, critical.backup.name
        raise Refused("for_another", f"This is for {first}, then for {backup}.")
    words = clean_line(command.read_back, MAX_WORDS)
    if len(words) < MIN_READ_BACK or words.casefold() == critical.what.casefold():
        raise Refused("short_read_back", f"Read it back in your own words, in {MIN_READ_BACK} characters at least.")
    taken = Acknowledgement("read_back", state.seats[actor].name, actor, words, now, now)
    return replace(critical, acknowledged=taken)


def _is_raiser(state: State, actor: SeatId, critical: Critical) -> bool:
    """Who hosts has a seat in each browser, all of one name."""
    raiser, seat = state.seats[critical.found_by], state.seats[actor]
    return actor == raiser.id or (seat.role == raiser.role == "host" and seat.name == raiser.name)


def _tell(state: State, actor: SeatId, command: TellCritical, now: float) -> Critical:
    critical = _open(state, command.critical)
    _check_sender(state, actor, critical)
    name = clean_line(command.to, MAX_PERSON)
    if not name:
        raise Refused("no_name", "Say to whom it was told.")
    if not critical.found_at - EARLY_S <= command.told_at <= now + EARLY_S:
        raise Refused("bad_time", "It was told after it was found, and before now.")
    words = clean_line(command.words, MAX_WORDS)
    return replace(critical, acknowledged=Acknowledgement(command.how, name, actor, words, command.told_at, now))


def _close(state: State, actor: SeatId, command: CloseCritical, now: float) -> Critical:
    critical = _find(state, command.critical)
    _check_sender(state, actor, critical)
    if critical.acknowledged is None:
        raise Refused("not_acknowledged", "Nobody has acknowledged it yet. Say to whom it was told.")
    outcome = clean_line(command.outcome, MAX_WORDS)
    if not outcome:
        raise Refused("no_outcome", "Say what came of it.")
    return replace(critical, closed=Closure(actor, state.seats[actor].name, now, outcome))


def _check_sender(state: State, actor: SeatId, critical: Critical) -> None:
    if actor != critical.found_by and state.seats[actor].role != "host":
        raise Refused("not_yours", "Only who raised it, or the host, can say this.")


def _escalate(state: State, identifier: str, now: float) -> list[Event]:
    """The next stage, where that is due."""
    critical = state.criticals.get(identifier)
    if critical is None or critical.next_at is None or critical.stage >= NOBODY or now < critical.due_at:
        return []
    return [CriticalPut(_next_stage(state, critical, now))]


def _next_stage(state: State, critical: Critical, now: float) -> Critical:
    stage = critical.stage + 1
    others = tuple(n for n in critical.notices if n.stage != critical.stage or n.state != "waiting")
    late = tuple(replace(n, state="failed", sentence=TOO_LATE) for n in critical.notices if n not in others)
    notices = _notices(state, critical, stage, now) if stage == BACKUP else ()
    return replace(critical, stage=stage, due_at=now + critical.after_s, notices=(*others, *late, *notices))


def _delivered(state: State, command: NoteDelivery, now: float) -> list[Event]:
    """What became of a try; where nothing of a stage can be delivered, the next stage at once."""
    critical = state.criticals.get(command.critical)
    notice = next((n for n in critical.notices if n.id == command.notice), None) if critical is not None else None
    if critical is None or notice is None or notice.state != "waiting":
        return []
    after = _tried(notice, command, now, is_last=critical.acknowledged is not None)
    changed = replace(critical, notices=tuple(after if n.id == after.id else n for n in critical.notices))
    ours = [n for n in changed.notices if n.stage == changed.stage]
    is_lost = bool(ours) and all(n.state == "failed" for n in ours)
    if is_lost and changed.stage < NOBODY and changed.next_at is not None:
        changed = _next_stage(state, changed, now)
    return [CriticalPut(changed)]


def _tried(notice: Notice, command: NoteDelivery, now: float, *, is_last: bool) -> Notice:
    if command.sent:
        return replace(notice, state="sent", tries=notice.tries + 1, sentence="")
    if is_last or notice.tries >= len(RETRY_S):
        return replace(notice, state="failed", tries=notice.tries + 1, sentence=command.sentence)
    next_at = now + RETRY_S[notice.tries]
    return replace(notice, tries=notice.tries + 1, next_at=next_at, sentence=command.sentence)
