"""A consult as one file: a ZIP whose members are stored as they are, the last of them a manifest of all others.

Rules of this file:
- The same consult is the same bytes: members in one order, all of one date, nothing compressed. So no file of this
  kind unpacks to more than it is, and what is compressed is none.
- `log.jsonl` has the entries as they are stored, one a line: its hash is that which a deletion leaves in the audit.
- What is not exactly as the manifest says is refused, whichever part it is. No name of the file becomes a path.
- Everything blocks: call it on threads.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import struct
import zipfile
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import IO, Literal

import msgspec
from msgspec import Struct

from consult.model.errors import Malformed, Refused
from consult.model.identifiers import ConsultId

FORMAT, VERSION = "consult", 1
"""A further member, or another meaning of one, is another version; this release reads the versions up to its own."""
LOG, NOTES, MANIFEST = "log.jsonl", "notes.json", "manifest.json"
IMAGE = re.compile(r"images/[0-9]{4}\.png")
IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")
MAX_BYTES = 2 << 30
MAX_IMAGES = 2_000
MAX_MANIFEST = 4 << 20
MAX_LINE = 64 << 20
MAX_LOG = 512 << 20
"""Bytes of a log, which is held in memory while it is checked."""
MAX_IMAGE = 64 << 20
MAX_NAME = 64
"""Bytes of a member's name."""
CHUNK = 1 << 20
DATE = (1980, 1, 1, 0, 0, 0)
"""Of every member: the first day that a ZIP knows."""
END_RECORD = struct.Struct("<4s4H2LH")
"""APPNOTE.TXT 4.3.16: signature, two disks, entries here and in all, bytes and offset of the directory, comment."""
END = b"PK\x05\x06"
DIRECTORY_LINE = 46
"""Bytes of a line of the directory, without the name."""
ENCRYPTED = 0x1


class Member(Struct, frozen=True, forbid_unknown_fields=True):
    """A member. `of`: of an image, what it shows: id of a key image, or of a key view of a finding."""

    name: str
    size: int
    sha256: str
    of: str = ""


class Missing(Struct, frozen=True, forbid_unknown_fields=True):
    """An image that could not be drawn when the file was made, and why."""

    of: str
    sentence: str


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """What is in the file.

    Attributes:
        consult: its id.
        entries: of its log.
        members: all but the manifest, in their order.
    """

    format: Literal["consult"]
    version: int
    consult: str
    entries: int
    members: tuple[Member, ...]
    missing: tuple[Missing, ...] = ()


class _Kind(Struct):
    format: str = ""
    version: int = 0


class ArchiveWriter:
    """Writes one.

    Args:
        path: an empty file; whoever asks syncs it and gives it its name.
        consult: its id.
    """

    def __init__(self, path: Path, consult: ConsultId) -> None:
        self._consult, self._entries = consult, 0
        self._members: list[Member] = []
        self._missing: list[Missing] = []
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=False)

    def put_log(self, lines: Iterable[bytes]) -> None:
        """The entries, as they are stored."""
        digest, size = hashlib.sha256(), 0
        with self._zip.open(_info(LOG), "w") as target:
            for line in lines:
                target.write(line + b"\n")
                digest.update(line + b"\n")
                size += len(line) + 1
                self._entries += 1
        self._members.append(Member(LOG, size, digest.hexdigest()))

    def put(self, name: str, content: bytes, of: str = "") -> None:
        """A member that is small."""
        self._zip.writestr(_info(name), content)
        self._members.append(Member(name, len(content), hashlib.sha256(content).hexdigest(), of))

    def miss(self, of: str, sentence: str) -> None:
        """An image that could not be drawn."""
        self._missing.append(Missing(of, sentence))

    def finish(self) -> str:
        """Write the manifest; its SHA-256, which stands for the whole file. Raises Refused("too_large"), OSError."""
        manifest = Manifest(
            "consult", VERSION, self._consult, self._entries, tuple(self._members), tuple(self._missing)
        )
        content = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        try:
            self._zip.writestr(_info(MANIFEST), content)
            self._zip.close()
        except zipfile.LargeZipFile:
            raise Refused("too_large", f"A consult's file has {MAX_BYTES >> 30} GiB at most.") from None
        return hashlib.sha256(content).hexdigest()

    def close(self) -> None:
        """Give it up, or nothing where it is finished."""
        with contextlib.suppress(Exception):  # it is half written, and is removed by whoever asked
            self._zip.close()


