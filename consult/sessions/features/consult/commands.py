"""Commands about the consult as a whole."""

from __future__ import annotations

from consult.model.catalogue import Case
from consult.model.identifiers import ConsultId
from consult.sessions.features.consult.events import Kind, Site
from consult.sessions.features.kinds import ParticipantCommand, ServerCommand

MAX_TITLE = 200
"""Characters."""
MAX_HOST_NAME = 80
"""Characters."""


class OpenConsult(ServerCommand, frozen=True, kw_only=True):
    """The first command of a log."""

    consult: ConsultId
    title: str
    host_name: str
    cases: tuple[Case, ...]
    kind: Kind = "consult"


class TakeOwnership(ServerCommand, frozen=True, kw_only=True):
    """A server process takes the consult over."""

    owner: str
    site: Site = Site()


class EndConsult(ParticipantCommand, frozen=True, tag="end_consult"):
    """The host ends the consult for everybody."""


ConsultCommand = OpenConsult | TakeOwnership | EndConsult
