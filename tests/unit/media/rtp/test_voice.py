"""Voice: who has a slot, and how a slot's stream goes on when somebody else takes it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.media.rtp.voice import (
    MAX_DROPOUT,
    MAX_JUMP,
    PACKET_S,
    PACKET_TICKS,
    RELEASE_S,
    SLOTS,
    ActiveSpeakers,
    Heard,
    RtpMunger,
    VoicePacket,
)
from consult.model.identifiers import ConnectionId

ANN, BOB, CAT, DAN = (ConnectionId(name) for name in ("ann", "bob", "cat", "dan"))
LOUD, MEDIUM, QUIET, NOISE = 20, 30, 40, 75
DTX_S = 0.2
"""5 packets a second."""


def packet(sequence: int, timestamp: int, *, marker: bool = False) -> VoicePacket:
    return VoicePacket(sequence % 2**16, timestamp % 2**32, b"\x78opus", LOUD, marker)


class TestRebase:
    """One stream, whoever speaks."""

    def test_it_begins_behind_its_random_numbers_with_a_marker(self) -> None:
        assert RtpMunger(100, 5_000).next(1, packet(7, 70), 0.0) == (101, 5_000 + PACKET_TICKS, True)

    def test_a_source_keeps_its_steps_its_gaps_and_its_markers(self) -> None:
        rebase = RtpMunger(100, 5_000)
        rebase.next(1, packet(7, 70), 0.0)
        assert rebase.next(1, packet(8, 1_030), 0.02) == (102, 6_920, False)
        assert rebase.next(1, packet(11, 3_910, marker=True), 0.08) == (105, 9_800, True)

    def test_another_speaker_goes_on_where_the_last_one_was(self) -> None:
        rebase = RtpMunger(100, 5_000)
        rebase.next(1, packet(7, 70), 0.0)
        assert rebase.next(2, packet(60_000, 9), 0.5) == (102, 5_000 + PACKET_TICKS + 24_000, True)
        assert rebase.next(2, packet(60_001, 969), 0.52) == (103, 5_000 + 2 * PACKET_TICKS + 24_000, False)

    def test_the_same_speaker_at_the_next_activation_too(self) -> None:
        rebase = RtpMunger(0, 0)
        rebase.next(1, packet(7, 70), 0.0)
        assert rebase.next(3, packet(9, 1_990), 2.0) == (2, PACKET_TICKS + 96_000, True)

    def test_a_quick_change_is_a_packet_later_at_least(self) -> None:
        rebase = RtpMunger(0, 0)
        rebase.next(1, packet(7, 70), 1.0)
        assert rebase.next(2, packet(1, 1), 1.0) == (2, 2 * PACKET_TICKS, True)

    def test_a_long_silence_is_no_step_back(self) -> None:
        rebase = RtpMunger(0, 0)
        rebase.next(1, packet(7, 70), 0.0)
        assert rebase.next(2, packet(1, 1), 86_400.0) == (2, PACKET_TICKS + MAX_JUMP, True)

    def test_numbers_wrap(self) -> None:
        rebase = RtpMunger(2**16 - 1, 2**32 - 1)
        assert rebase.next(1, packet(2**16 - 1, 2**32 - 1), 0.0) == (0, PACKET_TICKS - 1, True)
        assert rebase.next(1, packet(0, PACKET_TICKS - 1), 0.02) == (1, 2 * PACKET_TICKS - 1, False)

    def test_reordered_packets_keep_their_places(self) -> None:
        rebase = RtpMunger(100, 0)
        rebase.next(1, packet(7, 0), 0.0)
        assert rebase.next(1, packet(9, 1_920), 0.03) == (103, 2_880, False)
        assert rebase.next(1, packet(8, 960), 0.04) == (102, 1_920, False)
        assert rebase.next(1, packet(10, 2_880), 0.06) == (104, 3_840, False)

    def test_what_was_overtaken_by_the_activation_is_dropped(self) -> None:
        rebase = RtpMunger(100, 0)
        rebase.next(1, packet(500, 0), 0.0)
        rebase.next(2, packet(7, 0), 0.02)
        assert rebase.next(2, packet(6, -960), 0.03) is None
        assert rebase.next(2, packet(8, 960), 0.04) is not None

    def test_what_comes_twice_goes_out_once(self) -> None:
        rebase = RtpMunger(100, 0)
        rebase.next(1, packet(7, 0), 0.0)
        assert rebase.next(1, packet(7, 0), 0.001) is None

    @pytest.mark.parametrize("sequence", [7 + MAX_DROPOUT + 1, 7 - 101])
    def test_a_source_that_begins_anew_is_an_activation(self, sequence: int) -> None:
        rebase = RtpMunger(100, 0)
        rebase.next(1, packet(7, 0), 0.0)
        assert rebase.next(1, packet(sequence, 77), 1.0) == (102, PACKET_TICKS + 48_000, True)

    def test_a_long_speech_does_not_make_late_packets_too_late(self) -> None:
        rebase = RtpMunger(0, 0)
        for n in range(40_000):
            rebase.next(1, packet(n, n * PACKET_TICKS), n * PACKET_S)
        rebase.next(1, packet(40_001, 40_001 * PACKET_TICKS), 800.1)
        assert rebase.next(1, packet(40_000, 40_000 * PACKET_TICKS), 800.1) == (40_001, 40_001 * PACKET_TICKS, False)

    @settings(deadline=None)
    @given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 2**16 - 1), st.booleans()), max_size=60))
    def test_no_number_is_used_for_two_packets(self, course: list[tuple[int, int, bool]]) -> None:
        """Whatever comes: two packets under one number would be encrypted alike."""
        rebase, used = RtpMunger(0, 0), dict[int, tuple[int, int]]()
        source = at = 0
        for n, (talker, sequence, is_near) in enumerate(course):
            at = at + sequence % 7 - 3 if is_near else sequence
            source = source if is_near else 10 * n + talker
            out = rebase.next(source, packet(at, at), n * PACKET_S)
            if out is not None:
                assert used.setdefault(out[0], (source, at)) == (source, at)


class Talk:
    """People talking to one `ActiveSpeakers`, packet by packet."""

    def __init__(self) -> None:
        self.speakers = ActiveSpeakers()
        self.now = 100.0
        self.heard: dict[ConnectionId, list[Heard | None]] = {}

    def go(self, seconds: float, levels: dict[ConnectionId, int], step_s: float = PACKET_S) -> None:
        """All of them at these levels for so long."""
        self.heard = {who: [] for who in levels}
        for _ in range(round(seconds / step_s)):
            self.now += step_s
            for who, level in levels.items():
                self.heard[who].append(self.speakers.packet(who, level, self.now))

    def who(self) -> tuple[ConnectionId | None, ...]:
        """Who has which slot now."""
        return self.speakers.slots


@pytest.fixture
def talk() -> Talk:
    return Talk()


class TestSpeakers:
    """Three slots for the loudest."""

    def test_there_are_three(self, talk: Talk) -> None:
        assert talk.who() == (None, None, None) == (None,) * SLOTS

    def test_who_speaks_is_heard_from_the_first_packet_on(self, talk: Talk) -> None:
        talk.go(0.1, {ANN: MEDIUM})
        assert talk.heard[ANN] == [Heard(0, 1)] * 5
        assert talk.who() == (ANN, None, None)

    def test_each_has_a_slot_of_their_own_and_keeps_it(self, talk: Talk) -> None:
        talk.go(1.0, {ANN: MEDIUM, BOB: QUIET, CAT: LOUD})
        assert talk.who() == (ANN, BOB, CAT)
        assert {who: set(heard) for who, heard in talk.heard.items()} == {
            ANN: {Heard(0, 1)}, BOB: {Heard(1, 2)}, CAT: {Heard(2, 3)},
        }  # fmt: skip

    def test_noise_is_not_forwarded(self, talk: Talk) -> None:
        talk.go(5.0, {ANN: NOISE})
        assert set(talk.heard[ANN]) == {None}

    def test_a_silent_talker_of_five_packets_a_second_is_forwarded_to_nobody(self, talk: Talk) -> None:
        talk.go(0.5, {ANN: LOUD})
        talk.go(RELEASE_S + DTX_S, {ANN: 58}, DTX_S)
        talk.go(5.0, {ANN: 58}, DTX_S)
        assert set(talk.heard[ANN]) == {None}
        assert talk.who() == (None, None, None)

    def test_the_same_level_without_gaps_is_speech(self, talk: Talk) -> None:
        talk.go(2.0, {ANN: 58})
        assert talk.heard[ANN][-1] == Heard(0, 1)

    def test_pauses_between_words_keep_the_slot(self, talk: Talk) -> None:
        for _ in range(4):
            talk.go(0.4, {ANN: MEDIUM})
            talk.go(RELEASE_S - 0.1, {ANN: 127})
        assert talk.heard[ANN] == [Heard(0, 1)] * 35

    def test_who_falls_silent_gives_the_slot_up_and_begins_anew(self, talk: Talk) -> None:
        talk.go(0.4, {ANN: MEDIUM})
        talk.go(2.0, {ANN: 127})
        assert talk.who() == (None, None, None)
        talk.go(0.1, {ANN: MEDIUM})
        assert talk.heard[ANN] == [Heard(0, 2)] * 5

    def test_who_sends_nothing_gives_the_slot_up_when_due(self, talk: Talk) -> None:
        assert talk.speakers.due() is None
        talk.go(0.4, {ANN: MEDIUM})
        due = talk.speakers.due()
        assert due == talk.now + RELEASE_S
        talk.speakers.expire(due - 0.001)
        assert talk.who() == (ANN, None, None)
        talk.speakers.expire(due)
        assert talk.who() == (None, None, None)
        assert talk.speakers.due() is None

    def test_a_fourth_who_is_not_much_louder_waits(self, talk: Talk) -> None:
        talk.go(2.0, {ANN: MEDIUM, BOB: MEDIUM, CAT: MEDIUM})
        talk.go(2.0, {ANN: MEDIUM, BOB: MEDIUM, CAT: MEDIUM, DAN: MEDIUM - 5})
        assert set(talk.heard[DAN]) == {None}
        assert talk.who() == (ANN, BOB, CAT)

    def test_a_fourth_who_is_much_louder_takes_the_quietests_slot(self, talk: Talk) -> None:
        talk.go(2.0, {ANN: MEDIUM, BOB: QUIET, CAT: MEDIUM})
        talk.go(2.0, {ANN: MEDIUM, BOB: QUIET, CAT: MEDIUM, DAN: QUIET - 7})
        assert talk.who() == (ANN, DAN, CAT)
        assert talk.heard[DAN][-1] == Heard(1, 4)
        assert talk.heard[BOB][-1] is None

    def test_one_loud_knock_takes_nobodys_slot(self, talk: Talk) -> None:
        talk.go(2.0, {ANN: MEDIUM, BOB: MEDIUM, CAT: MEDIUM})
        assert talk.speakers.packet(DAN, 0, talk.now) is None
        assert talk.who() == (ANN, BOB, CAT)

    def test_a_slot_is_kept_for_a_while_at_least(self, talk: Talk) -> None:
        talk.go(1.0, {DAN: 0})
        for _ in range(2):
            talk.go(RELEASE_S + 0.2, {DAN: 127})
        everybody = {ANN: QUIET, BOB: QUIET + 2, CAT: QUIET, DAN: 0}
        talk.go(0.56, everybody)
        assert talk.who() == (ANN, BOB, CAT)
        talk.go(0.1, everybody)
        assert talk.who() == (ANN, DAN, CAT)

    def test_who_leaves_frees_the_slot_for_others(self, talk: Talk) -> None:
        talk.go(0.4, {ANN: MEDIUM, BOB: MEDIUM, CAT: MEDIUM})
        talk.speakers.leave(BOB)
        talk.speakers.leave(DAN)
        assert talk.who() == (ANN, None, CAT)
        talk.go(0.1, {DAN: MEDIUM})
        assert talk.who() == (ANN, DAN, CAT)
