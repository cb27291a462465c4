"""How a connection ends: the reason for the page, the sentence for people, the WebSocket close code.

Codes of 4000 to 4099: the page must not come back by itself. COME_BACK: it should, and it resumes.
"""

from __future__ import annotations

from msgspec import Struct

from consult.model.catalogue import Role
from consult.model.errors import Conflict, OurFault, Refused
from consult.model.identifiers import SeatId
from consult.sessions.features.seats.events import Invitation
from consult.sessions.messages import Closing, Reason
from consult.sessions.state import State


class Ending(Struct, frozen=True):
    """A close code and the message before it; `reason`: of the close frame, where it is not that of the message."""

    code: int
    closing: Closing
    reason: str = ""


def _ending(code: int, reason: Reason, sentence: str) -> Ending:
    return Ending(code, Closing(reason, sentence))


ENDINGS: dict[Reason, Ending] = {
    "denied": _ending(4001, "denied", "This link does not open this consult."),
    "expired": _ending(4002, "expired", "This link has expired. Ask the host for a new one."),
    "revoked": _ending(4003, "revoked", "The host has withdrawn this link."),
    "removed": _ending(4004, "removed", "The host has removed you from this consult."),
    "over": _ending(4005, "over", "This consult is over."),
    "full": _ending(4006, "full", "This consult is full. Try again when somebody has left."),
    "deleted": _ending(4011, "deleted", "This consult was deleted."),
    "lobby": _ending(4012, "lobby", "The host has not let you in yet."),
}
AFTER_THE_END: frozenset[Role] = frozenset({"host", "reader"})
"""Whose links open something of a consult that has ended."""
REPLACED = Ending(4007, Closing("", "This page has connected anew."))
WRONG_PROTOCOL = Ending(4008, Closing("", "This page is of another version than the server. Reload it."))
FLOODED = Ending(4009, Closing("", "This page has sent far more than a page sends. The server has closed it."))
CROWDED = Ending(4010, Closing("", "This seat has more pages open than it may. The oldest was closed."))
TOLD_ANEW = Ending(1013, Closing("", "What you are told has changed. The page comes back by itself."))
BUSY = Ending(1013, Closing("", "The server is too slow to store what is done. The page comes back by itself."))
UNHEARD = Ending(1013, Closing("", "The server has heard nothing of this page. It comes back by itself."))
RESTARTS = Closing("", "The server restarts. The page comes back by itself.")
MOVED = Closing("", "The consult has moved to another server. The page comes back by itself.")
TO_ANOTHER = "moved"
"""Reason of the close frame of pages that another node takes now: they need not wait before they come."""
ANEW = "anew"
"""Reason of the close frame of pages that must take everything anew: what they have is not what is stored."""
ENTRIES_LOST = Closing(
    "", "The store has lost the newest entries of this consult, although it had confirmed them. Look what is left."
)
BEGIN_ANEW = Ending(1012, ENTRIES_LOST, ANEW)
"""Of a page that comes back with entries that are not in this log any more."""
COME_BACK = Ending(1013, Closing("", "The server lost track for a moment. The page comes back by itself."))


def how_lost(why: OurFault) -> tuple[bool, Closing, str]:
    """Of a consult that this process must not act for any more: whether that is nobody's fault, what pages are told,
    and the reason in their close frames."""
    if isinstance(why, Conflict) and 0 < why.found < why.expected:
        return False, ENTRIES_LOST, ANEW
    return why.code in ("conflict", "elsewhere"), MOVED, TO_ANOTHER if why.code == "elsewhere" else ""


NAMES = {4007: "replaced", 4008: "wrong_protocol", 4009: "flooded", 4010: "crowded", 1012: "anew", 1013: "come_back"}
"""Of endings that tell the page no reason."""


def name_of(code: int, reason: str) -> str:
    """What an ending is called in counts: its reason, else by its close code."""
    return reason or NAMES.get(code, "other")


def refused_for(reason: Reason) -> Refused:
    """The refusal of a request for that reason."""
    return Refused(reason, ENDINGS[reason].closing.sentence)


def why_out(state: State, seat: SeatId, now: float, *, reads: bool = False) -> Reason | None:
    """Why a seat may not be here, or None where it may. `reads`: only to read what was signed (`read_case`)."""
    if seat not in state.seats:
        return "denied"
    taken = state.seats[seat]
    invitation = state.invitations.get(taken.invitation)
    if taken.removed:
        kept_out: Reason = "removed" if taken.lobby == "" else "denied"
        return "revoked" if invitation is not None and invitation.revoked else kept_out
    if invitation is None:
        return "over" if state.ended else "denied"
    reason = why_shut(state, invitation, now)
    if reason == "over" and reads and taken.is_in and has_signed(state, read_case(state, seat)):
        return why_invalid(invitation, now)
    return reason or ("lobby" if taken.lobby else None)


def read_case(state: State, seat: SeatId) -> str:
    """Id of the case whose signed note a seat may read by the reader's page; "" where it is of the consult itself.

    Who has a link to read: that of the link. Who took part, once the consult has ended: the one on the stage then.
    """
    taken = state.seats[seat]
    invitation = state.invitations.get(taken.invitation)
    if taken.role == "reader":
        return (invitation.case if invitation is not None else "") or state.current
    return state.current if state.ended and taken.role != "host" else ""


def has_signed(state: State, case: str) -> bool:
    """Whether there is a signed note of that case."""
    return any(version.case == case for version in state.signed.values())


def why_shut(state: State, invitation: Invitation, now: float) -> Reason | None:
    """Why a link lets nobody in, or None where it does. Hosts and readers may read a consult that has ended."""
    if state.ended and invitation.role not in AFTER_THE_END:
        return "over"
    return why_invalid(invitation, now)


def why_invalid(invitation: Invitation, now: float) -> Reason | None:
    """Why a link is not valid by itself, whatever has become of its consult."""
    if invitation.revoked:
        return "revoked"
    if invitation.expires_at is not None and now >= invitation.expires_at:
        return "expired"
    return None
