"""Findings by hand."""

from __future__ import annotations

from playwright.async_api import Locator, expect

from tests.support.person import Person


async def find(person: Person, title: str) -> Locator:
    """Make a finding of what is selected, or of the view; its form."""
    await person.page.locator("#stage").focus()
    await person.page.keyboard.press("b")
    form = person.page.locator(".finding-form")
    await expect(form.get_by_label("Title")).to_be_focused()
    await form.get_by_label("Title").fill(title)
    return form
