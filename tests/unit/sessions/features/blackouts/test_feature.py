"""Parts of pictures that guests are not shown: put by hosts, on images that there are, and told to whoever renders."""

from __future__ import annotations

import pytest

from consult.model.identifiers import SeriesKey
from consult.model.privacy.blackout import Blackout, Rectangle
from consult.sessions.effects import Append, HideParts
from consult.sessions.events import StoredEvent
from consult.sessions.features.blackouts.commands import BlackOut, RemoveBlackout
from consult.sessions.features.blackouts.events import BlackoutPut, BlackoutRemoved
from consult.sessions.features.cases.commands import HidePatients, SwitchCase
from consult.sessions.features.limits import MAX_BLACKOUTS_OF_SERIES
from consult.sessions.messages import Nack
from consult.sessions.publishing.document import hidden_parts, snapshot_of
from tests.support.cases import Table, command_id

SERIES = SeriesKey("s-1")
TOP: Rectangle = (0, 0, 64, 8)


class Host:
    """The host of a consult, and what they ask for."""

    def __init__(self) -> None:
        self.table = Table()
        self.table.join("host", "host")
        self.table.join("ann")
        self._asked = 0

    def ask(self, kind: type[BlackOut | RemoveBlackout | HidePatients | SwitchCase], **fields: object) -> str:
        """The code of a refusal; "" where it is done."""
        self._asked += 1
        command = kind(id=command_id("host", self._asked), case=self.table.state.case, **fields)  # type: ignore[arg-type]
        answers = self.table.send("host", command)
        return next((answer.code for answer in answers if isinstance(answer, Nack)), "")

    def black_out(self, rectangle: Rectangle = TOP, series: SeriesKey = SERIES) -> str:
        """The same."""
        return self.ask(BlackOut, series=series, rectangle=rectangle)


@pytest.fixture
def host() -> Host:
    return Host()


def test_one_is_put_and_removed_by_its_id(host: Host) -> None:
    assert host.black_out() == host.black_out((1, 2, 3, 4)) == ""
    first, second = host.table.state.blackouts
    assert host.table.state.blackouts[first] == Blackout(first, "c1", SERIES, TOP)
    assert host.ask(RemoveBlackout, blackout=first) == ""
    assert [*host.table.state.blackouts] == [second]
    assert host.ask(RemoveBlackout, blackout=first) == "unknown_blackout"


@pytest.mark.parametrize("rectangle", [(0, 0, 65, 8), (0, 0, 64, 65), (8, 0, 8, 8), (0, 9, 8, 8)])
def test_it_lies_on_the_image(host: Host, rectangle: Rectangle) -> None:
    assert host.black_out(rectangle) == "bad_rectangle"


def test_it_is_of_a_series_of_the_case_on_the_stage(host: Host) -> None:
    assert host.black_out(series=SeriesKey("s-9")) == "unknown_series"
    host.black_out()
    (first,) = host.table.state.blackouts
    host.ask(SwitchCase, to="c2")
    assert host.black_out() == "unknown_series"
    assert host.ask(RemoveBlackout, blackout=first) == "unknown_blackout"


def test_a_series_has_so_many(host: Host) -> None:
    for row in range(MAX_BLACKOUTS_OF_SERIES):
        assert host.black_out((0, row, 9, row + 1)) == ""
    assert host.black_out() == "too_many_blackouts"
    assert host.black_out(series=SeriesKey("s-2")) == ""


def parts_told(host: Host) -> list[object]:
    """What whoever renders was told by the last effects, which must come behind what is stored."""
    found = [effect for effect in host.table.effects if isinstance(effect, HideParts)]
    kinds = [type(effect) for effect in host.table.effects]
    assert not found or kinds.index(Append) < kinds.index(HideParts)
    return [dict(effect.parts) for effect in found]


def test_whoever_renders_is_told_what_guests_are_not_shown_while_patients_are_hidden(host: Host) -> None:
    """Seen to fail on each of the events that change it, and on another server that takes over."""
    host.black_out()
    assert parts_told(host) == [{}], "nobody is hidden yet"
    host.ask(HidePatients, hidden=True)
    assert parts_told(host) == [{SERIES: (TOP,)}]
    host.black_out((1, 2, 3, 4))
    assert parts_told(host) == [{SERIES: (TOP, (1, 2, 3, 4))}]
    assert hidden_parts(host.table.state, "viewer") == {SERIES: (TOP, (1, 2, 3, 4))}
    assert hidden_parts(host.table.state, "host") == {}
    other = host.table.restarted()
    assert [dict(one.parts) for one in other.start(host.table.now) if isinstance(one, HideParts)] == [
        {SERIES: (TOP, (1, 2, 3, 4))}
    ]
    host.ask(RemoveBlackout, blackout=next(iter(host.table.state.blackouts)))
    assert parts_told(host) == [{SERIES: ((1, 2, 3, 4),)}]
    host.ask(HidePatients, hidden=False)
    assert parts_told(host) == [{}]
    host.ask(SwitchCase, to="c2")
    assert parts_told(host) == []


def test_guests_are_told_where_of_the_case_on_the_stage_alone(host: Host) -> None:
    """So that a page can say that it is black by somebody's hand."""
    host.black_out()
    news = [message.event for message in host.table.sent["ann"] if isinstance(message, StoredEvent)]
    assert [event for event in news if isinstance(event, BlackoutPut)] == [
        BlackoutPut(*host.table.state.blackouts.values())
    ]
    assert snapshot_of(host.table.state, "viewer").blackouts == (*host.table.state.blackouts.values(),)
    (first,) = host.table.state.blackouts
    host.ask(RemoveBlackout, blackout=first)
    assert host.table.sent["ann"][-1].event == BlackoutRemoved(first, "c1")  # type: ignore[attr-defined]
    host.black_out()
    host.ask(SwitchCase, to="c2")
    assert snapshot_of(host.table.state, "viewer").blackouts == ()
    assert len(snapshot_of(host.table.state, "host").blackouts) == 1
