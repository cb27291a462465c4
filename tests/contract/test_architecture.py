"""docs/architecture.md names modules that are there, and each walk goes through a module once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/architecture.md").read_text()
WALKS = ("an input", "a picture", "a mark", "a file")
MOST = 15
"""Modules of a folder."""


def rows(walk: str) -> list[str]:
    """The modules of a walk, in their order."""
    section = TEXT.split(f"## The walk of {walk}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| \d+ \| `([^`]+)` \|", section, re.M)


def is_there(module: str) -> bool:
    """A module or folder of the server, of the page, or of the checkout."""
    return any((ROOT / base / module).exists() for base in ("consult", "web/js", ""))


@pytest.mark.parametrize("walk", WALKS)
def test_a_walk_names_modules_that_are_there_each_once(walk: str) -> None:
    modules = rows(walk)
    assert len(modules) > 10
    assert [module for module in modules if not is_there(module)] == []
    assert len(modules) == len(set(modules))


def test_every_path_that_it_names_is_there() -> None:
    paths = {path for path in re.findall(r"`([a-z_./-]+/[a-z_-]+\.(?:py|js))`", TEXT) if "{" not in path}
    assert len(paths) > 60
    assert sorted(path for path in paths if not is_there(path)) == []


@pytest.mark.parametrize(("base", "ending"), [("consult", ".py"), ("web/js", ".js")])
def test_no_folder_has_more_modules_than_one_can_take_in(base: str, ending: str) -> None:
    folders = [path for path in (ROOT / base).rglob("*") if path.is_dir()]
    counts = {str(f): sum(p.suffix == ending and p.stem != "__init__" for p in f.iterdir()) for f in folders}
    assert {folder: n for folder, n in counts.items() if n > MOST} == {}
