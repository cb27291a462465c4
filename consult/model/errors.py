"""The error tree. A peer's fault and ours differ by type.

ConsultError                 code, sentence
├── PeerFault                somebody else's doing; ends one request or one connection at most
│   ├── Malformed            not a message of the protocol
│   ├── Refused              understood, but not allowed or not possible now
│   │   └── DifferentPatients    studies that are not one patient's: names the fields and their values
│   └── DicomRefused         a file we will not show: names the tag, the value and the rule
└── OurFault                 the server's doing; nothing acknowledged is lost by it
    ├── Conflict             the head of a log has moved: somebody else owns the consult
    ├── StoreFailed          the store did not take it (full disk, unreachable)
    ├── WorkerDied           a DICOM worker was killed, by its input or its limits
    └── NotReady             asked for before it is loaded; ask again
"""

from __future__ import annotations

from dataclasses import dataclass


class ConsultError(Exception):
    """Anything that consult raises on purpose.

    Attributes:
        code: stable, lower_snake_case, for programs.
        sentence: for people; no patient data.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence


class PeerFault(ConsultError):
    """Somebody else's doing."""


class Malformed(PeerFault):
    """Not a message of the protocol: the connection is not harmed, the message is not used."""


class Refused(PeerFault):
    """Understood, but not allowed or not possible now."""


@dataclass(frozen=True)
class DifferentPart:
    """Files of one series that say the same of their patient.

    Attributes:
        study: StudyInstanceUID.
        series: key of the series.
        name: of the series, in words.
        files: names of the first of them, as they were taken in.
        instances: their SOPInstanceUIDs.
        count: how many files.
        values: of the attributes that differ, by keyword; "" where they are empty.
    """

    study: str
    series: str
    name: str
    files: tuple[str, ...]
    instances: tuple[str, ...]
    count: int
    values: dict[str, str]


class DifferentPatients(Refused):
    """Studies that are not one patient's.

    Attributes:
        fields: keyword of each attribute that differs, and its different values. For the host alone: they are in no
            sentence and in no log.
        parts: which series and files say what; for the host alone.
    """

    def __init__(self, fields: dict[str, tuple[str, ...]], parts: tuple[DifferentPart, ...] = ()) -> None:
        verb = "differs" if len(fields) == 1 else "differ"
        super().__init__("different_patients", f"These are not one patient's studies: {', '.join(fields)} {verb}.")
        self.fields, self.parts = fields, parts


class DicomRefused(PeerFault):
    """A DICOM file that is not taken.

    Attributes:
        tag: keyword of the attribute, or "" where the file as a whole is meant.
        value: what was found there, shortened.
        rule: what the standard or this product asks for.
    """

    def __init__(self, code: str, rule: str, *, tag: str = "", value: str = "") -> None:
        where = f"{tag} is {value!r}: " if tag else ""
        super().__init__(code, f"{where}{rule}")
        self.tag, self.value, self.rule = tag, value, rule


class OurFault(ConsultError):
    """The server's doing."""


class Conflict(OurFault):
    """The head of the log has moved."""

    def __init__(self, expected: int, found: int) -> None:
        super().__init__("conflict", f"The log's head is {found}, not {expected}.")
        self.expected, self.found = expected, found


class StoreFailed(OurFault):
    """The store did not take it; reading the tail shows whether it is stored."""


class WorkerDied(OurFault):
    """A DICOM worker was killed, by its input or by its limits."""


class NotReady(OurFault):
    """Asked for before it is loaded."""
