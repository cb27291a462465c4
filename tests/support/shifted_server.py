"""`consult` with a wall clock that a test sets.

The file that CONSULT_TEST_CLOCK names holds by how many seconds the wall clock is ahead. Nothing else is changed, but
that the clock of critical results looks at it every LOOK_S: it sleeps by the steady clock, which nobody sets.
"""

from __future__ import annotations

import os
from pathlib import Path

import consult.clock
from consult.cli import main as consult_main
from consult.runtime import deadlines

LOOK_S = 0.1


def ahead() -> float:
    """Seconds."""
    file = Path(os.environ["CONSULT_TEST_CLOCK"])
    return float(file.read_text()) if file.exists() else 0.0


def shifted() -> float:
    """What becomes the code of `consult.clock.now`, among whose names it runs."""
    import time

    from tests.support.shifted_server import ahead

    return time.time() + ahead()


def main() -> int:
    """Run the command; whoever has taken the clock before has it too."""
    consult.clock.now.__code__ = shifted.__code__
    deadlines.LONGEST_S = deadlines.AGAIN_S = LOOK_S
    return consult_main()
