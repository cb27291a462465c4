"""Rates by page, seat, link and consult: who is over them hurts nobody else, and nobody's last word is lost."""

from __future__ import annotations

from collections import Counter

import pytest

from consult.model.identifiers import ConnectionId, InvitationId, SeatId
from consult.model.rates import RateLimit
from consult.runtime.admission import CONTROL, MAX_OWNERS, MEDIA, Admission, Sender, Verdict
from consult.sessions.features.rates import (
    AGAIN,
    CONNECT,
    CONSULT,
    LINK,
    NEWEST,
    RATES,
    REQUESTS,
    SEAT,
    SEATS,
    SHARED,
    STORED,
    STORED_BY_ALL,
    UNREADABLE,
)
from consult.sessions.features.table import REGISTRY
from consult.sessions.messages import Hello

LINK_ID = InvitationId("for-guests")
RATES_BY_TAG = {str(kind.__struct_config__.tag): rate for kind, rate in RATES.items()}
COMMANDS = {str(kind.__struct_config__.tag) for kind in REGISTRY.commands}


def sender(seat: str = "ann", page: int = 1, link: InvitationId = LINK_ID) -> Sender:
    return Sender(ConnectionId(f"{seat}/{page}"), SeatId(seat), link)


def verdicts(admission: Admission, who: Sender, kind: str, times: int, now: float) -> Counter[Verdict]:
    """What becomes of so many at once; each command is another one."""
    return Counter(
        admission.judge(who, kind, f"tab-{who.connection}.{now}.{i}" if kind in COMMANDS else "", str(i), now)
        for i in range(times)
    )


def test_every_kind_of_message_has_a_rate() -> None:
    assert RATES.keys() == REGISTRY.permissions.keys()
    assert RATES.keys() >= NEWEST


@pytest.mark.parametrize("kind", RATES, ids=lambda kind: str(kind.__struct_config__.tag))
def test_of_a_thousand_at_once_a_page_gets_its_burst_through(kind: type) -> None:
    tag = str(kind.__struct_config__.tag)  # type: ignore[attr-defined]  # a struct
    got = verdicts(Admission(), sender(), tag, 1000, 0.0)
    assert got[Verdict.ADMIT] == RATES[kind].burst
    if kind in NEWEST:
        assert got[Verdict.LATER] == 1000 - RATES[kind].burst
    elif tag in COMMANDS:
        assert got[Verdict.REFUSE] == 1000 - RATES[kind].burst, "each command is answered"
    else:
        assert got[Verdict.REFUSE] == 1, "once, so that the page knows"


def test_what_is_no_message_of_the_protocol_has_a_rate_of_its_own() -> None:
    admission = Admission()
    assert verdicts(admission, sender(), "made up", 100, 0.0)[Verdict.ADMIT] == UNREADABLE.burst
    assert verdicts(admission, sender(), "", 100, 0.0)[Verdict.ADMIT] == 0, "of whatever name"
    assert verdicts(admission, sender(), "ping", 1, 0.0) == {Verdict.ADMIT: 1}


def test_the_newest_of_what_is_absolute_waits_and_goes_on_in_its_time() -> None:
    admission = Admission()
    verdicts(admission, sender(), "cursor", 1000, 0.0)
    (waiting,) = admission.waiting.values()
    assert waiting.text == "999"
    at = admission.next_due(0.0)
    assert at is not None
    assert 0.0 < at < 0.1
    assert admission.due(0.0) == []
    assert [one.text for one in admission.due(at)] == ["999"]
    assert admission.next_due(at) is None


def test_what_waits_is_of_no_use_behind_a_newer_one() -> None:
    admission = Admission()
    verdicts(admission, sender(), "cursor", 1000, 0.0)
    assert admission.judge(sender(), "cursor", "", "newer", 1.0) is Verdict.ADMIT
    assert admission.due(2.0) == []


def test_who_keeps_on_for_five_seconds_is_closed() -> None:
    admission = Admission()
    seen = [verdicts(admission, sender(), "ping", 100, at / 10) for at in range(52)]
    assert not any(got[Verdict.CLOSE] for got in seen[:50])
    assert seen[51][Verdict.CLOSE]
    assert verdicts(admission, sender("bob"), "ping", 5, 5.1) == {Verdict.ADMIT: 5}


def test_who_only_draws_faster_than_others_is_never_closed() -> None:
    admission = Admission()
    for at in range(1000):
        assert not verdicts(admission, sender(), "show", 3, at / 100)[Verdict.CLOSE]


def test_the_pages_of_a_seat_share_a_rate() -> None:
    admission = Admission()
    through = sum(verdicts(admission, sender("ann", page), "rename", 100, 0.0)[Verdict.ADMIT] for page in range(4))
    assert through == 6 * SEAT
    assert verdicts(admission, sender("bob"), "rename", 1, 0.0) == {Verdict.ADMIT: 1}


