"""The pages' HTML: one head, filled by data; what is given is escaped, what is missing is an error."""

from __future__ import annotations

import re

import pytest
from jinja2 import UndefinedError

from consult.http.pages.static import WEB, site
from consult.http.pages.templates import CONSULT_SCRIPT, PAGES, Page, render_pages


def render(source: str, version: str = "1", **more: str) -> str:
    """One page of that source."""
    pages = (Page("page.html", "js/page.js", more.get("next_script", "")),)
    rendered = render_pages(pages, {"page.html": source}, version, lambda entry: [entry, "js/shared.js"])
    return rendered["page.html"].decode()


def test_what_is_given_is_escaped() -> None:
    assert render("{{ static }}", '"><script>') == "/static/&#34;&gt;&lt;script&gt;"


def test_what_is_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        render("{{ nothing }}")


def test_the_modules_of_the_page_after_it_are_named_too_and_none_twice() -> None:
    assert render("{{ modules | join(' ') }}", next_script="js/next.js") == "js/page.js js/shared.js js/next.js"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.template)
def test_every_page_has_one_head_with_its_script_its_styles_and_its_modules(page: Page) -> None:
    edition = site.now()
    html = edition.pages[page.template].decode()
    static = f"/static/{edition.version}/"
    assert html.count("<head>") == html.count("</head>") == html.count("<body") == html.count("</html>") == 1
    assert f'<script type="module" src="{static}{page.script}"></script>' in html
    named = re.findall(r'(?:src|href)="/static/([^"]+)"', html)
    assert all(name.startswith(f"{edition.version}/") for name in named), "of no other version"
    assert {name.partition("/")[2] for name in named} <= edition.assets.keys()
    assert any(name.endswith(".css") for name in named)
    assert len(named) == len(set(named)) + 1, "the script alone is named twice: it is a module too"
    assert (f'<link rel="modulepreload" href="{static}{CONSULT_SCRIPT}">' in html) == (page.template != "home.html")


def test_every_template_is_a_page_or_the_base_of_all() -> None:
    assert {path.name for path in (WEB / "templates").iterdir()} == {page.template for page in PAGES} | {"base.html"}
