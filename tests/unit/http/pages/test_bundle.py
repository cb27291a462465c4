"""Modules behind each other in one file do what they do apart; what cannot be put together safely is refused."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from consult.http.pages.bundle import BundleRefused, make_bundle, mappings, order_of, resolve, vlq, workers_of
from consult.http.pages.static import WEB
from consult.http.pages.templates import PAGES, Page

SOURCES = {
    "js/app/page.js": (
        "/** A page.\n * @import {A} from './x.js' */\n"
        'import { a, twice as double } from "../core/a.js";\n'
        'import * as b from "../core/b.js";\n'
        'import "../core/side.js";\n'
        "export const shown = [a, double(b.b), import.meta.url.slice(-14)];\n"
        "globalThis.shown = [...shown, globalThis.side, this === undefined];\n"
    ),
    "js/core/a.js": (
        'import {\n  b,\n  C,\n} from "./b.js";\nconst x = `\n  nothing`;\n'
        "export const a = b + new C().c;\nexport function thrice(n) {\n  return 3 * n + 0 * x.length;\n}\n"
        "export { thrice as twice };\n"
    ),
    "js/core/b.js": (
        "const x = 1;\nexport const b = x;\nexport class C {\n  c = 10;\n}\nexport async function* later() {}\n"
    ),
    "js/core/side.js": 'import { b } from "./b.js";\nglobalThis.side = "done" + b;\n',
}


@pytest.fixture
def sources() -> dict[str, str]:
    """A few modules with each form that is known."""
    return dict(SOURCES)


def run(folder: Path, entry: Path) -> str:
    """What a module leaves in `globalThis.shown`, as node runs it."""
    script = f"import {json.dumps(str(entry))}; console.log(JSON.stringify(globalThis.shown))"
    command = ["node", "--input-type=module", "-e", script]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder).stdout


def test_a_bundle_does_what_its_modules_do(sources: dict[str, str], tmp_path: Path) -> None:
    for name, text in {**sources, "bundle/js/app/page.mjs": make_bundle(sources, "js/app/page.js", "").code}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    apart, together = (run(tmp_path, tmp_path / name) for name in ("js/app/page.js", "bundle/js/app/page.mjs"))
    assert json.loads(apart) == [11, 3, "js/app/page.js", "done1", True]
    assert together == apart


def test_a_bundle_exports_what_its_module_does(sources: dict[str, str], tmp_path: Path) -> None:
    sources["js/core/a.js"] += "globalThis.runs = (globalThis.runs ?? 0) + 1;\n"
    (tmp_path / "a.mjs").write_text(make_bundle(sources, "js/core/a.js", "").code)
    (tmp_path / "later.mjs").write_text(
        'const [{ a, twice }, again] = [await import("./a.mjs"), await import("./a.mjs")];\n'
        "globalThis.shown = [a, twice(2), again.a, globalThis.runs];\n"
    )
    assert json.loads(run(tmp_path, tmp_path / "later.mjs")) == [11, 6, 11, 1]


def test_who_is_imported_runs_first(sources: dict[str, str]) -> None:
    assert order_of(sources, "js/app/page.js") == ["js/core/b.js", "js/core/a.js", "js/core/side.js", "js/app/page.js"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a circle", 'import { a } from "./a.js";\nexport const b = 1;\nexport class C {}\n'),
        ("a name that nobody exports", "export const c = 1;\n"),
        ("a binding that changes", "export let b = 1;\nexport class C {}\n"),
        ("a default", "export default 1;\nexport const b = 1;\nexport class C {}\n"),
        ("all of another", 'export * from "./side.js";\nexport const b = 1;\nexport class C {}\n'),
        ("names taken apart", "export const { b } = x;\nexport class C {}\n"),
    ],
)
def test_what_is_not_known_is_refused(sources: dict[str, str], name: str, text: str) -> None:
    with pytest.raises(BundleRefused):
        make_bundle({**sources, "js/core/b.js": text}, "js/app/page.js", "")


def test_every_line_leads_to_its_module(sources: dict[str, str]) -> None:
    bundle = make_bundle(sources, "js/core/side.js", "../../")
    lines, found = bundle.code.split("\n"), json.loads(bundle.map)
    assert found["sources"] == ["../../js/core/b.js", "../../js/core/side.js"]
    assert len(found["mappings"].split(";")) == len(lines) - 2, "but the comment and the end"
    assert lines[1] == "const x = 1;"
    assert found["mappings"].split(";")[:3] == ["", "AAAA", "AACA"]
    assert bundle.code.endswith("//# sourceMappingURL=side.js.map\n")


def test_base64_vlq_as_the_source_map_format_has_it() -> None:
    assert [vlq(n) for n in (0, 1, -1, 15, 16, -16, 511)] == ["A", "C", "D", "e", "gB", "hB", "+f"]
    assert mappings([None, (0, 0), (0, 1), None, (1, 0)]) == ";AAAA;AACA;;ACDA"


def test_relative_names_are_resolved() -> None:
    assert resolve("js/ui/page.js", "../core/a.js") == "js/core/a.js"
    assert resolve("js/ui/page.js", "./a.js") == "js/ui/a.js"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_real_pages_and_their_workers_can_be_put_together(page: Page, tmp_path: Path) -> None:
    sources = {p.relative_to(WEB).as_posix(): p.read_text() for p in (WEB / "js").rglob("*.js")}
    assert len(order_of(sources, page.script)) > 5
    for number, entry in enumerate([page.script, *workers_of(sources, page.script)]):
        made = tmp_path / f"{number}.mjs"
        made.write_text(make_bundle(sources, entry, "").code)
        subprocess.run(["node", "--check", str(made)], check=True)
