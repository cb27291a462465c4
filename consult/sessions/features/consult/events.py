"""The consult's own record, and what happens to it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from consult.model.catalogue import Case
from consult.model.identifiers import ConsultId
from consult.sessions.features.kinds import Event

Kind = Literal["consult", "board"]


class Consult(Struct, frozen=True):
    """The consult itself. `kind`: "board": a list of cases, prepared, shown in turn and decided."""

    id: ConsultId
    title: str
    host_name: str
    opened_at: float
    ended_at: float | None = None
    kind: Kind = "consult"


class Site(Struct, frozen=True):
    """What the server that owns a consult is set to.

    Attributes:
        utc_offset_min: of its own zone; east of Greenwich positive.
        critical_minutes: within which a critical result of category 1, 2, 3 is acknowledged.
        webhook, email: by which ways it can send notices.
    """

    utc_offset_min: int = 0
    critical_minutes: tuple[int, int, int] = (30, 360, 4320)
    webhook: bool = False
    email: bool = False


DEFAULT_SITE = Site()


class ConsultOpened(Event, frozen=True, tag="consult_opened"):
    """The first entry of a log. Never sent to a page: a snapshot has what may be told of it."""

    consult: Consult
    cases: tuple[Case, ...]


class OwnerChanged(Event, frozen=True, tag="owner_changed"):
    """A server process took over; `owners` counts them."""

    owner: str
    owners: int
    site: Site = Site()


class ConsultEnded(Event, frozen=True, tag="consult_ended"):
    """Over, for everybody."""

    consult: Consult


ConsultEvent = ConsultOpened | OwnerChanged | ConsultEnded
