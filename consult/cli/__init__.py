"""The command `consult`: one module a subcommand, imported only when it is asked for, so that each starts quickly."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from consult.model.errors import ConsultError

COMMANDS = {
    "demo": "a server with demo studies and one open consult",
    "serve": "the server",
    "import": "take DICOM files, folders and zips in",
    "studies": "list the studies",
    "delete": "delete studies for good, with all that was derived from them",
    "open": "open a consult on studies of one patient, and print its links",
    "render": "one picture by the product's own renderer, to a PNG file",
    "bench": "the benchmarks on this machine",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status is returned.

    Every subcommand `x` is a module `consult.cli.x_command` with `configure(parser)` and `run(args) -> int`.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="consult", description="Look at radiology images together.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    chosen = next((word for word in words if not word.startswith("-")), "")
    for name, summary in COMMANDS.items():
        sub = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        if name == chosen:
            module = importlib.import_module(f"consult.cli.{name}_command")
            module.configure(sub)
            sub.set_defaults(run=module.run)
    args = parser.parse_args(words)
    try:
        return int(args.run(args))
    except ConsultError as error:
        print(f"consult {args.command}: {error.sentence}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
