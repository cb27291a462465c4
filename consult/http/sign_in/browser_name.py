"""What people call a browser, by its User-Agent (RFC 9110, 10.1.5): "Firefox, Windows". Pure.

By hand: a table of a dozen words, of which libraries have thousands that change every week.
"""

from __future__ import annotations

BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chromium", "Chromium"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
"""Each names those behind it too."""
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip
UNKNOWN = ""


def browser_name(user_agent: str) -> str:
    """Browser and system, as far as they are known; "" where neither is."""
    found = (next((name for sign, name in table if sign in user_agent), UNKNOWN) for table in (BROWSERS, SYSTEMS))
    return ", ".join(name for name in found if name)
