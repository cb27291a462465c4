"""Who sits in a seat: by the cookie that joining has set for the paths below `/seat/SEAT/`."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from consult.access.keys import same_secret
from consult.clock import now
from consult.http.services import services
from consult.model.catalogue import Case, Role
from consult.model.errors import Refused
from consult.model.identifiers import ConsultId, SeatId
from consult.runtime.runner import ConsultRunner
from consult.sessions.features.seats.closing import ENDINGS, read_case, why_out
from consult.sessions.messages import Reason
from consult.sessions.state import State


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
    def reads(self) -> bool:
        """It is here to read a signed note, and has nothing of the consult itself."""
        return read_case(self.runner.core.state, self.seat) != ""

    @property
    def case(self) -> str:
        """Id of the case whose note it may read; of who is in the consult, that on the stage."""
        state = self.runner.core.state
        return read_case(state, self.seat) or state.current


def cookie_name(seat: SeatId) -> str:
    """One cookie a seat; its path keeps host and guest apart in two tabs of one browser."""
    return f"consult-{seat}"


def refused_seat(reason: Reason, state: State, seat: SeatId) -> Refused:
    """The refusal of a seat that is out for that reason; who was not let in is told so, and not that it is nobody's."""
    was_denied = seat in state.seats and state.seats[seat].lobby == "denied"
    code = "no_seat" if reason == "denied" and not was_denied else reason
    return Refused(code, ENDINGS[reason].closing.sentence)


async def check_holder(connection: HTTPConnection, asks: str | None) -> SeatAccess:
    """Let whoever holds the seat's cookie pass, wherever the seat is: also before the door.

    Raises:
        Refused: "no_seat", "too_often"; "unknown_consult".
    """
    registry, keys = services(connection).registry, services(connection).keys
    seat = SeatId(connection.path_params["seat"])
    consult, _, secret = connection.cookies.get(cookie_name(seat), "").partition(".")
    if not same_secret(secret, keys.seat_secret(ConsultId(consult), seat)):
        raise Refused("no_seat", "Open the link that you were given; this page belongs to somebody else's seat.")
    runner = await registry.find(ConsultId(consult))
    if asks is not None:
        runner.check_asks(seat, asks)
    return SeatAccess(runner, seat)


async def check_seat(connection: HTTPConnection, asks: str | None, *, reads: bool = False) -> SeatAccess:
    """Let whoever holds the seat's cookie pass; who only reads, where `reads` says so and nowhere else.

    Args:
        asks: one of `REQUESTS`, whose rate it is; None: a WebSocket, which has its own.

    Raises:
        Refused: without the right cookie there is no seat, whatever the path says; with it there is none once the
            link has expired or was revoked, the person was removed, or the consult is over, of whose signed note
            a guest may still read; "lobby": nobody has let them in yet; "not_allowed": it is a reader's; "too_often".
    """
    access = await check_holder(connection, asks)
    state = access.runner.core.state
    if (reason := why_out(state, access.seat, now(), reads=reads)) is not None:
        raise refused_seat(reason, state, access.seat)
    if access.reads and not reads:
        raise Refused("not_allowed", "This link is for reading the note. The consult itself is not open to it.")
    return access


def case_on_stage(access: SeatAccess, epoch: str) -> Case:
    """The case on the stage, which must be that which the page has. Raises Refused ("stale_case")."""
    state = access.runner.core.state
    case = state.current_case
    if case is None or epoch != str(state.case):
        raise Refused("stale_case", "Another case is on the stage now.")
    return case


async def check_reader(connection: HTTPConnection) -> SeatAccess:
    """Let who only reads pass. Raises Refused: as `check_seat`; "not_allowed": it is another's seat."""
    access = await check_seat(connection, "reading", reads=True)
    if not access.reads:
        raise Refused("not_allowed", "This page is for those who have a link to read.")
    return access
