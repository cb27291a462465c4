"""The voices of a consult: who hears whom, and when it is told who speaks."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

import pytest

from consult.media.rtp import active_speakers
from consult.media.rtp.voice_packet import VoicePacket
from consult.model.identifiers import ConnectionId, SeatId
from consult.sessions.messages import Speaking
from consult.streaming.voice_router import Member, VoiceRouter

ANN, BOB, CAT = (ConnectionId(f"{name}/1") for name in ("ann", "bob", "cat"))
ANN_2 = ConnectionId("ann/2")
SILENCE = Speaking((SeatId(""),) * 3)


@dataclass
class Slot:
    """A slot's sender: what it was given."""

    got: list[tuple[Hashable, VoicePacket]] = field(default_factory=list)

    def forward(self, source: Hashable, packet: VoicePacket) -> None:
        self.got.append((source, packet))


class Room:
    """People and their slots; the clock is turned by hand."""

    def __init__(self) -> None:
        self.told: list[Speaking] = []
        self.news = asyncio.Event()
        self.now = 50.0
        self.voices = VoiceRouter(self.tell, lambda: self.now)
        self.slots: dict[ConnectionId, list[Slot]] = {}
        self.sequence = 0

    def tell(self, speaking: Speaking) -> None:
        self.told.append(speaking)
        self.news.set()

    def join(self, connection: ConnectionId, *, on: bool = True) -> Member:
        """A page's peer is connected; its microphone is open or not."""
        self.slots[connection] = [Slot(), Slot(), Slot()]
        self.voices.hear(connection, on=on, listens=True)
        return self.voices.join(connection, SeatId(connection.partition("/")[0]), self.slots[connection])

    def say(self, connection: ConnectionId, level: int = 20) -> VoicePacket:
        """One packet of somebody."""
        self.now += 0.02
        self.sequence += 1
        packet = VoicePacket(self.sequence, self.sequence * 960, b"opus", level, False)
        self.voices.packet(connection, packet)
        return packet

    def got(self, connection: ConnectionId) -> list[VoicePacket]:
        """All packets that somebody was sent."""
        return [packet for slot in self.slots[connection] for _, packet in slot.got]


@pytest.fixture
async def room() -> Room:
    made = Room()
    for who in (ANN, BOB, CAT):
        made.join(who)
    return made


@pytest.fixture(autouse=True)
def closed(room: Room) -> Iterator[None]:
    """No timer is left behind."""
    yield
    room.voices.close()


def speaking(*seats: str) -> Speaking:
    return Speaking(tuple(SeatId(seat) for seat in (*seats, "", "", "")[:3]))


async def test_everybody_hears_a_speaker_but_the_speaker(room: Room) -> None:
    packet = room.say(ANN)
    assert room.got(BOB) == room.got(CAT) == [packet]
    assert room.got(ANN) == []


async def test_two_speakers_hear_each_other_in_slots_of_their_own(room: Room) -> None:
    first, second = room.say(ANN), room.say(BOB)
    assert room.slots[CAT][0].got == [(1, first)]
    assert room.slots[CAT][1].got == [(2, second)]
    assert (room.got(ANN), room.got(BOB)) == ([second], [first])


async def test_another_tab_of_the_same_seat_does_not_hear_it_either(room: Room) -> None:
    room.join(ANN_2)
    room.say(ANN)
    assert room.got(ANN_2) == []


async def test_a_microphone_that_was_not_opened_is_not_heard(room: Room) -> None:
    dan = ConnectionId("dan/1")
    room.join(dan, on=False)
    room.say(dan)
    assert room.got(BOB) == []
    assert room.told == []


async def test_a_page_without_a_peer_is_not_heard(room: Room) -> None:
    dan = ConnectionId("dan/1")
    room.voices.hear(dan, on=True, listens=True)
    room.say(dan)
    assert room.got(BOB) == []


async def test_who_is_muted_is_not_heard_from_the_next_packet_on(room: Room) -> None:
    packet = room.say(ANN)
    room.voices.hear(ANN, on=False, listens=True)
    room.say(ANN)
    assert room.got(BOB) == [packet]
    assert room.told == [speaking("ann"), SILENCE]


async def test_who_is_on_the_phone_neither_speaks_nor_hears(room: Room) -> None:
    room.voices.hear(BOB, on=False, listens=False)
    packet = room.say(ANN)
    room.say(BOB)
    assert (room.got(BOB), room.got(CAT)) == ([], [packet])
    room.voices.hear(BOB, on=True, listens=True)
    assert room.say(ANN) in room.got(BOB)


async def test_each_time_somebody_takes_a_slot_it_is_another_source(room: Room) -> None:
    room.say(ANN)
    room.voices.hear(ANN, on=False, listens=True)
    room.voices.hear(ANN, on=True, listens=True)
    room.say(ANN)
    assert [source for source, _ in room.slots[BOB][0].got] == [1, 2]


async def test_noise_is_forwarded_to_nobody(room: Room) -> None:
    for _ in range(50):
        room.say(ANN, 75)
    assert room.got(BOB) == []
    assert room.told == []


async def test_speaking_is_told_once_for_each_change(room: Room) -> None:
    for _ in range(20):
        room.say(ANN)
    room.say(BOB)
    assert room.told == [speaking("ann"), speaking("ann", "bob")]
    assert room.voices.speaking == speaking("ann", "bob")


async def test_who_leaves_no_longer_speaks_nor_hears(room: Room) -> None:
    room.say(ANN)
    room.voices.leave(ANN)
    assert room.told[-1] == SILENCE
    room.say(ANN)
    room.say(BOB)
    assert room.got(ANN) == []
    assert len(room.got(BOB)) == 1


async def test_a_page_that_comes_back_is_not_heard_before_it_says_so(room: Room) -> None:
    room.voices.forget(ANN)
    room.voices.join(ANN, SeatId("ann"), [Slot(), Slot(), Slot()])
    room.say(ANN)
    assert room.got(BOB) == []


async def test_a_page_whose_peer_is_made_anew_stays_heard(room: Room) -> None:
    room.voices.leave(ANN)
    room.voices.join(ANN, SeatId("ann"), [Slot(), Slot(), Slot()])
    assert room.say(ANN) in room.got(BOB)


async def test_the_former_peers_end_does_not_end_its_successor(room: Room) -> None:
    former = room.join(ANN)
    room.join(ANN)
    room.voices.leave(ANN, former)
    packet = room.say(BOB)
    assert room.got(ANN) == [packet]


async def test_a_new_peer_ends_the_turn_of_the_one_before(room: Room) -> None:
    room.say(ANN)
    room.join(ANN)
    room.say(ANN)
    assert [source for source, _ in room.slots[BOB][0].got] == [1, 2]


async def test_a_peer_has_three_slots(room: Room) -> None:
    with pytest.raises(ValueError, match="2 senders for 3 slots"):
        room.voices.join(ANN, SeatId("ann"), [Slot(), Slot()])


async def test_it_is_told_when_a_speaker_sends_nothing_any_more(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(active_speakers, "RELEASE_S", 0.05)
    for who, seat in ((ANN, "ann"), (BOB, "bob")):
        room.say(who)
        assert room.told[-1] == speaking(seat)
        room.now += 0.04
        room.say(who)
        room.now += 0.05
        room.news.clear()
        await asyncio.wait_for(room.news.wait(), 5)
        assert room.told[-1] == SILENCE


async def test_closed_nobody_is_heard_and_no_timer_runs(room: Room) -> None:
    room.say(ANN)
    room.voices.close()
    room.say(ANN)
    assert len(room.got(BOB)) == 1
    assert room.told == [speaking("ann")]
