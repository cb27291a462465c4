"""Whose voice is forwarded to whom, and when the active speakers are broadcast."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

import pytest

from consult.media.rtp import active_speakers
from consult.media.rtp.voice_packet import VoicePacket
from consult.model.identifiers import ConnectionId, SeatId
from consult.sessions.presence.messages import Speaking
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


class Consult:
    """People and their slots; the clock is turned by hand."""

    def __init__(self) -> None:
        self.broadcasts: list[Speaking] = []
        self.news = asyncio.Event()
        self.now = 50.0
        self.voices = VoiceRouter(self.broadcast, lambda: self.now)
        self.slots: dict[ConnectionId, list[Slot]] = {}
        self.sequence = 0

    def broadcast(self, speaking: Speaking) -> None:
        self.broadcasts.append(speaking)
        self.news.set()

    def join(self, connection: ConnectionId, *, on: bool = True) -> Member:
        """A page's peer is connected; its microphone is open or not."""
        self.slots[connection] = [Slot(), Slot(), Slot()]
        self.voices.set_voice(connection, on=on, listens=True)
        return self.voices.join(connection, SeatId(connection.partition("/")[0]), self.slots[connection])

    def speak(self, connection: ConnectionId, level: int = 20) -> VoicePacket:
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
async def consult() -> Consult:
    made = Consult()
    for who in (ANN, BOB, CAT):
        made.join(who)
    return made


@pytest.fixture(autouse=True)
def closed(consult: Consult) -> Iterator[None]:
    """No timer is left behind."""
    yield
    consult.voices.close()


def speaking(*seats: str) -> Speaking:
    return Speaking(tuple(SeatId(seat) for seat in (*seats, "", "", "")[:3]))


async def test_everybody_gets_a_speakers_voice_but_the_speaker(consult: Consult) -> None:
    packet = consult.speak(ANN)
    assert consult.got(BOB) == consult.got(CAT) == [packet]
    assert consult.got(ANN) == []


async def test_two_speakers_get_each_other_in_slots_of_their_own(consult: Consult) -> None:
    first, second = consult.speak(ANN), consult.speak(BOB)
    assert consult.slots[CAT][0].got == [(1, first)]
    assert consult.slots[CAT][1].got == [(2, second)]
    assert (consult.got(ANN), consult.got(BOB)) == ([second], [first])


async def test_another_tab_of_the_same_seat_does_not_get_it_either(consult: Consult) -> None:
    consult.join(ANN_2)
    consult.speak(ANN)
    assert consult.got(ANN_2) == []


async def test_a_microphone_that_was_not_opened_is_not_forwarded(consult: Consult) -> None:
    dan = ConnectionId("dan/1")
    consult.join(dan, on=False)
    consult.speak(dan)
    assert consult.got(BOB) == []
    assert consult.broadcasts == []


async def test_a_page_without_a_peer_is_not_forwarded(consult: Consult) -> None:
    dan = ConnectionId("dan/1")
    consult.voices.set_voice(dan, on=True, listens=True)
    consult.speak(dan)
    assert consult.got(BOB) == []


async def test_who_is_muted_is_not_forwarded_from_the_next_packet_on(consult: Consult) -> None:
    packet = consult.speak(ANN)
    consult.voices.set_voice(ANN, on=False, listens=True)
    consult.speak(ANN)
    assert consult.got(BOB) == [packet]
    assert consult.broadcasts == [speaking("ann"), SILENCE]


async def test_who_is_on_the_phone_neither_speaks_nor_listens(consult: Consult) -> None:
    consult.voices.set_voice(BOB, on=False, listens=False)
    packet = consult.speak(ANN)
    consult.speak(BOB)
    assert (consult.got(BOB), consult.got(CAT)) == ([], [packet])
    consult.voices.set_voice(BOB, on=True, listens=True)
    assert consult.speak(ANN) in consult.got(BOB)


async def test_each_time_somebody_takes_a_slot_it_is_another_source(consult: Consult) -> None:
    consult.speak(ANN)
    consult.voices.set_voice(ANN, on=False, listens=True)
    consult.voices.set_voice(ANN, on=True, listens=True)
    consult.speak(ANN)
    assert [source for source, _ in consult.slots[BOB][0].got] == [1, 2]


async def test_noise_is_forwarded_to_nobody(consult: Consult) -> None:
    for _ in range(50):
        consult.speak(ANN, 75)
    assert consult.got(BOB) == []
    assert consult.broadcasts == []


async def test_the_active_speakers_are_broadcast_once_for_each_change(consult: Consult) -> None:
    for _ in range(20):
        consult.speak(ANN)
    consult.speak(BOB)
    assert consult.broadcasts == [speaking("ann"), speaking("ann", "bob")]
    assert consult.voices.active_speakers == speaking("ann", "bob")


async def test_who_leaves_no_longer_speaks_nor_listens(consult: Consult) -> None:
    consult.speak(ANN)
    consult.voices.leave(ANN)
    assert consult.broadcasts[-1] == SILENCE
    consult.speak(ANN)
    consult.speak(BOB)
    assert consult.got(ANN) == []
    assert len(consult.got(BOB)) == 1


async def test_a_page_that_comes_back_is_not_forwarded_before_it_unmutes(consult: Consult) -> None:
    consult.voices.forget(ANN)
    consult.voices.join(ANN, SeatId("ann"), [Slot(), Slot(), Slot()])
    consult.speak(ANN)
    assert consult.got(BOB) == []


async def test_a_page_whose_peer_is_made_anew_stays_unmuted(consult: Consult) -> None:
    consult.voices.leave(ANN)
    consult.voices.join(ANN, SeatId("ann"), [Slot(), Slot(), Slot()])
    assert consult.speak(ANN) in consult.got(BOB)


async def test_the_former_peers_end_does_not_end_its_successor(consult: Consult) -> None:
    former = consult.join(ANN)
    consult.join(ANN)
    consult.voices.leave(ANN, former)
    packet = consult.speak(BOB)
    assert consult.got(ANN) == [packet]


async def test_a_new_peer_ends_the_turn_of_the_one_before(consult: Consult) -> None:
    consult.speak(ANN)
    consult.join(ANN)
    consult.speak(ANN)
    assert [source for source, _ in consult.slots[BOB][0].got] == [1, 2]


async def test_a_peer_has_three_slots(consult: Consult) -> None:
    with pytest.raises(ValueError, match="2 senders for 3 slots"):
        consult.voices.join(ANN, SeatId("ann"), [Slot(), Slot()])


async def test_it_is_broadcast_when_a_speaker_stops_sending(consult: Consult, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(active_speakers, "RELEASE_S", 0.05)
    for who, seat in ((ANN, "ann"), (BOB, "bob")):
        consult.speak(who)
        assert consult.broadcasts[-1] == speaking(seat)
        consult.now += 0.04
        consult.speak(who)
        consult.now += 0.05
        consult.news.clear()
        await asyncio.wait_for(consult.news.wait(), 5)
        assert consult.broadcasts[-1] == SILENCE


async def test_closed_nothing_is_forwarded_and_no_timer_runs(consult: Consult) -> None:
    consult.speak(ANN)
    consult.voices.close()
    consult.speak(ANN)
    assert len(consult.got(BOB)) == 1
    assert consult.broadcasts == [speaking("ann")]
