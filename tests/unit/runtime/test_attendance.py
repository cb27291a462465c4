"""Stays: a row at each end, whatever a network does in between."""

from __future__ import annotations

from consult.documents.contents import Stay
from consult.runtime.attendance import AWAY_S, Attendance, stays_of
from consult.store.audit import AuditRecord, Kind


def test_who_comes_back_soon_has_not_joined_anew_and_not_left() -> None:
    attendance = Attendance()
    assert attendance.came("ann", "participant")
    for at in range(100):
        attendance.went("ann", float(at), 1000.0 + at)
        assert not attendance.came("ann", "participant")
    assert list(attendance.left(1e9)) == []
    assert attendance.next_left is None


def test_who_is_away_for_long_left_when_they_went() -> None:
    attendance = Attendance()
    attendance.came("ann", "participant")
    attendance.came("host", "host")
    attendance.went("ann", 10.0, 1010.0)
    attendance.went("ann", 50.0, 1050.0)
    assert attendance.next_left == 10.0 + AWAY_S
    assert list(attendance.left(9.9 + AWAY_S)) == []
    assert list(attendance.left(10.0 + AWAY_S)) == [("ann", "participant", 1010.0)]
    assert list(attendance.left(1e9)) == [], "once, and not who is here"
    assert attendance.came("ann", "participant"), "another stay"


def test_a_case_is_noted_once_in_a_stay() -> None:
    attendance = Attendance()
    attendance.came("ann", "viewer")
    assert [attendance.sees("ann", case) for case in ("c1", "c1", "c2", "c1")] == [True, False, True, False]
    attendance.end("ann")
    attendance.came("ann", "viewer")
    assert attendance.sees("ann", "c1")


def test_who_was_removed_is_noted_elsewhere_and_a_consult_that_is_over_has_nobody() -> None:
    attendance = Attendance()
    for seat in ("ann", "bob"):
        attendance.came(seat, "viewer")
        attendance.went(seat, 0.0, 0.0)
    attendance.end("ann")
    assert [seat for seat, _, _ in attendance.left(1e9)] == ["bob"]
    attendance.went("nobody", 0.0, 0.0)
    attendance.came("cid", "viewer")
    attendance.end_all()
    attendance.went("cid", 0.0, 0.0)
    assert attendance.next_left is None


def test_all_who_are_here_see_a_case_that_is_switched_to() -> None:
    """Seen to fail: only who switched was noted as having seen it."""
    here = Attendance()
    for seat in ("host", "ann", "bob"):
        here.came(seat, "participant")
        here.sees(seat, "c1")
    here.went("bob", 10.0, 1000.0)
    assert list(here.all_see("c2", but="host")) == [("ann", "participant")]
    assert list(here.all_see("c2", but="host")) == [], "once in a stay"
    assert not here.sees("host", "c2"), "whose own row says it"


def test_stays_are_read_from_the_trail() -> None:
    """Seen to fail: who was there when the server was started anew had two stays at once."""

    def record(at: float, kind: Kind, who: str = "ann") -> AuditRecord:
        return AuditRecord(at, kind, "c-1", who, "participant")

    records = [
        record(10.0, "join"), record(11.0, "view_case"), record(12.0, "join", "bob"), record(50.0, "leave"),
        record(60.0, "join"), record(70.0, "join"), record(80.0, "leave", "bob"), record(81.0, "leave", "bob"),
        record(90.0, "refusal", "eve"),
    ]  # fmt: skip
    assert stays_of(records) == {"ann": (Stay(10.0, 50.0), Stay(60.0)), "bob": (Stay(12.0, 80.0),)}
