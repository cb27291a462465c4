"""Secrets from files, as container engines and systemd hand them over: `NAME_FILE` in place of `NAME`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

SECRETS = (
    "notice_secret", "smtp_password", "metrics_token", "redis_password", "objects_secret", "oidc_secret",
    "launch_secret",
)  # fmt: skip
"""Settings that hold a secret; each may come from a file that the setting of the same name and `_file` names."""
MAX_BYTES = 4096


def with_secrets(values: Mapping[str, Any]) -> dict[str, Any]:
    """The settings with what stands in the files of their secrets, without the line breaks at the end.

    Raises:
        ValueError: a sentence that names the setting and the file.
    """
    found = dict(values)
    for name in SECRETS:
        file = found.get(f"{name}_file")
        if not file:
            continue
        if found.get(name):
            raise ValueError(f"{name} and {name}_file are both set: one of them is enough, better the file")
        found[name] = _secret(f"{name}_file", Path(file))
    return found


def _secret(setting: str, file: Path) -> str:
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
        text = content.decode().rstrip("\r\n")
    except OSError as error:
        raise ValueError(f"{setting} names {file}, which cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"{setting} names {file}, which is not text in UTF-8") from None
    if not text or len(content) > MAX_BYTES or "\n" in text:
        raise ValueError(f"{setting} names {file}, which must hold one line of {MAX_BYTES} bytes at most")
    return text
