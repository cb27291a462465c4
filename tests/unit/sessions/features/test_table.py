"""The table of features: all follows from it. A feature that is made up here is decided, folded, permitted, decoded
and declared as the others are, by nothing but its own lines."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from consult.model.errors import Malformed, Refused
from consult.model.identifiers import SeatId
from consult.sessions.core import SessionCore
from consult.sessions.decide import decide
from consult.sessions.effects import Append, Send
from consult.sessions.events import Entry, StoredEvent
from consult.sessions.features.feature import Feature
from consult.sessions.features.kinds import ClientMessage, Event, ParticipantCommand, ServerCommand, ServerMessage
from consult.sessions.features.standings import HOSTS
from consult.sessions.features.table import FEATURES, REGISTRY, Registry, union_of
from consult.sessions.fold import fold
from consult.sessions.messages import Ack, Nack
from consult.sessions.protocol import client_messages, server_messages
from consult.sessions.state import State
from consult.signaling.codec import decode
from consult.signaling.schema import declarations, json_schema
from tests.support.cases import START, Table, command_id
from tests.support.decisions import HOST, consult


class Retitle(ParticipantCommand, frozen=True, tag="retitle"):
    """Made up: another title for the consult."""

    title: str


class Retitled(Event, frozen=True, tag="retitled"):
    """Made up: it has another title."""

    title: str


def decide_title(state: State, actor: SeatId, command: Retitle, now: float) -> list[Event]:
    if not command.title:
        raise Refused("no_title", "A title has characters.")
    return [] if command.title == state.consult.title else [Retitled(command.title)]


def apply_title(state: State, event: Retitled, by: SeatId) -> State:
    return replace(state, consult=replace(state.consult, title=f"{event.title} ({by})"))


TITLES = Feature[Retitle, Retitled](
    name="titles", commands={Retitle: HOSTS}, events=(Retitled,), decide=decide_title, apply=apply_title
)
MORE = Registry((*FEATURES, TITLES))


def retitle(who: str, title: str = "Monday", n: int = 1) -> Retitle:
    return Retitle(id=command_id(who, n), case=1, title=title)


class MadeUpTable(Table):
    """A table whose core has one feature more."""

    def __init__(self) -> None:
        super().__init__()
        self.core = SessionCore(self.state, owner="server-1", registry=MORE)
        self.do(self.core.start(self.now))
        self.join("host", "host")
        self.join("ann")


def test_it_is_decided_and_folded() -> None:
    (event,) = decide(consult(), HOST, retitle("host"), START, MORE)
    state = fold(consult(), Entry(consult().seq + 1, START, event, HOST), MORE)
    assert state.consult.title == "Monday (host)"
    with pytest.raises(Refused, match="no_title"):
        decide(consult(), HOST, retitle("host", ""), START, MORE)


def test_it_is_permitted_as_it_lists_and_by_the_core() -> None:
    table = MadeUpTable()
    *stored, ack = table.send("host", retitle("host"))
    assert isinstance(ack, Ack)
    assert [type(effect) for effect in table.effects if isinstance(effect, Append)] == [Append]
    (event,) = stored
    assert isinstance(event, StoredEvent)
    assert (event.event, table.state.consult.title) == (Retitled("Monday"), "Monday (host)")
    (nack,) = table.send("ann", retitle("ann"))
    assert isinstance(nack, Nack)
    assert nack.code == "not_allowed"


def test_it_is_decoded_and_declared() -> None:
    text = '{"type": "retitle", "id": "tab-one1.1", "case": 1, "title": "Monday"}'
    decoded = msgspec.json.decode(text, type=union_of(client_messages(MORE)))
    assert decoded == Retitle(id="tab-one1.1", case=1, title="Monday")
    assert "| Retitle" in declarations(MORE)
    assert "Retitle" in json_schema(MORE)


def test_without_it_nothing_knows_of_it() -> None:
    with pytest.raises(Malformed):
        decode('{"type": "retitle", "id": "tab-one1.1", "case": 1, "title": "Monday"}')
    with pytest.raises(Refused, match="not_allowed"):
        decide(consult(), HOST, retitle("host"), START)
    assert "Retitle" not in declarations()


def test_an_event_that_is_not_for_pages_is_sent_to_none() -> None:
    secret = Feature[Retitle, Retitled](
        name="titles",
        commands={Retitle: HOSTS},
        events=(Retitled,),
        unsent=frozenset({Retitled}),
        decide=decide_title,
        apply=apply_title,
    )
    table = Table()
    table.core = SessionCore(table.state, owner="server-1", registry=Registry((*FEATURES, secret)))
    table.do(table.core.start(table.now))
    table.join("host", "host")
    table.send("host", retitle("host"))
    assert [type(e.message) for e in table.effects if isinstance(e, Send)] == [Ack]


def test_nothing_is_registered_twice() -> None:
    with pytest.raises(ValueError, match=r"titles registers \['Retitle'\] anew"):
        Registry((TITLES, TITLES))


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_what_a_feature_registers_is_its_own(feature: Feature[ParticipantCommand, Event]) -> None:
    assert all(issubclass(kind, ParticipantCommand) for kind in feature.commands)
    assert all(issubclass(kind, ServerCommand) or kind in feature.commands for kind in feature.server_commands)
    assert feature.unsent <= set(feature.events)
    assert not any(issubclass(kind, ParticipantCommand) for kind in feature.messages)


def leaves(kind: type) -> set[type]:
    """Of the package's own, the kinds below this one that have none below themselves."""
    below: set[type] = set()
    subclasses: list[type] = kind.__subclasses__()
    for sub in subclasses:
        below |= leaves(sub)
    return below or ({kind} if kind.__module__.startswith("consult.") else set())


def test_no_command_or_event_is_left_out() -> None:
    assert leaves(ParticipantCommand) | leaves(ServerCommand) == {*REGISTRY.commands, *REGISTRY.server_commands}
    assert leaves(Event) == set(REGISTRY.events)
    assert leaves(ClientMessage) == set(client_messages())
    assert leaves(ServerMessage) == set(server_messages())
