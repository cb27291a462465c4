"""Options are made from the settings: each has one, and the environment stays in charge of what is not given."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from consult.cli import demo_command, serve_command
from consult.cli.setting_options import STORES, add_settings, option, settings_of
from consult.model.errors import Refused
from consult.settings import Settings


def parsed(*words: str, names: tuple[str, ...] = tuple(Settings.model_fields)) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_settings(parser, names)
    return parser.parse_args(words)


def test_every_setting_has_an_option_a_description_and_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    parser = argparse.ArgumentParser()
    serve_command.configure(parser)
    helped = " ".join(parser.format_help().split())
    for name, field in Settings.model_fields.items():
        assert field.description
        default = field.get_default(call_default_factory=True)
        shown = "" if isinstance(default, bool) or default in ("", None) else f" (default {default})"
        assert f" {option(name)} " in helped
        assert f" {field.description}{shown}; CONSULT_{name.upper()}" in helped


def test_what_is_given_wins_over_the_environment_and_the_rest_comes_from_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CONSULT_PORT", "9000")
    monkeypatch.setenv("CONSULT_WORKERS", "5")
    monkeypatch.setenv("CONSULT_DATA", str(tmp_path))
    settings = settings_of(parsed("--port", "0", "--behind-tls-proxy"))
    assert (settings.port, settings.behind_tls_proxy, settings.workers, settings.data) == (0, True, 5, tmp_path)
    assert settings_of(parsed(names=("data",)), port=7).port == 7


def test_a_command_has_the_settings_that_it_names_and_no_others() -> None:
    parser = argparse.ArgumentParser()
    demo_command.configure(parser)
    assert {"port", "data", *STORES} == vars(parser.parse_args([])).keys() & Settings.model_fields.keys()


def test_a_bad_value_is_named_with_where_it_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="--port is '70000'"):
        settings_of(parsed("--port", "70000"))
    monkeypatch.setenv("CONSULT_WORKERS", "0")
    with pytest.raises(Refused, match="CONSULT_WORKERS is '0'"):
        settings_of(parsed())


def test_the_option_wins_over_the_variable_and_that_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "consult.toml"
    file.write_text("port = 9000\nworkers = 5\nconnections = 77\nbehind_tls_proxy = true\n")
    monkeypatch.setenv("CONSULT_WORKERS", "6")
    monkeypatch.setenv("CONSULT_PORT", "9001")
    settings = settings_of(parsed("--config", str(file), "--port", "9002"))
    assert (settings.port, settings.workers, settings.connections) == (9002, 6, 77)
    assert settings.behind_tls_proxy
    monkeypatch.setenv("CONSULT_CONFIG", str(file))
    assert settings_of(parsed(names=("data",))).connections == 77, "the file of the environment, for every command"
    other = tmp_path / "other.toml"
    other.write_text("connections = 78")
    assert settings_of(parsed("--config", str(other))).connections == 78
    monkeypatch.setenv("CONSULT_CONFIG", "")
    assert settings_of(parsed()).connections == Settings().connections


def test_a_bad_value_of_a_file_is_named_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "consult.toml"
    file.write_text('port = "many"')
    with pytest.raises(Refused, match=f"port in {file} is 'many': it must be a whole number"):
        settings_of(parsed("--config", str(file)))
    file.write_text("public_url = 9")
    with pytest.raises(Refused, match=r"public_url in .* is 9: it must be text, in quotes"):
        settings_of(parsed("--config", str(file)))


def test_a_mistyped_variable_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSULT_PUBLIC_ULR", "https://h")
    with pytest.raises(Refused, match=r"do you mean CONSULT_PUBLIC_URL\?"):
        settings_of(parsed())
