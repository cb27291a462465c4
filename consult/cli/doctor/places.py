"""The data directory and the disk below it: who may read it, whether it can be written, how much is free."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from consult.cli.doctor.findings import Finding, works
from consult.settings import Settings

OTHERS = stat.S_IRWXG | stat.S_IRWXO
SHORT = 4
"""Times min_free_mib: with less a few studies fill the disk."""
GIB = 1 << 30


def check_data(settings: Settings) -> Iterator[Finding]:
    """Rights and room."""
    data = settings.data
    if not data.exists():
        parent = next(path for path in data.absolute().parents if path.exists())
        if not os.access(parent, os.W_OK | os.X_OK):
            advice = "make it, owned by the user that runs the server, mode 0700; or name another with --data"
            yield Finding("data", "fails", f"{data} is not there and cannot be made in {parent}", advice)
            return
        yield works("data", f"{data} is not there yet; the first start makes it")
        yield _room(parent, settings.min_free_mib)
        return
    yield from _rights(data)
    yield _room(data, settings.min_free_mib)


def _rights(data: Path) -> Iterator[Finding]:
    try:
        with tempfile.TemporaryFile(dir=data):
            pass
    except OSError as error:
        advice = f"run this as the user of the server, or: chown -R USER {data}; or name another with --data"
        yield Finding("data", "fails", f"{data} cannot be written: {error.strerror}", advice)
        return
    open_to_others = [path for path in (data, data / "key") if path.exists() and path.stat().st_mode & OTHERS]
    if open_to_others:
        names = " ".join(map(str, open_to_others))
        yield Finding("data", "fails", f"others of this machine may look into {names}", f"chmod go= {names}")
    foreign = [path.name for path in data.iterdir() if path.stat().st_uid != os.geteuid()]
    if foreign:
        sentence = f"{len(foreign)} of what is in {data} belongs to another user, as {foreign[0]}"
        yield Finding("data", "fails", sentence, f"chown -R {os.geteuid()} {data}, as root")
    if not open_to_others and not foreign:
        yield works("data", f"{data} can be written, by its owner alone")


def _room(path: Path, min_free_mib: int) -> Finding:
    usage = shutil.disk_usage(path)
    sentence = f"{usage.free / GIB:.1f} of {usage.total / GIB:.1f} GiB are free on the disk of {path}"
    if usage.free < min_free_mib << 20:
        return Finding("disk", "fails", f"{sentence}, and min_free_mib is {min_free_mib}", "make room, or lower it")
    if usage.free < SHORT * min_free_mib << 20:
        return Finding("disk", "note", sentence, "make room: a few studies fill it")
    return works("disk", sentence)
