"""The pages' HTML: one head, filled by data; what is given is escaped, what is missing is an error."""

from __future__ import annotations

import re

import pytest
from jinja2 import UndefinedError

from consult.http.pages.languages import Catalogue
from consult.http.pages.static import WEB, site
from consult.http.pages.templates import PAGES, Page, environment_of, render_pages


def render(source: str, version: str = "1", next_template: str = "") -> str:
    """One page of that source."""
    pages = (
        Page("page.html", "js/page.js", root="../", next_template=next_template),
        Page("next.html", "js/next.js"),
    )
    environment = environment_of({"page.html": source, "next.html": ""})
    return render_pages(pages, environment, version, Catalogue("en"))["page.html"].decode()


def test_what_is_given_is_escaped() -> None:
    assert render("{{ static }}", '"><script>') == "../static/&#34;&gt;&lt;script&gt;"


def test_what_is_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        render("{{ nothing }}")


def test_the_files_of_the_page_after_it_are_named_too() -> None:
    source = "{{ script }} {{ next_script }} {{ next_styles }}"
    assert render(source, next_template="next.html") == "bundle/js/page.js bundle/js/next.js bundle/css/next.css"
    assert render(source) == "bundle/js/page.js  "


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.template)
def test_every_page_has_one_head_and_asks_for_few_files_by_relative_names(page: Page) -> None:
    edition = site.now()
    html = edition.pages["en"][page.template].decode()
    static = f"{page.root}static/{edition.version}/"
    assert html.count("<head>") == html.count("</head>") == html.count("<body") == html.count("</html>") == 1
    assert f'<script type="module" src="{static}bundle/{page.script}"></script>' in html
    named = re.findall(r'(?:src|href)="([^"#]+)"', html)
    assert all(name.startswith(static) for name in named), "of no other version, and below any prefix"
    assert {name.removeprefix(static) for name in named} <= edition.assets.keys()
    assert len(named) == len(set(named)) <= 6


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.template)
def test_every_page_says_what_is_under_way_before_its_script_and_styles_are_here(page: Page) -> None:
    html = site.now().pages["en"][page.template].decode()
    head, _, body = html.partition("<body")
    assert head.count('rel="stylesheet"') == 1, "a few bytes; the rest comes behind the words"
    assert len(site.now().assets["css/loading.css"].body) < 1200
    assert body.index('id="loading"') < body.index('rel="stylesheet"')
    assert re.search(r'<p class="first">\w+ing the ', body)


def test_every_template_is_a_page_or_what_pages_share() -> None:
    shared = {"base.html", "loading.html", "minutes.html", "not_found.html", "sign_in_failed.html", "viewer.html"}
    documents = {"document.html", "document-parts.html", "document-view.html"}
    pages = {page.template for page in PAGES}
    assert {path.name for path in (WEB / "templates").iterdir()} == pages | shared | documents
