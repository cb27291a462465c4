"""Commands about the cases of a consult."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from consult.sessions.features.kinds import ParticipantCommand


class SwitchCase(ParticipantCommand, frozen=True, tag="switch_case"):
    """Go to another case of the list."""

    to: Annotated[str, Meta(min_length=1, max_length=40)]
