"""Whether a case that comes back on the stage is shown as it was left.

What is the server's own (views that no page has asked for) is held against the log alone: the first view of each time
that a case is on the stage is the last one of it that came to rest; and the last view under a case that is left has
come to rest. What plays is compared without the image, which the clock says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from consult.model.view import View
from consult.sessions.events import Entry
from consult.sessions.features.cases.events import CaseSwitched
from consult.sessions.features.consult.events import ConsultOpened
from consult.sessions.features.view.events import ViewSettled
from consult.sessions.features.view.messages import ShownView
from consult.sessions.state import FIRST_CASE_EPOCH
from tests.sim.playing import meant


def wrong_leaving(log: Sequence[Entry], shown: Mapping[int, ShownView]) -> list[str]:
    """What is wrong with it.

    Args:
        log: all of it.
        shown: the views that all were shown, by revision.
    """
    case, epoch = "", FIRST_CASE_EPOCH
    left: dict[str, View] = {}
    wrong: list[str] = []
    for entry in log:
        match entry.event:
            case ConsultOpened(cases=cases):
                case = cases[0].id
            case ViewSettled(view=view):
                left[case] = view
            case CaseSwitched(epoch=next_epoch, case=next_case):
                wrong += _wrong_leave(epoch, left.get(case), shown)
                case, epoch = next_case, next_epoch
                wrong += _wrong_return(epoch, left.get(case), shown)
    return wrong


def _wrong_return(epoch: int, left: View | None, shown: Mapping[int, ShownView]) -> list[str]:
    """The first view that all are shown, if nobody of them has asked for it."""
    of_epoch = [rev for rev, view in shown.items() if view.case == epoch]
    if not of_epoch or left is None or (first := shown[min(of_epoch)]).tab:
        return []
    is_left = meant(first.view) == meant(left)
    return [] if is_left else [f"view {first.rev}, the first of epoch {epoch}, is not how that case was left"]


def _wrong_leave(epoch: int, left: View | None, shown: Mapping[int, ShownView]) -> list[str]:
    """The last view that all are shown."""
    of_epoch = [rev for rev, view in shown.items() if view.case == epoch]
    if not of_epoch or not (last := shown[max(of_epoch)]).tab:
        return []
    is_left = left is not None and meant(last.view) == meant(left)
    return [] if is_left else [f"view {last.rev}, the last of epoch {epoch}, did not come to rest before it was left"]
