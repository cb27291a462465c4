"""`consult restore DIR|FILE.tar --data NEW`: a data directory of a backup."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

import msgspec

from consult.cli.console import progress_line
from consult.cli.setting_options import add_settings, settings_of
from consult.model.words import counted
from consult.runtime.keeping.backup.elsewhere import put_elsewhere
from consult.runtime.keeping.backup.restoring import Restored, restore
from consult.settings import Settings
from consult.stores import bucket_named, redis_named


def configure(parser: argparse.ArgumentParser) -> None:
    """Where from."""
    parser.add_argument("backup", type=Path, help="a folder or a .tar file of `consult backup`")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_settings(parser, ("data",))


def run(args: argparse.Namespace) -> int:
    """Check all of it, write it into an empty directory, and say what is there now."""
    settings = settings_of(args)
    with progress_line("files") as line:
        restored = restore(args.backup, settings.data, line.show, lambda folder: _put_elsewhere(folder, settings))
    print(msgspec.json.encode(restored).decode() if args.json else summary(settings.data, restored))
    return 0


def _put_elsewhere(folder: Path, settings: Settings) -> None:
    put_elsewhere(folder, redis_named(settings), bucket_named(settings))


def summary(data: Path, restored: Restored) -> str:
    """What is there now, for people."""
    made = datetime.fromtimestamp(restored.made_at).astimezone().isoformat(sep=" ", timespec="seconds")
    return (
        f"{data}: {counted(restored.files, 'file')}, {restored.bytes / 1e6:.1f} MB, as of {made} "
        f"(consult {restored.release})\n"
        "Links that worked then work again. Let one server run on it, and none on the directory that it comes from: "
        "both would send the notices of its critical results."
    )
