"""trame with trame-rca, as its documentation puts it together: slices as a remote controlled area, JPEG by TurboJPEG.

`python -m benchmarks.trame_peer FOLDER`: prints its address, serves until it is killed. The slices are the product's,
drawn before it begins, so drawing is in our figures and not in its.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from trame.app import get_server
from trame.ui.html import DivLayout
from trame_rca.widgets import rca
from turbojpeg import TurboJPEG

from benchmarks.pictures import Stack
from consult.media.video.raster import Raster

SLICES = 12
WIDTH, HEIGHT = 1920, 1080


class Slices:
    """A remote controlled area (trame_rca.rca.protocol) that a wheel scrolls."""

    def __init__(self, pictures: list[NDArray[np.uint8]]) -> None:
        self._pictures, self._shown = pictures, 0

    @property
    def img_cols_rows(self) -> tuple[NDArray[np.uint8], int, int]:
        """What is shown."""
        return self._pictures[self._shown], WIDTH, HEIGHT

    def process_resize_event(self, width: int, height: int) -> None:
        """The page is as large as the slices."""

    def process_interaction_event(self, event: dict[str, Any]) -> None:
        """One slice on for each notch."""
        if event.get("type") in ("StartMouseWheel", "MouseWheel") and event.get("spinY"):
            self._shown = (self._shown + 1) % len(self._pictures)


def encoder() -> str:
    """TurboJPEG where its library is installed, as trame advises; else Pillow's JPEG."""
    try:
        TurboJPEG()
    except RuntimeError:
        return "jpeg"
    return "turbo-jpeg"


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(folder: str) -> None:
    """Serve."""
    stack = Stack(Path(folder))
    greys = [stack.draw(Raster(WIDTH, HEIGHT), 4 * i) for i in range(SLICES)]
    slices = Slices([np.ascontiguousarray(np.repeat(grey[:, :, None], 3, axis=2)) for grey in greys])
    server = get_server(client_type="vue3")
    with DivLayout(server, style="margin: 0; width: 100vw; height: 100vh;"):
        area = rca.RemoteControlledArea(display="image", style="width: 100vw; height: 100vh;")
        area.create_view_handler(slices, encoder=encoder(), target_fps=60)
    port = free_port()
    print(f"http://127.0.0.1:{port}/", flush=True)
    server.start(port=port, host="127.0.0.1", open_browser=False, show_connection_info=False, argv=[])


if __name__ == "__main__":
    main(sys.argv[1])
