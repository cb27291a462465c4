"""What plays in the shared view, and in a page's own: everybody is sent the same image, when it is due."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from msgspec.structs import replace

from consult.model.catalogue import Case, ImageValues
from consult.model.identifiers import ConnectionId, SeatId
from consult.model.view import Playing, View
from consult.sessions.effects import Append, Effect, ShowIndependentView, ShowView, WakeAt
from consult.sessions.features.chat.commands import PostChat
from consult.sessions.features.control.commands import GrantControl
from consult.sessions.features.findings.commands import PutFinding, Wording
from consult.sessions.features.marks.commands import KeepImage
from consult.sessions.features.view.messages import Show
from consult.sessions.messages import Nack
from consult.sessions.presence.messages import Explore, Exploring
from tests.support.cases import START, Table, case, command_id, place_of, playing, scrolled


class Clocked(Table):
    """A consult whose core is woken when it asked for it."""

    armed: float | None = None

    def do(self, effects: Iterable[Effect]) -> list[Effect]:
        done = super().do(effects)
        self.armed = next((e.at for e in reversed(done) if isinstance(e, WakeAt)), self.armed)
        return done

    def pass_on(self, seconds: float) -> list[int]:
        """Until so long after START: the places that were shown meanwhile."""
        until, shown = START + seconds, []
        while self.armed is not None and self.armed < until:
            self.now, self.armed = max(self.armed, self.now), None
            self.do(self.core.wake(self.now))
            shown += [place_of(e.shown.view) for e in self.effects if isinstance(e, ShowView)]
        self.now = until
        return shown


def clip() -> Case:
    """A case whose first series has 20 frames a second."""
    kase = case("c1")
    first, *others = kase.series
    return replace(kase, series=(replace(first, values=ImageValues(frame_time_ms=(50.0,))), *others))


@pytest.fixture
def table() -> Clocked:
    """A host who presents a clip, and Ann."""
    made = Clocked((clip(), case("c2", ("s-9",), "OTHER^MAN")))
    made.join("host", "host")
    made.join("ann")
    return made


def show(table: Clocked, n: int, view: View, *, rest: bool = False) -> None:
    """The host shows a view."""
    table.send("host", Show(table.state.control.epoch, table.state.case, n, view, rest))


def test_everybody_is_sent_each_image_when_it_is_due(table: Clocked) -> None:
    show(table, 1, playing(scrolled(table.view, 4)))
    assert place_of(table.view) == 4
    assert table.pass_on(0.26) == [5, 6, 7, 8, 9]
    for who in ("host", "ann"):
        assert table.last_view(who) == table.core.shown
    assert not any(isinstance(effect, Append) for effect in table.effects), "what plays is not stored image by image"
    revisions = [message.rev for message in table.sent["ann"] if hasattr(message, "rev")]
    assert revisions == sorted(revisions)


def test_a_show_while_it_plays_does_not_hold_it_back(table: Clocked) -> None:
    show(table, 1, playing(scrolled(table.view, 4)))
    table.pass_on(0.26)
    wide = replace(playing(scrolled(table.view, 4)).viewports[0].camera, radius=30.0)
    late = playing(scrolled(table.view, 4))
    show(table, 2, replace(late, viewports=(replace(late.viewports[0], camera=wide),)))
    assert (place_of(table.view), table.view.viewports[0].camera.radius) == (9, 30.0)
    assert (table.last_view("host").n, table.last_view("host").tab[:11]) == (2, "tab-of-host")
    assert table.pass_on(0.31) == [10], "and each image names the show that it follows"
    assert table.last_view("host").n == 2


def test_stopped_it_stands_at_the_image_that_was_meant(table: Clocked) -> None:
    show(table, 1, playing(scrolled(table.view, 4)))
    table.pass_on(0.3)
    show(table, 2, playing(scrolled(table.view, 7), None), rest=True)
    assert place_of(table.view) == 7
    assert table.pass_on(5.0) == []
    assert table.state.settled is not None
    assert table.state.settled.view == table.view


def test_nobody_here_no_image_and_who_comes_is_in_step(table: Clocked) -> None:
    show(table, 1, playing(scrolled(table.view, 0)), rest=True)
    for who in ("host", "ann"):
        table.do(table.core.disconnect(ConnectionId(who), table.now))
    assert table.pass_on(0.5) == []
    table.come("host", "host-2")
    assert table.pass_on(0.51)[:1] == [10]


def test_another_server_goes_on_where_the_clock_is(table: Clocked) -> None:
    show(table, 1, playing(scrolled(table.view, 0)), rest=True)
    core = table.restarted()
    table.core, table.now = core, START + 0.7
    table.do(core.start(table.now))
    table.come("host", "host-2")
    table.do(core.wake(table.now))
    assert place_of(table.view) == 14


def test_who_is_given_control_may_stop_it_and_until_then_it_plays(table: Clocked) -> None:
    show(table, 1, playing(scrolled(table.view, 0)))
    table.send("host", GrantControl(id=command_id("host", 1), case=table.state.case, seat=SeatId("ann")))
    assert table.pass_on(0.12) == [1, 2]
    assert table.last_view("ann").tab == "", "it is nobody's show any more"


def test_nothing_to_play_is_refused(table: Clocked) -> None:
    before = table.core.shown
    (nack,) = table.send(
        "host", Show(table.state.control.epoch, table.state.case, 1, playing(table.view, Playing("place", 3, 3)))
    )
    assert isinstance(nack, Nack)
    assert nack.code == "bad_playing"
    assert table.core.shown is before


def test_what_is_kept_stands_still(table: Clocked) -> None:
    view, epoch = playing(table.view), table.state.case
    table.send("host", KeepImage(id=command_id("host", 1), case=epoch, viewport=view.viewports[0]))
    table.send("host", PutFinding(
        id=command_id("host", 2), case=epoch, finding="f1", base=0, wording=Wording("Nodule"), view=view
    ))  # fmt: skip
    table.send("host", PostChat(id=command_id("host", 3), case=epoch, about="c1", text="Look", view=view))
    kept = [image.viewport for image in table.state.key_images.values()]
    kept += [table.state.findings["f1"].views[0].view.viewports[0]]
    message = table.state.chat[-1].view
    assert message is not None
    assert [viewport.playing for viewport in (*kept, message.viewports[0])] == [None] * 3


def test_a_page_of_its_own_plays_for_itself(table: Clocked) -> None:
    own = playing(scrolled(table.view, 4))
    table.send("ann", Explore(table.state.case, 1, own))
    assert table.pass_on(0.12) == [], "the shared view stands still"
    mine = [message for message in table.sent["ann"] if isinstance(message, Exploring)][-1]
    assert mine.view is not None
    assert (place_of(mine.view.view), mine.n) == (6, 1)
    assert [e.connection for e in table.effects if isinstance(e, ShowIndependentView)] == ["ann"]
    table.send("ann", Explore(table.state.case, 2, None))
    before = len(table.sent["ann"])
    table.pass_on(1.0)
    assert not any(isinstance(message, Exploring) for message in table.sent["ann"][before:])
