"""What is in a backup: `backup.json`, the last part that is written, with the SHA-256 of all others."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Literal

import msgspec
from msgspec import Struct

from consult.model.errors import Malformed, Refused

MANIFEST = "backup.json"
Format = Literal["consult-backup"]
FORMAT: Format = "consult-backup"
VERSION = 1
"""A further kind of part, or another meaning of one, is another version; this release reads those up to its own."""
MAX_BYTES = 1 << 30
"""Of the manifest: five million parts."""
NAME = re.compile(r"[^./\\\x00-\x1f][^/\\\x00-\x1f]{0,254}")
"""Of a file or folder in a data directory that is no partial one."""
MAX_DEPTH = 4


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """A file. `path`: below the data directory, with `/`."""

    path: str
    size: int
    sha256: str


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """All of it.

    Attributes:
        made_at: when the databases were as they are in it, seconds since 1970.
        release: of consult that has made it.
    """

    format: Format
    version: int
    made_at: float
    release: str
    parts: tuple[Part, ...]


class _Kind(Struct):
    format: str = ""
    version: int = 0


def is_path(path: str) -> bool:
    """A path that a part may have: no way out of the directory, nothing hidden."""
    names = PurePosixPath(path).parts
    return 0 < len(names) <= MAX_DEPTH and "/".join(names) == path and all(NAME.fullmatch(name) for name in names)


def read_manifest(content: bytes) -> Manifest:
    """What a manifest says.

    Raises:
        Malformed: "not_a_backup", "damaged".
        Refused: "newer_backup".
    """
    try:
        kind = msgspec.json.decode(content, type=_Kind)
    except msgspec.MsgspecError:
        raise Malformed("damaged", f"{MANIFEST} cannot be read: the backup is damaged, or was not ended.") from None
    if kind.format != FORMAT:
        raise Malformed("not_a_backup", "This is no backup of consult.")
    if kind.version > VERSION:
        sentence = f"A newer release has made this backup (its form is {kind.version}, this one reads {VERSION}): "
        raise Refused("newer_backup", sentence + "update consult first.")
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except msgspec.MsgspecError as error:
        raise Malformed("damaged", f"{MANIFEST} is damaged: {error}.") from None
    paths = [part.path for part in manifest.parts]
    if len(set(paths)) != len(paths) or not all(map(is_path, paths)):
        raise Malformed("damaged", f"{MANIFEST} is damaged: it names what no backup has.")
    return manifest
