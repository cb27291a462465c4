"""`consult hanging`: the hanging rules that come with consult, to be copied; or whether a file is understood."""

from __future__ import annotations

import argparse
from pathlib import Path

from consult.hanging_file import default_rules_text, hanging_rules
from consult.model.words import counted


def configure(parser: argparse.ArgumentParser) -> None:
    """Which file."""
    parser.add_argument("file", nargs="?", type=Path, help="check this file; without it, the default is printed")


def run(args: argparse.Namespace) -> int:
    """Print the default, or say what the file has."""
    if args.file is None:
        print(default_rules_text(), end="")
        return 0
    rules = hanging_rules(args.file)
    print(f"{args.file}: {counted(len(rules), 'rule')}")
    for rule in rules:
        print(f"  {rule.name}: {rule.layout.rows}x{rule.layout.columns}, {'opens' if rule.opens else 'offered'}")
    return 0
