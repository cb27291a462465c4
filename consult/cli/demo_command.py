"""`consult demo`: a server with demo studies and one open consult; started again, the same consult and links."""

from __future__ import annotations

import argparse
import asyncio
import sys
import webbrowser

from consult.app import base_url, home_url, listening, open_services, serve
from consult.cli.console import progress_line
from consult.cli.running_server import announced
from consult.cli.setting_options import add_settings, settings_of
from consult.demo.demo_studies import DemoStudies
from consult.demo.record import write_demo_note
from consult.http.services import Services
from consult.log_format import set_up_logging
from consult.model.identifiers import ConsultId
from consult.settings import Settings

TITLE = "Second opinion"


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments as in the contract."""
    parser.add_argument("--no-browser", action="store_true", help="do not open the host's page")
    add_settings(parser, ("port", "data"))


def run(args: argparse.Namespace) -> int:
    """Serve the demo until interrupted."""
    return asyncio.run(_run(args, settings_of(args)))


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    set_up_logging(settings.log_level, settings.log_format)
    async with listening(settings) as bound, open_services(settings) as services:
        consult = await demo_consult(services, DemoStudies(settings.data, services.library))
        base = base_url(settings, bound)
        links = {link.role: base + link.path for link in await services.registry.links(consult)}

        def print_links() -> None:
            print(f"Host: {links['host']}\nGuest: {links['participant']}\nHome: {home_url(services, base)}", flush=True)
            print("Open the host's link, and the guest's in other browsers. Your studies: Home.", file=sys.stderr)
            if not settings.public_url:
                print("They open on this computer alone; README.md tells how to serve others.", file=sys.stderr)
            print("Whoever has the Home address is the host: keep it. Ctrl+C stops.", file=sys.stderr)
            if not args.no_browser:
                webbrowser.open(links["host"])

        note = asyncio.create_task(write_demo_note(await services.registry.find(consult)), name="demo note")
        try:
            with announced(settings.data, base):
                await serve(settings, services, bound, print_links)
        finally:
            note.cancel()
            await asyncio.gather(note, return_exceptions=True)
    return 0


async def demo_consult(services: Services, demo: DemoStudies) -> ConsultId:
    """The open demo consult of this data; made, with its studies, where there is none."""
    for consult in await services.registry.consults():
        if consult.startswith("demo-"):
            runner = await services.registry.find(consult)
            if runner.core.state.consult.ended_at is None:
                return consult
    again = "Making the demo studies anew: the first time was interrupted"
    with progress_line(again if demo.interrupted else "Making the demo studies (once)") as line:
        studies = await demo.make(line.show)
    number = sum(c.startswith("demo-") for c in await services.registry.consults()) + 1
    return await services.registry.open(studies, title=TITLE, host_name="Dr. Host", name=f"demo-{number}", link_s=None)
