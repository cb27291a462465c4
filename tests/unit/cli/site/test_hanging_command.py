"""`consult hanging`, and a server with a file of rules that it does not understand."""

from __future__ import annotations

from pathlib import Path

import pytest

from consult.cli import main
from consult.hanging_file import default_rules_text


def test_it_prints_the_rules_to_copy(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hanging"]) == 0
    assert capsys.readouterr().out == default_rules_text()


def test_it_says_what_a_file_has(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(default_rules_text())
    assert main(["hanging", str(path)]) == 0
    assert "  Three planes as acquired: 1x3, offered" in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'[[rule]]\nname = "r"\nlayout = "x"\n', "line 3: layout: it is 'x'"),
        (b"\xff\xfe", "it is not text in UTF-8."),
        (None, "it cannot be read: No such file or directory."),
    ],
)
@pytest.mark.parametrize("command", [["hanging"], ["serve", "--port", "0", "--data", "DATA", "--hanging-rules"]])
def test_a_bad_file_is_refused_by_a_sentence(
    command: list[str], content: bytes | None, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rules.toml"
    if content is not None:
        path.write_bytes(content)
    words = [str(tmp_path / "data") if word == "DATA" else word for word in command]
    assert main([*words, str(path)]) == 1
    output = capsys.readouterr().err.strip()
    assert f"{path}" in output
    assert sentence in output
    assert "\n" not in output
