"""`consult backup DIR|FILE.tar`: the data directory of a server, which may be running, as a whole."""

from __future__ import annotations

import argparse
import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec

from consult.cli.console import progress_line
from consult.cli.setting_options import add_settings, settings_of
from consult.clock import now
from consult.model.errors import Refused
from consult.model.words import counted
from consult.runtime.keeping.backup.elsewhere import Place, back_up_all
from consult.runtime.keeping.backup.making import Made
from consult.settings import Settings
from consult.store.bucket import join_bucket
from consult.stores import bucket_named, has_stores, open_stores


def configure(parser: argparse.ArgumentParser) -> None:
    """Where to."""
    parser.add_argument("target", type=Path, help="a new or empty folder, or a new file whose name ends with .tar")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_settings(parser, ("data",))


def run(args: argparse.Namespace) -> int:
    """Write it, and say what is in it: status 1 where a file of a study was damaged before."""
    settings = settings_of(args)
    made = asyncio.run(_back_up(settings, args.target))
    if args.json:
        print(msgspec.json.encode({"backup": str(args.target), **msgspec.structs.asdict(made)}).decode())
    else:
        print(summary(args.target, made))
    for path in made.damaged:
        print(
            f"{path} is not what its name says: it was damaged before, in {settings.objects or settings.data}.",
            file=sys.stderr,
        )
    return 1 if made.damaged else 0


async def _back_up(settings: Settings, target: Path) -> Made:
    if not has_stores(settings):
        raise Refused("no_data", f"There is nothing to back up in {settings.data}: no server has run there yet.")
    join_bucket(settings.data, settings.objects)
    async with AsyncExitStack() as stack:
        stores = await open_stores(stack, settings)
        with progress_line("consults, then files" if settings.redis else "files") as line:
            place = Place(settings.data, stores, bucket_named(settings))
            return await back_up_all(place, target, now(), line.show)


def summary(path: Path, made: Made) -> str:
    """What was written, for people."""
    of_studies = counted(made.studies_files, "file")
    return (
        f"{path}: {counted(made.files, 'file')}, {made.bytes / 1e6:.1f} MB, of studies {of_studies}\n"
        "It holds patients' images and the key of all links: keep it as you keep the server. "
        "`consult restore` makes a data directory of it."
    )
