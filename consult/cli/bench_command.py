"""`consult bench`: the benchmarks of benchmarks/ on this machine, as a table with ratios."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from dataclasses import asdict
from pathlib import Path

from consult.cli.console import print_table, progress_line
from consult.model.errors import Refused

MODULES = (
    "kernels", "planes", "imaging", "loading", "stills", "log", "page", "opening", "feel", "moving", "network", "live",
    "people", "board", "abuse", "hour",
)  # fmt: skip
SOAK, NODES = "soak", "nodes"
"""Measured only when they are asked for by name: they take their time, nodes also a redis-server."""
CHECKOUT = Path(__file__).parent.parent.parent


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments as in the contract."""
    parser.add_argument("--json", action="store_true", help="print JSON")
    names = (*MODULES, SOAK, NODES)
    parser.add_argument("--only", choices=names, help="one part alone; soak and nodes are no part of the whole")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long the soak takes (10)")


def run(args: argparse.Namespace) -> int:
    """Measure, print."""
    if not (CHECKOUT / "benchmarks").is_dir():
        raise Refused("no_benchmarks", "The benchmarks are part of a checkout; this is an installed package.")
    sys.path.insert(0, str(CHECKOUT))
    rows_module = importlib.import_module("benchmarks.rows")
    rows, names = [], (args.only,) if args.only else MODULES
    with progress_line("Measuring") as line:
        for number, name in enumerate(names):
            line.show(number, len(names), name)
            module = importlib.import_module(f"benchmarks.{name}")
            rows += module.run(args.minutes) if name == SOAK else module.run()
    if args.json:
        print(json.dumps([{**asdict(row), "ratio": row.ratio} for row in rows], indent=1))
    else:
        print_table(rows_module.HEADINGS, [rows_module.cells(row) for row in rows])
    return 0
