"""`consult studies`: the studies that are here, newest first."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import AsyncExitStack

import msgspec

from consult.app import open_library
from consult.cli.data_option import add_data_option, settings_with
from consult.library.library import StudyEntry
from consult.settings import Settings


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments as in the contract."""
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_data_option(parser)


def run(args: argparse.Namespace) -> int:
    """List them."""
    entries = asyncio.run(_studies(settings_with(args)))
    if args.json:
        print(msgspec.json.format(msgspec.json.encode({"studies": entries})).decode())
    else:
        print("\n".join(map(told, entries)) or "no studies: take some in with `consult import PATH`")
    return 0


async def _studies(settings: Settings) -> list[StudyEntry]:
    async with AsyncExitStack() as stack:
        library, _ = await open_library(stack, settings)
        return await library.studies()


def told(entry: StudyEntry) -> str:
    """One study for people, two lines."""
    who = f"{entry.patient.name} ({entry.patient.id}) {entry.patient.birth_date} {entry.patient.sex}".rstrip()
    what = f"{entry.date or 'no date'} {'/'.join(entry.modalities)}: {entry.description or 'no description'}"
    return f"{entry.uid}\n    {who} | {what} | {entry.series} series, {entry.images} images"
