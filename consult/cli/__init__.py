"""The command `consult`: one module a subcommand, imported only when it is asked for, so that each starts quickly."""

from __future__ import annotations

import importlib
import os
import sqlite3
import sys
from collections.abc import Sequence

from consult import __version__
from consult.cli.parser import Parser
from consult.model.errors import ConsultError

COMMANDS = {
    "demo": "a server with demo studies and one open consult",
    "serve": "the server",
    "import": "take DICOM files, folders and zips in",
    "export": "write a whole consult to one file; without an id, list the consults",
    "import-consult": "take a consult in from a file of `consult export`, for reading",
    "backup": "copy the data directory as a whole, while a server runs on it, to a folder or a .tar file",
    "restore": "make a data directory of a backup",
    "studies": "list the studies",
    "delete": "delete studies or whole consults for good, with all that was derived from them",
    "open": "open a consult on studies of one patient, and print its links",
    "render": "one picture by the product's own renderer, to a PNG file",
    "note": "the note of a case as a PDF, a page or JSON",
    "hanging": "print the hanging rules that come with consult, or check a file of your own",
    "user": "who may host, beside whoever has the server's token: add, list, remove, password",
    "launch-link": "a link that brings a user into a consult of a study, as an EHR or a PACS makes it",
    "audit": "who joined, saw, signed and was refused; `audit verify` finds a changed or missing row",
    "doctor": "what works on this machine with these settings, and what to do about what does not",
    "bench": "the benchmarks on this machine",
}

FOLDERS = {
    "export": "keeping.",
    "import-consult": "keeping.",
    "backup": "keeping.",
    "restore": "keeping.",
    "hanging": "site.",
    "user": "site.",
    "launch-link": "site.",
    "doctor": "doctor.",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status is returned: 1 what was asked for failed, 2 it was not understood.

    Every subcommand `x` is a module `consult.cli.x_command`, or in a folder of `FOLDERS`, with `configure(parser)` and
    `run(args) -> int`.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    parser = Parser(prog="consult", description="Look at radiology images together.")
    parser.add_argument("--version", action="version", version=f"consult {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    chosen = next((word for word in words if not word.startswith("-")), "")
    for name, summary in COMMANDS.items():
        sub = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        if name == chosen:
            module = importlib.import_module(f"consult.cli.{FOLDERS.get(name, '')}{name.replace('-', '_')}_command")
            module.configure(sub)
            sub.set_defaults(run=module.run)
    if not words:
        parser.print_help()
        return 2
    if words[0].startswith("-") and words[0] not in ("-h", "--help", "--version"):
        parser.error(f"Options stand behind the command: consult COMMAND {words[0]}")
    args = parser.parse_args(words)
    try:
        return int(args.run(args))
    except ConsultError as error:
        print(f"consult {args.command}: {error.sentence}", file=sys.stderr)
        return 1
    except sqlite3.DatabaseError as error:
        print(f"consult {args.command}: The data directory cannot be used: {error}.", file=sys.stderr)
        return 1
    except BrokenPipeError:  # `consult studies | head`: who read has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
