"""`consult serve`: every setting is an option."""

from __future__ import annotations

import argparse

from consult.cli import serve_command
from consult.settings import Settings


def test_serve_command_has_an_option_for_every_setting() -> None:
    parser = argparse.ArgumentParser()
    serve_command.configure(parser)
    args = parser.parse_args(["--port", "0", "--behind-tls-proxy", "--workers", "3"])
    settings = serve_command.settings_of(args)
    assert (settings.port, settings.behind_tls_proxy, settings.workers) == (0, True, 3)
    assert all("--" + name.replace("_", "-") in parser.format_help() for name in Settings.model_fields)
