"""What one page sends is not sent on to fifty as many times: drafts, what is written, who is here, views at rest."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from consult.model.rates import RateLimit
from consult.sessions.features.marks.drafts import DRAFTS_RATE
from consult.sessions.features.marks.messages import Draft, Drafts
from consult.sessions.features.note.messages import Write, Writings
from consult.sessions.features.note.writing_table import MAX_WRITTEN, WRITINGS_RATE
from consult.sessions.features.rates import STORED_VIEWS
from consult.sessions.features.view.events import ViewSettled
from consult.sessions.presence.hub import PRESENCE_RATE
from consult.sessions.presence.messages import Presence, ReportHealth
from consult.sessions.register import REST_S, RESTS
from tests.support.cases import Table, shape

MANY = 500


@pytest.fixture
def table() -> Table:
    made = Table()
    for who, role in (("host", "host"), ("ann", "participant"), ("bob", "participant"), ("eve", "viewer")):
        made.join(who, role)  # type: ignore[arg-type]  # roles
    return made


def received(table: Table, kind: type) -> list[Any]:
    """What a page that only looks on was sent."""
    return [message for message in table.sent["eve"] if isinstance(message, kind)]


def flood(table: Table, kind: type, message: Any) -> list[Any]:
    """So many at once; what the others were sent of it before time went on."""
    before = len(received(table, kind))
    for n in range(MANY):
        table.send("ann", message(n))
    return received(table, kind)[before:]


def later(table: Table, kind: type) -> Any:
    """The last of what is sent when its turn has come."""
    table.now += 2.0
    table.do(table.core.wake(table.now))
    return received(table, kind)[-1]


def test_drafts(table: Table) -> None:
    sent = flood(table, Drafts, lambda n: Draft(table.state.case, shape(size=1.0 + n)))
    assert len(sent) <= DRAFTS_RATE.burst
    (last,) = later(table, Drafts).drafts
    assert last.shape.points[1][0] == 1.0 + MANY - 1, "the newest is not lost"


def test_what_is_written(table: Table) -> None:
    """Seen to fail: 12 KB of each page to everybody, 40 times a second."""
    sent = flood(table, Writings, lambda n: Write(table.state.case, "impression", "x" * (2000 + n)))
    assert len(sent) <= WRITINGS_RATE.burst
    (last,) = later(table, Writings).writings
    assert len(last.text) == 2000 + MANY - 1


def test_what_many_write_together_has_a_size(table: Table) -> None:
    for n in range(6):
        table.join(f"more-{n}")
        table.send(f"more-{n}", Write(table.state.case, "impression", "x" * 3000))
    assert sum(len(writing.text) for writing in later(table, Writings).writings) == MAX_WRITTEN


def test_who_is_here(table: Table) -> None:
    """Seen to fail: a list of fifty to fifty for each round trip that somebody reported."""
    sent = flood(table, Presence, lambda n: ReportHealth("websocket", 40 if n % 2 else 300))
    assert len(sent) <= PRESENCE_RATE.burst
    assert next(here.round_trip_ms for here in later(table, Presence).people if here.seat == "ann") == 50


def test_views_at_rest(table: Table) -> None:
    """Seen to fail: an entry of the log for each `show` that says it is at rest, 75 a second."""
    before = len(table.appended)
    for n in range(1, MANY):
        table.send("host", table.show(n, n % 10, rest=True))
    settled = [a for a in table.appended[before:] if isinstance(a.entries[0].event, ViewSettled)]
    assert len(settled) == RESTS.burst
    table.now += REST_S
    table.do(table.core.wake(table.now))
    (last,) = table.appended[-1].entries
    assert isinstance(last.event, ViewSettled)
    assert last.event.view == table.view, "the last one settles"


def test_views_at_rest_take_so_many_bytes_of_the_log(table: Table) -> None:
    """Seen to fail: four entries a second of whatever a view holds, for ever: 17 viewports of planes are 12 KB each."""

    def settled() -> list[ViewSettled]:
        found = [a.entries[0].event for a in table.appended]
        return [event for event in found if isinstance(event, ViewSettled)]

    def go_on(seconds: float, first: int) -> int:
        """Four times a second another view at rest; bytes of those that are stored."""
        before = len(settled())
        for n in range(first, first + int(4 * seconds)):
            table.send("host", table.show(n, n % 10, rest=True))
            table.now += 0.25
            table.do(table.core.wake(table.now))
        return sum(len(msgspec.json.encode(event)) for event in settled()[before:])

    table.core._register._bytes.spend(STORED_VIEWS.burst, table.now)
    table.core._register._bytes.limit = RateLimit(200.0, 1000.0)
    taken = go_on(60.0, 1)
    assert 0 < taken <= 60 * 200 + 2 * 1000
    table.now += 30.0
    table.do(table.core.wake(table.now))
    assert settled()[-1].view == table.view, "the last one settles"
