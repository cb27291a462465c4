"""`consult serve`: the server. Every setting is an option here and an environment variable."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import threading
from contextlib import AsyncExitStack
from pathlib import Path

from consult.app import base_url, home_url, listening, open_services, serve
from consult.cli.running_server import announced
from consult.cli.setting_options import add_settings, settings_of
from consult.disk import write_whole
from consult.log_format import set_up_logging
from consult.nodes import own_address
from consult.settings import Settings

HOST_ADDRESS = "host-address"
"""Name of the file in the data directory."""


def configure(parser: argparse.ArgumentParser) -> None:
    """One option a setting."""
    add_settings(parser)


def show_host_address(data: Path, home: str, *, first: bool) -> None:
    """The host's address, which makes its reader the host: on a terminal, else in a file of the owner's alone.

    Where the output is no terminal it is a log, and logs are read, kept and sent on by many. Of two servers on the same
    data the first is in the file.
    """
    if sys.stdout.isatty():
        print(f"Home: {home}", flush=True)
        print("Whoever has this address is the host: keep it.", flush=True)
        return
    path = data / HOST_ADDRESS
    if first:
        write_whole(path, f"{home}\n".encode())
    print(f"The host's address is in {path}", flush=True)


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    status = asyncio.run(_run(settings_of(args)))
    if threading.active_count() > 1:
        _leave(status)
    return status


def _leave(status: int) -> None:
    """End the process though a kernel is being compiled: all is stored and closed, and it would take many seconds."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


async def _run(settings: Settings) -> int:
    set_up_logging(settings.log_level, settings.log_format)
    async with AsyncExitStack() as stack:
        bound = await stack.enter_async_context(listening(settings))
        address = own_address(settings, bound.getsockname()[1])
        services = await stack.enter_async_context(open_services(settings, address=address))
        base = base_url(settings, bound)

        with announced(settings.data, base) as named:

            def print_links() -> None:
                print(f"consult answers at {base}", flush=True)
                if named != base and not settings.redis:  # of several nodes that is no news
                    print(f"Another server answers for {settings.data} too, at {named}.", flush=True)
                show_host_address(settings.data, home_url(services, base), first=named == base)

            await serve(settings, services, bound, print_links)
    return 0
