"""`consult note CONSULT -o FILE.pdf`: the note of a case as a document, as the host API gives it.

The consult is read from its log and left to the server that may be running; pictures are drawn anew.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from pathlib import Path
from typing import get_args

from consult.app import open_services
from consult.cli.setting_options import add_settings, settings_of
from consult.documents.collecting import DRAFT, contents_of
from consult.documents.maker import Form, Reader
from consult.model.errors import Refused
from consult.model.identifiers import ConsultId
from consult.settings import Settings
from consult.stores import has_stores


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments as in the contract."""
    parser.add_argument("consult", help="its id, as the host's home and `GET /api/consults` name it")
    parser.add_argument("--case", default="", metavar="ID", help="of which case (c1, c2, ...; default: on the stage)")
    parser.add_argument(
        "--version", default="", metavar="N", help="a signed version, or draft (default: the newest signed, else draft)"
    )
    parser.add_argument("--language", default="en", metavar="CODE", help="of web/locales (default en)")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="ends in .pdf, .html or .json")
    add_settings(parser, ("data",))


def run(args: argparse.Namespace) -> int:
    """Write it, and say what it is."""
    form = form_of(args.output)
    version = version_of(args.version)
    return asyncio.run(_run(args, form, version, settings_of(args, udp_port=0)))  # a server may have the port


def form_of(path: Path) -> Form:
    """By the file's ending. Raises Refused: "unknown_form"."""
    found: Form | None = next((form for form in get_args(Form) if path.suffix.lower() == f".{form}"), None)
    if found is None:
        raise Refused("unknown_form", f"{path} ends in none of .pdf, .html, .json: by that its form is known.")
    return found


def version_of(text: str) -> int | None:
    """None for the newest. Raises Refused: "unknown_version"."""
    if text in ("", "newest"):
        return None
    if text == "draft":
        return DRAFT
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text):
        raise Refused("unknown_version", f"{text} is no version: a number from 1, or draft.")
    return int(text)


async def _run(args: argparse.Namespace, form: Form, version: int | None, settings: Settings) -> int:
    if not has_stores(settings):
        raise Refused("unknown_consult", f"There is no consult in {settings.data}.")
    async with open_services(settings, keep_deadlines=False) as services:
        state, _ = await services.registry.read(ConsultId(args.consult))
        audit = services.registry.audit
        contents = contents_of(state, args.case, version, await audit.made(state.consult_id))
        case = state.find_case(contents.case)
        assert case is not None  # the contents are of a case of that state
        body = await services.documents.make(case, contents, form, Reader(args.language))
        audit.note("export", consult=state.consult_id, role="host", what=contents.id)
    try:
        args.output.write_bytes(body)
    except OSError as error:
        raise Refused("cannot_write", f"{args.output} cannot be written: {error.strerror}.") from None
    print(f"consult note: version {contents.version or 'draft'} of case {contents.case}", file=sys.stderr)
    return 0
