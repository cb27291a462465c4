"""Who took part, from when to when, in documents."""

from __future__ import annotations

import re

from msgspec.structs import replace

from consult.documents.attendance import merged, participants_of
from consult.documents.collecting import Made, contents_of
from consult.documents.contents import Participant, Stay
from consult.documents.page import render_page
from consult.model.identifiers import SeatId
from consult.sessions.state import State
from tests.support.documents import order_of, signed_note

NOON = 1_764_000_000.0
"""24 November 2025, 16:00 UTC."""


def ended(at: float | None) -> State:
    """A consult with a host, Ann and Bob, who take part, and Eve, who watches."""
    state = signed_note().state
    return replace(state, consult=replace(state.consult, opened_at=NOON, ended_at=at))


def test_stays_that_lie_in_each_other_are_one() -> None:
    apart = Stay(0.0, 10.0), Stay(20.0, 30.0)
    assert merged(reversed(apart)) == apart
    assert merged([*apart, Stay(5.0, 25.0)]) == (Stay(0.0, 30.0),)
    assert merged([Stay(0.0, 10.0), Stay(2.0, 3.0)]) == (Stay(0.0, 10.0),)
    assert merged([Stay(0.0), Stay(5.0, 6.0)]) == (Stay(0.0),)
    assert merged([]) == ()


def test_who_came_by_two_seats_is_one_person_who_was_there_as_long_as_either() -> None:
    state = ended(None)
    again = replace(state.seats[SeatId("ann")], id=SeatId("ann-phone"))
    state = replace(state, seats={**state.seats, again.id: again})
    found = participants_of(state, {"ann": [Stay(0.0, 600.0)], "ann-phone": [Stay(300.0, 900.0)]})
    assert [one for one in found if one.name == "ann"] == [Participant("ann", "participant", (Stay(0.0, 900.0),))]


def test_nobody_takes_part_after_the_end() -> None:
    """Seen to fail: a host who read it a week later had been there for a week."""
    stays = {
        "host": [Stay(NOON), Stay(NOON + 7 * 86_400, NOON + 7 * 86_400 + 60)],
        "ann": [Stay(NOON + 60, NOON + 4_000)],
        "bob": [Stay(NOON + 9_000, NOON + 9_100)],
    }
    found = {one.name: one.stays for one in participants_of(ended(NOON + 780), stays)}
    assert found == {
        "host": (Stay(NOON, NOON + 780),), "ann": (Stay(NOON + 60, NOON + 780),), "bob": (), "eve": (),
    }  # fmt: skip


def test_a_page_says_from_when_to_when_in_the_zone_of_the_server() -> None:
    stays = {
        "host": (Stay(NOON),),
        "ann": (Stay(NOON + 60, NOON + 780), Stay(NOON + 1_000, NOON + 1_120)),
        "bob": (Stay(NOON + 9 * 3600, NOON + 9 * 3600 + 60),),
    }
    text = participants_in(Made(NOON, stays=stays), ended(None))
    assert text == (
        "host (host, since 16:00), ann (16:01 to 16:18, 14 min), "
        "bob (25 Nov 2025, 01:00 to 25 Nov 2025, 01:01, 1 min), eve (watching)"
    )


def participants_in(made: Made, state: State) -> str:
    """The line of the document."""
    page = render_page(order_of(contents_of(state, "c1", None, made))[0], {})
    part = page.partition("<h2>Participants</h2>")[2].partition("</section>")[0]
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", part).replace("\u00a0", " ")).strip()
