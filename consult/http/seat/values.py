"""Values that a page asks for below `/seat/SEAT/`: read from native voxels, of series that the seat is told of."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consult.http.responses import json_response
from consult.http.seat.seat_page import series_for
from consult.http.security.seat_access import SeatAccess, case_on_stage, check_seat
from consult.model.catalogue import Series
from consult.model.errors import Refused
from consult.model.geometry import Vec
from consult.sessions.publishing.document import hidden_parts


async def greatest(request: Request) -> Response:
    """GET series/SERIES/greatest?time&point&towards[&least=1]: the voxel with the greatest value on a line of sight.

    Raises:
        Refused: as `check_seat`, `series_for`, `check_shown` and `Sight.greatest`; "bad_line".
    """
    access = await check_seat(request, "lists")
    series = series_for(access, request)
    check_shown(access, series)
    asked = request.query_params
    time = asked.get("time", "0")
    if not (time.isascii() and time.isdecimal()) or len(time) > 6:
        raise Refused("image_out_of_range", "The time of a volume is a whole number.")
    line = _vector(asked.get("point", "")), _vector(asked.get("towards", ""))
    pictures, least = access.runner.pictures, asked.get("least") == "1"
    point, value = await pictures.greatest(access.seat, series, int(time), line, least=least)
    return json_response({"point": point, "value": value})


def check_shown(access: SeatAccess, series: Series) -> None:
    """Let who is shown all of a series pass. Raises Refused: "blacked_out"."""
    if series.key in hidden_parts(access.runner.core.state, access.role):
        raise Refused("blacked_out", "Parts of this series are blacked out, so its values are not read here.")


def _vector(text: str) -> Vec:
    """ "1,2.5,-3". Raises Refused ("bad_line")."""
    try:
        x, y, z = map(float, text.split(","))
    except ValueError:
        raise Refused("bad_line", "A point is three numbers, x,y,z in mm.") from None
    return x, y, z


async def curve(request: Request) -> Response:
    """GET marks/MARK/curve?case=EPOCH: the values of a mark over the second axis of its series.

    Raises:
        Refused: as `check_seat`, `case_on_stage` and `check_shown`; "unknown_mark", "unknown_series", "no_curve",
            "too_often".
        NotReady: not all of its images are loaded.
    """
    access = await check_seat(request, "lists")
    case = case_on_stage(access, request.query_params.get("case", ""))
    mark = access.runner.core.state.marks.get(request.path_params["mark"])
    if mark is None or mark.case != case.id:
        raise Refused("unknown_mark", "There is no such mark (any more).")
    series = case.find(mark.series)
    if series is None:
        raise Refused("unknown_series", "There is no such series here.")
    check_shown(access, series)
    return json_response(await access.runner.pictures.curve(access.seat, mark, series))


routes = [
    Route("/seat/{seat}/series/{series}/greatest", greatest, methods=["GET"]),
    Route("/seat/{seat}/marks/{mark}/curve", curve, methods=["GET"]),
]
