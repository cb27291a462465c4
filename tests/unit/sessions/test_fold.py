"""Entries to state: an assignment for each event, no gaps, and the tabs' commands remembered."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from consult.model.identifiers import InvitationId, SeatId, SeriesKey, StudyKey
from consult.model.mark import KeyImage, Mark
from consult.model.measuring.calibration import Calibration
from consult.model.privacy.blackout import Blackout
from consult.sessions.events import Entry
from consult.sessions.features.blackouts.events import BlackoutPut, BlackoutRemoved
from consult.sessions.features.board.events import (
    Attendee,
    AttendeeDropped,
    AttendeePut,
    Board,
    BoardPut,
    CaseDropped,
    CasePut,
    CasesOrdered,
    Decision,
    DecisionDraft,
    DecisionDrafted,
    DecisionSaved,
    Dissent,
    DissentDropped,
    DissentPut,
    Preparation,
    PreparationPut,
    PreparedView,
    PreparedViewDropped,
    PreparedViewPut,
    Words,
)
from consult.sessions.features.calibrations.events import CalibrationPut, CalibrationRemoved
from consult.sessions.features.cases.events import CaseSwitched, HidingChanged, ImagesDeleted, StudyDeleted
from consult.sessions.features.chat.events import ChatMessage, ChatPosted
from consult.sessions.features.consult.events import Consult, ConsultEnded, ConsultOpened, OwnerChanged
from consult.sessions.features.control.events import Control, ControlPut
from consult.sessions.features.coverage.events import Coverage, CoveragePut
from consult.sessions.features.critical.events import Critical, CriticalPut, Recipient
from consult.sessions.features.findings.events import Finding, FindingDeleted, FindingPut, MarkNumbers, NumbersPut
from consult.sessions.features.kinds import Event
from consult.sessions.features.marks.events import KeyImageDeleted, KeyImagePut, MarkDeleted, MarkPut
from consult.sessions.features.note.events import Note, NotePut, NoteSigned, Signature, SignedNote
from consult.sessions.features.seats.events import Invitation, InvitationPut, Seat, SeatPut
from consult.sessions.features.seen.events import Seen, SeenPut
from consult.sessions.features.table import REGISTRY
from consult.sessions.features.view.events import ViewSettled
from consult.sessions.fold import fold, fold_all
from consult.sessions.state import MAX_TABS, RECENT_COMMANDS, State
from consult.sessions.views import initial_view
from tests.support.cases import CONSULT, case

OPENED = ConsultOpened(Consult(CONSULT, "Board", "Host", 1.0), (case("c1"), case("c2")))
SEAT = Seat(SeatId("s"), "Ann", "participant", 0, InvitationId("i"))
INVITATION = Invitation(InvitationId("i"), "viewer")
MARK = Mark(
    id="m1", kind="probe", series=SeriesKey("s-1"), image=0, points=((0.0, 0.0, 0.0),), case="c1", author=SEAT.id
)
KEY_IMAGE = KeyImage(id="k1", case="c1", viewport=initial_view(case()).viewports[0], author=SEAT.id)
MESSAGE = ChatMessage("s/tab-one1.1", SEAT.id, "Look here.", 1.0, "c1")
FINDING = Finding("f1", "c1", SEAT.id, 1, "Nodule")
NUMBERS = MarkNumbers("m1", "c1", MARK.points)
CALIBRATION = Calibration("c1/s-1/all", "c1", SeriesKey("s-1"), -1, 0.5, 25.0, SEAT.id, "ann")
COVERAGE = Coverage("s/s-1", "c1", SeriesKey("s-1"), SEAT.id, ((0, 3),))
SEEN = Seen("c1.1/s", "c1.1", SEAT.id, "Ann", 1.0)
VERSION = SignedNote(
    "c1.1", "c1", 1, "final", "", {"impression": "Normal."}, (), (), case().patient, (), (), (),
    Signature(SEAT.id, "Ann", "radiologist", 1.0, 60), "",
)  # fmt: skip
ANN, BOB = Recipient("Ann"), Recipient("Bob")
CRITICAL = Critical("x1", "c1", 1, "Bleeding", "LEFT", "f1", 1.0, SEAT.id, "Ann", ANN, BOB, 60.0, 61.0)
KEPT = PreparedView("v1", "c1", initial_view(case()), "Nodule", SEAT.id)
DRAFT = DecisionDraft("c1", 1, Words("Surgery first."), SEAT.id, "Ann")
DECISION = Decision("c1.1", "c1", 1, 1, Words("Surgery first."), SEAT.id, "Ann", 1.0)
DISSENT = Dissent("c1.1/s", "c1", 1, SEAT.id, "Ann", "Surgery", "No.", 1.0)
ATTENDEE = Attendee("s", "Ann", "Surgery", SEAT.id, True, 1.0, SEAT.id)
GONE = tuple(one.without_images_of(StudyKey("st-1")) for one in OPENED.cases)
LESS = tuple(one.with_deleted(SeriesKey("s-1"), ((0, 1),)) for one in OPENED.cases)
BLACKOUT = Blackout("b1", "c1", SeriesKey("s-1"), (0, 0, 64, 8))
EXAMPLES: list[tuple[Event, str, object]] = [
    (OwnerChanged("b", 4), "owners", 4),
    (InvitationPut(INVITATION), "invitations", {"i": INVITATION}),
    (SeatPut(SEAT), "seats", {"s": SEAT}),
    (ControlPut(Control(3, SEAT.id)), "control", Control(3, SEAT.id)),
    (CaseSwitched(2, "c2"), "current", "c2"),
    (StudyDeleted(StudyKey("st-1")), "cases", GONE),
    (ImagesDeleted(SeriesKey("s-1"), ((0, 1),)), "cases", LESS),
    (ViewSettled(9, 1, 1, initial_view(case())), "settled", ViewSettled(9, 1, 1, initial_view(case()))),
    (ConsultEnded(Consult(CONSULT, "", "", 1.0, 2.0)), "ended", True),
    (MarkPut(MARK), "marks", {"m1": MARK}),
    (MarkDeleted("m1"), "marks", {}),
    (KeyImagePut(KEY_IMAGE), "key_images", {"k1": KEY_IMAGE}),
    (KeyImageDeleted("k1"), "key_images", {}),
    (ChatPosted(MESSAGE), "chat", (MESSAGE,)),
    (FindingPut(FINDING), "findings", {"f1": FINDING}),
    (FindingDeleted("f1", "c1"), "findings", {}),
    (NumbersPut(NUMBERS), "numbers", {"m1": NUMBERS}),
    (NotePut(Note("c1")), "notes", {"c1": Note("c1")}),
    (NoteSigned(VERSION), "signed", {"c1.1": VERSION}),
    (CriticalPut(CRITICAL), "criticals", {"x1": CRITICAL}),
    (SeenPut(SEEN), "seen", {"c1.1/s": SEEN}),
    (CoveragePut(COVERAGE), "coverage", {"s/s-1": COVERAGE}),
    (CalibrationPut(CALIBRATION), "calibrations", {"c1/s-1/all": CALIBRATION}),
    (CalibrationRemoved("c1/s-1/all", "c1"), "calibrations", {}),
    (HidingChanged(True), "patients_hidden", True),
    (BlackoutPut(BLACKOUT), "blackouts", {"b1": BLACKOUT}),
    (BlackoutRemoved("b1", "c1"), "blackouts", {}),
    (BoardPut(Board("running", 5.0)), "board", Board("running", 5.0)),
    (CasesOrdered(("c2", "c1")), "cases", (OPENED.cases[1], OPENED.cases[0])),
    (CasePut(case("c3")), "cases", (*OPENED.cases, case("c3"))),
    (CaseDropped("c2"), "cases", OPENED.cases[:1]),
    (PreparationPut(Preparation("c1", minutes=8)), "preparations", {"c1": Preparation("c1", minutes=8)}),
    (PreparedViewPut(KEPT), "prepared", {"v1": KEPT}),
    (PreparedViewDropped("v1", "c1"), "prepared", {}),
    (DecisionDrafted(DRAFT), "decision_drafts", {"c1": DRAFT}),
    (DecisionSaved(DECISION), "decisions", {"c1.1": DECISION}),
    (DissentPut(DISSENT), "dissents", {"c1.1/s": DISSENT}),
    (DissentDropped("c1.1/s", "c1"), "dissents", {}),
    (AttendeePut(ATTENDEE), "attendees", {"s": ATTENDEE}),
    (AttendeeDropped("s"), "attendees", {}),
    (OPENED, "case", 1),
]


def entry(seq: int, event: Event = EXAMPLES[0][0], command: str = "", by: str = "s") -> Entry:
    """An entry."""
    return Entry(seq, 1.0, event, by, command)


@pytest.mark.parametrize(("event", "field", "value"), EXAMPLES, ids=lambda v: type(v).__name__)
def test_an_event_is_an_assignment(event: Event, field: str, value: object) -> None:
    before = fold(State(), entry(1, OPENED))
    once = REGISTRY.apply(before, event, SEAT.id)
    assert getattr(once, field) == value
    again = REGISTRY.apply(once, event, SEAT.id)
    assert replace(again, acts=once.acts) == once, "carrying the record, an event may be applied twice"


def test_every_event_has_its_example() -> None:
    assert {type(event) for event, _, _ in EXAMPLES} == set(REGISTRY.events)


@pytest.mark.parametrize("seq", [0, 1, 3])
def test_a_log_has_no_gap(seq: int) -> None:
    state = fold(State(), entry(1, OPENED))
    with pytest.raises(ValueError, match="cannot follow entry 1"):
        fold(state, entry(seq))


def test_folding_in_two_parts_is_folding_at_once() -> None:
    events = [event for event, _, _ in EXAMPLES]
    entries = [entry(1, OPENED), *(entry(i + 2, event, f"tab-one1.{i + 1}") for i, event in enumerate(events))]
    for cut in range(len(entries)):
        assert fold_all(entries[cut:], fold_all(entries[:cut])) == fold_all(entries)


def test_a_state_is_never_changed() -> None:
    state = fold(State(), entry(1, OPENED))
    fold(state, entry(2, SeatPut(SEAT), "tab-one1.1"))
    assert (state.seats, state.tabs, state.seq) == ({}, {}, 1)


class TestRememberedCommands:
    """Idempotence survives restarts because the fold knows the last number of each tab."""

    def test_a_commands_number_is_that_of_its_last_entry(self) -> None:
        state = fold_all([entry(1, OPENED), entry(2, command="tab-one1.1"), entry(3, command="tab-one1.1")])
        assert state.stored_command(SeatId("s"), "tab-one1.1") == (True, 3)
        assert state.stored_command(SeatId("s"), "tab-one1.2") == (False, None)

    def test_a_number_that_was_passed_over_is_known_but_has_no_entry(self) -> None:
        state = fold_all([entry(1, OPENED), entry(2, command="tab-one1.5")])
        assert state.stored_command(SeatId("s"), "tab-one1.3") == (True, None)

    def test_the_last_number_never_falls(self) -> None:
        state = fold_all([entry(1, OPENED), entry(2, command="tab-one1.5"), entry(3, command="tab-one1.3")])
        assert state.stored_command(SeatId("s"), "tab-one1.4") == (True, None)

    def test_a_tab_belongs_to_its_seat(self) -> None:
        state = fold_all([entry(1, OPENED), entry(2, command="tab-one1.9", by="stranger")])
        assert state.stored_command(SeatId("s"), "tab-one1.1") == (False, None)

    def test_the_servers_own_entries_are_not_remembered(self) -> None:
        assert fold_all([entry(1, OPENED), entry(2)]).tabs == {}

    @settings(deadline=None)
    @given(st.integers(1, 3 * RECENT_COMMANDS))
    def test_only_the_newest_keep_their_entry(self, count: int) -> None:
        state = fold_all([entry(1, OPENED), *(entry(n + 1, command=f"tab-one1.{n}") for n in range(1, count + 1))])
        for n in range(1, count + 1):
            is_recent = n > count - RECENT_COMMANDS
            assert state.stored_command(SeatId("s"), f"tab-one1.{n}") == (True, n + 1 if is_recent else None)

    def test_the_tabs_that_are_quiet_the_longest_are_forgotten(self) -> None:
        names = [f"tab-{i:06}" for i in range(MAX_TABS + 1)]
        course = [names[0], *names[1:MAX_TABS], names[0], names[MAX_TABS]]
        state = fold_all([entry(1, OPENED), *(entry(i + 2, command=f"{t}.{i + 1}") for i, t in enumerate(course))])
        assert len(state.tabs) == MAX_TABS
        assert f"s/{names[0]}" in state.tabs
        assert f"s/{names[1]}" not in state.tabs
