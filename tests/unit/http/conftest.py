"""A real server in this process: real files, real log, real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette

from consult.app import base_url, bind_socket, open_services
from consult.http.connections.guard import places_of
from consult.http.connections.places import Places
from consult.http.server import make_server
from consult.http.services import Services, attach
from consult.model.identifiers import ConsultId
from consult.runtime.registry import Link
from consult.settings import Settings
from tests.support.ct import write_series


@dataclass
class Door:
    """A running server, seen from outside and from inside."""

    services: Services
    data: Path
    address: str
    study: str
    application: Starlette
    places: Places

    def client(self, token: str = "") -> httpx.AsyncClient:
        """Somebody with a cookie jar of their own."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.AsyncClient(base_url=self.address, headers=headers, timeout=60.0)

    @contextmanager
    def using(self, **changed: Any) -> Iterator[None]:
        """Other services for a while."""
        attach(self.application, replace(self.services, **changed))
        yield
        attach(self.application, self.services)

    async def open(self) -> tuple[ConsultId, dict[str, Link]]:
        """A new consult and its links by role."""
        consult = await self.services.registry.open([self.study], title="Second opinion", host_name="Dr. Host")
        return consult, {link.role: link for link in await self.services.registry.links(consult)}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    """The server with one small study, once a module."""
    data = tmp_path_factory.mktemp("data")
    study = write_series(data / "files", images=6, size=32)
    settings = Settings(data=data, port=0, workers=1)
    bound = bind_socket(settings)
    async with open_services(settings) as services:
        report = await services.library.import_paths([data / "files"], lambda progress: None)
        assert not report.refused
        started = asyncio.Event()
        server = make_server(services, started.set)
        task = asyncio.create_task(server._serve([bound]))  # not serve(): the signals are pytest's
        await started.wait()
        application = server.config.app
        assert isinstance(application, Starlette)
        yield Door(services, data, base_url(settings, bound), study, application, places_of(server.config))
        server.should_exit = True
        await task


Join = Callable[[httpx.AsyncClient, Link, str], Awaitable[str]]


@pytest.fixture
def join() -> Join:
    """Take a seat with a link; the path of the seat."""

    async def take(client: httpx.AsyncClient, link: Link, name: str = "") -> str:
        path, _, secret = link.path.partition("#")
        answer = await client.post(f"{path}/seat", json={"secret": secret, "name": name})
        assert answer.status_code == 200, answer.text
        seat: str = answer.json()["seat"]
        return seat

    return take
