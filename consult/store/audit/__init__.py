"""What every audit trail can do: rows that are only appended, each with the hash of the one before it.

Rules:
- A row says who did what to which consult, and how it ended: no pixels, no free text, no name of a patient.
- A row's hash covers the row and the hash before it, so a changed, moved or missing row is found; the head, kept apart,
  finds a missing end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Literal, Protocol

import msgspec
from msgspec import UNSET, Struct, UnsetType

Kind = Literal[
    "join", "leave", "admit", "deny", "refusal", "view_case", "sign", "open", "read", "export", "import", "critical",
    "end", "delete", "sign_in", "sign_out", "seat", "act", "account",
]  # fmt: skip
Outcome = Literal["success", "refused"]
NO_ROW = "0" * 64
"""The hash before the first row."""


class AuditRecord(Struct, frozen=True):
    """What happened.

    Attributes:
        at: seconds since 1970.
        consult: its id; "" where it is of none.
        who, role: seat and its role; "" and "host" for the host API; "" and "" for the server, or nobody known.
        what: id of the case, signed version, critical result or study, of the seat that was let in or not, or the code
            of a refusal; of what was exported, imported or deleted the hash; how somebody signed in; the request of an
            act.
        user: name of the host's user who did it, or whose account it is; unset: none is known. A row of before there
            were users has none, and its hash is as it was.
    """

    at: float
    kind: Kind
    consult: str = ""
    who: str = ""
    role: str = ""
    what: str = ""
    outcome: Outcome = "success"
    user: str | UnsetType = UNSET


_decode = msgspec.json.Decoder(AuditRecord).decode


class AuditRow(Struct, frozen=True):
    """A record in the chain; `n` counts from 1."""

    n: int
    record: AuditRecord
    former: str
    hash: str


class AuditHead(Struct, frozen=True):
    """How many rows there are, and the hash of the last."""

    count: int = 0
    hash: str = NO_ROW


class AuditLog(Protocol):
    """The trail; tests/contract/test_audit.py is its meaning."""

    async def append(self, records: Sequence[AuditRecord]) -> None:
        """Add rows, all or none; stored when this returns. Raises StoreFailed: they may be stored or not. Given the
        same objects again, these and no others, they are there once."""

    async def append_missing(self, records: Sequence[AuditRecord]) -> None:
        """As `append`, of those that nobody has added yet (`identity`), whoever else does the same meanwhile."""

    async def rows(self, after: int = 0, limit: int = 10_000) -> list[AuditRow]:
        """The rows behind number `after`, at most so many. Raises StoreFailed."""

    async def of_consult(self, consult: str) -> list[AuditRecord]:
        """All records of a consult, in their order. Raises StoreFailed."""

    async def head(self) -> AuditHead:
        """The head as it is kept apart. Raises StoreFailed."""

    async def take_over(self, rows: Sequence[AuditRow], head: AuditHead) -> None:
        """Add rows of another trail as they are, and have its head: what is wrong there is found here too.

        Their numbers are greater than those that are here. Raises StoreFailed.
        """

    async def close(self) -> None:
        """Finish."""


def read_record(data: bytes) -> AuditRecord:
    """What a row says; of one that cannot be read nothing, so that its hash is wrong."""
    try:
        return _decode(data)
    except msgspec.MsgspecError:
        return AuditRecord(0.0, "refusal", what="unreadable")


def identity(record: AuditRecord) -> tuple[float, str, str, str, str]:
    """What makes two records the same, whoever has written them: the role is that of when it was written."""
    return record.at, record.kind, record.consult, record.who, record.what


def missing_from(there: Iterable[AuditRecord], records: Iterable[AuditRecord]) -> list[AuditRecord]:
    """Those of these records that are not there yet."""
    known = {identity(record) for record in there}
    return [record for record in records if identity(record) not in known]


def chained(records: Iterable[AuditRecord], head: AuditHead) -> list[AuditRow]:
    """Records as the rows behind a head."""
    rows, former = [], head.hash
    for n, record in enumerate(records, start=head.count + 1):
        row = AuditRow(n, record, former, row_hash(n, record, former))
        rows.append(row)
        former = row.hash
    return rows


def row_hash(n: int, record: AuditRecord, former: str) -> str:
    """SHA-256 of the hash before it, the number and the record as JSON of one form."""
    return hashlib.sha256(msgspec.json.encode([former, n, record], order="deterministic")).hexdigest()


def anchored(rows: Iterable[AuditRow], anchor: AuditHead) -> list[str]:
    """What is wrong with a chain against a head that was noted elsewhere: a sentence, or nothing.

    Who can write the file can write all of it anew, with its head; not what is noted elsewhere.
    """
    found = next((row for row in rows if row.n == anchor.count), None)
    if found is None:
        return [f"Row {anchor.count}, which was noted elsewhere, is missing: the end of the chain is gone."]
    if found.hash != anchor.hash:
        return [f"Row {anchor.count} is not the one that was noted elsewhere: the chain was written anew."]
    return []


def faults(rows: Iterable[AuditRow], head: AuditHead) -> list[str]:
    """What is wrong with a chain, a sentence each; none: every row is as it was written, and all are there."""
    found, before = [], AuditHead()
    for row in rows:
        if row.n != before.count + 1:
            found.append(f"Row {before.count + 1} is missing: row {row.n} comes next.")
        elif row.former != before.hash:
            found.append(f"Row {row.n} does not follow row {before.count}: one of both was changed.")
        if row.hash != row_hash(row.n, row.record, row.former):
            found.append(f"Row {row.n} was changed.")
        before = AuditHead(row.n, row.hash)
    if before.count != head.count:
        found.append(f"The chain ends with row {before.count}, and row {head.count} was written.")
    elif before.hash != head.hash:
        found.append(f"Row {head.count}, the last one, is not the one that was written.")
    return found
