"""Turnaround by the host API: for the host alone, in seconds, and as a file that a spreadsheet runs nothing of."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator
from datetime import datetime

import pytest
from msgspec.structs import replace

from consult.http.api.turnaround import MOST, csv_of
from consult.sessions.publishing.turnaround import Turnaround
from tests.unit.http.conftest import Door

AT = 1_795_525_500.0
"""24 Nov 2026, 13:05 UTC."""


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine stands there."""
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def read(text: str) -> list[dict[str, str]]:
    """Cells by their column."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def row(**changes: object) -> Turnaround:
    """Of a case that somebody asked about."""
    return replace(Turnaround("c", "Board", "Dr. Host", case=1, cases=1, asked=AT), **changes)


def test_times_are_iso_with_their_zone_in_winter_and_in_summer(berlin: None) -> None:
    summer = AT - 150 * 86_400
    (cells,) = read(csv_of([row(critical_raised=summer, criticals=1)]))
    assert cells["asked"] == "2026-11-24T14:05:00+01:00"
    assert cells["critical_raised"].endswith("+02:00")
    assert datetime.fromisoformat(cells["critical_raised"]).timestamp() == summer
    assert cells["signed"] == ""
    assert cells["criticals"] == "1"


@pytest.mark.parametrize(
    "title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =HYPERLINK(1)", "\uff1d1", '";=1+1;"']
)
def test_what_a_host_called_a_consult_is_never_a_formula(title: str) -> None:
    (cells,) = read(csv_of([row(title=title, host_name=title)]))
    for cell in (cells["title"], cells["host_name"]):
        assert cell in (title, f"'{title}")
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "\uff1d"))
        assert not cell.startswith(("\t", "\r", "\n"))


def test_a_cell_keeps_quotes_semicolons_and_lines() -> None:
    title = 'Second "opinion"; urgent,\nby Tuesday'
    assert read(csv_of([row(title=title)]))[0]["title"] == title


@pytest.mark.asyncio(loop_scope="module")
async def test_it_is_for_the_host_and_the_newest_consult_comes_first(door: Door) -> None:
    first, _ = await door.open()
    second, _ = await door.open()
    async with door.client() as stranger:
        for path in ("/api/turnaround", "/api/turnaround.csv"):
            assert (await stranger.get(path)).status_code == 401
    async with door.client(door.services.keys.host_token()) as client:
        answer = (await client.get("/api/turnaround")).json()
        assert [one["consult"] for one in answer["rows"]][:2] == [second, first]
        assert answer["left_out"] == 0
        assert answer["rows"][0]["title"] == "Second opinion"
        download = await client.get("/api/turnaround.csv")
        assert download.headers["content-disposition"] == 'attachment; filename="turnaround.csv"'
        assert download.headers["content-type"].startswith("text/csv")
        assert download.content.startswith(b"\xef\xbb\xbf"), "Excel takes it for UTF-8 then"
        cells = read(download.content.decode("utf-8-sig"))
        assert [one["consult"] for one in cells][:2] == [second, first]
        for name in ("TEST", "4711"):
            assert name not in download.text, "nothing of a patient"
    assert MOST >= 100
