"""A file of settings: TOML, a key for each setting that it sets, by the setting's name in `Settings`."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Any

from consult.model.errors import Refused
from consult.settings import PREFIX, Settings

VARIABLE = f"{PREFIX}CONFIG"
"""The environment variable that names the file; `--config` wins over it."""
MAX_BYTES = 1 << 20
TYPO = 0.8
"""As like as that to a variable that is known (difflib's ratio), another one counts as mistyped. Variables that begin
the same may be somebody else's: Kubernetes sets CONSULT_PORT_8000_TCP where a service is called consult."""


def read_config(path: Path) -> dict[str, Any]:
    """The settings of a file, as they stand there.

    Raises:
        Refused: "bad_config": names the file, and the line or the key, and what to do.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Refused("bad_config", f"{path}: a file of settings of more than 1 MiB is not read.")
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        sentence = f"{path}: it cannot be read: {error.strerror}. Name another with --config."
        raise Refused("bad_config", sentence) from None
    except UnicodeDecodeError:
        raise Refused("bad_config", f"{path}: it is not text in UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise Refused("bad_config", f"{path}: it is not TOML: {error}. A line is: port = 8000") from None
    for key in read:
        if key not in Settings.model_fields:
            raise Refused("bad_config", f"{path}: there is no setting {key!r}{nearest(key, Settings.model_fields)}.")
    return read


def check_variables(names: list[str]) -> None:
    """Refuse a variable of the environment that is a mistyped one of ours.

    Raises:
        Refused: "bad_setting": names the nearest known one.
    """
    known = [VARIABLE, *(f"{PREFIX}{name.upper()}" for name in Settings.model_fields)]
    for name in sorted({name.upper() for name in names if name.upper().startswith(PREFIX)} - set(known)):
        if near := difflib.get_close_matches(name, known, n=1, cutoff=TYPO):
            sentence = f"The environment has {name}, which is no setting; do you mean {near[0]}? Else unset it."
            raise Refused("bad_setting", sentence)


def nearest(word: str, known: Any) -> str:
    """What may have been meant, as the end of a sentence; where nothing is like it, where all are listed."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"; do you mean {near[0]}" if near else "; docs/settings.md lists all"
