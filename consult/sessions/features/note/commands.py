"""Commands about notes."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from consult.model.identifiers import SeatId, StudyKey
from consult.sessions.features.findings.commands import FindingId, Revision
from consult.sessions.features.kinds import ParticipantCommand
from consult.sessions.features.note.events import Field, Signer, Status

MAX_FIELD = 3000
MAX_CHANGED = 500
MAX_SIGNER = 120
"""Characters."""
MAX_ORDER = 100
MAX_STUDIES = 60
MAX_WRITERS = 60


class PutNote(ParticipantCommand, frozen=True, tag="put_note"):
    """Write what stands in a field of the note of the case on the stage, whole.

    Attributes:
        base: revision of the field that it was written upon; 0: nothing stood there.
    """

    field: Field
    text: Annotated[str, Meta(max_length=MAX_FIELD)]
    base: Revision


class OrderFindings(ParticipantCommand, frozen=True, tag="order_findings"):
    """Put the findings of the note in this order."""

    order: Annotated[tuple[FindingId, ...], Meta(max_length=MAX_ORDER)]


class SignNote(ParticipantCommand, frozen=True, tag="sign_note"):
    """Sign the note of the case on the stage as it is.

    Attributes:
        versions: how many signed versions the page knows: two who sign at once do not sign the same.
        signer, again: name and role, said twice.
        changed: what is another than in the version before.
        seen: the studies that the signer has seen.
        takes_over: seats whose text the signer answers for, besides their own.
    """

    status: Status
    versions: Revision
    signer: Signer
    again: Signer
    seen: Annotated[tuple[StudyKey, ...], Meta(min_length=1, max_length=MAX_STUDIES)]
    changed: Annotated[str, Meta(max_length=MAX_CHANGED)] = ""
    takes_over: Annotated[tuple[SeatId, ...], Meta(max_length=MAX_WRITERS)] = ()


NoteCommand = PutNote | OrderFindings | SignNote
