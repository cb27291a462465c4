"""Microphones: opened by their own people, closed by them or by the host; nothing of it is stored."""

from __future__ import annotations

import pytest

from consult.model.identifiers import ConnectionId, SeatId, TabId
from consult.sessions.effects import Append, ForwardVoice, Negotiate, Send
from consult.sessions.messages import PROTOCOL_VERSION, AnswerMedia, EndMedia, Hello, Nack, PauseMedia, WantMedia
from consult.sessions.presence.messages import Here, Microphone, Mute, Muted, Presence, SetMicrophone
from consult.sessions.replaceable import replacement_key
from tests.support.cases import SCREEN, Table

HOST, ANN, BOB = SeatId("host"), SeatId("ann"), SeatId("bob")


def forwarded(table: Table) -> list[ForwardVoice]:
    """What the last message changed in whose voice is forwarded."""
    return [effect for effect in table.effects if isinstance(effect, ForwardVoice)]


def presence(table: Table) -> dict[str, Microphone]:
    """Everybody's microphone, as the host was sent last."""
    newest = [message for message in table.sent["host"] if isinstance(message, Presence)][-1]
    return {here.seat: here.microphone for here in newest.people}


def on(connection: str, *, listens: bool = True) -> ForwardVoice:
    return ForwardVoice(ConnectionId(connection), True, listens)


def off(connection: str, *, listens: bool = True) -> ForwardVoice:
    return ForwardVoice(ConnectionId(connection), False, listens)


class TestSetMicrophone:
    """How a page speaks."""

    @pytest.mark.parametrize(
        ("microphone", "expected"),
        [("on", on("ann")), ("muted", off("ann")), ("off", off("ann")), ("phone", off("ann", listens=False))],
    )
    def test_the_runtime_and_everybody_get_it(
        self, table: Table, microphone: Microphone, expected: ForwardVoice
    ) -> None:
        table.send("ann", SetMicrophone(microphone))
        assert forwarded(table) == [expected]
        assert presence(table) == {"host": "off", "ann": microphone}

    def test_nothing_is_stored(self, table: Table) -> None:
        table.send("ann", SetMicrophone("on"))
        table.send("host", Mute(ANN))
        assert not any(isinstance(effect, Append) for effect in table.effects)

    @pytest.mark.parametrize("microphone", ["on", "muted"])
    def test_a_viewer_does_not_speak(self, table: Table, microphone: Microphone) -> None:
        table.join("eve", "viewer")
        (refused,) = table.send("eve", SetMicrophone(microphone))
        assert isinstance(refused, Nack)
        assert (refused.code, forwarded(table)) == ("not_allowed", [])
        assert presence(table)["eve"] == "off"

    def test_a_viewer_may_be_on_the_phone(self, table: Table) -> None:
        table.join("eve", "viewer")
        table.send("eve", SetMicrophone("phone"))
        assert forwarded(table) == [off("eve", listens=False)]

    def test_who_comes_back_is_not_heard_before_saying_so(self, table: Table) -> None:
        table.send("ann", SetMicrophone("on"))
        table.do(table.core.disconnect(ConnectionId("ann"), table.now))
        table.come("ann", "ann-2")
        assert forwarded(table) == []
        assert presence(table)["ann"] == "off"


class TestMute:
    """The host closes microphones."""

    def test_one_seat(self, table: Table) -> None:
        table.join("bob")
        for who in ("ann", "bob"):
            table.send(who, SetMicrophone("on"))
        table.send("host", Mute(ANN))
        assert forwarded(table) == [off("ann")]
        assert [message for message in table.sent["ann"] if isinstance(message, Muted)] == [Muted(HOST)]
        assert not any(isinstance(message, Muted) for message in table.sent["bob"])
        assert presence(table) == {"host": "off", "ann": "muted", "bob": "on"}

    def test_all_others(self, table: Table) -> None:
        table.join("bob")
        for who in ("host", "ann", "bob"):
            table.send(who, SetMicrophone("on"))
        table.send("host", Mute(SeatId("")))
        assert forwarded(table) == [off("ann"), off("bob")]
        assert presence(table) == {"host": "on", "ann": "muted", "bob": "muted"}

    def test_who_is_muted_may_speak_again(self, table: Table) -> None:
        table.send("ann", SetMicrophone("on"))
        table.send("host", Mute(ANN))
        table.send("ann", SetMicrophone("on"))
        assert forwarded(table) == [on("ann")]

    @pytest.mark.parametrize("microphone", ["off", "muted", "phone"])
    def test_a_closed_microphone_stays_as_it_is_and_nobody_is_told(self, table: Table, microphone: Microphone) -> None:
        table.send("ann", SetMicrophone(microphone))
        table.send("host", Mute(ANN))
        assert table.effects == []

    def test_all_tabs_of_a_seat(self, table: Table) -> None:
        table.do(table.core.connect(ConnectionId("ann-2"), ANN, table.now))
        table.send("ann-2", Hello(PROTOCOL_VERSION, TabId("tab-of-ann-2"), SCREEN))
        for connection in ("ann", "ann-2"):
            table.send(connection, SetMicrophone("on"))
        table.send("host", Mute(ANN))
        assert forwarded(table) == [off("ann"), off("ann-2")]

    def test_a_participant_mutes_nobody(self, table: Table) -> None:
        table.join("bob")
        table.send("bob", SetMicrophone("on"))
        (refused,) = table.send("ann", Mute(BOB))
        assert isinstance(refused, Nack)
        assert refused.code == "not_allowed"
        assert presence(table)["bob"] == "on"


@pytest.mark.parametrize("message", [WantMedia(1, True), AnswerMedia(1, "v=0"), PauseMedia(1, True), EndMedia(1)])
def test_what_is_about_the_connection_goes_to_the_runtime_alone(
    table: Table, message: WantMedia | AnswerMedia | PauseMedia | EndMedia
) -> None:
    table.send("ann", message)
    assert table.effects == [Negotiate(ConnectionId("ann"), message)]


def test_a_seat_with_two_pages_is_as_open_as_its_most_open(table: Table) -> None:
    table.send("ann", SetMicrophone("on"))
    table.do(table.core.connect(ConnectionId("ann-2"), ANN, table.now))
    table.send("ann-2", Hello(PROTOCOL_VERSION, TabId("tab-of-ann-2"), SCREEN))
    table.send("ann-2", SetMicrophone("phone"))
    assert presence(table)["ann"] == "on"
    table.send("ann", SetMicrophone("muted"))
    assert presence(table)["ann"] == "muted"
    table.send("ann", SetMicrophone("off"))
    assert presence(table)["ann"] == "phone"
    assert all(replacement_key(effect.message) for effect in table.effects if isinstance(effect, Send))


def test_here_says_off_where_nothing_was_said(table: Table) -> None:
    assert Here(ANN, True).microphone == "off"
    assert presence(table) == {"host": "off", "ann": "off"}
