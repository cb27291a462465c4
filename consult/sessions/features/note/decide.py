"""What people do with notes.

Rules:
- A note is of the case on the stage. A field is written upon its newest revision, so that nobody overwrites unseen.
- A signed version is an event; no command changes one.
"""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from consult.model.catalogue import Case
from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.sessions.features.kinds import Event
from consult.sessions.features.limits import MAX_SIGNED, MAX_VERSIONS, full, full_part
from consult.sessions.features.note.commands import (
    MAX_CHANGED,
    MAX_FIELD,
    MAX_SIGNER,
    NoteCommand,
    OrderFindings,
    PutNote,
    SignNote,
)
from consult.sessions.features.note.events import Note, NotePut, NoteSigned, Signature, SignedNote, Written
from consult.sessions.features.note.signing import version, versions_of
from consult.sessions.features.texts import clean_line, clean_lines
from consult.sessions.state import State

AGREEMENTS = ("", "agrees", "differs")
RESPONSES = ("", "CR", "PR", "SD", "PD", "NE")
"""RECIST 1.1: complete, partial response, stable, progressive disease, not evaluable."""


def decide(state: State, actor: SeatId, command: NoteCommand, now: float) -> list[Event]:
    """What a command about a note leads to.

    Raises:
        Refused: "nothing_to_show", "changed_meanwhile", "bad_agreement", "bad_response", "unknown_finding",
            "signed_meanwhile", "not_said_twice", "no_signer", "empty_impression", "anothers_draft",
            "unknown_study", "not_final", "final_already", "nothing_changed", "too_many_versions"; those of `version`.
    """
    case = state.current_case
    if case is None:
        raise Refused("nothing_to_show", "There is no case on the stage.")
    note = state.notes.get(case.id, Note(case.id))
    match command:
        case PutNote():
            return _write(state, actor, note, command)
        case OrderFindings(order=order):
            return _order(state, note, order)
        case SignNote():
            signature = _signature(state, actor, command, now)
            return [NoteSigned(_sign(state, case, note, command, signature))]
        case _ as never:
            assert_never(never)


def _write(state: State, actor: SeatId, note: Note, command: PutNote) -> list[Event]:
    before = note.fields.get(command.field)
    if command.base != (0 if before is None else before.rev):
        who = "Somebody" if before is None else before.author_name
        raise Refused("changed_meanwhile", f"{who} has written there meanwhile.")
    text = clean_lines(command.text, MAX_FIELD)
    if command.field == "agreement" and text not in AGREEMENTS:
        raise Refused("bad_agreement", "A note agrees or differs with the local report, or says nothing of it.")
    if command.field == "response" and text not in RESPONSES:
        raise Refused("bad_response", "The response is CR, PR, SD, PD or NE, or nothing.")
    if text == note.text(command.field):
        return []
    written = Written(text, command.base + 1, actor, state.seats[actor].name)
    return [NotePut(replace(note, fields={**note.fields, command.field: written}))]


def _order(state: State, note: Note, order: tuple[str, ...]) -> list[Event]:
    for identifier in order:
        finding = state.findings.get(identifier)
        if finding is None or finding.case != note.case:
            raise Refused("unknown_finding", "There is no such finding (any more).")
    unique = tuple(dict.fromkeys(order))
    return [] if unique == note.order else [NotePut(replace(note, order=unique))]


def _sign(state: State, case: Case, note: Note, command: SignNote, signature: Signature) -> SignedNote:
    command = replace(command, changed=clean_line(command.changed, MAX_CHANGED))
    _check_versions(state, case, command)
    if not note.text("impression"):
        raise Refused("empty_impression", "A note without an impression is not signed.")
    _check_writers(note, signature.seat, command)
    known = {study.key for study in case.studies}
    if not set(command.seen) <= known:
        raise Refused("unknown_study", "This case does not have a study that is said to be seen.")
    return version(state, case, note, command, signature)


def _signature(state: State, actor: SeatId, command: SignNote, now: float) -> Signature:
    name, role = clean_line(command.signer.name, MAX_SIGNER), clean_line(command.signer.role, MAX_SIGNER)
    if not name or not role:
        raise Refused("no_signer", "Who signs gives name and role.")
    if command.again != command.signer:
        raise Refused("not_said_twice", "Name and role are not the same the second time.")
    return Signature(actor, name, role, now, state.site.utc_offset_min)


def _check_versions(state: State, case: Case, command: SignNote) -> None:
    """The version is the next one, and may follow the one before."""
    former = versions_of(state, case.id)
    if len(former) != command.versions:
        who = former[-1].signature.name if former else "Nobody"
        raise Refused("signed_meanwhile", f"{who} has signed version {len(former)} meanwhile. Read it first.")
    if len(former) >= MAX_VERSIONS:
        raise full_part("too_many_versions", "note", MAX_VERSIONS, "versions", "open a new consult for more")
    if len(state.signed) >= MAX_SIGNED:
        raise full("too_many_versions", MAX_SIGNED, "signed versions", "begin")
    is_final = any(one.status != "preliminary" for one in former)
    if is_final and command.status != "addendum":
        raise Refused("final_already", "This note is final. What comes now is an addendum.")
    if not is_final and command.status == "addendum":
        raise Refused("not_final", "An addendum follows a final note. This one is not final yet.")
    if former and not command.changed:
        raise Refused("nothing_changed", "A new version says what is changed.")


def _check_writers(note: Note, actor: SeatId, command: SignNote) -> None:
    """The signer has written it all, or answers for what others wrote."""
    for field, written in note.fields.items():
        if written.text and written.author != actor and written.author not in command.takes_over:
            what = field.replace("_", " ")
            raise Refused("anothers_draft", f"{written.author_name} wrote the {what}. Take it over to sign it.")
