"""Who has a slot."""

from __future__ import annotations

import pytest

from consult.media.rtp.active_speakers import RELEASE_S, SLOTS, ActiveSpeakers, SlotActivation
from consult.media.rtp.voice_packet import PACKET_S
from consult.model.identifiers import ConnectionId

ANN, BOB, CAT, DAN = (ConnectionId(name) for name in ("ann", "bob", "cat", "dan"))
LOUD, MEDIUM, QUIET, NOISE = 20, 30, 40, 75
DTX_S = 0.2
"""5 packets a second."""


class Talk:
    """People talking to one `ActiveSpeakers`, packet by packet."""

    def __init__(self) -> None:
        self.speakers = ActiveSpeakers()
        self.now = 100.0
        self.slots_of: dict[ConnectionId, list[SlotActivation | None]] = {}

    def go(self, seconds: float, levels: dict[ConnectionId, int], step_s: float = PACKET_S) -> None:
        """All of them at these levels for so long."""
        self.slots_of = {who: [] for who in levels}
        for _ in range(round(seconds / step_s)):
            self.now += step_s
            for who, level in levels.items():
                self.slots_of[who].append(self.speakers.packet(who, level, self.now))

    def who(self) -> tuple[ConnectionId | None, ...]:
        """Who has which slot now."""
        return self.speakers.slots


@pytest.fixture
def talk() -> Talk:
    return Talk()


def test_there_are_three(talk: Talk) -> None:
    assert talk.who() == (None, None, None) == (None,) * SLOTS


def test_who_speaks_is_heard_from_the_first_packet_on(talk: Talk) -> None:
    talk.go(0.1, {ANN: MEDIUM})
    assert talk.slots_of[ANN] == [SlotActivation(0, 1)] * 5
    assert talk.who() == (ANN, None, None)


def test_each_has_a_slot_of_their_own_and_keeps_it(talk: Talk) -> None:
    talk.go(1.0, {ANN: MEDIUM, BOB: QUIET, CAT: LOUD})
    assert talk.who() == (ANN, BOB, CAT)
    assert {who: set(slots) for who, slots in talk.slots_of.items()} == {
        ANN: {SlotActivation(0, 1)}, BOB: {SlotActivation(1, 2)}, CAT: {SlotActivation(2, 3)},
    }  # fmt: skip


def test_noise_is_not_forwarded(talk: Talk) -> None:
    talk.go(5.0, {ANN: NOISE})
    assert set(talk.slots_of[ANN]) == {None}


def test_a_silent_talker_of_five_packets_a_second_is_forwarded_to_nobody(talk: Talk) -> None:
    talk.go(0.5, {ANN: LOUD})
    talk.go(RELEASE_S + DTX_S, {ANN: 58}, DTX_S)
    talk.go(5.0, {ANN: 58}, DTX_S)
    assert set(talk.slots_of[ANN]) == {None}
    assert talk.who() == (None, None, None)


def test_the_same_level_without_gaps_is_speech(talk: Talk) -> None:
    talk.go(2.0, {ANN: 58})
    assert talk.slots_of[ANN][-1] == SlotActivation(0, 1)


def test_pauses_between_words_keep_the_slot(talk: Talk) -> None:
    for _ in range(4):
        talk.go(0.4, {ANN: MEDIUM})
        talk.go(RELEASE_S - 0.1, {ANN: 127})
    assert talk.slots_of[ANN] == [SlotActivation(0, 1)] * 35


def test_who_falls_silent_gives_the_slot_up_and_begins_anew(talk: Talk) -> None:
    talk.go(0.4, {ANN: MEDIUM})
    talk.go(2.0, {ANN: 127})
    assert talk.who() == (None, None, None)
    talk.go(0.1, {ANN: MEDIUM})
    assert talk.slots_of[ANN] == [SlotActivation(0, 2)] * 5


def test_who_sends_nothing_gives_the_slot_up_when_due(talk: Talk) -> None:
    assert talk.speakers.due() is None
    talk.go(0.4, {ANN: MEDIUM})
    due = talk.speakers.due()
    assert due == talk.now + RELEASE_S
    talk.speakers.expire(due - 0.001)
    assert talk.who() == (ANN, None, None)
    talk.speakers.expire(due)
    assert talk.who() == (None, None, None)
    assert talk.speakers.due() is None


def test_a_fourth_who_is_not_much_louder_waits(talk: Talk) -> None:
    talk.go(2.0, {ANN: MEDIUM, BOB: MEDIUM, CAT: MEDIUM})
    talk.go(2.0, {ANN: MEDIUM, BOB: MEDIUM, CAT: MEDIUM, DAN: MEDIUM - 5})
    assert set(talk.slots_of[DAN]) == {None}
    assert talk.who() == (ANN, BOB, CAT)


def test_a_fourth_who_is_much_louder_takes_the_quietests_slot(talk: Talk) -> None:
    talk.go(2.0, {ANN: MEDIUM, BOB: QUIET, CAT: MEDIUM})
    talk.go(2.0, {ANN: MEDIUM, BOB: QUIET, CAT: MEDIUM, DAN: QUIET - 7})
    assert talk.who() == (ANN, DAN, CAT)
    assert talk.slots_of[DAN][-1] == SlotActivation(1, 4)
    assert talk.slots_of[BOB][-1] is None


def test_one_loud_knock_takes_nobodys_slot(talk: Talk) -> None:
    talk.go(2.0, {ANN: MEDIUM, BOB: MEDIUM, CAT: MEDIUM})
    assert talk.speakers.packet(DAN, 0, talk.now) is None
    assert talk.who() == (ANN, BOB, CAT)


def test_a_slot_is_kept_for_a_while_at_least(talk: Talk) -> None:
    talk.go(1.0, {DAN: 0})
    for _ in range(2):
        talk.go(RELEASE_S + 0.2, {DAN: 127})
    everybody = {ANN: QUIET, BOB: QUIET + 2, CAT: QUIET, DAN: 0}
    talk.go(0.56, everybody)
    assert talk.who() == (ANN, BOB, CAT)
    talk.go(0.1, everybody)
    assert talk.who() == (ANN, DAN, CAT)


def test_who_leaves_frees_the_slot_for_others(talk: Talk) -> None:
    talk.go(0.4, {ANN: MEDIUM, BOB: MEDIUM, CAT: MEDIUM})
    talk.speakers.leave(BOB)
    talk.speakers.leave(DAN)
    assert talk.who() == (ANN, None, CAT)
    talk.go(0.1, {DAN: MEDIUM})
    assert talk.who() == (ANN, DAN, CAT)
