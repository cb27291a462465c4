"""Names of stills."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from consult.model.identifiers import SeriesKey
from consult.model.view import Camera, Stack, Viewport, Window
from consult.rendering import digest
from consult.rendering.digest import still_digest

CAMERA = Camera((1.0, 2.0, 3.0), 100.0, (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
VIEWPORT = Viewport("a", Stack(SeriesKey("s"), 7), CAMERA, Window(40.0, 400.0))
NAME = still_digest("pixels", VIEWPORT, (640, 480))


@pytest.mark.parametrize(
    "change",
    [
        {"camera": msgspec.structs.replace(CAMERA, center=(1.0, 2.0, 3.0000000001))},
        {"camera": msgspec.structs.replace(CAMERA, radius=100.5)},
        {"camera": msgspec.structs.replace(CAMERA, right=(-1.0, 0.0, 0.0))},
        {"camera": msgspec.structs.replace(CAMERA, down=(0.0, -1.0, 0.0))},
        {"window": Window(41.0, 400.0)},
        {"window": Window(40.0, 401.0)},
        {"window": None},
        {"invert": True},
        {"palette": "pet"},
        {"mask_shift": (0.1, 0.0)},
        {"mask_shift": (0.0, 0.1)},
    ],
)
def test_what_changes_pixels_changes_the_name(change: dict[str, Any]) -> None:
    assert still_digest("pixels", msgspec.structs.replace(VIEWPORT, **change), (640, 480)) != NAME


def test_source_size_and_version_change_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert still_digest("other", VIEWPORT, (640, 480)) != NAME
    assert still_digest("pixels", VIEWPORT, (480, 640)) != NAME
    monkeypatch.setattr(digest, "RENDERER_VERSION", -1)
    assert still_digest("pixels", VIEWPORT, (640, 480)) != NAME


def test_what_does_not_change_pixels_does_not_change_the_name() -> None:
    elsewhere = msgspec.structs.replace(VIEWPORT, id="b", shows=Stack(SeriesKey("t"), 0, 1))
    assert still_digest("pixels", elsewhere, (640, 480)) == NAME
    integers = Camera((1, 2, 3), 100, (1, -0.0, 0), (-0.0, 1, 0))
    whole = msgspec.structs.replace(VIEWPORT, camera=integers, window=Window(40, 400))
    assert still_digest("pixels", whole, (640, 480)) == NAME
    read = msgspec.json.decode(msgspec.json.encode(VIEWPORT), type=Viewport)
    assert still_digest("pixels", read, (640, 480)) == NAME


def test_the_name_is_stable_and_fit_for_a_url() -> None:
    assert len(NAME) == 64
    assert set(NAME) <= set("0123456789abcdef")
