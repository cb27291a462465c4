"""`consult import PATH...`: take DICOM files, folders and zips in; list what was refused and why."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec

from consult.app import open_library
from consult.cli.console import print_table, progress_line
from consult.cli.setting_options import add_settings, settings_of
from consult.library.import_report import ImportReport, Progress, RefusedFile
from consult.model.errors import Refused
from consult.model.words import counted
from consult.runtime.keeping.archive import is_archive
from consult.settings import Settings


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments as in the contract."""
    parser.add_argument("path", nargs="+", type=Path, help="DICOM file, folder, or zip of them")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_settings(parser, ("data",))


def run(args: argparse.Namespace) -> int:
    """Import; 0 if something is here now that was asked for, 1 if nothing was taken."""
    if consults := [path for path in args.path if is_archive(path)]:
        raise Refused("is_consult", f"{consults[0]} is a consult: take it in with `consult import-consult`.")
    report = asyncio.run(_import(settings_of(args), args.path))
    if args.json:
        print(msgspec.json.format(msgspec.json.encode(report)).decode())
    else:
        print_report(report)
    return 0 if report.taken or report.duplicates else 1


async def _import(settings: Settings, paths: list[Path]) -> ImportReport:
    async with AsyncExitStack() as stack:
        library, _ = await open_library(stack, settings)
        with progress_line("Importing") as line:

            def show(progress: Progress) -> None:
                line.show(progress.done, progress.total, f"files, {progress.bytes / 1e6:.0f} MB")

            return await library.import_paths(paths, show)


def print_report(report: ImportReport) -> None:
    """For people: how many of which, and every refused file with why."""
    print(f"taken: {counted(len(report.taken), 'file')} of {counted(len(report.studies), 'study', 'studies')}")
    if report.duplicates:
        print(f"here already: {counted(report.duplicates, 'file')}")
    if report.unshown:
        print(f"kept, not shown: {counted(report.unshown, 'file')} (the consult says why of each)")
    if report.skipped:
        print(f"skipped: {report.skipped} DICOMDIR")
    if report.refused:
        print(f"refused: {counted(len(report.refused), 'file')}\n")
        rows = [(file.name, file.code, reason(file)) for file in report.refused]
        print_table(("FILE", "CODE", "WHY"), rows)


def reason(file: RefusedFile) -> str:
    """The rule that a refused file breaks, with tag and value where it is one attribute's."""
    return f"{file.tag} is {file.value!r}: {file.rule}" if file.tag else file.rule
