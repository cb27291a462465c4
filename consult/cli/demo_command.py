"""`consult demo`: a server with demo studies and one open consult; started again, the same consult and links."""

from __future__ import annotations

import argparse
import asyncio
import sys
import webbrowser

from consult.app import Services, address, home, listen, open_services, serve, set_up_logging
from consult.cli.data_option import add_data_option, settings_with
from consult.model.identifiers import ConsultId
from consult.settings import Settings

TITLE = "Second opinion"


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments as in the contract."""
    parser.add_argument("--port", type=int, help="TCP port (default 8000)")
    parser.add_argument("--no-browser", action="store_true", help="do not open the host's page")
    add_data_option(parser)


def run(args: argparse.Namespace) -> int:
    """Serve the demo until interrupted."""
    return asyncio.run(_run(args, settings_with(args, port=args.port)))


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    set_up_logging(settings.log_level)
    listening = listen(settings)
    async with open_services(settings) as services:
        consult = await demo_consult(services)
        base = address(settings, listening)
        links = {link.role: base + link.path for link in await services.registry.links(consult)}

        def say() -> None:
            print(f"Host: {links['host']}\nGuest: {links['participant']}\nHome: {home(services, base)}", flush=True)
            print("Open the host's link, and the guest's in other browsers. Your studies: Home.", file=sys.stderr)
            print("Whoever has the Home address is the host: keep it. Ctrl+C stops.", file=sys.stderr)
            if not args.no_browser:
                webbrowser.open(links["host"])

        await serve(services, listening, say)
    return 0


async def demo_consult(services: Services) -> ConsultId:
    """The open demo consult of this data; made, with its studies, where there is none."""
    for consult in await services.registry.consults():
        if consult.startswith("demo-"):
            running = await services.registry.find(consult)
            if running.core.state.consult.ended_at is None:
                return consult
    studies = await services.demo.make(_show)
    number = sum(c.startswith("demo-") for c in await services.registry.consults()) + 1
    return await services.registry.open(studies, title=TITLE, host_name="Dr. Host", name=f"demo-{number}")


def _show(done: int, total: int) -> None:
    """One line, overwritten."""
    if done == 0:
        print("Making the demo studies (once) ...", file=sys.stderr, flush=True)
    print(f"\r{done} / {total}", end="" if done < total else "\n", file=sys.stderr, flush=True)
