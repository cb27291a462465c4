"""`consult serve`: every setting is an option."""

from __future__ import annotations

import argparse
from pathlib import Path

import httpx

from consult.cli import serve_command
from consult.settings import Settings
from tests.support.server import first_lines


def test_serve_command_has_an_option_for_every_setting() -> None:
    parser = argparse.ArgumentParser()
    serve_command.configure(parser)
    args = parser.parse_args(["--port", "0", "--behind-tls-proxy", "--workers", "3"])
    settings = serve_command.settings_of(args)
    assert (settings.port, settings.behind_tls_proxy, settings.workers) == (0, True, 3)
    assert all("--" + name.replace("_", "-") in parser.format_help() for name in Settings.model_fields)


def test_serve_command_prints_the_token_and_the_home_that_it_opens(tmp_path: Path) -> None:
    def check(lines: list[str]) -> None:
        at, token, home = (line.split()[-1] for line in lines)
        assert lines[1].startswith("Host token: ")
        assert lines[2] == f"Home: {at}/#{token}"
        assert httpx.get(home).status_code == 200
        assert httpx.get(f"{at}/api/session", headers={"Authorization": f"Bearer {token}"}).json() == {"host": True}

    assert first_lines("serve", "--port", "0", data=tmp_path, number=3, then=check) == 0
