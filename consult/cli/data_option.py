"""The option `--data`, which every command that touches studies has."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from consult.settings import Settings


def add_data_option(parser: argparse.ArgumentParser) -> None:
    """`--data DIR`."""
    parser.add_argument("--data", type=Path, help="directory of studies, log and keys; CONSULT_DATA")


def settings_with(args: argparse.Namespace, **more: Any) -> Settings:
    """The settings, with what the command line says; what it leaves out (None) comes from the environment."""
    given = {"data": args.data, **more}
    return Settings(**{name: value for name, value in given.items() if value is not None})
