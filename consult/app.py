"""Wiring: builds the objects of one server, starts it and drains it."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import secrets
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass

import structlog
import uvicorn

from consult.access.keys import Keys
from consult.demo.demo_studies import DemoStudies
from consult.dicom.workers import DicomWorkers
from consult.http.application import make_application
from consult.http.sockets.control_socket import AbortableWebSocket
from consult.library.library import Library
from consult.library.uploads import Uploads
from consult.media.rtp.clock import RtpClock
from consult.media.webrtc.ice import open_port
from consult.model.errors import Refused
from consult.rendering.stack import warm
from consult.runtime.registry import Registry
from consult.settings import Settings
from consult.store.index import SqliteIndex
from consult.store.log.sqlite import SqliteLog
from consult.streaming.stills import Stills
from consult.streaming.video_router import MediaContext
from consult.volumes.cache import Volumes

SEND_BUFFER = 128 * 1024
"""Of the listening socket, bytes: else the kernel hides megabytes from a peer's outbox."""


@dataclass(frozen=True)
class Services:
    """All that stands behind the HTTP door."""

    settings: Settings
    keys: Keys
    library: Library
    registry: Registry
    uploads: Uploads
    demo: DemoStudies


async def open_library(stack: AsyncExitStack, settings: Settings) -> tuple[Library, DicomWorkers]:
    """The studies and the workers that read them, without a server; `stack` closes them."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    workers = await stack.enter_async_context(DicomWorkers(count=settings.workers))
    index = SqliteIndex(settings.data / "index.sqlite")
    stack.push_async_callback(index.close)
    return Library(settings.data, index, workers), workers


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """The rooms behind the door, wired; closed in the reverse order."""
    async with AsyncExitStack() as stack:
        library, workers = await open_library(stack, settings)
        log = SqliteLog(settings.data / "log.sqlite")
        stack.push_async_callback(log.close)
        volumes = Volumes(library, workers, settings.data / "volumes", max_bytes=settings.volume_cache_mib << 20)
        stack.push_async_callback(volumes.close)
        pool = stack.enter_context(ThreadPoolExecutor(settings.render_threads, thread_name_prefix="render"))
        stills = Stills(volumes, pool, cache_bytes=settings.still_cache_mib << 20)
        stack.push_async_callback(stills.close)
        udp = open_port(settings.udp_host or settings.host, settings.udp_port, settings.udp_advertise)
        port = await stack.enter_async_context(udp)
        media = MediaContext(pool, RtpClock(time.monotonic, secrets.randbits(32)), port)
        keys = Keys.load(settings.data)
        registry = Registry(
            log=log,
            library=library,
            volumes=volumes,
            stills=stills,
            media=media,
            keys=keys,
            independent_views=settings.independent_views,
        )
        stack.push_async_callback(registry.close)
        volumes.listen(registry.series_changed)
        uploads, demo = Uploads(settings.data, library), DemoStudies(settings.data, library)
        stack.push_async_callback(uploads.close)
        stack.push_async_callback(demo.close)
        yield Services(settings, keys, library, registry, uploads, demo)


class Server(uvicorn.Server):
    """uvicorn, that says when it answers, and lets the pages go before it closes their connections."""

    def __init__(
        self,
        config: uvicorn.Config,
        on_starting: Callable[[], Awaitable[None]],
        on_started: Callable[[], None],
        on_stopping: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(config)
        self._on_starting, self._on_started, self._on_stopping = on_starting, on_started, on_stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Go on with what was under way, listen, then say so."""
        await self._on_starting()
        await super().startup(sockets)
        self._on_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Send the pages away to come back, then close."""
        await self._on_stopping()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """SIGINT and SIGTERM end the serving, not the process: the services behind it is closed in its order."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def listen(settings: Settings) -> socket.socket:
    """The listening socket.

    Raises:
        Refused: "no_tls": an address that others can reach wants TLS before it. "port_taken".
    """
    if not is_loopback(settings.host) and not settings.behind_tls_proxy:
        raise Refused(
            "no_tls",
            f"host is {settings.host!r}: an address that others can reach wants a TLS proxy before it "
            "(then say --behind-tls-proxy); patient images do not travel unencrypted.",
        )
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # inherited; else an answer waits 40 ms
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        raise Refused("port_taken", f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}.") from None
    return listening


def is_loopback(host: str) -> bool:
    """Only this machine can reach it."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def address(settings: Settings, listening: socket.socket) -> str:
    """What links begin with."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{listening.getsockname()[1]}"


def home(services: Services, base: str) -> str:
    """The address of the host's home; its token is in the fragment, which no server and no referrer sees."""
    return f"{base}/#{services.keys.host_token()}"


def make_server(services: Services, on_started: Callable[[], None]) -> Server:
    """The HTTP server over the services; `serve(sockets=[...])` answers until it is told to exit."""
    application = make_application(
        services.registry, services.library, services.keys, services.uploads, services.demo
    )
    application.state.public_url = services.settings.public_url.rstrip("/")
    config = uvicorn.Config(
        application,
        ws=AbortableWebSocket,
        ws_max_size=256 * 1024,
        ws_per_message_deflate=False,
        ws_ping_interval=20.0,
        ws_ping_timeout=20.0,
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=5,
        proxy_headers=services.settings.behind_tls_proxy,
    )
    return Server(config, services.uploads.open, on_started, services.registry.close)


async def serve(services: Services, listening: socket.socket, on_started: Callable[[], None]) -> None:
    """Answer until SIGINT or SIGTERM; then ask the pages to come back, and close."""
    sys.setswitchinterval(0.0005)  # the loop's lateness beside the render threads: 3 to 5 times less at p50
    warming = asyncio.create_task(asyncio.to_thread(warm), name="warm the kernels")
    await make_server(services, on_started).serve(sockets=[listening])
    await warming


def set_up_logging(level: str) -> None:
    """structlog renders what the rooms log by the standard library."""
    handler = logging.StreamHandler(sys.stderr)
    shared: list[structlog.types.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "logger", "event"]),
            ],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)

