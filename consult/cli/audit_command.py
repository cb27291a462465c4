"""`consult audit`: who joined, saw, signed, read and was refused; `consult audit verify`: whether all is there."""

from __future__ import annotations

import argparse
import asyncio
import re
from contextlib import AsyncExitStack
from datetime import datetime

import msgspec

from consult.cli.console import print_table
from consult.cli.setting_options import add_settings, settings_of
from consult.model.errors import Refused
from consult.model.words import counted
from consult.settings import Settings
from consult.store.audit import AuditHead, AuditRow, anchored, faults
from consult.store.audit.fhir import bundle
from consult.stores import has_stores, open_stores

HEADINGS = ("ROW", "TIME", "WHAT", "CONSULT", "WHO", "ROLE", "USER", "OF", "OUTCOME", "HASH")
PAGE = 10_000
HASH_SHOWN = 12


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments as in the contract."""
    parser.add_argument("what", nargs="?", choices=("print", "verify"), default="print", help="print it (the default)")
    parser.add_argument(
        "--anchor", type=anchor_of, metavar="ROW:HASH",
        help="verify against the end of the chain as an earlier `consult audit verify` printed it and you noted it",
    )  # fmt: skip
    parser.add_argument("--fhir", action="store_true", help="print FHIR R4B AuditEvent resources, as a Bundle")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_settings(parser, ("data",))


def run(args: argparse.Namespace) -> int:
    """Print the trail, or verify it: status 1 where something is wrong with it."""
    rows, head = asyncio.run(_read(settings_of(args)))
    if args.what == "verify":
        return verify(rows, head, args.anchor)
    if args.fhir or args.json:
        print(msgspec.json.format(msgspec.json.encode(bundle(rows) if args.fhir else {"rows": rows})).decode())
    elif rows:
        print_table(HEADINGS, [cells(row) for row in rows])
    else:
        print("nothing is in the audit trail yet")
    return 0


def anchor_of(text: str) -> AuditHead:
    """`12:HASH` as it was printed."""
    number, _, hashed = text.partition(":")
    if not number.isdecimal() or not re.fullmatch(r"[0-9a-f]{64}", hashed):
        raise argparse.ArgumentTypeError(f"{text!r} is no ROW:HASH, as `consult audit verify` prints it")
    return AuditHead(int(number), hashed)


def verify(rows: list[AuditRow], head: AuditHead, anchor: AuditHead | None = None) -> int:
    """Say what is wrong with the chain, or that nothing is."""
    found = [*faults(rows, head), *(anchored(rows, anchor) if anchor is not None and anchor.count else [])]
    for fault in found:
        print(fault)
    if not found:
        print(f"{counted(len(rows), 'row')}, whole and unchanged; the chain ends with {head.hash[:HASH_SHOWN]}")
        print(f"Note its end elsewhere, and verify against it later: --anchor {head.count}:{head.hash}")
    return 1 if found else 0


def cells(row: AuditRow) -> tuple[str, ...]:
    """A row, a cell for each of `HEADINGS`."""
    record = row.record
    at = datetime.fromtimestamp(record.at).astimezone().isoformat(sep=" ", timespec="seconds")
    what = record.kind.replace("_", " ")
    who = record.consult, record.who, record.role, record.user or ""
    return str(row.n), at, what, *who, record.what, record.outcome, row.hash[:HASH_SHOWN]


async def _read(settings: Settings) -> tuple[list[AuditRow], AuditHead]:
    if not has_stores(settings):
        raise Refused("no_audit", f"There is no audit trail in {settings.data}: no server has run there yet.")
    async with AsyncExitStack() as stack:
        log = (await open_stores(stack, settings)).audit()
        stack.push_async_callback(log.close)
        while True:  # a server may be writing meanwhile
            head, rows = await log.head(), list[AuditRow]()
            while more := await log.rows(after=rows[-1].n if rows else 0, limit=PAGE):
                rows += more
            if await log.head() == head:
                return rows, head
