"""The binary messages of the media socket; tests/web/media-frames.test.mjs reads the same bytes."""

from __future__ import annotations

import pytest

from consult.media.video import framing
from consult.media.video.framing import Acknowledged, KeyframeWanted, Ponged
from consult.model.errors import Malformed


def test_a_frame_and_a_ping_as_bytes() -> None:
    assert framing.frame(258, 0xFEDCBA98, b"\x00\x00\x01", key=True).hex() == "010100000102fedcba98000001"
    assert framing.frame(1, 2, b"x", key=False).hex() == "010000000001000000" + "0278"
    assert framing.ping(7).hex() == "0200000007"


def test_what_a_page_says() -> None:
    assert framing.read(bytes.fromhex("0100000102")) == Acknowledged(258)
    assert framing.read(bytes.fromhex("0200000007")) == Ponged(7)
    assert framing.read(b"\x03") == KeyframeWanted()


@pytest.mark.parametrize("message", ["", "01", "0100", "010000000100", "0400000001", "0300", "ff"])
def test_all_else_is_malformed(message: str) -> None:
    with pytest.raises(Malformed):
        framing.read(bytes.fromhex(message))
