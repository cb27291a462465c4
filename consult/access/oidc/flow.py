"""What a browser keeps while it is at the OpenID provider, so that nobody else's answer is taken for its own. Pure.

It is in a cookie that the server has signed, and nowhere else: no stranger fills a table of ours, and whichever process
of the server gets the answer takes it.
"""

from __future__ import annotations

import base64

import msgspec
from msgspec import Struct

from consult.access.keys import Keys, same_secret
from consult.model.errors import Refused

FLOW_S = 600.0
"""Within which somebody comes back from the provider."""
STRANGE = "This answer of the sign-in page does not belong to this browser, or came too late. Sign in once more."


class Flow(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One sign-in under way.

    Attributes:
        state: comes back with the answer (RFC 6749, 10.12).
        nonce: comes back in the ID token (OpenID Connect Core 1.0, 3.1.2.1).
        verifier: proves that who trades the code has asked for it (RFC 7636, 4.1).
        until: seconds since 1970.
    """

    state: str
    nonce: str
    verifier: str
    until: float


def sealed(flow: Flow, keys: Keys) -> str:
    """The cookie's value."""
    payload = base64.urlsafe_b64encode(msgspec.json.encode(flow)).decode().rstrip("=")
    return f"{payload}.{keys.provider_proof(payload)}"


def opened(value: str, state: str, keys: Keys, now: float) -> Flow:
    """The sign-in that a cookie is of, where the answer with that state belongs to it.

    Raises:
        Refused: "strange_answer".
    """
    payload, _, proof = value.partition(".")
    if not payload or not same_secret(proof, keys.provider_proof(payload)):
        raise Refused("strange_answer", STRANGE)
    flow = msgspec.json.decode(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=Flow)
    if not same_secret(state, flow.state) or now >= flow.until:
        raise Refused("strange_answer", STRANGE)
    return flow
