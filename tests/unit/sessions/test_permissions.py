"""Role x message x state, generated: what is not listed here is refused, and the core asks the table."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from consult.model.catalogue import Role
from consult.model.errors import Refused
from consult.model.identifiers import InvitationId, SeatId, SeriesKey, StudyKey
from consult.model.view import Screen
from consult.sessions.features.blackouts.commands import BlackOut, RemoveBlackout
from consult.sessions.features.board.commands import (
    Appoint,
    BeginBoard,
    DropAttendee,
    DropPicture,
    DropPreparedView,
    NamePreparedView,
    OrderCases,
    OrderPreparedViews,
    PlanCase,
    PrepareView,
    PutAttendee,
    PutDecision,
    PutDissent,
    PutPreparation,
    PutWords,
    SaveDecision,
    SetBoard,
)
from consult.sessions.features.calibrations.commands import Calibrate, RemoveCalibration
from consult.sessions.features.cases.commands import HidePatients, SwitchCase
from consult.sessions.features.chat.commands import PostChat
from consult.sessions.features.consult.commands import EndConsult
from consult.sessions.features.control.commands import GiveBackControl, GrantControl, RequestControl, TakeControl
from consult.sessions.features.coverage.commands import ReportImages
from consult.sessions.features.critical.commands import (
    AcknowledgeCritical,
    CloseCritical,
    RaiseCritical,
    TellCritical,
)
from consult.sessions.features.critical.events import Recipient
from consult.sessions.features.findings.commands import (
    ConfirmSide,
    DeleteFinding,
    DropKeyView,
    PutFinding,
    RestoreFinding,
    TakeOverNumber,
    Wording,
)
from consult.sessions.features.kinds import ClientMessage
from consult.sessions.features.marks.commands import DeleteMark, DropImage, KeepImage, PutMark, Redo, Undo
from consult.sessions.features.marks.messages import Draft
from consult.sessions.features.note.commands import OrderFindings, PutNote, SignNote
from consult.sessions.features.note.events import Signer
from consult.sessions.features.note.messages import Write
from consult.sessions.features.seats.commands import AdmitSeats, DenySeat, Invite, ReadmitSeat, RemoveSeat, Rename
from consult.sessions.features.seen.commands import MarkSeen, OpenNote
from consult.sessions.features.standings import PHASES, Phase, Standing
from consult.sessions.features.table import FEATURES, Registry
from consult.sessions.features.view.messages import Show
from consult.sessions.messages import Alive, AnswerMedia, EndMedia, Hello, Nack, PauseMedia, Ping, SetScreen, WantMedia
from consult.sessions.permissions import is_allowed, permit, standing
from consult.sessions.presence.messages import (
    Cursor,
    Explore,
    LowerHand,
    Mute,
    RaiseHand,
    ReportHealth,
    RequestFollow,
    SetMicrophone,
)
from consult.sessions.protocol import client_messages
from tests.support.cases import Table, command_id, shape
from tests.support.record import codes

ROLES: tuple[Role, ...] = get_args(Role)
BASIC: list[tuple[Role, bool]] = [
    ("host", False), ("host", True), ("participant", False), ("participant", True), ("viewer", False),
]  # fmt: skip
MESSAGES = client_messages()
STANDINGS = [
    Standing(role, control, ended, phase)
    for role, control, ended, phase in product(ROLES, (False, True), (False, True), PHASES)
]

# Written out once more, by hand, so that a slip in the table is a difference here.
MEDIA = "want_media answer_media pause_media end_media microphone hand health explore"
DRAW = (
    "cursor draft put_mark delete_mark keep_image drop_image undo redo post_chat put_finding drop_key_view "
    "confirm_side take_over_number delete_finding restore_finding put_note order_findings sign_note write "
    "raise_critical tell_critical close_critical calibrate remove_calibration"
)
HERE = "screen ping alive report_images"
READ = "hello open_note mark_seen acknowledge_critical"
HOST = (
    f"{READ} {DRAW} {HERE} {MEDIA} mute lower_hand rename grant_control take_control switch_case "
    "remove_seat readmit_seat admit_seats deny_seat hide_patients black_out remove_blackout end_consult"
)
MODERATOR = (
    f"{READ} {DRAW} {HERE} {MEDIA} mute lower_hand rename grant_control take_control request_control switch_case"
)
IN_CONTROL = f"{READ} {DRAW} {HERE} {MEDIA} request_follow show rename grant_control give_back_control"
TAKES_PART = f"{READ} {DRAW} {HERE} {MEDIA} rename request_control take_control"
LOOKS_ON = f"{READ} {HERE} {MEDIA} rename"
ROLL = "put_attendee drop_attendee"
PREPARE = (
    "put_preparation plan_case prepare_view name_prepared_view drop_prepared_view order_prepared_views drop_picture"
)
LEAD = f"{ROLL} {PREPARE} set_board order_cases"
DECIDE = "put_decision save_decision"
EXPECTED = {
    "host": HOST,
    "host in control": f"{HOST} request_follow show",
    "participant": TAKES_PART,
    "participant in control": f"{IN_CONTROL} switch_case",
    "viewer": LOOKS_ON,
    "host of an ended consult": f"{READ} screen ping alive cursor {MEDIA} switch_case tell_critical close_critical",
    "host in control of an ended consult": (
        f"{READ} screen ping alive cursor {MEDIA} show switch_case tell_critical close_critical"
    ),
    "host of a board that is prepared": f"{HOST} {LEAD} begin_board appoint",
    "host in control of a board that is prepared": f"{HOST} request_follow show {LEAD} begin_board appoint",
    "moderator of a board that is prepared": f"{MODERATOR} {LEAD} begin_board",
    "moderator in control of a board that is prepared": (
        f"{IN_CONTROL} mute lower_hand take_control switch_case {LEAD} begin_board"
    ),
    "participant of a board that is prepared": f"{TAKES_PART} {ROLL}",
    "participant in control of a board that is prepared": f"{IN_CONTROL} switch_case {ROLL} prepare_view",
    "viewer of a board that is prepared": f"{LOOKS_ON} {ROLL}",
    "preparer of a board that is prepared": f"{TAKES_PART} {LEAD}",
    "preparer in control of a board that is prepared": f"{IN_CONTROL} switch_case {LEAD}",
    "host of a board that has begun": f"{HOST} {LEAD} appoint {DECIDE} put_dissent",
    "host in control of a board that has begun": f"{HOST} request_follow show {LEAD} appoint {DECIDE} put_dissent",
    "moderator of a board that has begun": f"{MODERATOR} {LEAD} {DECIDE} put_dissent",
    "moderator in control of a board that has begun": (
        f"{IN_CONTROL} mute lower_hand take_control switch_case {LEAD} {DECIDE} put_dissent"
    ),
    "participant of a board that has begun": f"{TAKES_PART} {ROLL} put_dissent",
    "participant in control of a board that has begun": f"{IN_CONTROL} switch_case {ROLL} prepare_view put_dissent",
    "viewer of a board that has begun": f"{LOOKS_ON} {ROLL}",
    "preparer of a board that has begun": f"{LOOKS_ON} cursor {ROLL} {PREPARE}",
}
"""Who is not here may send nothing at all: readers, who waits before the door (`test_who_waits_is_refused_everything`),
who prepares or moderates what is no board, who has control and should not."""


def kind(message: type[ClientMessage]) -> str:
    """Its name on the wire."""
    return str(message.__struct_config__.tag)


def named(standing: Standing) -> str:
    """As the rows above are called."""
    of = {"": "", "preparing": " of a board that is prepared", "running": " of a board that has begun"}[standing.board]
    if standing.ended:
        of = f" of an ended consult{of}"  # with a phase too: such a standing does not occur
    return f"{standing.role}{' in control' * standing.control}{of}"


@pytest.mark.parametrize("standing", STANDINGS, ids=named)
def test_the_matrix(standing: Standing) -> None:
    allowed = {kind(message) for message in MESSAGES if is_allowed(standing, message)}
    assert allowed == set(EXPECTED.get(named(standing), "").split())


def test_a_message_that_is_not_listed_is_denied() -> None:
    others = Registry(feature for feature in FEATURES if Ping not in feature.messages)
    with pytest.raises(Refused, match="not_allowed"):
        permit(Standing("host", True), Ping(1.0), others)


@pytest.mark.parametrize(
    ("standing", "code"),
    [
        (Standing("host", False), "not_in_control"),
        (Standing("viewer", False), "not_allowed"),
        (Standing("host", False, ended=True), "over"),
        (Standing("participant", True, ended=True), "over"),
    ],
)
def test_a_refusal_says_why(standing: Standing, code: str) -> None:
    table = Table()
    with pytest.raises(Refused) as refused:
        permit(standing, Show(1, 1, 1, table.view))
    assert refused.value.code == code


def samples(seat: str, table: Table) -> list[ClientMessage]:
    """One message of each kind, as that seat would send it."""
    identifier, epoch, other = command_id(seat, 1), table.state.case, SeatId("other")
    return [
        Ping(1.0),
        Alive(),
        SetScreen(Screen(800, 600)),
        WantMedia(1, True),
        AnswerMedia(1, "v=0"),
        PauseMedia(1, True),
        EndMedia(1),
        SetMicrophone("off"),
        Mute(other),
        Cursor(epoch, 1),
        RaiseHand(True),
        LowerHand(other),
        ReportHealth("stills"),
        Explore(epoch, 1),
        RequestFollow(epoch),
        table.show(1, 3),
        Rename(id=identifier, case=epoch, name="New"),
        RequestControl(id=identifier, case=epoch),
        GrantControl(id=identifier, case=epoch, seat=other),
        TakeControl(id=identifier, case=epoch),
        GiveBackControl(id=identifier, case=epoch),
        SwitchCase(id=identifier, case=epoch, to="c2"),
        RemoveSeat(id=identifier, case=epoch, seat=other),
        ReadmitSeat(id=identifier, case=epoch, seat=other),
        AdmitSeats(id=identifier, case=epoch, seats=(other,)),
        DenySeat(id=identifier, case=epoch, seat=other),
        HidePatients(id=identifier, case=epoch, hidden=True),
        BlackOut(id=identifier, case=epoch, series=SeriesKey("s-1"), rectangle=(0, 0, 9, 9)),
        RemoveBlackout(id=identifier, case=epoch, blackout="b1"),
        EndConsult(id=identifier, case=epoch),
        Draft(epoch, shape()),
        PutMark(id=identifier, case=epoch, mark=shape()),
        DeleteMark(id=identifier, case=epoch, mark="m1"),
        KeepImage(id=identifier, case=epoch, viewport=table.view.viewports[0]),
        DropImage(id=identifier, case=epoch, key_image="k1"),
        Undo(id=identifier, case=epoch),
        Redo(id=identifier, case=epoch),
        PostChat(id=identifier, case=epoch, about="c1", text="Explore here."),
        *record_samples(identifier, epoch),
        *board_samples(identifier, epoch, table),
    ]


def record_samples(identifier: str, epoch: int) -> list[ClientMessage]:
    """Of findings, notes, critical results and their readers."""
    signer = Signer("Dr. Host", "radiologist")
    one, other = Recipient("Ann"), Recipient("Bob")
    return [
        Write(epoch, "impression", "Growing"),
        PutFinding(id=identifier, case=epoch, finding="f1", base=0, wording=Wording("Nodule"), marks=("m1",)),
        DropKeyView(id=identifier, case=epoch, finding="f1", view="v1"),
        ConfirmSide(id=identifier, case=epoch, finding="f1", side="LEFT"),
        TakeOverNumber(id=identifier, case=epoch, mark="m1", quantity="length"),
        DeleteFinding(id=identifier, case=epoch, finding="f1"),
        RestoreFinding(id=identifier, case=epoch, finding="f1"),
        PutNote(id=identifier, case=epoch, field="impression", text="Growing.", base=0),
        OrderFindings(id=identifier, case=epoch, order=("f1",)),
        SignNote(
            id=identifier, case=epoch, status="final", versions=0, signer=signer, again=signer, seen=(StudyKey("st-1"),)
        ),
        RaiseCritical(
            id=identifier, case=epoch, critical="x1", category=1, what="Bleeding", to=one, backup=other, where="LEFT"
        ),
        AcknowledgeCritical(id=identifier, case=epoch, critical="x1", read_back="There is a bleeding."),
        TellCritical(id=identifier, case=epoch, critical="x1", how="voice", to="Ann", told_at=1.0),
        CloseCritical(id=identifier, case=epoch, critical="x1", outcome="Operated."),
        OpenNote(id=identifier, case=epoch, version="c1.1"),
        MarkSeen(id=identifier, case=epoch, version="c1.1"),
        ReportImages(id=identifier, case=epoch, series=SeriesKey("s-1"), runs=((0, 0),)),
        Calibrate(id=identifier, case=epoch, series=SeriesKey("s-1"), image=0, ends=((0, 0, 0), (1, 0, 0)), mm=5.0),
        RemoveCalibration(id=identifier, case=epoch, calibration="c1/s-1/all"),
    ]


def board_samples(identifier: str, epoch: int, table: Table) -> list[ClientMessage]:
    """Of boards."""
    words = PutWords("Chemotherapy first.")
    return [
        BeginBoard(id=identifier, case=epoch),
        SetBoard(id=identifier, case=epoch, specialties=("Surgery",)),
        OrderCases(id=identifier, case=epoch, order=("c2", "c1")),
        Appoint(id=identifier, case=epoch, seat=SeatId("other"), moderates=True),
        PutPreparation(id=identifier, case=epoch, of="c2", text="question", words="Surgery first?", base=0),
        PlanCase(id=identifier, case=epoch, of="c2", minutes=8),
        PrepareView(id=identifier, case=epoch, prepared="v1", view=table.view),
        NamePreparedView(id=identifier, case=epoch, prepared="v1", line="Nodule"),
        DropPreparedView(id=identifier, case=epoch, prepared="v1"),
        OrderPreparedViews(id=identifier, case=epoch, of="c1", order=()),
        DropPicture(id=identifier, case=epoch, of="c1", picture="ab" * 32),
        PutDecision(id=identifier, case=epoch, base=0, words=words),
        SaveDecision(id=identifier, case=epoch, base=1),
        PutDissent(id=identifier, case=epoch, reason="I would operate first."),
        PutAttendee(id=identifier, case=epoch, person="me", name="Me"),
        DropAttendee(id=identifier, case=epoch, person="me"),
    ]


def seated(role: Role, *, control: bool, phase: Phase = "") -> Table:
    """A consult where `me` has that role and control or not, and `other` is there too."""
    table = Table(kind="board" if phase else "consult")
    table.join("first", "host")
    table.join("other")
    table.join("me", role)
    if control:
        table.send("first", GrantControl(id=command_id("first", 1), case=table.state.case, seat=SeatId("me")))
    elif table.state.control.seat == "me":
        raise AssertionError("me has control already")
    if phase == "running":
        table.send("first", BeginBoard(id=command_id("first", 2), case=table.state.case))
    return table


STANDINGS_THAT_OCCUR: list[Standing] = [
    *(Standing(role, control, board=phase) for role, control in BASIC for phase in PHASES),
    *(Standing("moderator", control, board=phase) for control in (False, True) for phase in ("preparing", "running")),
    Standing("preparer", False, board="preparing"),
    Standing("preparer", True, board="preparing"),
    Standing("preparer", False, board="running"),
]


@pytest.mark.parametrize("standing", STANDINGS_THAT_OCCUR, ids=named)
def test_the_core_asks_the_table_for_every_message(standing: Standing) -> None:
    for index in range(len(samples("me", Table()))):
        table = seated(standing.role, control=standing.control, phase=standing.board)
        message = samples("me", table)[index]
        answers = table.send("me", message)
        denied = {a.code for a in answers if isinstance(a, Nack)} & {"not_allowed", "not_in_control"}
        assert bool(denied) != is_allowed(standing, type(message)), message
        if denied:
            assert not table.effects[1:], "a refusal is all that follows"


def test_who_waits_is_refused_everything() -> None:
    table = Table(kind="board")
    invite = Invite(invitation=InvitationId("door"), role="participant", lobby=True)
    table.do(table.core.command(invite, table.now))
    table.sit("me", "door")
    for message in samples("me", table):
        with pytest.raises(Refused, match="lobby"):
            permit(standing(table.state, SeatId("me")), message)


def test_who_prepared_has_control_no_longer_once_the_board_begins() -> None:
    table = seated("preparer", control=True, phase="preparing")
    table.send("first", BeginBoard(id=command_id("first", 2), case=table.state.case))
    assert table.state.control.seat == "first"
    grant = GrantControl(id=command_id("first", 3), case=table.state.case, seat=SeatId("me"))
    assert codes(table.send("first", grant)) == ["preparer_cannot_control"]


def test_the_samples_are_all_kinds_but_hello() -> None:
    table = Table()
    assert {type(sample) for sample in samples("me", table)} == set(MESSAGES) - {Hello}
