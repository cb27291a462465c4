"""The file of hanging rules: a site's own, else the one that comes with consult."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from consult.model.errors import Refused
from consult.sessions.hanging.reading import BadRules, read_rules
from consult.sessions.hanging.rules import HangingRules

MAX_BYTES = 1 << 20


def default_rules_text() -> str:
    """The text of the rules that come with consult."""
    return (files("consult.sessions.hanging") / "default.toml").read_text(encoding="utf-8")


def hanging_rules(path: Path | None) -> HangingRules:
    """The rules of a file; those that come with consult where none is named.

    Raises:
        Refused: "bad_hanging": names the file, and the line, key and rule where it can be read.
    """
    if path is None:
        return read_rules(default_rules_text(), "default.toml")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Refused("bad_hanging", f"{path}: hanging rules of more than 1 MiB are not read.")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        sentence = f"{path}: it cannot be read: {error.strerror}. Name another with --hanging-rules."
        raise Refused("bad_hanging", sentence) from None
    except UnicodeDecodeError:
        raise Refused("bad_hanging", f"{path}: it is not text in UTF-8.") from None
    try:
        return read_rules(text, str(path))
    except BadRules as bad:
        raise Refused("bad_hanging", str(bad)) from None
