"""`consult delete STUDY_UID...`: studies are deleted for good, with their volumes."""

from __future__ import annotations

import argparse
import asyncio
import sys

from consult.app import open_services
from consult.cli.setting_options import add_settings, settings_of
from consult.model.errors import Refused
from consult.model.words import counted
from consult.runtime.deletion import StudyInUse, delete_study
from consult.settings import Settings


def configure(parser: argparse.ArgumentParser) -> None:
    """Studies, and whether those that consults have are deleted too."""
    parser.add_argument("study_uid", nargs="+", help="StudyInstanceUID, as `consult studies` lists them")
    parser.add_argument(
        "--force", action="store_true", help="also where consults have them; they say then that the images are gone"
    )
    add_settings(parser, ("data",))


def run(args: argparse.Namespace) -> int:
    """Delete them; 1 where one of them is not deleted."""
    return asyncio.run(_run(args, settings_of(args, udp_port=0)))  # a server beside it may have the port that is set


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    failed = 0
    async with open_services(settings) as services:
        for study in dict.fromkeys(args.study_uid):
            try:
                used = await delete_study(
                    services.registry, services.library, services.volumes, study, force=args.force
                )
            except StudyInUse as error:
                print(f"{study}: {error.sentence} (--force)", file=sys.stderr)
                failed += 1
            except Refused as error:
                print(f"{study}: {error.sentence}", file=sys.stderr)
                failed += 1
            else:
                told = f"; {counted(len(used), 'consult says', 'consults say')} so" if used else ""
                print(f"{study}: deleted{told}")
    return 1 if failed else 0
