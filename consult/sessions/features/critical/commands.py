"""Commands about critical results."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from consult.model.mark import MarkId
from consult.model.side import Side
from consult.sessions.features.critical.events import MAX_PERSON, Category, Recipient
from consult.sessions.features.kinds import ParticipantCommand, ServerCommand

MAX_WHAT = 300
MAX_WORDS = 500
"""Characters."""
CriticalId = MarkId


class RaiseCritical(ParticipantCommand, frozen=True, tag="raise_critical"):
    """Say that a result of the case on the stage is critical.

    Attributes:
        critical: chosen by the page.
        finding: that it stands on; "" for none, then `where` says the side.
        after_s: until the backup is asked; null: the site's time. Never longer than that.
    """

    critical: CriticalId
    category: Category
    what: Annotated[str, Meta(min_length=1, max_length=MAX_WHAT)]
    to: Recipient
    backup: Recipient
    finding: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{0,48}$")] = ""
    where: Side = ""
    after_s: Annotated[float, Meta(ge=60, le=10_000_000)] | None = None


class AcknowledgeCritical(ParticipantCommand, frozen=True, tag="acknowledge_critical"):
    """Take a critical result, and read it back in one's own words."""

    critical: CriticalId
    read_back: Annotated[str, Meta(max_length=MAX_WORDS)]


class TellCritical(ParticipantCommand, frozen=True, tag="tell_critical"):
    """Its sender says that it was told by voice and read back, or by telephone: to whom, when."""

    critical: CriticalId
    how: Literal["voice", "telephone"]
    to: Annotated[str, Meta(min_length=1, max_length=MAX_PERSON)]
    told_at: float
    words: Annotated[str, Meta(max_length=MAX_WORDS)] = ""


class CloseCritical(ParticipantCommand, frozen=True, tag="close_critical"):
    """Close an acknowledged critical result, with what came of it."""

    critical: CriticalId
    outcome: Annotated[str, Meta(min_length=1, max_length=MAX_WORDS)]


class EscalateCritical(ServerCommand, frozen=True, kw_only=True):
    """Its time is over: the next person is asked. Of no effect before that, or once it is acknowledged."""

    critical: str


class NoteDelivery(ServerCommand, frozen=True, kw_only=True):
    """A notice was sent, or could not be."""

    critical: str
    notice: str
    sent: bool
    sentence: str = ""


CriticalCommand = RaiseCritical | AcknowledgeCritical | TellCritical | CloseCritical | EscalateCritical | NoteDelivery
