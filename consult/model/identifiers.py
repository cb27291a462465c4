"""Identifiers: plain strings with a name each, so that mypy keeps them apart."""

from __future__ import annotations

from typing import Annotated, NewType

from msgspec import Meta

ConsultId = NewType("ConsultId", str)
"""One consult, which is one log."""
InvitationId = NewType("InvitationId", str)
SeatId = NewType("SeatId", str)
"""One participant in one consult; survives reconnects."""
TabId = NewType("TabId", str)
"""One open page; chosen by the page, 8 to 40 of [A-Za-z0-9_-]."""
ConnectionId = NewType("ConnectionId", str)
"""One WebSocket; chosen by the server, never reused."""
SeriesKey = NewType("SeriesKey", str)
"""One displayable stack: derived from its UIDs and the content and order of its images; never the UID itself."""
StudyKey = NewType("StudyKey", str)
SegmentationKey = NewType("SegmentationKey", str)
"""One segmentation or structure set: derived from the UIDs of its series and the content of its file."""
PresentationStateKey = NewType("PresentationStateKey", str)
"""One presentation state: derived as that of a segmentation."""
CommandId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{8,40}\.[1-9][0-9]{0,14}$")]
"""`<tab>.<n>`, n counting up: the idempotency key of a command."""


def split_command_id(command: str) -> tuple[TabId, int]:
    """The tab and the number of a command id."""
    tab, _, number = command.rpartition(".")
    return TabId(tab), int(number)
