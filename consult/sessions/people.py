"""What people say of themselves that all see in the list: raised hands, and how they are connected. Never stored."""

from __future__ import annotations

from collections.abc import Iterable

from consult.sessions.pages import Page
from consult.sessions.presence import LowerHand, RaiseHand, TellHealth

ROUND_TRIP_STEPS_MS = (50, 100, 200, 400, 800, 1600, 60_000)
"""A round trip is told as the lowest of these that it does not exceed, so that the list changes seldom."""


def note(pages: Iterable[Page], page: Page, message: RaiseHand | LowerHand | TellHealth) -> bool:
    """Take down what a page says; whether the list is another one now.

    A hand belongs to the seat: lowered in one of its pages, it is down in all.
    """
    match message:
        case RaiseHand(up=True):
            if page.hand:
                return False
            page.hand = 1 + max((other.hand for other in pages), default=0)
            return True
        case RaiseHand():
            return _lower(other for other in pages if other.seat == page.seat)
        case LowerHand(seat=seat):
            return _lower(other for other in pages if other.seat == seat)
        case TellHealth(transport=transport, round_trip_ms=round_trip_ms):
            coarse = coarsely(round_trip_ms)
            changed = (page.transport, page.round_trip_ms) != (transport, coarse)
            page.transport, page.round_trip_ms = transport, coarse
            return changed


def coarsely(round_trip_ms: int) -> int:
    """The step that a round trip is told as; 0 stays 0: it is not known."""
    if round_trip_ms <= 0:
        return 0
    return next((step for step in ROUND_TRIP_STEPS_MS if round_trip_ms <= step), ROUND_TRIP_STEPS_MS[-1])


def _lower(pages: Iterable[Page]) -> bool:
    raised = [page for page in pages if page.hand]
    for page in raised:
        page.hand = 0
    return bool(raised)
