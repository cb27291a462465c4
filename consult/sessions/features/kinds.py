"""Base classes of all that travels and all that is stored; a feature's structs derive from them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from consult.model.identifiers import CommandId, SeatId

SERVER = SeatId("")
"""The actor of what nobody in the consult asked for."""
Epoch = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class ClientMessage(Struct, frozen=True, forbid_unknown_fields=True):
    """What a page sends."""


class ParticipantCommand(ClientMessage, frozen=True, kw_only=True):
    """What somebody in the consult wants. Imperative; domain and wire type in one.

    Attributes:
        id: the idempotency key, made by the page.
        case: the case epoch that it was made for.
    """

    id: CommandId
    case: Epoch


class ServerCommand(Struct, frozen=True, kw_only=True):
    """A command of the server's own, by the HTTP API or the runtime; never over a WebSocket."""


class ServerMessage(Struct, frozen=True):
    """What the server sends to pages."""


class Event(Struct, frozen=True):
    """What happened. Past tense; it carries the resulting record, so that a fold is an assignment."""


Command = ParticipantCommand | ServerCommand
