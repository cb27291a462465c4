"""What a consult is now: the fold of its log. Frozen; every change is a new value.

`State()` is a consult that has not been opened: its seq is 0.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from consult.model.catalogue import Case
from consult.model.disclosure import KNOWING
from consult.model.errors import Refused
from consult.model.identifiers import ConsultId, InvitationId, SeatId, TabId, split_command_id
from consult.model.mark import KeyImage, Mark
from consult.model.measuring.calibration import Calibration
from consult.model.patient import namesakes, person_name
from consult.model.privacy.blackout import Blackout
from consult.model.view import View
from consult.sessions.features.board.events import (
    Attendee,
    Board,
    Decision,
    DecisionDraft,
    Dissent,
    Preparation,
    PreparedView,
)
from consult.sessions.features.chat.events import ChatMessage
from consult.sessions.features.consult.events import Consult, Site
from consult.sessions.features.control.events import Control
from consult.sessions.features.coverage.events import Coverage
from consult.sessions.features.critical.events import Critical
from consult.sessions.features.findings.events import Finding, MarkNumbers
from consult.sessions.features.marks.acts import Acts, Records
from consult.sessions.features.note.events import Note, SignedNote
from consult.sessions.features.seats.events import Invitation, Seat
from consult.sessions.features.seen.events import Seen
from consult.sessions.features.view.events import ViewSettled

FIRST_CASE_EPOCH = 1
RECENT_COMMANDS = 64
"""How many of a tab's commands keep their sequence number; of those before only the fact is known."""
SHOWN_CHAT_MESSAGES = 150
"""Messages that a page is shown; the log has all."""
MAX_TABS = 512
"""Tabs whose commands are remembered, the most recently active ones."""


class Tab(Struct, frozen=True):
    """What is known of a tab's stored commands.

    Attributes:
        last: the highest number stored.
        recent: (number, seq of the command's last entry), oldest first, at most RECENT_COMMANDS.
    """

    last: int = 0
    recent: tuple[tuple[int, int], ...] = ()

    def seq(self, number: int) -> int | None:
        """The sequence number of a command; None where it is not stored, or not remembered any more."""
        return next((seq for n, seq in reversed(self.recent) if n == number), None)


