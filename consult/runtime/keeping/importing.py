"""A consult from its file: checked as a whole, then stored as a whole, for reading.

Rules of this file:
- What comes is a copy: it is ended here, its links open nothing, and the clocks of its critical results run where it
  came from. What makes it so stands behind the entries that came, which stay as they are.
- Images that are not here are said to be missing, as those of a deleted study are.
- Nothing is stored before all of it is checked; pictures first, then the log, of which nobody sees anything before it
  is whole.
- Entries are folded as they are read, and pictures go from the file to the disk: what is held is the log alone, as it
  is stored.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from time import sleep
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from consult.model.catalogue import Series
from consult.model.errors import Conflict, Malformed, OurFault, Refused
from consult.model.identifiers import ConsultId, SeriesKey, StudyKey
from consult.runtime.keeping.archive import IMAGE, ArchiveReader
from consult.runtime.keeping.folder import ImportedImages
from consult.runtime.keeping.sound import bad_log, check_room, check_sound
from consult.sessions.events import Entry
from consult.sessions.features.cases.events import ImagesDeleted, StudyDeleted
from consult.sessions.features.consult.events import ConsultEnded
from consult.sessions.features.kinds import Event
from consult.sessions.features.note.signing import is_whole, versions_of
from consult.sessions.features.seats.events import InvitationPut
from consult.sessions.fold import fold
from consult.sessions.state import State
from consult.sessions.upcast import read_entry, write_entry
from consult.store.log import TURN, Log

EXISTS = "This consult is here already. Nothing was imported: delete it first, if the one of the file is to replace it."
SUPERSEDED = "Nothing was imported: another import of this consult has begun, or a server has started. Try again."
PNG = b"\x89PNG\r\n\x1a\n"
MAX_ENTRIES = 200_000
"""Of a log: a board of three hours has some thousand."""
MAX_LATER_LINE = 1 << 20
"""Bytes of an entry, but for the first, which has the cases: a signed version is the largest."""


class Imported(Struct, frozen=True):
    """What was stored.

    Attributes:
        sha256: of the manifest.
        missing_studies: how many studies of its cases are not here.
        open_criticals: critical results that nobody has closed: their clocks do not run here.
    """

    consult: ConsultId
    title: str
    entries: int
    images: int
    missing_studies: int
    open_criticals: int
    sha256: str


class Studies(Protocol):
    """The library, as an import needs it."""

    async def uid_of(self, key: StudyKey) -> str:
        """Raises Refused: it is not here."""

    async def stack(self, key: SeriesKey) -> object:
        """Raises Refused: it is not here as the case has it."""


class _Read(Struct, frozen=True):
    consult: ConsultId
    lines: list[bytes]
    images: int
    state: State
    sha256: str


async def import_file(log: Log, studies: Studies, imported: ImportedImages, path: Path, now: float) -> Imported:
    """Store the consult of a file.

    Raises:
        Malformed, Refused: as `ArchiveReader`; "bad_log": its log is none; "bad_signature": a signed version is not as
            it was signed; "consult_exists"; "superseded": another import of it has begun.
        StoreFailed: the disk takes no more.
    """
    read = await asyncio.to_thread(_read, path)
    if await log.head(read.consult) or read.consult in dict(await log.deletions()):
        raise Refused("consult_exists", EXISTS)
    events = [*(await _missing(studies, read.state)), *_closing(read.state, now)]
    lines = [*read.lines, *_behind(len(read.lines), events, now)]
    await asyncio.to_thread(_put_images, imported, read.consult, path)
    try:
        await log.restore(read.consult, lines)
    except Conflict as conflict:
        if conflict.found:
            raise Refused("consult_exists", EXISTS) from None
        raise Refused("superseded", SUPERSEDED) from None
    except OurFault:
        await asyncio.to_thread(imported.remove, read.consult)
        raise
    open_ones = sum(critical.closed is None for critical in read.state.criticals.values())
    gone = sum(isinstance(event, StudyDeleted) for event in events)
    title = read.state.consult.title
    return Imported(read.consult, title, len(read.lines), read.images, gone, open_ones, read.sha256)


def _read(path: Path) -> _Read:
    """All of a file, checked."""
    with ArchiveReader(path) as reader:
        consult = ConsultId(reader.manifest.consult)
        with closing(reader.lines()) as lines:
            stored, state = _folded(lines)
        check_sound(state)
        if len(stored) != reader.manifest.entries or state.consult_id != consult:
            raise Malformed("bad_log", "The log in this file is another consult's, or is not all of it.")
        for case in state.cases:
            if not is_whole(versions_of(state, case.id)):
                raise Malformed("bad_signature", "A signed version in this file is not as it was signed.")
        images = [png.startswith(PNG) for _, png in reader.images()]
        shown = [member.of for member in reader.manifest.members if IMAGE.fullmatch(member.name)]
        if not all(images) or len(set(shown)) < len(shown):
            raise Malformed("damaged", "A picture in this file is none, or of what another is of.")
        return _Read(consult, stored, len(images), state, reader.digest)


def _put_images(imported: ImportedImages, consult: ConsultId, path: Path) -> None:
    with ArchiveReader(path) as reader:
        imported.put(consult, ((member.of, png) for member, png in reader.images()))


def _folded(lines: Iterable[bytes]) -> tuple[list[bytes], State]:
    """The entries as they are stored here, and the state that they lead to."""
    stored, state = list[bytes](), State()
    for line in lines:
        if len(stored) >= MAX_ENTRIES or (stored and len(line) > MAX_LATER_LINE):
            raise bad_log("it is longer than any")
        entry = _entry(line)
        try:
            state = fold(state, entry)
        except Exception as error:  # it comes from others: whatever is wrong with it, it is no log
            raise bad_log(type(error).__name__) from error
        check_room(state)
        stored.append(write_entry(entry))
        if len(stored) % TURN == 0:
            sleep(0)
    return stored, state


def _entry(line: bytes) -> Entry:
    try:
        return read_entry(line)
    except OurFault as error:
        if error.code == "newer_entry":
            raise Refused("newer_file", f"{error.sentence} Update consult here first.") from None
        raise Malformed("bad_log", "An entry of the log in this file cannot be read.") from None
    except Exception as error:  # of an older form, or nested without end: what it is made of may be anything
        raise Malformed("bad_log", "An entry of the log in this file cannot be read.") from error


async def _missing(studies: Studies, state: State) -> list[Event]:
    """What its pages must say of images that are not here."""
    gone: list[Event] = []
    for case in state.cases:
        absent = {study.key for study in case.studies if not study.deleted and not await _is_here(studies, study.key)}
        gone += [StudyDeleted(key) for key in sorted(absent)]
        for series in case.series:
            if series.study not in absent and not await _has(studies, series):
                gone.append(ImagesDeleted(series.key, ((0, series.images - 1),)))
    return gone


async def _is_here(studies: Studies, key: StudyKey) -> bool:
    try:
        await studies.uid_of(key)
    except Refused:
        return False
    return True


async def _has(studies: Studies, series: Series) -> bool:
    if series.deleted:
        return True  # its own log says what of it is gone
    try:
        await studies.stack(series.key)
    except Refused:
        return False
    return True


def _closing(state: State, now: float) -> Iterator[Event]:
    """No link of it opens anything, and nobody changes it."""
    for invitation in state.invitations.values():
        if not invitation.revoked:
            yield InvitationPut(replace(invitation, revoked=True))
    if not state.ended:
        yield ConsultEnded(replace(state.consult, ended_at=now))


def _behind(entries: int, events: Iterable[Event], now: float) -> list[bytes]:
    return [write_entry(Entry(entries + number, now, event)) for number, event in enumerate(events, start=1)]
