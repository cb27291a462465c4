"""The pages as HTML, by jinja2: `base.html` is the head of all, and each page fills in its own.

What differs in the heads comes in as data: the addresses of the page's bundle and styles in this version, and of those
of the page that comes after it. All addresses are relative to the page's: so they hold below any prefix of a proxy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined

from consult.http.pages.languages import Catalogue


@dataclass(frozen=True)
class Page:
    """What a page loads.

    Attributes:
        template: in web/templates.
        script: its module.
        styles: names in css/, in the order in which they rule.
        root: from the page's address to that of the server.
        next_template: the page that comes after it, whose files are fetched ahead; "": none.
    """

    template: str
    script: str
    styles: tuple[str, ...] = ()
    root: str = "./"
    next_template: str = ""

    @property
    def name(self) -> str:
        """Of the page."""
        return self.template.removesuffix(".html")


CONSULT_STYLES = (
    "tokens", "controls", "stage", "layout", "marks", "findings", "board", "people", "note", "health", "planes",
    "segmentations", "join", "invite", "critical", "board-stage", "print",
)  # fmt: skip
PAGES = (
    Page("home.html", "js/home/home-page.js", ("tokens", "controls", "join", "invite", "home", "critical", "print")),
    Page("join.html", "js/join/join-page.js", ("tokens", "controls", "join"), "../../", "consult.html"),
    Page(
        "launch.html",
        "js/home/signing-in/launch-page.js",
        ("tokens", "controls", "join"),
        next_template="consult.html",
    ),
    Page("code.html", "js/join/code-page.js", ("tokens", "controls", "join")),
    Page("reader.html", "js/reader/reader-page.js", ("tokens", "controls", "join", "document", "reader"), "../../"),
    Page("consult.html", "js/app/consult-page.js", CONSULT_STYLES, "../../"),
)


def bundle_name(module: str) -> str:
    """The bundle of a module, in the folder beside js/, css/ and img/."""
    return f"bundle/{module}"


def styles_name(page: Page) -> str:
    """All styles of a page in one file."""
    return f"bundle/css/{page.name}.css"


def environment_of(templates: Mapping[str, str]) -> Environment:
    """jinja2 as the pages use it, of sources by name."""
    return Environment(
        loader=DictLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render_pages(
    pages: tuple[Page, ...], environment: Environment, version: str, catalogue: Catalogue
) -> dict[str, bytes]:
    """The pages by the name of their template, in one language.

    Args:
        pages: what to render.
        environment: has the templates.
        version: of the files that the pages name.
        catalogue: of the language.

    Raises:
        jinja2.TemplateError: a template that is not there, or names what is not given.
    """
    by_template = {page.template: page for page in pages}
    rendered = {}
    for page in pages:
        after = by_template.get(page.next_template)
        html = environment.get_template(page.template).render(
            **in_language(catalogue),
            root=page.root,
            static=f"{page.root}static/{version}",
            script=bundle_name(page.script),
            styles=styles_name(page),
            next_script=bundle_name(after.script) if after else "",
            next_styles=styles_name(after) if after else "",
        )
        rendered[page.template] = html.encode()
    return rendered


def in_language(catalogue: Catalogue) -> dict[str, Any]:
    """What every template has of the language: its name, its texts (`t`), and the script with those of the page."""
    return {"language": catalogue.language, "t": catalogue.text, "catalogue": catalogue.script}