class Snapshot(Struct, frozen=True):
    """The document, as a page may see it."""

    consult: Consult
    cases: tuple[Case, ...]
    case: int
    """Case epoch."""
    current: str
    """Id of the case on the stage."""
    control: Control
    seats: tuple[Seat, ...]
    marks: tuple[Mark, ...] = ()
    key_images: tuple[KeyImage, ...] = ()
    chat: tuple[ChatMessage, ...] = ()
    site: Site = Site()
    findings: tuple[Finding, ...] = ()
    numbers: tuple[MarkNumbers, ...] = ()
    notes: tuple[Note, ...] = ()
    signed: tuple[SignedNote, ...] = ()
    criticals: tuple[Critical, ...] = ()
    seen: tuple[Seen, ...] = ()
    blackouts: tuple[Blackout, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    calibrations: tuple[Calibration, ...] = ()
    patients_hidden: bool = False
    """Guests are told a label in place of every patient's data."""
    board: Board | None = None
    """Of a consult that is one."""
    preparations: tuple[Preparation, ...] = ()
    prepared: tuple[PreparedView, ...] = ()
    decision_drafts: tuple[DecisionDraft, ...] = ()
    decisions: tuple[Decision, ...] = ()
    dissents: tuple[Dissent, ...] = ()
    attendees: tuple[Attendee, ...] = ()


class State(Struct, frozen=True, kw_only=True):
    """The document, and what the server must remember to decide.

    Attributes:
        seq: of the last entry folded; 0: not opened yet.
        case: case epoch; counts from FIRST_CASE_EPOCH, up with each switch.
        current: id of the case on the stage.
        stages: which case was on the stage in each epoch.
        owners: owner changes so far.
        settled: the last view that came to rest; None before the first.
        left: by case, the last view of it that came to rest.
        tabs: by `tab_key`, the least recently active first, at most MAX_TABS.
        marks, key_images: of all cases, the oldest first.
        chat: the newest messages, at most SHOWN_CHAT_MESSAGES.
        chat_count: how many were ever posted.
        acts: what each seat can undo and redo.
        site: what the server that owns the consult is set to.
        findings: of all cases, the oldest first. numbers: by mark. notes: by case. signed: by id, in their order.
        deleted_findings: those that can be brought back.
        criticals, seen, blackouts, coverage, calibrations: by id.
        patients_hidden: guests are told a label in place of every patient's data.
        board: its course; None: it is no board.
        preparations, decision_drafts: by case. prepared (views), decisions, dissents, attendees: by id.
    """

    seq: int = 0
    consult: Consult = Consult(ConsultId(""), "", "", 0.0)
    cases: tuple[Case, ...] = ()
    case: int = 0
    current: str = ""
    stages: dict[int, str] = {}
    control: Control = Control(0, None)
    invitations: dict[InvitationId, Invitation] = {}
    seats: dict[SeatId, Seat] = {}
    owners: int = 0
    owner: str = ""
    settled: ViewSettled | None = None
    left: dict[str, View] = {}
    tabs: dict[str, Tab] = {}
    marks: dict[str, Mark] = {}
    key_images: dict[str, KeyImage] = {}
    chat: tuple[ChatMessage, ...] = ()
    chat_count: int = 0
    acts: dict[SeatId, Acts] = {}
    site: Site = Site()
    findings: dict[str, Finding] = {}
    deleted_findings: dict[str, Finding] = {}
    numbers: dict[str, MarkNumbers] = {}
    notes: dict[str, Note] = {}
    signed: dict[str, SignedNote] = {}
    criticals: dict[str, Critical] = {}
    seen: dict[str, Seen] = {}
    blackouts: dict[str, Blackout] = {}
    coverage: dict[str, Coverage] = {}
    calibrations: dict[str, Calibration] = {}
    patients_hidden: bool = False
    board: Board | None = None
    preparations: dict[str, Preparation] = {}
    prepared: dict[str, PreparedView] = {}
    decision_drafts: dict[str, DecisionDraft] = {}
    decisions: dict[str, Decision] = {}
    dissents: dict[str, Dissent] = {}
    attendees: dict[str, Attendee] = {}

    @property
    def records(self) -> Records:
        """What can be done and undone."""
        return self.marks, self.key_images

    @property
    def consult_id(self) -> ConsultId:
        """Which consult; "" before it is opened."""
        return self.consult.id

    @property
    def opened(self) -> bool:
        """The log has begun."""
        return self.seq > 0

    @property
    def ended(self) -> bool:
        """Over, for everybody."""
        return self.consult.ended_at is not None

    @property
    def current_case(self) -> Case | None:
        """The case on the stage; None before the consult is opened."""
        return self.find_case(self.current)

    @property
    def kept_views(self) -> tuple[View, ...] | None:
        """The views that were kept of the case on the stage, in their order; None where patients are hidden, and no
        page is given a picture before it is shown."""
        if self.patients_hidden:
            return None
        own = (finding for finding in self.findings.values() if finding.case == self.current)
        return tuple(kept.view for finding in own for kept in finding.views)

    def find_case(self, identifier: str) -> Case | None:
        """The case of that id, if the consult has it."""
        return next((case for case in self.cases if case.id == identifier), None)

    def case_of(self, epoch: int) -> Case | None:
        """The case that was on the stage in that epoch; None where there was none."""
        return self.find_case(self.stages.get(epoch, ""))

    def stale_case(self, case: Case | None, actor: SeatId) -> Refused:
        """The refusal of what was made for a case that is not on the stage: it names the patient to a host, with the
        ID of one of several of that name, and the case's number to others; nobody where there is none to name."""
        sentence = "Another case is on the stage now."
        if case is not None and case.id != self.current:
            sentence = f"This was made for {self._name_for(case, actor)}. {sentence}"
        return Refused("stale_case", sentence)

    def _name_for(self, case: Case, actor: SeatId) -> str:
        seat = self.seats.get(actor)
        if seat is None or seat.role not in KNOWING:
            return f"case {self.cases.index(case) + 1} of {len(self.cases)}"
        alike = namesakes(case.patient, [other.patient for other in self.cases])
        return f"{person_name(case.patient.name)}{f' (ID {case.patient.id})' if alike else ''}"

    def present(self, seat: SeatId) -> Seat:
        """The record of a seat that somebody is in. Raises Refused ("unknown_seat")."""
        found = self.seats.get(seat)
        if found is None or not found.is_in:
            raise Refused("unknown_seat", "Nobody has that seat.")
        return found

    def host(self) -> SeatId | None:
        """The host's seat: the newest that is not removed."""
        hosts = [s.id for s in self.seats.values() if s.role == "host" and s.is_in]
        return hosts[-1] if hosts else None

    def stored_command(self, seat: SeatId, command: str) -> tuple[bool, int | None]:
        """Whether a command, or a later one of its tab, is stored, and its seq where that is remembered."""
        tab, number = split_command_id(command)
        known = self.tabs.get(tab_key(seat, tab))
        if known is None or number > known.last:
            return False, None
        return True, known.seq(number)


def put_on_stage(state: State, epoch: int, case: str) -> State:
    """The state with that case on the stage."""
    return replace(state, case=epoch, current=case, stages={**state.stages, epoch: case})


def tab_key(seat: SeatId, tab: TabId) -> str:
    """Tabs are distinguished by seat as well: nobody can use up the numbers of another's tab."""
    return f"{seat}/{tab}"
