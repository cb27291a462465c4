"""`consult` with a wall clock that a test sets: `python -m tests.support.shifted_server serve ...`.

The file that CONSULT_TEST_CLOCK names holds by how many seconds the wall clock is ahead. Nothing else is changed, but
that the clock of critical results looks at it every LOOK_S: it sleeps by the steady clock, which nobody sets.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import consult.clock

LOOK_S = 0.1


def ahead() -> float:
    """Seconds."""
    file = Path(os.environ["CONSULT_TEST_CLOCK"])
    return float(file.read_text()) if file.exists() else 0.0


if __name__ == "__main__":
    consult.clock.now = lambda: time.time() + ahead()  # before anybody takes it

    from consult.cli import main
    from consult.runtime import deadlines

    deadlines.LONGEST_S = deadlines.AGAIN_S = LOOK_S
    sys.exit(main(sys.argv[1:]))
