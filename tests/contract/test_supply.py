"""docs/licences.md and docs/sbom.cdx.json are of what this release is made of: `make audit` writes them."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def plain(name: str) -> str:
    """A package's name, however it is spelled (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_dependency_is_listed_with_its_licence() -> None:
    """Seen to fail: what was added since the lists were made, WeasyPrint with all that it brings, was in neither."""
    names = {plain(re.split(r"[\[<>=!~; ]", each, maxsplit=1)[0]) for each in PROJECT["dependencies"]}
    parts = json.loads((ROOT / "docs/sbom.cdx.json").read_text())["components"]
    table = re.findall(r"^\| (\S+) ", (ROOT / "docs/licences.md").read_text(), re.M)
    assert names - {plain(part["name"]) for part in parts} == set()
    assert names - set(map(plain, table)) == set()
