"""Who sits in a seat: by the cookie that joining has set for the paths below `/seat/SEAT/`."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from consult.access.keys import same_secret
from consult.clock import now
from consult.http.services import services
from consult.model.catalogue import Role
from consult.model.errors import Refused
from consult.model.identifiers import ConsultId, SeatId
from consult.runtime.runner import ConsultRunner
from consult.sessions.features.seats.closing import ENDINGS, why_out

CODES = {"denied": "no_seat"}
"""Error codes of the host API and the seat's paths, where they are not the reason's own name."""


@dataclass(frozen=True)
class SeatAccess:
    """A seat whose cookie was shown, and its consult."""

    runner: ConsultRunner
    seat: SeatId

    @property
    def role(self) -> Role:
        """Of the seat."""
        return self.runner.core.state.seats[self.seat].role

    @property
    def case(self) -> str:
        """Id of the case whose note a reader may read; of others, that on the stage."""
        state = self.runner.core.state
        invitation = state.invitations.get(state.seats[self.seat].invitation)
        return (self.role == "reader" and invitation and invitation.case) or state.current


def cookie_name(seat: SeatId) -> str:
    """One cookie a seat; its path keeps host and guest apart in two tabs of one browser."""
    return f"consult-{seat}"


async def check_seat(connection: HTTPConnection, *, reads: bool = False) -> SeatAccess:
    """Let whoever holds the seat's cookie pass; who only reads, where `reads` says so and nowhere else.

    Raises:
        Refused: without the right cookie there is no seat, whatever the path says; with it there is none once the
            link has expired or was revoked, the person was removed, or the consult is over;
            "not_allowed": it is a reader's.
    """
    registry, keys = services(connection).registry, services(connection).keys
    seat = SeatId(connection.path_params["seat"])
    consult, _, secret = connection.cookies.get(cookie_name(seat), "").partition(".")
    if not same_secret(secret, keys.seat_secret(ConsultId(consult), seat)):
        raise Refused("no_seat", "Open the link that you were given; this page belongs to somebody else's seat.")
    runner = await registry.find(ConsultId(consult))
    if (reason := why_out(runner.core.state, seat, now())) is not None:
        raise Refused(CODES.get(reason, reason), ENDINGS[reason].closing.sentence)
    if runner.core.state.seats[seat].role == "reader" and not reads:
        raise Refused("not_allowed", "This link is for reading the note. The consult itself is not open to it.")
    return SeatAccess(runner, seat)


async def check_reader(connection: HTTPConnection) -> SeatAccess:
    """Let a reader pass. Raises Refused: as `check_seat`; "not_allowed": it is another's seat."""
    access = await check_seat(connection, reads=True)
    if access.role != "reader":
        raise Refused("not_allowed", "This page is for those who have a link to read.")
    return access
