"""web/ in versions: named for ever, modules named in the page, read again when something has changed."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from consult.http.pages.site import Site, modules_of, resolve
from consult.http.pages.static import WEB
from consult.http.pages.templates import Page

PAGES = (Page("page.html", "js/ui/page.js"),)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small site."""
    for name, text in {
        "templates/page.html": "{{ script }}\n{% for module in modules %}\n{{ static }}/{{ module }}\n{% endfor %}",
        "js/ui/page.js": 'import { a } from "../core/a.js";\nimport "./side.js";\n',
        "js/ui/side.js": 'export * from "../core/b.js";\n',
        "js/core/a.js": 'import {\n  b,\n} from "./b.js";\n// import { no } from "./unused.js"\n',
        "js/core/b.js": "export const b = 1;\n",
        "js/core/unused.js": "",
        "js/wire.d.ts": "",
        "css/a.css": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_page_names_its_modules_and_no_others_in_this_version(folder: Path) -> None:
    edition = Site(folder, PAGES).now()
    script, *modules = edition.pages["page.html"].decode().splitlines()
    expected = ["js/ui/page.js", "js/core/a.js", "js/ui/side.js", "js/core/b.js"]
    assert script == "js/ui/page.js"
    assert modules == [f"/static/{edition.version}/{name}" for name in expected]


def test_another_template_is_another_version(folder: Path) -> None:
    site = Site(folder, PAGES)
    first = site.now()
    (folder / "templates/page.html").write_text("changed")
    assert site.now().version != first.version
    assert site.now().pages["page.html"] == b"changed"


def test_what_has_changed_is_read_again_under_another_version(folder: Path) -> None:
    site = Site(folder, PAGES)
    first = site.now()
    assert site.now() is first
    (folder / "js/core/b.js").write_text("export const b = 22;\n")
    second = site.now()
    assert second.version != first.version
    found = site.asset(second.version, "js/core/b.js")
    assert found is not None
    assert gzip.decompress(found.zipped) == found.body == b"export const b = 22;\n"
    assert site.asset(first.version, "js/core/b.js") is None, "never two versions in one page"


@pytest.mark.parametrize("name", ["js/wire.d.ts", "templates/page.html", "../secret", "js/../../secret", ""])
def test_only_what_pages_need_is_served(folder: Path, name: str) -> None:
    (folder.parent / "secret").write_text("x")
    site = Site(folder, PAGES)
    assert site.asset(site.now().version, name) is None


def test_relative_names_are_resolved() -> None:
    assert resolve("js/ui/page.js", "../core/a.js") == "js/core/a.js"
    assert resolve("js/ui/page.js", "./a.js") == "js/ui/a.js"


def test_every_module_of_the_real_pages_is_there() -> None:
    edition = Site(WEB).now()
    sources = {name: a.body.decode() for name, a in edition.assets.items() if name.endswith(".js")}
    for entry in ("js/join/join-page.js", "js/app/consult-page.js"):
        assert len(modules_of(sources, entry)) > 5
