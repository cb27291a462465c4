"""The window that a CT of the head opens with: brain, as a head is read, and not whatever the scanner left in the file.

Viewers open the file's own window (OHIF, Weasis, RadiAnt), and so does everything else here. Of a head that is wrong
where the file has none, or a bone window on images of the soft tissue kernel: blood is invisible in both. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from consult.model.view import NamedWindow, Window

BRAIN, BONE = Window(40.0, 80.0), Window(480.0, 2500.0)
BONE_WIDTH = 1000.0
"""HU: what is as wide or wider shows bone, or all values; 80 to 400 show brain, subdural spaces, vessels."""
BRAIN_WIDTH, BRAIN_CENTER = 250.0, (0.0, 100.0)
"""HU: such a window of the file's own is one for the brain."""
_HEAD = re.compile(r"HEAD|BRAIN|SKULL|CRANI\w*", re.I)
_NOT_THE_BRAIN = re.compile(
    r"sinus|nnh|orbit|temporal|petrous|felsenbein|mastoid|facial|face|maxill|mandib|dental|dvt|midface|mittelgesicht",
    re.I,
)
"""Studies of the head that are read in bone or soft tissue."""
_BONE_WORD = re.compile(r"(?<![^\W_])(?:bone|knochen|osseu[sx]|hueso|osso|bot)(?![^\W_])", re.I)
_BONE_KERNEL = re.compile(
    r"(?:BONE.*|EDGE|FC(?:3[0-5]|8[0-9])|Y[CD]|[DE]|(?:[HBJUQ]|Hr|Br|Ur|Qr)(?:[6-9][0-9])[a-z]?)", re.I
)
"""ConvolutionKernel of the makers: GE BONE, BONEPLUS, EDGE; Canon FC30 to FC35, FC80 on; Philips YC, YD, D, E; Siemens
from 60 on."""


def opening_window(part: str, kernel: str, descriptions: Sequence[str], own: Sequence[NamedWindow]) -> Window | None:
    """What a series of CT in HU opens with, where that is not its first window.

    Args:
        part: of the body, as `body_part` has it.
        kernel: ConvolutionKernel.
        descriptions: of the study and the series.
        own: windows of the file.

    Returns:
        Brain for a head whose file has no window, or a bone window first; the file's own brain window, where it has
        one further down; Bone, for a bone reconstruction without a window; else None.
    """
    if not _HEAD.fullmatch(part) or any(map(_NOT_THE_BRAIN.search, descriptions)):
        return None
    if _is_bone(kernel, descriptions):
        return None if own else BONE
    if own and own[0].window.width < BONE_WIDTH:
        return None
    return next(_for_brain(own), BRAIN)


def _is_bone(kernel: str, descriptions: Iterable[str]) -> bool:
    kernels = kernel.split("\\")
    return any(map(_BONE_KERNEL.fullmatch, kernels)) or any(map(_BONE_WORD.search, descriptions))


def _for_brain(own: Iterable[NamedWindow]) -> Iterator[Window]:
    low, high = BRAIN_CENTER
    return (w.window for w in own if w.window.width <= BRAIN_WIDTH and low <= w.window.center <= high)
