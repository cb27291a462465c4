"""Turnaround in the host API: how long each case took, as JSON and as CSV. From the logs; nothing of a patient."""

from __future__ import annotations

import asyncio
import csv
import io
from datetime import UTC, datetime, timedelta, timezone

from msgspec import structs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consult.clock import utc_offset_min
from consult.http.responses import json_response
from consult.http.security.host import check_host
from consult.http.services import services
from consult.sessions.publishing.turnaround import Turnaround, turnaround
from consult.store.audit import Kind

MOST = 500
"""Consults, the newest; each has its whole log read."""
TIMES = (
    "asked", "first_view", "noted", "signed", "seen", "critical_raised", "critical_acknowledged",
)  # fmt: skip
COLUMNS = structs.fields(Turnaround)
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for a formula at the beginning of a cell, also in full width."""


async def as_json(request: Request) -> Response:
    """GET /api/turnaround: a row for each case of the newest consults, the newest consult first."""
    rows, left_out = await _rows(request, "read")
    return json_response({"rows": rows, "left_out": left_out})


async def as_csv(request: Request) -> Response:
    """GET /api/turnaround.csv: the same, to be opened in a spreadsheet."""
    rows, _ = await _rows(request, "export")
    headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="turnaround.csv"'}
    return Response(csv_of(rows).encode("utf-8-sig"), 200, headers, "text/csv")


async def _rows(request: Request, kind: Kind) -> tuple[list[Turnaround], int]:
    """The rows, and of how many older consults there are none."""
    host, registry = await check_host(request), services(request).registry
    consults = list(reversed(await registry.consults()))
    rows = list[Turnaround]()
    for consult in consults[:MOST]:
        rows += await asyncio.to_thread(turnaround, await registry.entries(consult))
    registry.audit.note(kind, role="host", what="turnaround", user=host.name)
    await registry.audit.written()
    return rows, max(0, len(consults) - MOST)


def csv_of(rows: list[Turnaround]) -> str:
    """RFC 4180, every cell quoted; times as ISO 8601 with the zone of this machine."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow([column.name for column in COLUMNS])
    for row in rows:
        writer.writerow([_cell(column.name, getattr(row, column.name)) for column in COLUMNS])
    return out.getvalue()


def _cell(name: str, value: str | float | None) -> str:
    """Text; what a spreadsheet would run as a formula begins with an apostrophe."""
    if value is None:
        return ""
    if name in TIMES:
        return iso(float(value))
    text = str(value)
    return f"'{text}" if text.startswith(_ACTIVE) or text.lstrip().startswith(_ACTIVE) else text


def iso(at: float) -> str:
    """ "2026-11-24T14:05:00+01:00"."""
    zone = timezone(timedelta(minutes=utc_offset_min(at)))
    return datetime.fromtimestamp(at, UTC).astimezone(zone).isoformat(timespec="seconds")


routes = [
    Route("/api/turnaround", as_json, methods=["GET"]),
    Route("/api/turnaround.csv", as_csv, methods=["GET"]),
]