class ArchiveReader:
    """Reads one; every member is checked before any is used.

    Raises:
        Malformed: "not_a_consult", "damaged", "member_missing", "unknown_member", "compressed".
        Refused: "newer_file", "too_large".
    """

    def __init__(self, path: Path) -> None:
        _check_end(path)
        self._path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise _not_a_consult() from error
        try:
            self._infos = self._named()
            self.manifest, self.digest = self._read_manifest()
            self._check_members()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> ArchiveReader:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def lines(self) -> Generator[bytes, None, None]:
        """The entries as they were stored; close it."""
        with self._opened(LOG) as source:
            while line := source.readline(MAX_LINE):
                if not line.endswith(b"\n"):
                    raise Malformed("damaged", f"{LOG} ends in the middle of an entry, or has one that is too long.")
                yield line[:-1]

    def images(self) -> Iterator[tuple[Member, bytes]]:
        """The pictures."""
        for member in self.manifest.members:
            if IMAGE.fullmatch(member.name):
                with self._opened(member.name) as source:
                    yield member, source.read()

    def _named(self) -> dict[str, zipfile.ZipInfo]:
        infos: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            if info.filename in infos:
                raise Malformed("unknown_member", f"{_shown(info.filename)} is in this file twice.")
            if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
                raise Malformed(
                    "compressed", f"{_shown(info.filename)} is compressed: a consult's file holds members as they are."
                )
            if info.flag_bits & ENCRYPTED:
                raise Malformed("unknown_member", f"{_shown(info.filename)} is encrypted: a consult's file is not.")
            infos[info.filename] = info
        self._check_headers(list(infos.values()))
        return infos

    def _check_headers(self, infos: list[zipfile.ZipInfo]) -> None:
        """Headers are those of `ArchiveWriter`, one member behind the other: not a byte of the file can be another."""
        at = 0
        with self._path.open("rb") as file:
            for info in infos:
                made = _info(info.filename)
                made.CRC, made.file_size, made.compress_size = info.CRC, info.file_size, info.file_size
                header = made.FileHeader(zip64=False)
                file.seek(at)
                if info.header_offset != at or _fields(info) != _fields(made) or file.read(len(header)) != header:
                    raise Malformed("damaged", f"The header of {_shown(info.filename)} was changed.")
                at += len(header) + info.file_size
            if at != self._zip.start_dir or not _is_directory(file, at, infos):
                raise Malformed("damaged", "Something is in this file that its directory does not name.")

    def _read_manifest(self) -> tuple[Manifest, str]:
        info = self._infos.get(MANIFEST)
        if info is None or info.file_size > MAX_MANIFEST:
            raise _not_a_consult()
        with self._opened(MANIFEST) as source:
            content = source.read()
        try:
            kind = msgspec.json.decode(content, type=_Kind)
            if kind.format == FORMAT and kind.version > VERSION:
                raise Refused(
                    "newer_file",
                    f"A newer release wrote this file: its version is {kind.version}, and this release reads up to "
                    f"{VERSION}. Update consult here first.",
                )
            manifest = msgspec.json.decode(content, type=Manifest)
        except msgspec.MsgspecError as error:
            raise Malformed("damaged", f"{MANIFEST} is not what it should be: {error}.") from None
        if manifest.version < 1 or not IDENTIFIER.fullmatch(manifest.consult):
            raise Malformed("damaged", f"{MANIFEST} names no version or no consult that can be.")
        return manifest, hashlib.sha256(content).hexdigest()

    def _check_members(self) -> None:
        names = [member.name for member in self.manifest.members]
        for name in (LOG, NOTES, *names):
            if name not in self._infos or name not in names:
                raise Malformed("member_missing", f"{_shown(name)} is missing in this file: it is not whole.")
        if unknown := sorted(self._infos.keys() - {MANIFEST, *names}):
            raise Malformed("unknown_member", f"{_shown(unknown[0])} is in this file, and its manifest has none.")
        for member in self.manifest.members:
            if member.name not in (LOG, NOTES) and not IMAGE.fullmatch(member.name):
                raise Malformed("unknown_member", f"{_shown(member.name)} is no member of a consult's file.")
            if member.size > (MAX_IMAGE if IMAGE.fullmatch(member.name) else MAX_LOG):
                raise Refused("too_large", f"{member.name} is larger than any in a consult's file.")
            self._check(member)

    def _check(self, member: Member) -> None:
        digest, size = hashlib.sha256(), 0
        with self._opened(member.name) as source:
            while piece := source.read(CHUNK):
                digest.update(piece)
                size += len(piece)
        if (size, digest.hexdigest()) != (member.size, member.sha256):
            raise Malformed("damaged", f"{member.name} was changed: it is not what the manifest says.")

    @contextlib.contextmanager
    def _opened(self, name: str) -> Iterator[IO[bytes]]:
        """A member. What of it cannot be read is Malformed."""
        try:
            with self._zip.open(self._infos[name]) as source:
                yield source
        except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, OSError) as error:
            raise Malformed("damaged", f"{_shown(name)} cannot be read: it was changed, or is cut off.") from error


