"""The page's modules import only downwards: app > features > stage > kit, transport > core; no feature imports another.

home, join and reader are pages of their own: they stand on kit, transport and core. Only kit imports what is vendored.
Types in comments (`@import`, `import("...")`) count as imports: who names another's type knows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

WEB = Path(__file__).parent.parent.parent / "web/js"
ALLOWED: dict[str, set[str]] = {
    "app": {"features", "stage", "kit", "transport", "core"},
    "features": {"stage", "kit", "transport", "core"},
    "stage": {"kit", "transport", "core"},
    "home": {"kit", "transport", "core"},
    "join": {"kit", "transport", "core"},
    "reader": {"kit", "transport", "core"},
    "kit": {"core", "vendor"},
    "transport": {"core"},
    "core": set(),
    "vendor": set(),
}
"""Of each folder of web/js, which others its modules may import."""
WIRE = "wire.d.ts"
"""The shapes of the messages, generated: everybody's."""
SPECIFIER = re.compile(r"""(?:\bfrom|@import\b[^"']*?\bfrom|\bimport\(|^\s*import)\s*["'](\.[^"']+)["']""", re.M)
MOST_MODULES = 15
MOST_LINES_OF_SHELL = 200


def modules(root: Path) -> dict[str, str]:
    """The text of each module by its path below `root`."""
    return {p.relative_to(root).as_posix(): p.read_text() for p in root.rglob("*") if p.suffix in (".js", ".ts")}


def targets(name: str, text: str) -> Iterator[str]:
    """What a module imports, by path."""
    for specifier in SPECIFIER.findall(text):
        parts = [*name.split("/")[:-1], *specifier.split("/")]
        path: list[str] = []
        for part in parts:
            if part == "..":
                path.pop()
            elif part != ".":
                path.append(part)
        yield "/".join(path)


def wrong_imports(sources: dict[str, str]) -> list[str]:
    """Each import that goes upwards or sideways."""
    found = []
    for name, text in sorted(sources.items()):
        folder = name.split("/")[0]
        for target in targets(name, text):
            other = target.split("/")[0]
            if target.replace(".js", ".d.ts") == WIRE or name == WIRE:
                continue
            sideways = folder == other == "features" and feature_of(target) not in ("", feature_of(name))
            if sideways or (folder != other and other not in ALLOWED[folder]):
                found.append(f"{name} imports {target}")
    return found


def feature_of(path: str) -> str:
    """The feature that a path of features/ belongs to; "" for what all of them share."""
    return path.split("/")[1] if path.count("/") > 1 else ""


def test_modules_import_only_downwards() -> None:
    assert wrong_imports(modules(WEB)) == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("core/vec.js", 'import { el } from "../kit/dom.js";'),
        ("kit/dom.js", 'import { Links } from "../transport/links.js";'),
        ("transport/json.js", 'import { el } from "../kit/dom.js";'),
        ("stage/stage.js", '/** @import {Chat} from "../features/chat/chat.js" */'),
        ("features/chat/chat.js", 'import { People } from "../people/people.js";'),
        ("features/chat/chat.js", '/** @type {import("../../app/context.js").Parts} */'),
        ("home/home-page.js", 'import { Stage } from "../stage/stage.js";'),
        ("stage/stage.js", 'import { html } from "../vendor/lit-html.js";'),
    ],
)
def test_an_import_upwards_or_sideways_is_found(name: str, line: str) -> None:
    assert name in modules(WEB)
    assert len(wrong_imports({name: line})) == 1


def test_every_module_is_in_a_folder_of_the_architecture() -> None:
    assert {name.split("/")[0] for name in modules(WEB)} <= {*ALLOWED, WIRE}


def test_no_folder_holds_more_than_fits_in_a_head() -> None:
    folders: dict[str, int] = {}
    for name in modules(WEB):
        folders[str(Path(name).parent)] = folders.get(str(Path(name).parent), 0) + 1
    assert {folder: n for folder, n in folders.items() if n > MOST_MODULES} == {}


def test_the_shell_is_small_and_no_feature_receives_it() -> None:
    sources = modules(WEB)
    assert len(sources["app/consult-page.js"].splitlines()) < MOST_LINES_OF_SHELL
    assert [name for name, text in sources.items() if name.startswith("features/") and "ConsultPage" in text] == []
