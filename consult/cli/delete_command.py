"""`consult delete STUDY_UID...`: studies are deleted for good, or series and objects of one, with their volumes; with
--consult a whole consult, with the studies that no other consult has."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from consult.app import open_services
from consult.cli.setting_options import add_settings, settings_of
from consult.model.errors import Refused
from consult.model.identifiers import ConsultId
from consult.model.words import counted
from consult.runtime.deletion import StudyInUse, Target, delete
from consult.runtime.keeping.removal import Deletion
from consult.settings import Settings


def configure(parser: argparse.ArgumentParser) -> None:
    """Studies or parts of one, and whether those that consults have are deleted too."""
    parser.add_argument("study_uid", nargs="*", help="StudyInstanceUID, as `consult studies` lists them")
    parser.add_argument(
        "--consult", action="append", default=[], metavar="ID",
        help="a whole consult, as `consult export` lists them, with its studies that no other one has; may be repeated",
    )  # fmt: skip
    parser.add_argument("--keep-studies", action="store_true", help="with --consult: its studies stay")
    parser.add_argument(
        "--series", action="append", default=[], metavar="UID", help="of one study this series alone; may be repeated"
    )
    parser.add_argument(
        "--object",
        action="append",
        default=[],
        metavar="UID",
        help="of one study the file of this SOPInstanceUID alone; may be repeated",
    )
    parser.add_argument(
        "--force", action="store_true",
        help="also where consults have them, which say then that the images are gone; also a consult with an open "
        "critical result",
    )  # fmt: skip
    add_settings(parser, ("data",))


def run(args: argparse.Namespace) -> int:
    """Delete them; 1 where one of them is not deleted."""
    studies, consults = list(dict.fromkeys(args.study_uid)), list(dict.fromkeys(args.consult))
    if bool(studies) == bool(consults):
        raise Refused("nothing_named", "Name studies, or consults with --consult; not both at once.")
    settings = settings_of(args, udp_port=0)  # a server beside it may have the port that is set
    if consults:
        return asyncio.run(_delete_consults(consults, settings, args))
    return asyncio.run(_run(targets_of(studies, args.series, args.object), settings, force=args.force))


def targets_of(studies: Sequence[str], series: Sequence[str], objects: Sequence[str]) -> list[Target]:
    """What the words mean. Raises Refused("several_studies")."""
    if not series and not objects:
        return [Target(study) for study in studies]
    if len(studies) > 1:
        raise Refused("several_studies", "--series and --object are of one study: name that one alone.")
    study = studies[0]
    parts = [*(Target(study, series=uid) for uid in series), *(Target(study, instance=uid) for uid in objects)]
    return list(dict.fromkeys(parts))


async def _run(targets: Sequence[Target], settings: Settings, *, force: bool) -> int:
    failed = 0
    async with open_services(settings, keep_deadlines=False) as services:
        for target in targets:
            name = target.instance or target.series or target.study
            try:
                used = await delete(services.registry, services.library, services.volumes, target, force=force)
            except Refused as error:
                how = " (--force)" if isinstance(error, StudyInUse) else ""
                print(f"{name}: {error.sentence}{how}", file=sys.stderr)
                failed += 1
            else:
                suffix = f"; {counted(len(used), 'consult says', 'consults say')} so" if used else ""
                print(f"{name}: deleted{suffix}")
    return 1 if failed else 0


async def _delete_consults(consults: Sequence[str], settings: Settings, args: argparse.Namespace) -> int:
    failed = 0
    async with open_services(settings, keep_deadlines=False) as services:
        await services.keeping.finish_deletions()
        for name in consults:
            try:
                gone = await services.keeping.delete(ConsultId(name), keep_studies=args.keep_studies, force=args.force)
            except Refused as error:
                how = " (--force)" if error.code == "critical_open" else ""
                print(f"{name}: {error.sentence}{how}", file=sys.stderr)
                failed += 1
            else:
                print(f"{name}: deleted; the proof is in the audit trail\n{proof(gone)}")
    return 1 if failed else 0


def proof(gone: Deletion) -> str:
    """What is proved, for people."""
    lines = [f"  log: {counted(gone.entries, 'entry', 'entries')}, sha256 {gone.log}"]
    if gone.studies:
        lines.append(
            f"  with it: {counted(len(gone.studies), 'study', 'studies')}, {counted(len(gone.objects), 'file')}"
        )
    return "\n".join(lines)
