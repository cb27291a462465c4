"""`consult studies`: the studies that are here, newest first."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

import msgspec

from consult.app import open_library
from consult.cli.console import print_table
from consult.cli.setting_options import add_settings, settings_of
from consult.library.library import StudyEntry
from consult.model.patient import count_patients, format_date, namesakes, person_name
from consult.model.words import counted
from consult.settings import Settings

HEADINGS = ("STUDY UID", "PATIENT", "ID", "BORN", "SEX", "DATE", "MODALITY", "DESCRIPTION", "SERIES", "IMAGES")


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments as in the contract."""
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_settings(parser, ("data",))


def run(args: argparse.Namespace) -> int:
    """List them."""
    entries = asyncio.run(_studies(settings_of(args)))
    if args.json:
        print(msgspec.json.format(msgspec.json.encode({"studies": entries})).decode())
    elif entries:
        print_table(HEADINGS, [row(entry) for entry in entries])
        for line in foot_lines(entries):
            print(line)
    else:
        print("no studies: take some in with `consult import PATH`")
    return 0


async def _studies(settings: Settings) -> list[StudyEntry]:
    async with AsyncExitStack() as stack:
        library, _ = await open_library(stack, settings, ahead=False)
        return await library.studies()


def row(entry: StudyEntry) -> tuple[str, ...]:
    """One study, a cell for each of `HEADINGS`."""
    patient = entry.patient
    modalities = "/".join(entry.modalities)
    counts = str(entry.series), str(entry.images)
    born = format_date(patient.birth_date), patient.sex
    who = person_name(patient.name), patient.id, *born
    return entry.uid, *who, format_date(entry.date), modalities, entry.description, *counts


def foot_lines(entries: Sequence[StudyEntry]) -> list[str]:
    """How many patients they are of, and which of them one could take for each other."""
    patients = [entry.patient for entry in entries]
    alike = dict.fromkeys((person_name(patient.name), namesakes(patient, patients)) for patient in patients)
    studies = counted(len(entries), "study", "studies")
    count = f"{studies} of {counted(count_patients(patients), 'patient', 'patients')}"
    return [count, *(f"{name}: {note}" for name, note in alike if note)]