def _check_end(path: Path) -> None:
    """It ends as this kind does: the last bytes are the end record, without a comment."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            file.seek(max(0, size - END_RECORD.size))
            end = file.read()
    except OSError as error:
        raise Refused("cannot_read", f"The file cannot be read: {error.strerror}.") from None
    if size > MAX_BYTES:
        raise Refused("too_large", f"A consult's file has {MAX_BYTES >> 30} GiB at most.")
    if len(end) != END_RECORD.size:
        raise _not_a_consult()
    signature, disk, first, here, entries, length, offset, comment = END_RECORD.unpack(end)
    is_end = signature == END and (disk, first, comment) == (0, 0, 0) and here == entries
    if not is_end or offset + length + END_RECORD.size != size:
        raise _not_a_consult()
    if length > entries * (DIRECTORY_LINE + MAX_NAME):
        raise _not_a_consult()  # more lines than it says, an object for each of which would be made
    if entries > MAX_IMAGES + 3:
        raise Refused("too_large", f"A consult's file has {MAX_IMAGES} images at most.")


def is_archive(path: Path) -> bool:
    """Whether a file looks like one: its first member is the log."""
    try:
        with path.open("rb") as file:
            head = file.read(30 + len(LOG))
    except OSError:
        return False
    return head.startswith(b"PK\x03\x04") and head.endswith(LOG.encode())


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, DATE)
    info.create_system, info.external_attr = 3, 0o600 << 16  # whatever machine it is written on
    return info


def _fields(info: zipfile.ZipInfo) -> tuple[object, ...]:
    """All that the directory says of a member besides its name, size and sum."""
    return (
        info.date_time, info.create_system, info.create_version, info.extract_version, info.reserved, info.flag_bits,
        info.volume, info.internal_attr, info.external_attr, info.extra, info.comment,
    )  # fmt: skip


def _is_directory(file: IO[bytes], at: int, infos: Iterable[zipfile.ZipInfo]) -> bool:
    """Each line of the directory is as long as its name wants (APPNOTE.TXT 4.3.12): Python reads over what is not."""
    for info in infos:
        name = info.filename.encode()
        file.seek(at)
        line = file.read(DIRECTORY_LINE + len(name))
        if line[28:34] != struct.pack("<3H", len(name), 0, 0) or line[DIRECTORY_LINE:] != name:
            return False
        at += len(line)
    return file.read(len(END)) == END


def _not_a_consult() -> Malformed:
    return Malformed("not_a_consult", "This is not a whole file of `consult export`. Export the consult once more.")


def _shown(name: str) -> str:
    """A name of a member, for people: it comes from a file of others."""
    return ascii(name[:80])[1:-1]
