"""What axe-core finds on a page, what moves there and what is cut, in lines that say where and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.async_api import Page

SOURCE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
GRAVE = {"serious", "critical"}
RUN = """async () => {
  const {violations} = await axe.run(document, {resultTypes: ['violations']});
  return violations.map(({id, impact, help, nodes}) =>
    ({id, impact, help, nodes: nodes.map((n) => [n.target.join(' '), n.failureSummary])}));
}"""
LARGE_TEXT = "document.documentElement.style.fontSize = '200%'"
"""Text of 200 %, as a browser's own setting makes it: all sizes of text are in rem."""
WRONG = """[...document.querySelectorAll('body *')].flatMap((e) => {
  const style = getComputedStyle(e);
  const what = `${e.tagName} ${e.className?.baseVal ?? e.className} ${e.textContent.slice(0, 30)}`;
  const slow = style.transitionDuration.split(',').some((s) => parseFloat(s) > 0);
  const word = e.matches('.word, .button, .tab, .preset, h1, h2') && style.visibility === 'visible';
  const cut = word && e.getBoundingClientRect().height > 0 && e.scrollWidth > e.clientWidth + 1;
  return [slow && style.transitionProperty !== 'opacity' && `moves: ${what}`, cut && `cut: ${what}`].filter(Boolean);
}).concat(document.getAnimations().map((a) => `animated: ${a.animationName ?? a.transitionProperty}`))"""
"""What moves although less motion is wished for, and what words are cut on controls."""


async def found_by_axe(page: Page) -> list[str]:
    """Violations of serious or critical impact. The source is evaluated by the driver, past the page's policy."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(SOURCE.read_text())
    violations: list[dict[str, Any]] = await page.evaluate(RUN)
    return [
        f"{violation['impact']} {violation['id']}: {violation['help']}: {where}: {' '.join(why.split())}"
        for violation in violations
        if violation["impact"] in GRAVE
        for where, why in violation["nodes"]
    ]


class Judge:
    """Looks at one state after the other, and says at the end what was found in which."""

    def __init__(self) -> None:
        self.found: list[str] = []

    async def look(self, state: str, page: Page) -> None:
        """At one state of a page, whose reader wishes for less motion."""
        self.found += [f"{state}: {line}" for line in await found_by_axe(page)]
        self.found += [f"{state}: {line}" for line in await page.evaluate(WRONG)]

    def report(self) -> str:
        """All that was found, a line each."""
        return "\n".join(self.found)
