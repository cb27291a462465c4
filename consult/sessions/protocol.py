"""All messages of the control WebSocket, both ways, by the table of features.

A message that may be dropped (`show`, `screen`, `view`, `stamp`, `presence`, `loading`, `speaking`, `explore`,
`exploring`, `cursor`, `cursors`) carries absolute values. docs/protocol.md has when each is sent; tests/wire/ holds
good and negative examples of each.
"""

from __future__ import annotations

from consult.sessions.events import StoredEvent
from consult.sessions.features.kinds import ClientMessage, ServerMessage
from consult.sessions.features.table import REGISTRY, Registry


def client_messages(registry: Registry = REGISTRY) -> tuple[type[ClientMessage], ...]:
    """Every kind of message that a page may send, commands too."""
    return tuple(registry.permissions)


def server_messages(registry: Registry = REGISTRY) -> tuple[type[ServerMessage], ...]:
    """Every kind of message that a page is sent."""
    return (*registry.server_messages, StoredEvent)
