"""A consult of a real study with all that a record has, in a data directory, and what of its patient is in there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from consult.app import open_services
from consult.http.services import Services
from consult.model.catalogue import Case
from consult.model.identifiers import ConsultId, SeatId
from consult.model.side import Side
from consult.sessions.events import Entry
from consult.sessions.features.chat.commands import PostChat
from consult.sessions.features.critical.events import Recipient
from consult.sessions.features.findings.commands import ConfirmSide, PutFinding, Wording
from consult.sessions.features.marks.commands import KeepImage
from consult.sessions.features.seen.commands import MarkSeen
from consult.sessions.views import initial_view
from consult.settings import Settings
from consult.store.log import Log
from tests.support.cases import CONSULT, Table
from tests.support.ct import write_series
from tests.support.record import RecordTable

PATIENT, PATIENT_ID = "KEEPSAKE^PETRONELLA", "PID-7731905"
SENTENCE = "A sentence that nobody else writes."
SECRETS = (b"KEEPSAKE", b"PETRONELLA", PATIENT_ID.encode(), SENTENCE.encode(), b"Onlythisword")


class KeptTable(RecordTable):
    """A host, one who takes part and one who watches, in a consult on real studies."""

    def __init__(self, cases: tuple[Case, ...]) -> None:
        Table.__init__(self, cases)
        self._numbers: dict[str, int] = {}
        self.side: Side = "RIGHT"
        self.measures = True
        for seat, role in (("host", "host"), ("ann", "participant"), ("eve", "viewer")):
            self.join(seat, role)  # type: ignore[arg-type]  # literals above

    @property
    def entries(self) -> list[Entry]:
        """Its log."""
        return [entry for append in self.appended for entry in append.entries]

    def record(self, *, critical: bool = False) -> None:
        """A kept image, a message, a finding with its view, a note that is signed and read; a critical result."""
        case = self.state.current_case
        assert case is not None
        view = initial_view(case)
        self.done("host", KeepImage, viewport=view.viewports[0])
        self.done("ann", PostChat, about=self.state.current, text=SENTENCE)
        wording = Wording("Onlythisword", SENTENCE)
        self.done("host", PutFinding, finding="f1", base=0, wording=wording, marks=(), view=view)
        self.done("host", ConfirmSide, finding="f1", side="RIGHT")
        self.write("host", "impression", SENTENCE)
        self.done("host", **self.signing(seen=()))
        self.done("ann", MarkSeen, version="c1.1")
        if critical:
            backup = Recipient("Bob")
            self.raised("host", "x1", to=Recipient("Ann", SeatId("ann")), backup=backup)


def settings_of(data: Path, **more: Any) -> Settings:
    """Of a small server."""
    return Settings(data=data, workers=1, udp_port=0, **more)


def log_of(services: Services) -> Log:
    """The log of a server."""
    return services.registry._log


async def put_consult(services: Services, folder: Path, *, critical: bool = False, ended: bool = True) -> KeptTable:
    """Take a study in, and store a consult on it."""
    uid = write_series(folder, images=2, size=32, patient=PATIENT, patient_id=PATIENT_ID)
    await services.library.import_paths([folder], lambda progress: None)
    table = KeptTable((await services.library.case([uid], id="c1", title="Second opinion"),))
    table.record(critical=critical)
    await log_of(services).append(ConsultId(CONSULT), 0, table.entries)
    if ended:
        await (await services.registry.find(ConsultId(CONSULT))).end()
    return table


async def make_data(data: Path, folder: Path, **more: Any) -> None:
    """A data directory with that consult."""
    async with open_services(settings_of(data), keep_deadlines=False) as services:
        await put_consult(services, folder, **more)


def traces(data: Path) -> list[str]:
    """Where in the bytes of a data directory something of the patient is: in names and contents, also in UTF-16."""
    found = []
    for path in sorted(data.rglob("*")):
        content = path.read_bytes() if path.is_file() else b""
        for secret in SECRETS:
            forms = (secret, secret.decode().encode("utf-16-le"))
            if secret.decode() in path.name or any(form in content for form in forms):
                found.append(f"{path.relative_to(data)}: {secret.decode()}")
    return found