def test_a_new_connection_fills_no_bucket_of_its_seat() -> None:
    admission = Admission()
    through = 0
    for page in range(20):
        through += verdicts(admission, sender("ann", page), "rename", 100, 0.0)[Verdict.ADMIT]
        admission.forget(ConnectionId(f"ann/{page}"))
    assert through == 6 * SEAT


def test_a_link_is_used_up_by_many_seats_and_nobody_elses_own_part_with_it() -> None:
    admission = Admission()
    through = sum(verdicts(admission, sender(f"s{i}"), "rename", 100, 0.0)[Verdict.ADMIT] for i in range(100))
    own_parts = 100
    assert through == 6 * LINK + own_parts
    late = verdicts(admission, sender("late"), "rename", 3, 0.0)
    assert late == {Verdict.ADMIT: 1, Verdict.REFUSE: 2}
    host = sender("host", link=InvitationId("for-host"))
    assert verdicts(admission, host, "rename", 6, 0.0) == {Verdict.ADMIT: 6}


def test_a_consult_is_used_up_by_many_links_and_nobody_is_closed_for_it() -> None:
    admission = Admission()
    for i in range(200):
        verdicts(admission, sender(f"s{i}", link=InvitationId(f"l{i % 10}")), "rename", 6, 0.0)
    for at in range(10):
        late = verdicts(admission, sender("late", link=InvitationId("late")), "rename", 1, float(at))
        assert not late[Verdict.CLOSE]
    assert CONSULT * RATES_BY_TAG["rename"].burst < 200 * 6


def test_hellos_of_many_seats_of_one_link_are_so_many_a_second_and_the_others_wait_their_turn() -> None:
    """Seen to fail: 400 at once and 40 a second, each of which costs as much as a thousand cursors; a hello over what
    others had used up was dropped, and its page sent away after 9 s."""
    admission = Admission()
    got = [admission.judge(sender(f"s{i % 48}", i), "hello", "", str(i), 0.0) for i in range(480)]
    (of_link, of_all), own = SHARED[Hello], 48
    assert got.count(Verdict.ADMIT) == of_link.burst + own
    late = sender("late")
    assert admission.judge(late, "hello", "", "late", 0.0) is Verdict.ADMIT, "its own part"
    assert admission.judge(sender("late", 2), "hello", "", "second page", 0.0) is Verdict.LATER
    assert len(admission.due(1.0)) == of_link.per_s
    while waiting := len(admission.waiting):
        at = admission.next_due(1.0)
        assert at is not None
        admission.due(1.0 + 600 * (480 - waiting + 1))
    assert of_all.per_s > of_link.per_s


def test_a_command_that_was_let_through_is_let_through_again() -> None:
    admission, ann = Admission(), sender()
    first = [f"tab-12345.{i}" for i in range(1, 7)]
    assert all(admission.judge(ann, "post_chat", name, "", 0.0) is Verdict.ADMIT for name in first)
    assert admission.judge(ann, "post_chat", "tab-12345.7", "", 0.0) is Verdict.REFUSE
    back = sender("ann", 2)
    assert all(admission.judge(back, "post_chat", name, "", 0.0) is Verdict.ADMIT for name in first)
    again = Counter(admission.judge(back, "post_chat", first[0], "", 0.0) for _ in range(1000))
    assert again[Verdict.ADMIT] == AGAIN.burst - 6
    assert not again[Verdict.REFUSE], "it may be stored: nothing false is said of it"


def test_an_id_that_was_let_through_for_another_kind_is_a_new_command() -> None:
    """Else a hundred of `undo`, refused, would be a hundred messages of the chat on the next connection."""
    admission, names = Admission(), [f"tab-12345.{i}" for i in range(100)]
    assert all(admission.judge(sender(), "undo", name, "", 0.0) is Verdict.ADMIT for name in names)
    back = Counter(admission.judge(sender("ann", 2), "post_chat", name, "", 0.0) for name in names)
    assert back[Verdict.ADMIT] == RATES_BY_TAG["post_chat"].burst


def test_128_commands_that_a_page_kept_come_through_at_once() -> None:
    assert verdicts(Admission(), sender(), "put_mark", 128, 0.0) == {Verdict.ADMIT: 128}


def test_a_board_of_49_points_at_once_and_nobody_waits() -> None:
    admission = Admission()
    for at in range(300):
        for seat in range(30):
            assert admission.judge(sender(f"s{seat}"), "cursor", "", "", at / 30) is Verdict.ADMIT
        for seat in range(49):
            if at % 30 == 0:
                assert admission.judge(sender(f"s{seat}"), "ping", "", "", at / 30) is Verdict.ADMIT


