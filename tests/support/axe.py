"""What axe-core finds on a page, in lines that say where and why."""

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
