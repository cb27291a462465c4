"""Secrets come from files too; one that cannot be had stops the start by a sentence without the secret."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from consult.secret_files import SECRETS
from consult.settings import Settings


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_comes_from_its_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "secret"
    file.write_text("s" * 32 + "\n")
    monkeypatch.setenv(f"CONSULT_{name.upper()}_FILE", str(file))
    assert getattr(Settings(), name) == "s" * 32


def test_a_webhook_may_have_its_secret_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hidden")
    settings = Settings(notice_webhook="https://h/x", notice_secret_file=tmp_path / "secret")
    assert settings.notice_secret == "hidden"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "must hold one line"),
        (b"two\nlines", "must hold one line"),
        (b"x" * 5000, "must hold one line"),
        (b"\xff\xfe", "not text in UTF-8"),
        (None, "cannot be read: No such file"),
    ],
)
def test_a_file_without_a_secret_is_refused(content: bytes | None, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ValidationError, match=sentence):
        Settings(smtp_password_file=file)


def test_both_are_refused_and_an_empty_variable_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError, match="smtp_password and smtp_password_file are both set"):
        Settings(smtp_password="x", smtp_password_file=tmp_path / "secret")
    monkeypatch.setenv("CONSULT_SMTP_PASSWORD_FILE", "")
    assert Settings().smtp_password_file is None
