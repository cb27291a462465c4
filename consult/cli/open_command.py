"""`consult open STUDY_UID...`: a consult on studies of one patient, and its links; more cases by `--case`."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys

from consult.app import open_services
from consult.cli.running_server import running_address
from consult.cli.setting_options import add_settings, settings_of
from consult.library.one_patient import Admission
from consult.model.errors import DifferentPart, DifferentPatients
from consult.model.patient import identity_line
from consult.model.words import counted
from consult.settings import Settings


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments as in the contract."""
    parser.add_argument("study_uid", nargs="+", help="StudyInstanceUID, as `consult studies` lists them")
    parser.add_argument(
        "--case", nargs="+", action="append", default=[], metavar="STUDY_UID",
        help="studies of one more case, of whichever patient; again for each further case",
    )  # fmt: skip
    parser.add_argument("--title", default="", help="what the consult is about")
    parser.add_argument("--host-name", default="Dr. Host", help="who invites, as guests will read it")
    parser.add_argument(
        "--leave-out", nargs="+", action="extend", default=[], metavar="KEY",
        help="series or files that are not part of a case, as a refusal names them",
    )  # fmt: skip
    parser.add_argument(
        "--same-patient", action="store_true", help="what differs is one patient's all the same; the pictures say so"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_settings(parser, ("data",))


def run(args: argparse.Namespace) -> int:
    """Open it and print the links, with the address of the server that runs on the same data."""
    return asyncio.run(_run(args, settings_of(args, udp_port=0)))  # a server beside it may have the port that is set


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    running = running_address(settings.data)
    base = running or settings.public_url or f"http://{settings.host}:{settings.port}"
    async with open_services(settings, keep_deadlines=False) as services:
        admission = Admission(tuple(args.leave_out), same_patient=args.same_patient)
        try:
            consult = await services.registry.open(
                args.study_uid, title=args.title, host_name=args.host_name, more_cases=args.case, admission=admission
            )
        except DifferentPatients as differ:
            print("\n".join(map(part_line, differ.parts)), file=sys.stderr)
            raise
        links = {link.role: base + link.path for link in await services.registry.links(consult)}
        state, _ = await services.registry.read(consult)
    if args.json:
        print(json.dumps({"consult": consult, "host": links["host"], "guest": links["participant"]}))
    else:
        print(f"Host: {links['host']}\nGuest: {links['participant']}")
        for n, case in enumerate(state.cases, 1):
            print(f"Patient: {identity_line(case.patient, n, len(state.cases))}")
    if not running:
        print(f"No server runs on {settings.data}: the links open once one does, at {base}.", file=sys.stderr)
    return 0


def part_line(part: DifferentPart) -> str:
    """Files of one series that say the same of their patient, with what `--leave-out` takes."""
    values = ", ".join(f"{keyword} {value or '(empty)'}" for keyword, value in part.values.items())
    return f"{part.series}  {part.name}, {counted(part.count, 'file')} ({', '.join(part.files)}): {values}"
