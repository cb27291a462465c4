"""Frames to messages: what is not JSON, not small enough or not of the protocol stops here."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.model.errors import Malformed
from consult.sessions.features.kinds import ClientMessage
from consult.sessions.features.view.messages import Show
from consult.sessions.messages import Ack, Ping
from consult.signaling.codec import MAX_MESSAGE_BYTES, decode, encode
from tests.support.cases import Table

numbers = st.floats(allow_nan=False, allow_infinity=False)


def as_frame(message: ClientMessage) -> str:
    """What a page would send."""
    return msgspec.json.encode(message).decode()


@settings(deadline=None)
@given(numbers)
def test_a_ping_survives(t: float) -> None:
    assert decode(as_frame(Ping(t))) == Ping(t)


@settings(deadline=None)
@given(st.integers(1, 2**53 - 1), st.integers(0, 2**53 - 1), st.integers(0, 19), st.booleans())
def test_a_show_survives(n: int, epoch: int, image: int, rest: bool) -> None:
    table = Table()
    show = table.show(n, image, rest=rest)
    show = Show(epoch, epoch, n, show.view, rest)
    assert decode(as_frame(show)) == show
    assert decode(as_frame(show).encode()) == show


def refusal(frame: bytes | str) -> Malformed | None:
    """Why a frame is no message; None where it is one. Anything else that is raised is a failure."""
    try:
        decode(frame)
    except Malformed as malformed:
        return malformed
    return None


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300))
def test_anything_at_all_is_a_message_or_malformed(frame: bytes | str) -> None:
    refused = refusal(frame)
    assert refused is None or refused.sentence.endswith(".")


json_values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=8) | st.sampled_from(["hello", "show", "ping", "rename"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "t", "id", "case", "view", "screen"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(json_values)
def test_any_json_is_a_message_or_malformed(value: object) -> None:
    refused = refusal(msgspec.json.encode(value))
    assert refused is None or refused.code == "malformed"


def test_a_frame_has_a_largest_size_in_bytes() -> None:
    padding = MAX_MESSAGE_BYTES - len('{"type":"ping","t":1}')
    assert decode('{"type":"ping","t":1' + " " * padding + "}") == Ping(1.0)
    for frame in ('{"type":"ping","t":1' + " " * (padding + 1) + "}", '{"type":"ping","t":"' + "é" * 9_000):
        with pytest.raises(Malformed) as malformed:
            decode(frame)
        assert malformed.value.code == "too_large"


def test_half_a_character_is_malformed_not_a_crash() -> None:
    for frame in ('{"type":"ping","t":"\ud800"}', '{"type":"ping","t":"\\ud800"}', b"\xff\xfe"):
        with pytest.raises(Malformed):
            decode(frame)


def test_nesting_without_end_is_malformed_not_a_crash() -> None:
    for frame in ("[" * 16_000, '{"x":' * 3_000, '{"type":"hello","tab":' + "[" * 9_000):
        with pytest.raises(Malformed):
            decode(frame)


def test_a_message_goes_out_with_its_type() -> None:
    assert encode(Ack("tab-one1.1", 3)) == '{"type":"ack","id":"tab-one1.1","seq":3}'
