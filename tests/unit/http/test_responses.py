"""Every answer has the security headers; errors have a status of their kind."""

from __future__ import annotations

import pytest

from consult.http.responses import HEADERS, status_of
from consult.model.errors import ConsultError, DicomRefused, Malformed, NotReady, Refused, StoreFailed
from tests.unit.http.conftest import Door


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("path", ["/healthz", "/join/a/b", "/nothing", "/static/css/nothing.css", "/api/studies"])
async def test_every_answer_has_the_security_headers(door: Door, path: str) -> None:
    async with door.client() as client:
        answer = await client.get(path)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Refused("unknown_still", ""), 404),
        (Refused("expired", ""), 410),
        (Refused("anything_else", ""), 403),
        (Malformed("malformed", ""), 400),
        (DicomRefused("bits", "rule"), 422),
        (NotReady("not_loaded", ""), 503),
        (StoreFailed("not_stored", ""), 503),
        (StoreFailed("disk_full", ""), 507),
    ],
)
def test_an_error_has_the_status_of_its_kind(error: ConsultError, status: int) -> None:
    assert status_of(error) == status
