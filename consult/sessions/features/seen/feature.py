"""Seen: by an explicit word of who opened a note. Who watches on another's screen sends nothing, and does not count."""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.sessions.features.feature import Feature
from consult.sessions.features.kinds import Event
from consult.sessions.features.seen.commands import MarkSeen, OpenNote, SeenCommand
from consult.sessions.features.seen.events import Seen, SeenPut
from consult.sessions.features.standings import EVERYBODY, READING
from consult.sessions.state import State


def decide(state: State, actor: SeatId, command: SeenCommand, now: float) -> list[Event]:
    """What a reader's command leads to.

    Raises:
        Refused: "unknown_version", "own_note".
    """
    version = state.signed.get(command.version)
    if version is None:
        raise Refused("unknown_version", "There is no such signed note.")
    before = state.seen.get(f"{command.version}/{actor}")
    match command:
        case OpenNote():
            return [] if before is not None else [SeenPut(_opened(state, actor, command.version, now))]
        case MarkSeen():
            if version.signature.seat == actor:
                raise Refused("own_note", "Who signed a note does not confirm having read it.")
            if before is not None and before.seen_at is not None:
                return []
            opened = before or _opened(state, actor, command.version, now)
            return [SeenPut(replace(opened, name=state.seats[actor].name, seen_at=now))]
        case _ as never:
            assert_never(never)


def apply(state: State, event: SeenPut, by: SeatId) -> State:
    """The state with that reader."""
    return replace(state, seen={**state.seen, event.seen.id: event.seen})


def _opened(state: State, actor: SeatId, version: str, now: float) -> Seen:
    name, zone = state.seats[actor].name, state.site.utc_offset_min
    return Seen(f"{version}/{actor}", version, actor, name, now, utc_offset_min=zone)


SEEN = Feature[SeenCommand, SeenPut](
    name="seen",
    commands=dict.fromkeys((OpenNote, MarkSeen), EVERYBODY | READING),
    events=(SeenPut,),
    decide=decide,
    apply=apply,
)
