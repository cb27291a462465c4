"""The connections of a consult: who is online, which page a tab is, and what is left for whom."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import msgspec
import pytest

from consult.model.errors import Refused
from consult.model.identifiers import ConnectionId, SeatId
from consult.runtime import connections as connections_module
from consult.runtime.connections import COME_BACK, ClientConnection, Connections
from consult.sessions.messages import Closing, Pong
from consult.sessions.presence.messages import Speaking
from consult.signaling.codec import encode

ANN, BOB = SeatId("ann"), SeatId("bob")


def waiting(client: ClientConnection) -> list[dict[str, Any]]:
    """The messages in an outbox."""
    return [msgspec.json.decode(text) for text in client.outbox.take_all()]


def has_page(connections: Connections, seat: SeatId, tab: str) -> bool:
    """Whether a tab of that seat has an open page."""
    with suppress(Refused):
        return bool(connections.page(seat, tab))
    return False


def test_a_seat_is_online_while_one_of_its_pages_is_connected() -> None:
    connections = Connections()
    first, _ = connections.add(ANN)
    second, _ = connections.add(ANN)
    connections.add(BOB)
    assert len({first, second}) == 2
    assert connections.count_online() == 2
    assert connections.remove(first)
    assert connections.is_online(ANN)
    assert connections.remove(second)
    assert not connections.remove(second)
    assert not connections.is_online(ANN)
    assert connections.count_online() == 1
    assert not connections.is_online(SeatId("bo")), "not by the beginning of its name"


def test_a_page_is_found_by_its_seat_and_tab_once_it_is_welcomed_and_while_it_is_open() -> None:
    connections = Connections()
    connection, client = connections.add(ANN)
    assert not has_page(connections, ANN, "")
    client.tab = "tab-1"
    assert connections.page(ANN, "tab-1") == connection
    assert not has_page(connections, BOB, "tab-1")
    assert not has_page(connections, ANN, "tab-2")
    connections.close(connection, 4005, "over")
    assert not has_page(connections, ANN, "tab-1")


def test_a_message_goes_to_those_it_is_for_and_a_broadcast_to_all_who_are_welcomed() -> None:
    connections = Connections()
    ann, ann_client = connections.add(ANN)
    _, bob_client = connections.add(BOB)
    connections.send((ann, ConnectionId("gone/9")), Pong(3))
    assert [m["type"] for m in waiting(ann_client)] == ["pong"]
    ann_client.tab = "tab-1"
    connections.broadcast(Speaking((ANN,)))
    connections.broadcast(Speaking((BOB,)))
    assert waiting(ann_client) == [{"type": "speaking", "slots": ["bob"]}], "the newest replaces the one that waits"
    assert waiting(bob_client) == []


def test_one_message_for_many_is_encoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    encoded = []

    def counted(message: Any) -> str:
        encoded.append(message)
        return encode(message)

    monkeypatch.setattr(connections_module, "encode", counted)
    connections = Connections()
    to = [connections.add(seat)[0] for seat in (ANN, BOB)]
    pong = Pong(3)
    connections.send(to, pong)
    connections.send(to, pong)
    assert encoded == [pong]


def test_a_closed_connection_is_given_what_waits_and_then_its_close_frame() -> None:
    connections = Connections()
    connection, client = connections.add(ANN)
    assert client.close_frame[0] == COME_BACK
    connections.send((connection,), Pong(3))
    connections.close(connection, 4005, "over")
    connections.send((connection,), Pong(4))
    assert [m["t"] for m in waiting(client)] == [3]
    assert client.outbox.ended
    assert client.close_frame == (4005, "over")


def test_all_are_sent_away_to_come_back() -> None:
    connections = Connections()
    clients = [connections.add(seat)[1] for seat in (ANN, BOB)]
    connections.close_all(Closing("", "The server restarts."))
    assert [[m["type"] for m in waiting(client)] for client in clients] == [["closing"], ["closing"]]
    assert all(client.outbox.ended and client.close_frame[0] == COME_BACK for client in clients)
