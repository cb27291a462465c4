"""What a browser keeps while it is at the provider: signed, its own, for ten minutes."""

from __future__ import annotations

import pytest

from consult.access.keys import Keys
from consult.access.oidc.flow import Flow, opened, sealed
from consult.model.errors import Refused

KEYS = Keys(b"k" * 32)
FLOW = Flow("state", "nonce", "verifier", 1000.0)


def test_it_comes_back_as_it_was() -> None:
    assert opened(sealed(FLOW, KEYS), "state", KEYS, 999.0) == FLOW


@pytest.mark.parametrize(
    ("cookie", "state", "now"),
    [
        ("", "state", 0.0),
        ("x.y", "state", 0.0),
        (sealed(FLOW, Keys(b"o" * 32)), "state", 0.0),
        (sealed(FLOW, KEYS), "another", 0.0),
        (sealed(FLOW, KEYS), "", 0.0),
        (sealed(FLOW, KEYS), "state", 1000.0),
        (sealed(FLOW, KEYS) + "x", "state", 0.0),
    ],
)
def test_what_is_not_its_own_or_late_is_refused(cookie: str, state: str, now: float) -> None:
    with pytest.raises(Refused, match="strange_answer"):
        opened(cookie, state, KEYS, now)
