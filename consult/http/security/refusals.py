"""What is refused at the door is answered, and written into the audit trail."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from consult.http.responses import error_response, status_of
from consult.http.services import services
from consult.model.errors import ConsultError, Refused

NOTED = (401, 403, 410)
"""Statuses of what somebody may not do (any more)."""
OF_STRANGERS = frozenset(
    {"no_token", "wrong_token", "wrong_password", "wrong_launch", "strange_answer", "no_seat", "cross_origin",
     "unknown_host"}
)  # fmt: skip
"""Codes of who has shown no secret that is right. What such an address names is whatever they chose, of any length, and
each another: it is not written, so they are one row for a while."""


async def on_consult_error(request: Request, error: Exception) -> Response:
    """The handler that the application registers for the error tree."""
    assert isinstance(error, ConsultError)
    note_refusal(request, error)
    return error_response(error.code, error.sentence, status_of(error))


def note_refusal(request: Request, error: ConsultError) -> None:
    """What somebody may not do is counted, and in the audit trail."""
    services(request).tally.count("refused", error.code)
    if isinstance(error, Refused) and status_of(error) in NOTED:
        params = {} if error.code in OF_STRANGERS else request.path_params
        consult, seat = (str(params.get(name, "")) for name in ("consult", "seat"))
        services(request).registry.audit.note("refusal", consult=consult, who=seat, what=error.code, outcome="refused")
