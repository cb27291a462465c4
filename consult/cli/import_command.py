"""`consult import PATH...`: take DICOM files, folders and zips in; say what was refused and why."""

from __future__ import annotations

import argparse
import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec

from consult.app import open_library
from consult.cli.data_option import add_data_option, settings_with
from consult.library.importer import ImportReport, Progress
from consult.settings import Settings


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments as in the contract."""
    parser.add_argument("path", nargs="+", type=Path, help="DICOM file, folder, or zip of them")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_data_option(parser)


def run(args: argparse.Namespace) -> int:
    """Import; 0 if something is here now that was asked for, 1 if nothing was taken."""
    report = asyncio.run(_import(settings_with(args), args.path))
    if args.json:
        print(msgspec.json.format(msgspec.json.encode(report)).decode())
    else:
        print(told(report))
    return 0 if report.taken or report.duplicates else 1


async def _import(settings: Settings, paths: list[Path]) -> ImportReport:
    async with AsyncExitStack() as stack:
        library, _ = await open_library(stack, settings)
        report = await library.import_paths(paths, _show if sys.stderr.isatty() else lambda progress: None)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    return report


def _show(progress: Progress) -> None:
    """One line, overwritten."""
    text = f"\r{progress.done} / {progress.total} files, {progress.bytes / 1e6:.0f} MB"
    print(text, end="", file=sys.stderr, flush=True)


def told(report: ImportReport) -> str:
    """The report for people."""
    lines = [f"taken: {len(report.taken)} files of {len(report.studies)} studies"]
    if report.duplicates:
        lines.append(f"here already: {report.duplicates} files")
    if report.skipped:
        lines.append(f"passed over: {report.skipped} DICOMDIR")
    if report.refused:
        lines.append(f"refused: {len(report.refused)} {'file' if len(report.refused) == 1 else 'files'}")
    for refused in report.refused:
        where = f"{refused.tag} is {refused.value!r}: " if refused.tag else ""
        lines.append(f"  {refused.name}: {where}{refused.rule} ({refused.code})")
    return "\n".join(lines)
