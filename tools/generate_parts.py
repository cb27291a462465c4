"""Write docs/licences.md and docs/sbom.cdx.json: what a release is made and tested with, from what is installed here;
--check only looks whether every package of it, and no other, is in both.

Listed is what pyproject.toml asks for, for users and for tests, with all that this brings: an environment may have
more. Versions are those of here and now; the check does not hold them, for what is set up later has newer ones.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
LICENCES, PARTS = ROOT / "docs/licences.md", ROOT / "docs/sbom.cdx.json"
BIN = Path(sys.executable).parent
ROW = re.compile(r"^\| (\S+) ", re.M)
HEAD = 2
"""Lines of the table before its first row."""


def plain(name: str) -> str:
    """A package's name, however it is spelled (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def asked_for() -> list[Requirement]:
    """What pyproject.toml names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    more = [one for group in project.get("optional-dependencies", {}).values() for one in group]
    return [Requirement(one) for one in (*project["dependencies"], *more)]


def needed(wanted: Iterable[Requirement]) -> set[str]:
    """These packages on this machine, and all that they bring. Raises PackageNotFoundError: one is not installed."""
    seen, waiting = set[tuple[str, frozenset[str]]](), [(one, frozenset[str]()) for one in wanted]
    while waiting:
        requirement, extras = waiting.pop()
        if requirement.marker and not any(requirement.marker.evaluate({"extra": one}) for one in extras or {""}):
            continue
        which = plain(requirement.name), frozenset(requirement.extras)
        if which not in seen:
            seen.add(which)
            brings = distribution(requirement.name).requires or []
            waiting += [(Requirement(one), frozenset(requirement.extras)) for one in brings]
    return {name for name, _ in seen}


def licences(names: set[str]) -> str:
    """The table of licences of these packages."""
    asked = ["--format=markdown", "--order=name", "--with-urls", "--with-system"]
    command = [str(BIN / "pip-licenses"), f"--python={sys.executable}", *asked]
    return table_of(subprocess.run(command, check=True, capture_output=True, text=True).stdout, names)


def table_of(table: str, names: set[str]) -> str:
    """Of a table its rows of these packages."""
    head, rows = _parted(table)
    return "".join(f"{line}\n" for line in [*head, *(row for row in rows if plain(_name(row)) in names)])


def parts(names: set[str]) -> str:
    """The bill of materials of these packages (CycloneDX)."""
    with TemporaryDirectory() as folder:
        made = Path(folder) / "parts.json"
        form = ["--output-reproducible", "--output-format", "JSON", "--output-file", str(made)]
        project = ["--pyproject", str(ROOT / "pyproject.toml")]
        command = [str(BIN / "cyclonedx-py"), "environment", sys.executable, *project, *form]
        subprocess.run(command, check=True, capture_output=True)
        return json.dumps(bill_of(json.loads(made.read_text()), names), indent=2)


def bill_of(bill: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """Of a bill of materials what it says of these packages."""
    left_out = {one["bom-ref"] for one in bill["components"] if plain(one["name"]) not in names}
    kept = [one for one in bill["components"] if one["bom-ref"] not in left_out]
    edges = [dict(one) for one in bill["dependencies"] if one["ref"] not in left_out]
    for one in edges:
        if "dependsOn" in one:
            one["dependsOn"] = [ref for ref in one["dependsOn"] if ref not in left_out]
    return {**bill, "components": kept, "dependencies": edges}


def listed() -> dict[Path, set[str]]:
    """The packages that are in each file."""
    bill = json.loads(PARTS.read_text())["components"]
    return {
        LICENCES: {plain(_name(row)) for row in _parted(LICENCES.read_text())[1]},
        PARTS: {plain(one["name"]) for one in bill},
    }


def differences() -> list[str]:
    """What is missing in a file, or too much in it; a sentence each."""
    names, found = needed(asked_for()), list[str]()
    for path, there in listed().items():
        where = path.relative_to(ROOT)
        found += [f"{where} lacks {name}" for name in sorted(names - there)]
        found += [f"{where} has {name}, which nothing needs" for name in sorted(there - names)]
    return found


def main(argv: list[str] | None = None) -> int:
    """Write the files, or with --check say what differs (exit 1)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 on a difference")
    options = parser.parse_args(argv)
    try:
        if not options.check:
            names = needed(asked_for())
            made = {LICENCES: licences(names), PARTS: parts(names)}
            for path, text in made.items():
                path.write_text(text)
        found = differences()
    except PackageNotFoundError as missing:
        found = [f"{missing.name} is not installed here: `tools/setup dev` does that"]
    for sentence in found:
        print(sentence)
    if found and options.check:
        print("`make audit` writes them anew.")
    return 1 if found else 0


def _parted(table: str) -> tuple[list[str], list[str]]:
    lines = table.splitlines()
    return lines[:HEAD], lines[HEAD:]


def _name(row: str) -> str:
    found = ROW.match(row)
    assert found, row
    return found[1]


if __name__ == "__main__":
    sys.exit(main())
