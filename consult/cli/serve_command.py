"""`consult serve`: the server. Every setting is an option here and an environment variable."""

from __future__ import annotations

import argparse
import asyncio

from consult.app import base_url, home_url, listening, open_services, serve, set_up_logging
from consult.cli.running_server import announced
from consult.cli.setting_options import add_settings, settings_of
from consult.settings import Settings


def configure(parser: argparse.ArgumentParser) -> None:
    """One option a setting."""
    add_settings(parser)


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    return asyncio.run(_run(settings_of(args)))


async def _run(settings: Settings) -> int:
    set_up_logging(settings.log_level)
    async with listening(settings) as bound, open_services(settings) as services:
        base = base_url(settings, bound)

        def print_links() -> None:
            print(f"consult answers at {base}", flush=True)
            print(f"Host token: {services.keys.host_token()}", flush=True)
            print(f"Home: {home_url(services, base)}", flush=True)

        with announced(settings.data, base):
            await serve(settings, services, bound, print_links)
    return 0
