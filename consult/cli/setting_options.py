"""Command-line options made from the fields of `Settings`, so that none is described twice.

argparse, not pydantic-settings' own CLI: the other options of a command are argparse's, and would need a model each.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from consult.config_file import VARIABLE, check_variables, read_config
from consult.model.errors import Refused
from consult.secret_files import SECRETS
from consult.settings import PREFIX, Settings

STORES = (
    "redis", "redis_password", "redis_password_file", "objects", "objects_endpoint", "objects_region",
    "objects_key_id", "objects_secret", "objects_secret_file",
)  # fmt: skip


def add_settings(parser: argparse.ArgumentParser, names: Iterable[str] = tuple(Settings.model_fields)) -> None:
    """An option for each of these settings, all of them by default, and `--config`."""
    group = parser.add_argument_group(
        "settings",
        "Each is an environment variable too, and a key of a TOML file. The option wins over the variable, and that "
        "over the file.",
    )
    group.add_argument("--config", type=Path, metavar="FILE", help=f"TOML file of settings; {VARIABLE}")
    for name in with_stores(names):
        field = Settings.model_fields[name]
        default = field.get_default(call_default_factory=True)
        shown = "" if default in ("", None) or default is False else f" (default {default})"
        help_text = f"{field.description}{shown}; {variable(name)}".replace("%", "%%")
        if field.annotation is bool:
            group.add_argument(option(name), action="store_true", default=None, help=help_text)
        else:
            group.add_argument(option(name), help=help_text, metavar=name.rsplit("_", 1)[-1].upper())


def with_stores(names: Iterable[str]) -> list[str]:
    """Behind `data` all else that names where consults are."""
    named = list(names)
    return [n for name in named for n in ((name, *STORES) if name == "data" else (name,) if name not in STORES else ())]


def option(name: str) -> str:
    """`udp_port` to `--udp-port`."""
    return "--" + name.replace("_", "-")


def variable(name: str) -> str:
    """`udp_port` to `CONSULT_UDP_PORT`."""
    return f"{PREFIX}{name.upper()}"


def settings_of(args: argparse.Namespace, **overrides: Any) -> Settings:
    """The settings of a command line; what it leaves out comes from the environment, then from the file of settings,
    then from the default.

    Raises:
        Refused: "bad_setting": names the option, variable or key, the value and the rule; "bad_config".
    """
    check_variables(list(os.environ))
    given = {name: value for name in Settings.model_fields if (value := getattr(args, name, None)) is not None}
    file = config_file(args)
    variables = {name.upper() for name in os.environ}
    filed = {} if file is None else {k: v for k, v in read_config(file).items() if variable(k) not in variables}
    try:
        return Settings(**{**filed, **given, **overrides})
    except ValidationError as error:
        sources = {**{name: f"{name} in {file}" for name in filed}, **{name: option(name) for name in given}}
        raise _refusal(error, sources) from None


def config_file(args: argparse.Namespace) -> Path | None:
    """The file of settings that is named, if one is."""
    named = args.config or os.environ.get(VARIABLE)
    return Path(named) if named else None


def _refusal(error: ValidationError, sources: Mapping[str, str]) -> Refused:
    """The first that is wrong; `sources`: where the settings come from that are no variables of the environment."""
    first = error.errors()[0]
    sentence = rule(first)
    if not first["loc"]:
        return Refused("bad_setting", f"{sentence[0].upper()}{sentence[1:]}.")
    name = str(first["loc"][0])
    value = "" if name in (*SECRETS, "redis") else f" is {first['input']!r}"
    return Refused("bad_setting", f"{sources.get(name, variable(name))}{value}: {sentence}.")


def rule(error: Mapping[str, Any]) -> str:
    """What a setting must be, as people say it; pydantic's own words for what is not listed."""
    limits: Mapping[str, Any] = error.get("ctx", {})
    match error["type"]:
        case "int_parsing" | "int_type" | "int_from_float":
            return "it must be a whole number"
        case "string_type":
            return "it must be text, in quotes"
        case "bool_parsing" | "bool_type":
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
