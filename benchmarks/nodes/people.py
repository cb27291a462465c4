"""The study, and pages that come back by themselves."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import perf_counter

import httpx

from tests.support.consult_client import ConsultClient
from tests.support.journeys import Journeys

BACK_S = 60.0


def put_study(address: str, token: str, files: Path) -> None:
    """Upload the files of a study."""
    headers = {"Authorization": f"Bearer {token}"}
    for file in sorted(files.iterdir()):
        sent = httpx.post(f"{address}/api/studies", content=file.read_bytes(), headers=headers, timeout=60)
        sent.raise_for_status()


async def come(link: str, number: int) -> list[ConsultClient]:
    """So many pages, which come back after each loss and ask again for what was not answered."""
    people = [ConsultClient((1280, 720), Journeys(), Journeys(), insists=True) for _ in range(number)]
    for i, person in enumerate(people):
        await person.join(link, f"Guest {i}")
        await person.stay()
    return people


async def leave(people: list[ConsultClient]) -> None:
    """All of them."""
    for person in people:
        await person.close()


async def again(person: ConsultClient, mark: str, losses: int) -> float:
    """When a mark is acknowledged that a page asks for as soon as it has lost its connection more often than that."""
    async with asyncio.timeout(BACK_S):
        while person.losses <= losses:  # noqa: ASYNC110 - a page's state has no event here
            await asyncio.sleep(0.005)
        await person.draw(mark, 0.2)
    return perf_counter()
