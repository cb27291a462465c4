"""Somebody who takes part in a demo consult from inside the server: by the same commands, and under the same rules."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import msgspec

from consult.model.catalogue import Role
from consult.model.errors import Refused
from consult.model.identifiers import SeatId, TabId
from consult.model.view import Screen
from consult.runtime.runner import ConsultRunner
from consult.sessions.features.kinds import ClientMessage
from consult.sessions.features.seats.commands import TakeSeat
from consult.sessions.messages import PROTOCOL_VERSION, Alive, Hello
from consult.sessions.state import State

SCREEN = Screen(640, 480)


class Author:
    """A seat with a connection of its own."""

    def __init__(self, runner: ConsultRunner, seat: SeatId) -> None:
        self._runner = runner
        self._tab = TabId(secrets.token_hex(8))
        self._commands = 0
        self._handle = runner.attach(seat)
        self._send(Hello(PROTOCOL_VERSION, self._tab, SCREEN))

    @classmethod
    async def come(cls, runner: ConsultRunner, name: str, role: Role = "participant") -> Author:
        """Somebody of that name, by the link of that role; whoever came before and was cut off goes on.

        Raises:
            Refused, StoreFailed: as for everybody.
        """
        state = runner.core.state
        for seat in state.seats.values():
            if seat.name == name:
                return cls(runner, seat.id)
        invitation = next(i.id for i in state.invitations.values() if i.role == role and not i.revoked)
        identifier = SeatId(secrets.token_urlsafe(9))
        await runner.command(TakeSeat(seat=identifier, invitation=invitation, name=name))
        return cls(runner, identifier)

    @property
    def state(self) -> State:
        """Of the consult."""
        return self._runner.core.state

    async def do(self, kind: type[ClientMessage], **fields: Any) -> None:
        """A command, stored when this returns.

        Raises:
            Refused: as the server says it.
        """
        self._commands += 1
        identifier = f"{self._tab}.{self._commands}"
        self._send(kind(id=identifier, case=self.state.case, **fields))
        while True:
            for message in await self._read():
                if message.get("id") == identifier and message["type"] == "ack":
                    return
                if message.get("id") == identifier and message["type"] == "refused":
                    raise Refused(message["code"], message["message"])

    async def until(self, holds: Callable[[State], bool]) -> None:
        """Wait for a state of the consult."""
        while not holds(self.state):
            await self._read()

    def leave(self) -> None:
        """The connection is over; the seat stays, as everybody's does."""
        self._handle.detach()

    async def _read(self) -> list[dict[str, Any]]:
        """What the server sends next. Raises Refused ("closed") once it sends nothing any more."""
        messages: list[dict[str, Any]] = [msgspec.json.decode(text) for text in await self._handle.outbox.take()]
        if not messages:
            raise Refused("closed", "The connection was closed.")
        if any(message["type"] == "probe" for message in messages):
            self._send(Alive())
        return messages

    def _send(self, message: ClientMessage) -> None:
        self._handle.receive(msgspec.json.encode(message).decode())
