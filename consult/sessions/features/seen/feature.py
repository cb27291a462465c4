"""Seen: by an explicit word of who opened a note. Who watches on another's screen sends nothing, and does not count."""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.sessions.features.feature import Feature
from consult.sessions.features.kinds import Event
from consult.sessions.features.note.events import SignedNote
from consult.sessions.features.seats.closing import read_case
from consult.sessions.features.seats.decide import clean_name
from consult.sessions.features.seen.commands import MarkSeen, NoteRead, OpenNote, SeenCommand
from consult.sessions.features.seen.events import Seen, SeenPut
from consult.sessions.features.standings import EVERYBODY, READING
from consult.sessions.state import State


def decide(state: State, actor: SeatId, command: SeenCommand, now: float) -> list[Event]:
    """What a reader's command leads to.

    Raises:
        Refused: "unknown_version", "own_note"; of a reader also "unknown_seat", "bad_name".
    """
    version = state.signed.get(command.version)
    if version is None:
        raise Refused("unknown_version", "There is no such signed note.")
    match command:
        case OpenNote():
            return _open(state, actor, command.version, now)
        case MarkSeen():
            return _confirm(state, actor, version, state.seats[actor].name, now)
        case NoteRead():
            return _by_link(state, command, version, now)
        case _ as never:
            assert_never(never)


def _by_link(state: State, command: NoteRead, version: SignedNote, now: float) -> list[Event]:
    seat = state.present(command.seat)
    if read_case(state, seat.id) != version.case:
        raise Refused("unknown_version", "There is no such signed note.")
    if not command.confirmed:
        return _open(state, seat.id, version.id, now)
    return _confirm(state, seat.id, version, clean_name(command.name) if command.name else seat.name, now)


def _open(state: State, seat: SeatId, version: str, now: float) -> list[Event]:
    known = f"{version}/{seat}" in state.seen
    return [] if known else [SeenPut(_opened(state, seat, version, now))]


def _confirm(state: State, seat: SeatId, version: SignedNote, name: str, now: float) -> list[Event]:
    if version.signature.seat == seat:
        raise Refused("own_note", "Who signed a note does not confirm having read it.")
    before = state.seen.get(f"{version.id}/{seat}")
    if before is not None and before.seen_at is not None:
        return []
    opened = before or _opened(state, seat, version.id, now)
    return [SeenPut(replace(opened, name=name, seen_at=now))]


def apply(state: State, event: SeenPut, by: SeatId) -> State:
    """The state with that reader."""
    return replace(state, seen={**state.seen, event.seen.id: event.seen})


def _opened(state: State, actor: SeatId, version: str, now: float) -> Seen:
    name, zone = state.seats[actor].name, state.site.utc_offset_min
    return Seen(f"{version}/{actor}", version, actor, name, now, utc_offset_min=zone)


SEEN = Feature[SeenCommand, SeenPut](
    name="seen",
    commands=dict.fromkeys((OpenNote, MarkSeen), EVERYBODY | READING),
    server_commands=frozenset({NoteRead}),
    events=(SeenPut,),
    decide=decide,
    apply=apply,
)
