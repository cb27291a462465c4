"""The kernels are compiled in a thread of its own, for which nobody waits: the first start on a machine takes half a
minute of it, a later one loads them from a cache."""

from __future__ import annotations

import threading
from collections.abc import Callable

from consult.rendering.planes.fusion import warm as warm_fusion
from consult.rendering.planes.plane import warm as warm_planes
from consult.rendering.segmentations.kernels import warm as warm_segmentations
from consult.rendering.stack import warm as warm_stacks
from consult.rendering.volume_rendering.rays import warm as warm_volumes

STEPS: tuple[Callable[[], None], ...] = (warm_stacks, warm_planes, warm_fusion, warm_segmentations, warm_volumes)
"""Those that are used first, first."""


def warm(ends: Callable[[], bool] = lambda: False) -> None:
    """Compile the kernels, where that has not been done on this machine; no more of them once `ends`."""
    for step in STEPS:
        if not ends():
            step()


class Warming:
    """Does it beside what goes on. A kernel that is being compiled cannot be told to end: whoever ends the process may
    not wait for this thread."""

    def __init__(self) -> None:
        self._ends = threading.Event()
        threading.Thread(target=warm, args=(self._ends.is_set,), name="warm the kernels", daemon=True).start()

    def end(self) -> None:
        """No more kernels behind the one that is being compiled."""
        self._ends.set()
