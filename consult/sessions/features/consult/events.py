"""The consult's own record, and what happens to it."""

from __future__ import annotations

from msgspec import Struct

from consult.model.catalogue import Case
from consult.model.identifiers import ConsultId
from consult.sessions.features.kinds import Event


class Consult(Struct, frozen=True):
    """The consult itself."""

    id: ConsultId
    title: str
    host_name: str
    opened_at: float
    ended_at: float | None = None


class ConsultOpened(Event, frozen=True, tag="consult_opened"):
    """The first entry of a log. Never sent to a page: a snapshot has what may be told of it."""

    consult: Consult
    cases: tuple[Case, ...]


class OwnerChanged(Event, frozen=True, tag="owner_changed"):
    """A server process took over; `owners` counts them."""

    owner: str
    owners: int


class ConsultEnded(Event, frozen=True, tag="consult_ended"):
    """Over, for everybody."""

    consult: Consult


ConsultEvent = ConsultOpened | OwnerChanged | ConsultEnded
