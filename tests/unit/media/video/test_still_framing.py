"""The bytes of the picture socket: the same as in tests/web/still-frames.test.mjs."""

from __future__ import annotations

import pytest

from consult.media.video import still_framing
from consult.media.video.still_framing import Acknowledged, Decodes, Forgotten, Ponged, StillHeader
from consult.model.errors import Malformed

DIGEST, SHA = "ab" * 32, "0c" * 32


def test_what_goes_to_the_page() -> None:
    header = StillHeader(7, 2, DIGEST, SHA, due=True, jpeg_xl=True)
    assert still_framing.still(header, b"PNG").hex() == f"01030000000700000002{DIGEST}{SHA}504e47"
    raw = StillHeader(7, 2, DIGEST, SHA, due=False, colour=True, raw=True)
    assert still_framing.still(raw, b"").hex() == f"010c0000000700000002{DIGEST}{SHA}"
    assert still_framing.ping(5).hex() == "0200000005"
    assert still_framing.missing(DIGEST).hex() == f"03{DIGEST}"


def test_what_the_page_says() -> None:
    assert still_framing.read(bytes.fromhex("0100000102")) == Acknowledged(258)
    assert still_framing.read(bytes.fromhex("0200000005")) == Ponged(5)
    assert still_framing.read(bytes.fromhex(f"03{DIGEST}{SHA}")) == Forgotten((DIGEST, SHA))
    assert [still_framing.read(bytes((4, flag))) for flag in (1, 2)] == [Decodes(True), Decodes(False, raw=True)]


@pytest.mark.parametrize("text", ["", "09", "01000001", "03ab", "04", "040100", "0500000001"])
def test_anything_else_ends_the_connection(text: str) -> None:
    with pytest.raises(Malformed):
        still_framing.read(bytes.fromhex(text))
