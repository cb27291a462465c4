"""`consult import-consult FILE`: a consult from a file of `consult export`, for reading."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

import msgspec

from consult.app import open_services
from consult.cli.setting_options import add_settings, settings_of
from consult.model.words import counted
from consult.runtime.keeping.importing import Imported
from consult.settings import Settings


def configure(parser: argparse.ArgumentParser) -> None:
    """Which file."""
    parser.add_argument("file", type=Path, help="a file of `consult export`")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_settings(parser, ("data",))


def run(args: argparse.Namespace) -> int:
    """Check it, store it, and say what is here now."""
    stored = asyncio.run(import_file(settings_of(args, udp_port=0), args.file))
    print(msgspec.json.encode(stored).decode() if args.json else summary(stored))
    return 0


async def import_file(settings: Settings, path: Path) -> Imported:
    """Store the consult of a file. Raises ConsultError."""
    async with open_services(settings, keep_deadlines=False) as services:
        return await services.keeping.import_file(path)


def summary(stored: Imported) -> str:
    """What was stored, for people."""
    parts = counted(stored.entries, "entry", "entries"), counted(stored.images, "picture")
    lines = [f"{stored.consult} {stored.title}".rstrip() + f": {', '.join(parts)}; it can be read, not gone on with"]
    if stored.missing_studies:
        lines.append(
            f"{counted(stored.missing_studies, 'study', 'studies')} of it not here: its images show as missing. "
            "To have them, delete the consult, import the studies, then import the consult once more."
        )
    if stored.open_criticals:
        results = counted(stored.open_criticals, "critical result")
        lines.append(f"{results} of it open: the clock runs where it was exported, not here.")
    return "\n".join(lines)
