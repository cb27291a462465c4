"""Commands about findings."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from consult.model.mark import MarkId, Quantity
from consult.model.view import View
from consult.sessions.features.findings.events import LesionKind, LesionState, MarkNumbers
from consult.sessions.features.kinds import ParticipantCommand, ServerCommand

MAX_TITLE = 160
MAX_TEXT = 2000
MAX_LABEL = 80
MAX_CATEGORY = 40
"""Characters."""
MAX_MARKS = 12
"""Of one finding."""
FindingId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,48}$")]
"""Chosen by the page."""
Revision = Annotated[int, Meta(ge=0, le=2**31 - 1)]


class Wording(Struct, frozen=True, forbid_unknown_fields=True):
    """What a finding says."""

    title: Annotated[str, Meta(min_length=1, max_length=MAX_TITLE)]
    text: Annotated[str, Meta(max_length=MAX_TEXT)] = ""
    label: Annotated[str, Meta(max_length=MAX_LABEL)] = ""
    category: Annotated[str, Meta(max_length=MAX_CATEGORY)] = ""
    lesion: LesionKind = ""
    lesion_state: LesionState = ""


class PutFinding(ParticipantCommand, frozen=True, tag="put_finding"):
    """Make a finding from marks or from the view, or change one.

    Attributes:
        base: the revision that it changes; 0: it is new.
        marks: all of its marks.
        view: kept as one more key view.
    """

    finding: FindingId
    base: Revision
    wording: Wording
    marks: Annotated[tuple[MarkId, ...], Meta(max_length=MAX_MARKS)] = ()
    view: View | None = None


class DropKeyView(ParticipantCommand, frozen=True, tag="drop_key_view"):
    """A finding loses a key view."""

    finding: FindingId
    view: Annotated[str, Meta(min_length=1, max_length=120)]


class ConfirmSide(ParticipantCommand, frozen=True, tag="confirm_side"):
    """Confirm the side that is offered, or choose one."""

    finding: FindingId
    side: Literal["RIGHT", "LEFT", "MIDLINE", "BOTH"]


class TakeOverNumber(ParticipantCommand, frozen=True, tag="take_over_number"):
    """Answer by name for a number that is not confirmed."""

    mark: MarkId
    quantity: Quantity


class DeleteFinding(ParticipantCommand, frozen=True, tag="delete_finding"):
    """Delete a finding of one's own; the host anybody's."""

    finding: FindingId


class RestoreFinding(ParticipantCommand, frozen=True, tag="restore_finding"):
    """A finding that was deleted is there again, as it was: one's own; the host anybody's."""

    finding: FindingId


class PutNumbers(ServerCommand, frozen=True, kw_only=True):
    """The numbers of a mark are computed."""

    numbers: MarkNumbers


FindingsCommand = PutFinding | DropKeyView | ConfirmSide | TakeOverNumber | DeleteFinding | RestoreFinding | PutNumbers
