"""`consult` on a machine on which compiling the kernels never ends."""

from __future__ import annotations

import threading

from consult.cli import main as consult_main
from consult.streaming import warming


def compile_for_ever() -> None:
    """As a kernel that takes long: nothing ends it."""
    threading.Event().wait()


def main() -> int:
    """Run the command."""
    warming.STEPS = (compile_for_ever,)
    return consult_main()
