"""Write docs/settings.md from `consult.settings`; --check only looks for differences."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from consult.cli.setting_options import option, variable
from consult.config_file import VARIABLE
from consult.settings import Settings

FILE = Path(__file__).resolve().parent.parent / "docs/settings.md"
HEAD = f"""# Settings

Made from `consult/settings.py` by `tools/generate_settings.py`; do not edit it. [running.md](running.md) has what an administrator begins with.

A setting is an option of `consult serve`, an environment variable, or a key of a TOML file, which `--config FILE` or `{VARIABLE}` names. The option wins over the variable, the variable over the file, the file over the default. The other commands have `--data` and `--config`, and read the rest from environment and file. What is no setting is refused, with the nearest name that is one.

```toml
# /etc/consult/consult.toml
data = "/var/lib/consult"
public_url = "https://consult.example"
behind_tls_proxy = true
udp_host = "0.0.0.0"
udp_port = 42000
smtp_password_file = "/etc/consult/smtp-password"
```

A setting that ends in `_file` names a file, of one line, that holds a secret, so that it stands neither in a list of processes nor in a file that many read.

| setting: key in TOML | environment variable | option | type | default | meaning |
| --- | --- | --- | --- | --- | --- |
"""  # noqa: E501  # a paragraph is a line
TYPES = {str: "text", int: "whole number", bool: "true, false"}


def table() -> str:
    """The page: a row for each setting, in the order of the class."""
    return HEAD + "".join(_row(name, field) for name, field in Settings.model_fields.items())


def _row(name: str, field: FieldInfo) -> str:
    cells = (f"`{name}`", f"`{variable(name)}`", f"`{option(name)}`", _type(field), _default(field), field.description)
    return "| " + " | ".join(str(cell) for cell in cells) + " |\n"


def _type(field: FieldInfo) -> str:
    limits = {
        name: getattr(rule, name) for rule in field.metadata for name in ("ge", "le", "pattern") if _has(rule, name)
    }
    if "pattern" in limits:
        return ", ".join(f"`{word}`" for word in limits["pattern"].strip("^$()").split("|"))
    return TYPES.get(field.annotation, "path") + _range(limits)  # type: ignore[arg-type]  # other types are paths


def _has(rule: Any, name: str) -> bool:
    return getattr(rule, name, None) is not None


def _range(limits: dict[str, Any]) -> str:
    if "le" in limits:
        return f", {limits['ge']} to {limits['le']}"
    return f", {limits['ge']} or more" if "ge" in limits else ""


def _default(field: FieldInfo) -> str:
    """What does not depend on the machine, or what it depends on."""
    if field.default_factory is not None:
        extra = field.json_schema_extra
        assert isinstance(extra, dict), "a default that is computed has words in json_schema_extra"
        return str(extra["default"])
    shown = str(field.default).lower() if isinstance(field.default, bool) else field.default
    return "" if shown in ("", None) else f"`{shown}`"


def main(argv: list[str] | None = None) -> int:
    """Write the page, or with --check say that it differs (exit 1)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 on a difference")
    check = parser.parse_args(argv).check
    differs = not FILE.is_file() or FILE.read_text() != table()
    if differs and check:
        print("docs/settings.md differs from the settings: run python tools/generate_settings.py")
    elif differs:
        FILE.write_text(table())
        print("wrote docs/settings.md")
    return 1 if differs and check else 0


if __name__ == "__main__":
    sys.exit(main())