def test_a_seat_connects_so_often_and_a_link_lets_in_so_fast() -> None:
    admission = Admission()
    for socket in (CONTROL, MEDIA):
        assert sum(admission.may_connect(SeatId("ann"), 0.0, socket) for _ in range(100)) == CONNECT.burst
    assert admission.may_connect(SeatId("bob"), 0.0, CONTROL)
    assert sum(admission.may_take_seat(LINK_ID, 0.0) for _ in range(100)) == SEATS.burst
    assert admission.may_take_seat(InvitationId("another"), 0.0)


def test_buckets_of_who_is_gone_are_forgotten_and_those_that_are_spent_are_not() -> None:
    admission = Admission({kind: RateLimit(1, 2) for kind in RATES})
    for i in range(2 * MAX_OWNERS):
        admission.judge(sender(f"s{i}", link=InvitationId("")), "ping", "", "", i / 100)
        admission.forget(ConnectionId(f"s{i}/1"))
    assert len(admission._buckets) <= MAX_OWNERS
    assert verdicts(admission, sender(f"s{i}"), "ping", 10, i / 100)[Verdict.ADMIT] < 2 * SEAT


def refused(admission: Admission, who: Sender, kind: str, now: float) -> bool:
    """Whether one command is refused; it is another each time."""
    return admission.judge(who, kind, f"tab-x.{now}", "", now) is Verdict.REFUSE


def test_who_has_stored_much_waits_until_it_has_come_again() -> None:
    """Seen to fail: by whole notes a seat could store 400 KB a second for ever."""
    admission, ann = Admission(), sender()
    assert not refused(admission, ann, "put_note", 0.0)
    admission.stored(ann.seat, int(STORED.burst + STORED.per_s), 0.0)
    assert refused(admission, ann, "put_note", 0.5)
    assert refused(admission, ann, "put_finding", 0.6), "whatever the command"
    assert verdicts(admission, ann, "cursor", 5, 0.7) == {Verdict.ADMIT: 5}, "what is not stored goes on"
    assert not refused(admission, sender("bob"), "put_note", 0.8)
    assert not refused(admission, ann, "put_note", 1.2)


def test_how_long_somebody_has_to_wait_until_more_is_stored_is_known() -> None:
    """Seen to fail: "wait a few seconds" was said to who had to wait for minutes."""
    admission, ann = Admission(), sender()
    assert admission.stored_wait_s(ann.seat, 0.0) == 0.0
    admission.stored(ann.seat, int(STORED.burst + 60 * STORED.per_s), 0.0)
    assert 59 < admission.stored_wait_s(ann.seat, 0.0) < 61
    assert admission.stored_wait_s(SeatId("bob"), 0.0) == 0.0
    assert admission.stored_wait_s(ann.seat, 61.0) == 0.0
    for n in range(6):
        store(admission, f"seat-{n}", STORED.burst * 0.9, 100.0)
    assert admission.stored_wait_s(SeatId("seat-0"), 100.0) > 0, "what is shared is used up, and its own part"
    assert admission.stored_wait_s(SeatId("bob"), 100.0) == 0.0, "its own part"


def store(admission: Admission, seat: str, size: float, now: float) -> None:
    """So many bytes, in entries."""
    for _ in range(int(size / 20_000)):
        admission.stored(SeatId(seat), 20_000, now)


def test_a_consult_is_filled_by_many_seats_and_each_seats_own_part_is_left() -> None:
    admission = Admission()
    seats = [f"seat-{n}" for n in range(6)]
    for seat in seats:
        store(admission, seat, STORED.burst * 0.9, 0.0)
    assert STORED_BY_ALL.burst < 6 * STORED.burst * 0.75, "what is not their own part"
    assert all(refused(admission, sender(seat), "put_note", 0.1) for seat in seats)
    assert not refused(admission, sender("ann"), "put_note", 0.2), "its own part"
    store(admission, "ann", STORED.burst * 0.2, 0.2)
    assert refused(admission, sender("ann"), "put_note", 0.3)


def test_128_notes_that_a_page_kept_are_stored_at_once() -> None:
    whole_note = 8 * 3000 + 2000
    admission, ann = Admission(), sender()
    for _ in range(128):
        admission.stored(ann.seat, whole_note, 0.0)
    assert not refused(admission, ann, "put_note", 0.0)


def test_two_pages_that_are_loaded_again_four_times_a_second_are_never_over_a_rate() -> None:
    """Each load asks for the page, and whether it may be here. Seen to fail: with a rate of 10 a second."""
    admission, asked = Admission(), {"pages": 2, "lists": 2, "stills": 9}
    for step in range(4 * 60):
        for what, times in asked.items():
            assert all(admission.may_ask(SeatId("ann"), what, step / 4) for _ in range(2 * times)), (what, step)


def test_stills_of_nine_viewports_that_follow_thirty_views_a_second_are_never_over_a_rate() -> None:
    admission = Admission()
    assert all(admission.may_ask(SeatId("ann"), "stills", n / (9 * 30)) for n in range(9 * 30 * 60))
    assert REQUESTS["stills"].per_s < 1000, "that is no page"
