"""The examples of tests/wire/, which the page's tests read too: the good ones are messages, the bad ones are not.

Each file is named for a message's `type`: {"direction": "client" or "server", "good": [message, ...],
"bad": [{"why", "message" or "text"}, ...]}.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from consult.model.errors import Malformed
from consult.sessions.features.kinds import ServerMessage
from consult.sessions.features.table import REGISTRY, union_of
from consult.sessions.protocol import client_messages, server_messages
from consult.signaling.codec import MAX_MESSAGE_BYTES, decode, encode

WIRE = Path(__file__).parents[2] / "wire"
FILES: dict[str, dict[str, Any]] = {path.stem: json.loads(path.read_text()) for path in sorted(WIRE.glob("*.json"))}
GOOD = [(name, i) for name, file in FILES.items() for i in range(len(file["good"]))]
BAD = [pytest.param(name, bad, id=f"{name}: {bad['why']}") for name, file in FILES.items() for bad in file["bad"]]

server_decoder: msgspec.json.Decoder[ServerMessage] = msgspec.json.Decoder(union_of(server_messages()))


def tags(kinds: Iterable[type[msgspec.Struct]]) -> set[str]:
    """Types as they travel."""
    return {str(kind.__struct_config__.tag) for kind in kinds}


def contains(whole: Any, part: Any) -> bool:
    """All that is in `part` is in `whole`, which may have more (defaults)."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(k in whole and contains(whole[k], v) for k, v in part.items())
    if isinstance(part, list):
        return isinstance(whole, list) and len(whole) == len(part) and all(map(contains, whole, part))
    return bool(whole == part)


def test_every_message_has_its_file() -> None:
    directions = {name: file["direction"] for name, file in FILES.items()}
    expected = dict.fromkeys(tags(client_messages()), "client") | dict.fromkeys(tags(server_messages()), "server")
    assert directions == expected


def test_every_event_that_pages_are_sent_has_an_example() -> None:
    shown = {example["event"]["type"] for example in FILES["event"]["good"]}
    assert shown == tags(REGISTRY.events) - tags(REGISTRY.unsent)


@pytest.mark.parametrize(("name", "index"), GOOD)
def test_a_good_example_is_understood_whole(name: str, index: int) -> None:
    example = FILES[name]["good"][index]
    text = json.dumps(example)
    message = decode(text) if FILES[name]["direction"] == "client" else server_decoder.decode(text)
    assert contains(json.loads(msgspec.json.encode(message)), example | {"type": name})
    if FILES[name]["direction"] == "server":
        assert server_decoder.decode(encode(message)) == message  # type: ignore[arg-type]  # a server's by direction


@pytest.mark.parametrize(("name", "bad"), BAD)
def test_a_bad_example_is_refused_with_a_sentence(name: str, bad: dict[str, Any]) -> None:
    text = bad["text"] if "text" in bad else json.dumps(bad["message"])
    assert len(text) < MAX_MESSAGE_BYTES, "refused for what it is, not for its size"
    if FILES[name]["direction"] == "server":
        with pytest.raises(msgspec.ValidationError):
            server_decoder.decode(text)
        return
    with pytest.raises(Malformed) as malformed:
        decode(text)
    assert malformed.value.code == "malformed"
    assert malformed.value.sentence.endswith(".")
