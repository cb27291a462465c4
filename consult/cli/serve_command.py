"""`consult serve`: the server. Every setting is an option here and an environment variable."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

from consult.app import address, home, listen, open_services, serve, set_up_logging
from consult.settings import Settings


def configure(parser: argparse.ArgumentParser) -> None:
    """One option a setting; what is not given comes from the environment, then from the default."""
    for name, field in Settings.model_fields.items():
        option = "--" + name.replace("_", "-")
        shown = "" if field.default_factory or field.default == "" else f" (default {field.default})"
        described = f"{field.description}{shown}; CONSULT_{name.upper()}"
        if field.annotation is bool:
            parser.add_argument(option, action="store_true", default=None, help=described)
        else:
            parser.add_argument(option, help=described, metavar=name.rsplit("_", 1)[-1].upper())


def settings_of(args: argparse.Namespace) -> Settings:
    """The settings of a command line."""
    given: dict[str, Any] = {
        name: value for name in Settings.model_fields if (value := getattr(args, name, None)) is not None
    }
    return Settings(**given)


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    return asyncio.run(_run(settings_of(args)))


async def _run(settings: Settings) -> int:
    set_up_logging(settings.log_level)
    listening = listen(settings)
    async with open_services(settings) as services:
        at = address(settings, listening)

        def say() -> None:
            print(f"consult answers at {at}", flush=True)
            print(f"Host token: {services.keys.host_token()}", flush=True)
            print(f"Home: {home(services, at)}", flush=True)

        await serve(services, listening, say)
    return 0
