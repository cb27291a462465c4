"""The clock: whether it jumps, was set back behind what is stored, differs from that of the public address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from consult.cli.doctor.findings import Finding, works
from consult.clock import now, steady

LOOK_S = 1.0
MAX_JUMP_S, MAX_AHEAD_S, MAX_APART_S = 0.1, 5.0, 30.0
"""NTP slews by 0.5 ms a second at most; what is stored may be a moment ahead; HTTP's Date has whole seconds."""
ADVICE = "let chrony or systemd-timesyncd keep it: timedatectl set-ntp true"


def check_clock(
    newest: float | None, elsewhere: float | None, sleep: Callable[[float], None], wall: Callable[[], float] = now
) -> Iterator[Finding]:
    """Look at the clocks for a second.

    Args:
        newest: when the newest row of the audit trail was written; None: there is none.
        elsewhere: seconds that the clock of the public address is ahead; None: it was not asked.
        sleep: waits.
        wall: seconds since 1970.
    """
    before = wall() - steady()
    sleep(LOOK_S)
    jumped = wall() - steady() - before
    found = []
    if abs(jumped) > MAX_JUMP_S:
        found.append(Finding("clock", "fails", f"it jumped by {jumped:+.1f} s while it was looked at", ADVICE))
    if newest is not None and newest > wall() + MAX_AHEAD_S:
        ahead = newest - wall()
        sentence = f"the newest entry of the audit trail is {ahead:.0f} s ahead: the clock was set back"
        found.append(Finding("clock", "fails", sentence, ADVICE))
    if elsewhere is not None and abs(elsewhere) > MAX_APART_S:
        sentence = f"the clock of the public address is {elsewhere:+.0f} s from this machine's"
        found.append(Finding("clock", "fails", sentence, ADVICE))
    shown = datetime.fromtimestamp(wall()).astimezone().isoformat(sep=" ", timespec="seconds")
    yield from found or [works("clock", f"it is {shown}, and runs steadily")]
