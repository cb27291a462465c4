"""uvicorn as this product runs it: the WebSocket's limits, what happens around starting and stopping, signals."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from uvicorn.middleware.proxy_headers import _TrustedHosts

from consult.http.application import make_application
from consult.http.connections.guard import GuardedConfig
from consult.http.connections.places import MOST, MOST_OF_ADDRESS, Places
from consult.http.pages.static import site
from consult.http.services import Services
from consult.http.sockets.uvicorn_override import AbortableWebSocket
from consult.model.errors import OurFault

MAX_MESSAGE = 256 * 1024
"""Of a WebSocket, bytes."""
PING_S = 20.0
"""Between pings of a WebSocket, and how long their answer may take."""


class Server(uvicorn.Server):
    """uvicorn that opens the uploads before it answers, and closes the consults before it closes their connections."""

    def __init__(self, config: uvicorn.Config, services: Services, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._services, self._on_started = services, on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Go on with the uploads that were under way, read the pages, accept connections, then call `on_started`."""
        if self._services.bridge is None:  # else they are opened by the node whose they are
            await self._services.uploads.open()
        await asyncio.to_thread(site.now)  # nobody waits for it at the first page
        await super().startup(sockets)
        self._on_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ask the pages to come back, then close; of several nodes, hand over first what this one has. Who comes
        meanwhile is not taken: whatever stands before the nodes goes to another, and need not come a second time."""
        if (bridge := self._services.bridge) is not None:
            for server in self.servers:
                server.close()
            await bridge.cluster.drain()
            bridge.hops.leave()
            with contextlib.suppress(OurFault):  # else it is free once this node has left
                await bridge.house.close()
        await self._services.registry.close()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """SIGINT and SIGTERM end the serving, not the process: what the services hold is closed in its order."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def make_server(
    services: Services,
    on_started: Callable[[], None],
    *,
    behind_proxy: bool = False,
    connections: int = MOST,
    connections_of_address: int = MOST_OF_ADDRESS,
) -> Server:
    """The HTTP server over the services; `serve(sockets=[...])` answers until `should_exit` or a signal.

    Args:
        services: of the application.
        on_started: called once it answers.
        behind_proxy: a proxy's headers name the client's address and scheme.
        connections: in all.
        connections_of_address: of one address that is no proxy's.
    """
    places = Places(connections, connections_of_address)
    config = GuardedConfig(
        make_application(services),
        places,
        ws=AbortableWebSocket,
        ws_max_size=MAX_MESSAGE,
        ws_per_message_deflate=False,
        ws_ping_interval=PING_S,
        ws_ping_timeout=PING_S,
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=5,
        proxy_headers=behind_proxy,
    )
    if behind_proxy:
        places.proxies = _TrustedHosts(config.forwarded_allow_ips)
    return Server(config, services, on_started)
