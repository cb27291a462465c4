"""The pages as HTML, by jinja2: `base.html` is the head of all, and each page fills in its own.

What differs in the heads comes in as data: the address of this version's files, the page's script, and all modules
that it imports, so that the browser asks for them at once (modulepreload).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jinja2 import DictLoader, Environment, StrictUndefined


@dataclass(frozen=True)
class Page:
    """What a page loads.

    Attributes:
        template: in web/templates.
        script: its module.
        next_script: module of the page that comes after it, fetched ahead; "": none.
    """

    template: str
    script: str
    next_script: str = ""


CONSULT_SCRIPT = "js/app/consult-page.js"
PAGES = (
    Page("home.html", "js/home/home-page.js"),
    Page("join.html", "js/join/join-page.js", CONSULT_SCRIPT),
    Page("consult.html", CONSULT_SCRIPT),
)


def render_pages(
    pages: tuple[Page, ...], templates: Mapping[str, str], version: str, modules_of: Callable[[str], list[str]]
) -> dict[str, bytes]:
    """The pages by the name of their template.

    Args:
        pages: what to render.
        templates: sources by name.
        version: of the files that the pages name.
        modules_of: all modules that a module imports, itself first.

    Raises:
        jinja2.TemplateError: a template that is not there, or names what is not given.
    """
    environment = Environment(
        loader=DictLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    rendered = {}
    for page in pages:
        modules = [name for script in (page.script, page.next_script) if script for name in modules_of(script)]
        html = environment.get_template(page.template).render(
            static=f"/static/{version}", script=page.script, modules=list(dict.fromkeys(modules))
        )
        rendered[page.template] = html.encode()
    return rendered
