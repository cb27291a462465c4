"""Whether UDP comes through, before anybody joins: an ICE agent of one answer (RFC 8445 2.5, as a lite one gives it).

The page makes the offer of such an agent itself, checks it, and closes: "connected" says that datagrams came here and
back. Nothing is kept of who checks, and an answer is no longer than what asked for it by more than its address.
"""

from __future__ import annotations

import secrets

from aioice import stun
from msgspec import Struct


class CheckPoint(Struct, frozen=True):
    """What a page needs to check: where, by what fragment and password. All pages of a server share them."""

    address: str
    port: int
    fragment: str
    password: str


def new_check_point(address: str = "", port: int = 0) -> CheckPoint:
    """Of a server that has just started."""
    return CheckPoint(address, port, secrets.token_hex(8), secrets.token_hex(16))


def answer(point: CheckPoint, message: stun.Message, sender: tuple[str, int]) -> bytes | None:
    """The answer to a check of that point; None: it is none, or nobody vouches for it."""
    fragment = message.attributes.get("USERNAME", "").partition(":")[0]
    if fragment != point.fragment or message.message_method is not stun.Method.BINDING:
        return None
    if not message.check_message_integrity(point.password.encode()):
        return None
    response = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, message.transaction_id)
    response.attributes["XOR-MAPPED-ADDRESS"] = sender
    response.add_message_integrity(point.password.encode())
    return bytes(response)
