"""`consult export ID -o FILE`: a whole consult as one file; without an ID, which consults there are."""

from __future__ import annotations

import argparse
import asyncio
import json
from datetime import datetime
from pathlib import Path

import msgspec

from consult.app import open_services
from consult.cli.console import print_table
from consult.cli.setting_options import add_settings, settings_of
from consult.http.services import Services
from consult.model.errors import Refused
from consult.model.identifiers import ConsultId
from consult.model.words import counted
from consult.runtime.keeping.exporting import Exported, file_name
from consult.settings import Settings

HEADINGS = ("CONSULT", "OPENED", "ENDED", "TITLE")


def configure(parser: argparse.ArgumentParser) -> None:
    """Which consult, and where to."""
    parser.add_argument("consult", nargs="?", help="id of the consult; without it, all are listed")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="file to write (default consult-ID.zip)")
    parser.add_argument("--force", action="store_true", help="replace a file of that name")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_settings(parser, ("data",))


def run(args: argparse.Namespace) -> int:
    """Write the file and say what is in it; or list the consults."""
    return asyncio.run(_run(args, settings_of(args, udp_port=0)))  # a server beside it may have the port that is set


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    async with open_services(settings, keep_deadlines=False) as services:
        if args.consult is None:
            await _list(services, as_json=args.json)
            return 0
        consult = ConsultId(args.consult)
        path = args.output or Path(file_name(consult))
        if path.exists() and not args.force:
            raise Refused("exists", f"{path} is there already: name another file with -o, or replace it with --force.")
        written = await services.keeping.export(consult, path)
    if args.json:
        print(msgspec.json.encode({"file": str(path), **msgspec.structs.asdict(written)}).decode())
    else:
        print(summary(path, written))
    return 0


def summary(path: Path, written: Exported) -> str:
    """What was written, for people."""
    parts = counted(written.entries, "entry", "entries"), counted(written.images, "picture")
    line = f"{path}: {', '.join(parts)}, {written.bytes / 1e6:.1f} MB, sha256 {written.sha256}"
    if written.missing:
        line += f"\n{counted(written.missing, 'picture')} could not be drawn; the manifest says which, and why."
    return line


async def _list(services: Services, *, as_json: bool) -> None:
    states = [(consult, (await services.registry.read(consult))[0]) for consult in await services.registry.consults()]
    if as_json:
        found = [
            {"consult": c, "title": s.consult.title, "opened_at": s.consult.opened_at, "ended_at": s.consult.ended_at}
            for c, s in states
        ]
        print(json.dumps({"consults": found}))
    elif states:
        rows = [(c, _time(s.consult.opened_at), _time(s.consult.ended_at), s.consult.title) for c, s in states]
        print_table(HEADINGS, rows)
    else:
        print("there is no consult yet")


def _time(at: float | None) -> str:
    return "" if at is None else datetime.fromtimestamp(at).astimezone().isoformat(sep=" ", timespec="minutes")
