"""The name of an exact still: of everything that determines its pixels, and of nothing else."""

from __future__ import annotations

import hashlib

import msgspec

from consult.model.view import Viewport

RENDERER_VERSION = 2
"""Counts changes of the renderer that change a pixel of any still."""


def still_digest(source_digest: str, viewport: Viewport, size: tuple[int, int]) -> str:
    """Name a still. The same picture on equal screens has the same name, whoever looks at it and in which viewport.

    Args:
        source_digest: names the image's stored values, its rescale, photometric interpretation and VOI LUT function,
            and its place in the grid (position, orientation, spacing).
        viewport: all but its id and what it shows counts: the source is named.
        size: (width, height) in device pixels.

    Returns:
        64 hexadecimal digits, fit for a URL.
    """
    camera, window = viewport.camera, viewport.window
    content = (
        RENDERER_VERSION,
        source_digest,
        _numbers(*camera.center, camera.radius),
        _numbers(*camera.right, *camera.down),
        _numbers(window.center, window.width) if window is not None else None,
        viewport.invert,
        (int(size[0]), int(size[1])),
        *((window.lut,) if window is not None and window.lut else ()),
        *sorted(viewport.without),
        *((one.key, _numbers(one.opacity), sorted(one.hidden), one.style) for one in viewport.segmentations),
        *((viewport.palette,) if viewport.palette else ()),
        *(("presentation state", viewport.presentation_state) if viewport.presentation_state else ()),
        *(("mask shift", *_numbers(*viewport.mask_shift)) if any(viewport.mask_shift) else ()),
    )
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()


def _numbers(*values: float) -> tuple[str, ...]:
    """Doubles by their bits: 84 and 84.0 are one number, and so are 0.0 and -0.0."""
    return tuple((float(value) + 0.0).hex() for value in values)
