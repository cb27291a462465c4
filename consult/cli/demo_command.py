"""`consult demo`: a server with demo studies and one open consult, or with --board a board of four cases; started
again, the same consult and links.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import webbrowser

from consult.app import base_url, home_url, listening, open_services, serve
from consult.cli.console import progress_line
from consult.cli.running_server import announced
from consult.cli.setting_options import add_settings, settings_of
from consult.demo.board import open_demo_board
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
    parser.add_argument("--board", action="store_true", help="a tumor board of four cases in place of one consult")
    add_settings(parser, ("port", "data"))


def run(args: argparse.Namespace) -> int:
    """Serve the demo until interrupted."""
    return asyncio.run(_run(args, settings_of(args)))


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    set_up_logging(settings.log_level, settings.log_format)
    async with listening(settings) as bound, open_services(settings) as services:
        demo = DemoStudies(settings.data, services.library)
        consult = await (demo_board if args.board else demo_consult)(services, demo)
        base = base_url(settings, bound)
        links = {link.role: base + link.path for link in await services.registry.links(consult)}

        def print_links() -> None:
            print(f"Host: {links['host']}\nGuest: {links['participant']}\nHome: {home_url(services, base)}", flush=True)
            if args.board:
                print(f"Preparer: {links['preparer']}", flush=True)
            print("Open the host's link, and the guest's in other browsers. Your studies: Home.", file=sys.stderr)
            if not settings.public_url:
                print("They open on this computer alone; README.md tells how to serve others.", file=sys.stderr)
            print("Whoever has the Home address is the host: keep it. Ctrl+C stops.", file=sys.stderr)
            if not args.no_browser:
                webbrowser.open(links["host"])

        written = nothing() if args.board else write_demo_note(await services.registry.find(consult))
        note = asyncio.create_task(written, name="demo note")
        try:
            with announced(settings.data, base):
                await serve(settings, services, bound, print_links)
        finally:
            note.cancel()
            await asyncio.gather(note, return_exceptions=True)
    return 0


async def nothing() -> None:
    """A board has no note yet: its texts are prepared."""


async def demo_consult(services: Services, demo: DemoStudies) -> ConsultId:
    """The open demo consult of this data; made, with its studies, where there is none."""
    open_one, name = await _open_and_next(services, "demo")
    if open_one is not None:
        return open_one
    with progress_line(_doing(demo)) as line:
        studies = await demo.make(line.show)
    return await services.registry.open(studies, title=TITLE, host_name="Dr. Host", name=name, link_s=None)


async def demo_board(services: Services, demo: DemoStudies) -> ConsultId:
    """The open demo board of this data; made, with its studies, where there is none."""
    open_one, name = await _open_and_next(services, "demoboard")
    if open_one is not None:
        return open_one
    with progress_line(_doing(demo)) as line:
        cases = await demo.make_board(line.show)
    return await open_demo_board(services.registry, cases, name)


def _doing(demo: DemoStudies) -> str:
    again = "Making the demo studies anew: the first time was interrupted"
    return again if demo.interrupted else "Making the demo studies (once)"


async def _open_and_next(services: Services, kind: str) -> tuple[ConsultId | None, str]:
    """The demo of that kind that is open, and what the next one is called."""
    found = [consult for consult in await services.registry.consults() if consult.startswith(f"{kind}-")]
    for consult in found:
        runner = await services.registry.find(consult)
        if runner.core.state.consult.ended_at is None:
            return consult, consult
    return None, f"{kind}-{len(found) + 1}"
