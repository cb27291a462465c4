"""Role x message x state, generated: what is not listed here is refused, and the core asks the table."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from consult.model.catalogue import Role
from consult.model.errors import Refused
from consult.model.identifiers import SeatId, SeriesKey, StudyKey
from consult.model.view import Screen
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
from consult.sessions.features.seats.commands import AdmitSeats, DenySeat, ReadmitSeat, RemoveSeat, Rename
from consult.sessions.features.seen.commands import MarkSeen, OpenNote
from consult.sessions.features.standings import Standing
from consult.sessions.features.table import FEATURES, Registry
from consult.sessions.features.view.messages import Show
from consult.sessions.messages import Alive, AnswerMedia, EndMedia, Hello, Nack, PauseMedia, Ping, SetScreen, WantMedia
from consult.sessions.permissions import is_allowed, permit
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

ROLES: tuple[Role, ...] = get_args(Role)
MESSAGES = client_messages()
STANDINGS = [Standing(role, control, ended) for role, control, ended in product(ROLES, (False, True), (False, True))]

# Written out once more, by hand, so that a slip in the table is a difference here.
MEDIA = "want_media answer_media pause_media end_media microphone hand health explore"
DRAW = (
    "cursor draft put_mark delete_mark keep_image drop_image undo redo post_chat put_finding drop_key_view "
    "confirm_side take_over_number delete_finding restore_finding put_note order_findings sign_note write "
    "raise_critical tell_critical close_critical calibrate remove_calibration"
)
HERE = "screen ping alive report_images"
READ = "hello open_note mark_seen acknowledge_critical"
EXPECTED = {
    "host": (
        f"{READ} {DRAW} {HERE} {MEDIA} mute lower_hand rename grant_control take_control switch_case "
        "remove_seat end_consult"
        f"hello {DRAW} {HERE} {MEDIA} mute lower_hand rename grant_control take_control switch_case "
        "remove_seat readmit_seat admit_seats deny_seat hide_patients end_consult"
    ),
    "host in control": (
        f"{READ} {DRAW} {HERE} {MEDIA} mute lower_hand request_follow show rename grant_control "
        "take_control switch_case remove_seat end_consult"
        f"hello {DRAW} {HERE} {MEDIA} mute lower_hand request_follow show rename grant_control take_control "
        "switch_case remove_seat readmit_seat admit_seats deny_seat hide_patients end_consult"
    ),
    "participant": f"{READ} {DRAW} {HERE} {MEDIA} rename request_control take_control",
    "participant in control": (
        f"{READ} {DRAW} {HERE} {MEDIA} request_follow show rename grant_control give_back_control switch_case"
    ),
    "viewer": f"{READ} {HERE} {MEDIA} rename",
    "reader": "",
    "reader of an ended consult": "",
    "host of an ended consult": f"{READ} screen ping alive cursor {MEDIA} switch_case tell_critical close_critical",
    "host in control of an ended consult": (
        f"{READ} screen ping alive cursor {MEDIA} show switch_case tell_critical close_critical"
    ),
}


def kind(message: type[ClientMessage]) -> str:
    """Its name on the wire."""
    return str(message.__struct_config__.tag)


def named(standing: Standing) -> str:
    """As the rows above are called."""
    return f"{standing.role}{' in control' * standing.control}{' of an ended consult' * standing.ended}"


@pytest.mark.parametrize("standing", STANDINGS, ids=named)
@pytest.mark.parametrize("message", MESSAGES, ids=kind)
def test_the_matrix(standing: Standing, message: type[ClientMessage]) -> None:
    expected = kind(message) in EXPECTED.get(named(standing), "").split()
    assert is_allowed(standing, message) == expected


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


def seated(role: Role, *, control: bool) -> Table:
    """A consult where `me` has that role and control or not, and `other` is there too."""
    table = Table()
    table.join("first", "host")
    table.join("other")
    table.join("me", role)
    if control:
        table.send("first", GrantControl(id=command_id("first", 1), case=table.state.case, seat=SeatId("me")))
    elif table.state.control.seat == "me":
        raise AssertionError("me has control already")
    return table


STANDINGS_THAT_OCCUR = [
    ("host", False),
    ("host", True),
    ("participant", False),
    ("participant", True),
    ("viewer", False),
]


@pytest.mark.parametrize(("role", "control"), STANDINGS_THAT_OCCUR)
@pytest.mark.parametrize("index", range(51))
def test_the_core_asks_the_table_for_every_message(role: Role, control: bool, index: int) -> None:
    table = seated(role, control=control)
    message = samples("me", table)[index]
    answers = table.send("me", message)
    denied = {a.code for a in answers if isinstance(a, Nack)} & {"not_allowed", "not_in_control"}
    assert bool(denied) != is_allowed(Standing(role, control), type(message))
    if denied:
        assert not table.effects[1:], "a refusal is all that follows"


def test_the_samples_are_all_kinds_but_hello() -> None:
    table = Table()
    assert {type(sample) for sample in samples("me", table)} == set(MESSAGES) - {Hello}
