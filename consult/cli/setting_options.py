"""Command-line options made from the fields of `Settings`, so that none is described twice.

argparse, not pydantic-settings' own CLI: the other options of a command are argparse's, and would need a model each.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from consult.model.errors import Refused
from consult.settings import Settings


def add_settings(parser: argparse.ArgumentParser, names: Iterable[str] = tuple(Settings.model_fields)) -> None:
    """An option for each of these settings; all of them by default."""
    group = parser.add_argument_group("settings", "Each is an environment variable too; the option wins.")
    for name in names:
        field = Settings.model_fields[name]
        default = field.get_default(call_default_factory=True)
        shown = "" if default in ("", None) or default is False else f" (default {default})"
        help_text = f"{field.description}{shown}; CONSULT_{name.upper()}".replace("%", "%%")
        if field.annotation is bool:
            group.add_argument(option(name), action="store_true", default=None, help=help_text)
        else:
            group.add_argument(option(name), help=help_text, metavar=name.rsplit("_", 1)[-1].upper())


def option(name: str) -> str:
    """`udp_port` to `--udp-port`."""
    return "--" + name.replace("_", "-")


def settings_of(args: argparse.Namespace, **overrides: Any) -> Settings:
    """The settings of a command line; what it leaves out comes from the environment, then from the default.

    Raises:
        Refused: "bad_setting": names the option, the value and the rule.
    """
    given = {name: value for name in Settings.model_fields if (value := getattr(args, name, None)) is not None}
    try:
        return Settings(**{**given, **overrides})
    except ValidationError as error:
        first = error.errors()[0]
        if not first["loc"]:
            raise Refused("bad_setting", f"{rule(first)[0].upper()}{rule(first)[1:]}.") from None
        name = str(first["loc"][0])
        where = option(name) if name in given else f"CONSULT_{name.upper()}"
        raise Refused("bad_setting", f"{where} is {first['input']!r}: {rule(first)}.") from None


def rule(error: Mapping[str, Any]) -> str:
    """What a setting must be, as people say it; pydantic's own words for what is not listed."""
    limits: Mapping[str, Any] = error.get("ctx", {})
    match error["type"]:
        case "int_parsing" | "int_type" | "int_from_float":
            return "it must be a whole number"
        case "bool_parsing":
            return "it must be true or false"
        case "greater_than_equal":
            return f"it must be {limits['ge']} or more"
        case "less_than_equal":
            return f"it must be {limits['le']} or less"
        case "string_pattern_mismatch":
            return "it must be one of " + ", ".join(limits["pattern"].strip("^$()").split("|"))
        case "value_error":
            return str(limits["error"])
        case _:
            return str(error["msg"])
