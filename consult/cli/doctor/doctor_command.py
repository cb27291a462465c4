"""`consult doctor`: what works on this machine, with these settings, and what to do about what does not."""

from __future__ import annotations

import argparse
import asyncio
import http.client
import os
from time import sleep

import msgspec

from consult.cli.doctor.codecs import check_codecs
from consult.cli.doctor.contradictions import contradictions
from consult.cli.doctor.findings import Finding
from consult.cli.doctor.nodes import check_bucket, check_node
from consult.cli.doctor.places import check_data
from consult.cli.doctor.ports import check_tcp, check_udp
from consult.cli.doctor.public_address import Answer, ask, check_public
from consult.cli.doctor.stores import check_redis, newest_noted
from consult.cli.doctor.times import check_clock
from consult.cli.setting_options import add_settings, settings_of
from consult.clock import now
from consult.settings import Settings

SIGNS = {"works": "ok   ", "note": "note ", "fails": "FAILS"}


def configure(parser: argparse.ArgumentParser) -> None:
    """As `consult serve`: say the same options."""
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_settings(parser)


def run(args: argparse.Namespace) -> int:
    """Look at everything, say what was found; status 1 where something does not work."""
    found = asyncio.run(examine(settings_of(args)))
    if args.json:
        print(msgspec.json.encode({"findings": found}).decode())
    else:
        print("\n".join(line for finding in found for line in lines(finding)))
    return 1 if any(finding.state == "fails" for finding in found) else 0


def lines(finding: Finding) -> list[str]:
    """For people: what was found, and below it what to do."""
    said = [f"{SIGNS[finding.state]}  {finding.topic}: {finding.sentence}"]
    return [*said, f"       -> {finding.advice}"] if finding.advice else said


async def examine(settings: Settings) -> list[Finding]:
    """All of it, settings first: what follows may come of them."""
    found = contradictions(settings, os.environ.get("FORWARDED_ALLOW_IPS", ""))
    found += [*check_data(settings), *await check_redis(settings), *await check_bucket(settings)]
    found += [*check_node(settings), check_tcp(settings), await check_udp(settings)]
    answer = await asyncio.to_thread(_asked, settings.public_url) if settings.public_url else None
    if answer is not None:
        found += check_public(settings, now, answer)
    clock = answer.clock if isinstance(answer, Answer) else None
    ahead = None if clock is None else clock - now()
    newest = await newest_noted(settings)
    found += await asyncio.to_thread(lambda: list(check_clock(newest, ahead, sleep)))
    return [*found, *await check_codecs()]


def _asked(public_url: str) -> Answer | Exception:
    try:
        return ask(public_url)
    except (OSError, ValueError, http.client.HTTPException) as error:  # ValueError: no name or port that there can be
        return error
