"""web/ in versions: named for ever, one script and one sheet a page, read again when something has changed."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from consult.http.pages import site as site_module
from consult.http.pages.site import Site
from consult.http.pages.templates import Page

PAGES = (Page("page.html", "js/ui/page.js", ("a", "b")),)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small site."""
    for name, text in {
        "templates/page.html": "{{ static }}/{{ script }}\n{{ static }}/{{ styles }}\n",
        "js/ui/page.js": 'import { a } from "../core/a.js";\nimport "./side.js";\n'
        'new Worker(new URL("../core/worker.js", import.meta.url));\n',
        "js/ui/side.js": 'import { b } from "../core/b.js";\n',
        "js/core/a.js": 'import {\n  b,\n} from "./b.js";\nexport const a = b;\n',
        "js/core/b.js": "export const b = 1;\n",
        "js/core/worker.js": 'import { b } from "./b.js";\npostMessage(b);\n',
        "js/core/unused.js": "const unused = 1;\n",
        "js/wire.d.ts": "",
        "css/a.css": "a {}\n",
        "css/b.css": "b {}\n",
        "img/x.svg": "<svg/>",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_page_asks_for_one_script_and_one_sheet_of_this_version(folder: Path) -> None:
    edition = Site(folder, PAGES).now()
    script, styles = edition.pages["en"]["page.html"].decode().splitlines()
    assert script == f"./static/{edition.version}/bundle/js/ui/page.js"
    assert styles == f"./static/{edition.version}/bundle/css/page.css"
    code = edition.assets["bundle/js/ui/page.js"].body.decode()
    assert "const b = 1;" in code
    assert "unused" not in code
    assert edition.assets["bundle/css/page.css"].body == b"a {}\n\nb {}\n"


def test_what_a_bundle_names_beside_itself_is_there_bundled_too(folder: Path) -> None:
    assets = Site(folder, PAGES).now().assets
    assert "const b = 1;" in assets["bundle/js/core/worker.js"].body.decode()
    assert assets["bundle/img/x.svg"] == assets["img/x.svg"]
    assert assets["bundle/js/ui/page.js.map"].media_type == "application/json"
    assert b'"../../../js/ui/page.js"' in assets["bundle/js/ui/page.js.map"].body


def test_another_template_is_another_version(folder: Path) -> None:
    site = Site(folder, PAGES)
    first = site.now()
    (folder / "templates/page.html").write_text("changed")
    assert site.now().version != first.version
    assert site.now().pages["en"]["page.html"] == b"changed"


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


def test_however_many_pages_are_asked_for_the_files_are_looked_at_once_a_second(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail: all files of web/ were looked at for each page, 7 ms of the thread that serves everybody."""
    at = [100.0]
    monkeypatch.setattr(site_module, "steady", lambda: at[0])
    site = Site(folder, PAGES, look_every_s=1.0)
    first = site.now()
    (folder / "templates/page.html").write_text("changed")
    at[0] += 0.9
    assert site.now() is first
    at[0] += 0.2
    assert site.now().version != first.version
