"""Wiring: builds the objects of one server, and runs it until a signal."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import secrets
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import NamedTuple

from consult.access.keys import Keys
from consult.access.spoken_codes import SpokenCodes
from consult.clock import now, steady, utc_offset_min
from consult.cluster.cluster import Cluster
from consult.demo.demo_studies import DemoStudies
from consult.dicom.workers import DicomWorkers
from consult.documents.maker import DocumentMaker
from consult.file_limit import raise_file_limit
from consult.hanging_file import hanging_rules
from consult.http.pages.static import WEB
from consult.http.server import make_server
from consult.http.services import Services
from consult.library.library import Library
from consult.library.uploading.uploads import Uploads
from consult.media.rtp.clock import RtpClock
from consult.media.webrtc.ice import UdpPort, open_port
from consult.model.errors import Refused
from consult.model.identifiers import ConsultId
from consult.monitoring.metrics import Metrics, Watched
from consult.monitoring.ready import ReadyCheck
from consult.nodes import check_alone, open_bridge, open_cluster, turn_of
from consult.notices.sender import NoticeSender, Transports
from consult.notices.transports import Mail, Webhook
from consult.runtime.audit_trail import AuditTrail
from consult.runtime.criticals import CriticalWork
from consult.runtime.deadlines import DeadlineClock
from consult.runtime.keeping.house import House
from consult.runtime.keeping.keeping import Keeping
from consult.runtime.keeping.retention import Retention, always
from consult.runtime.registry import Registry
from consult.sessions.features.consult.events import Site
from consult.settings import Settings
from consult.sign_in_setup import open_accounts, open_provider
from consult.store.audit import AuditLog
from consult.store.backend import Backend
from consult.store.log import Log
from consult.store.log.readiness import Readiness
from consult.stores import open_objects, open_stores, volumes_folder
from consult.streaming.arrays import Arrays
from consult.streaming.key_views import KeyViews
from consult.streaming.render_pool import RenderPool
from consult.streaming.stills import Stills
from consult.streaming.video_router import MediaContext
from consult.streaming.warming import Warming
from consult.tally import Tally
from consult.volumes.cache import Volumes
from consult.volumes.presentation_states import PresentationStates
from consult.volumes.segmentations import Segmentations

SEND_BUFFER = 128 * 1024
"""Of the listening socket, bytes: else the kernel hides megabytes from a peer's outbox."""


async def open_library(
    stack: AsyncExitStack, settings: Settings, *, ahead: bool = True, stores: Backend | None = None
) -> tuple[Library, DicomWorkers]:
    """The studies and the workers that read them, without a server; `stack` closes them.

    Args:
        stack: of whoever opens it.
        settings: where the studies are.
        ahead: files will be read: what reads them is loaded at once, beside what goes on (a second of CPU).
        stores: where its index is; None: they are opened.
    """
    stores = stores or await open_stores(stack, settings)
    workers = await stack.enter_async_context(DicomWorkers(count=settings.workers, ahead=ahead))
    index = stores.index()
    stack.push_async_callback(index.close)
    library = Library(settings.data, index, workers, await asyncio.to_thread(open_objects, settings))
    stack.callback(library.close)
    await asyncio.to_thread(library.clear_incoming)
    return library, workers


@asynccontextmanager
async def open_services(
    settings: Settings, *, keep_deadlines: bool = True, address: str = ""
) -> AsyncIterator[Services]:
    """The services of a server; closed in the reverse order.

    Args:
        settings: of the server.
        keep_deadlines: of critical results. A command beside a server leaves them to it: keeping one takes its consult
            over, and sends the server's pages away. It seldom reads a file either: nothing is loaded for that ahead.
        address: where other nodes reach this one; "": it answers nobody.
    """
    async with AsyncExitStack() as stack:
        check_alone(settings)
        stores = await open_stores(stack, settings)
        library, workers = await open_library(stack, settings, ahead=keep_deadlines, stores=stores)
        log = stores.log()
        stack.push_async_callback(log.close)
        cluster = await open_cluster(stack, settings, stores, log, address)
        pictures = await open_pictures(stack, settings, library, workers)
        tally = pictures.media.tally
        trail, audit = open_audit(stack, stores)
        registry = open_registry(stack, settings, pictures, log=log, library=library, audit=audit, cluster=cluster)
        uploads, demo = Uploads(settings.data, library), DemoStudies(settings.data, library)
        stack.push_async_callback(uploads.close)
        stack.push_async_callback(demo.close)
        keeping = make_keeping(settings, pictures, registry, log=log, uploads=uploads, trail=trail)
        house = None if cluster is None else House(cluster, uploads)
        if keep_deadlines:
            start_deadlines(stack, settings, log, registry)
            if cluster is None or len(cluster.living()) == 1:  # else what is under way may be another's
                await keeping.clear()
            turn = always if house is None else turn_of(house, pictures.volumes, library)
            start_retention(stack, settings, registry, keeping, turn)
        yield Services(
            registry.keys,
            library,
            registry,
            uploads,
            demo,
            pictures.volumes,
            await open_documents(stack, pictures),
            pictures.views,
            open_accounts(stack, stores, settings, registry.keys),
            keeping,
            open_readiness(stack, settings, log=log, library=library, workers=workers, cluster=cluster),
            Metrics(Watched(tally, registry, workers, pictures.port, settings.data), settings.metrics_token),
            tally,
            SpokenCodes(settings.data, registry.keys),
            settings.public_url,
            pictures.port.check_point,
            hosts=frozenset({settings.host.lower(), *settings.allowed_hosts.lower().split(",")} - {""}),
            behind_tls_proxy=settings.behind_tls_proxy,
            retention_days=settings.retention_days,
            provider=open_provider(stack, settings),
            launch_secret=settings.launch_secret,
            site_name=settings.site_name.strip(),
            bridge=None if house is None or cluster is None else open_bridge(stack, cluster, house, registry.keys),
        )


class Pictures(NamedTuple):
    """What reads volumes, draws and encodes them, and sends video."""

    volumes: Volumes
    stills: Stills
    segmentations: Segmentations
    presentation_states: PresentationStates
    views: KeyViews
    port: UdpPort
    media: MediaContext


async def open_pictures(stack: AsyncExitStack, settings: Settings, library: Library, workers: DicomWorkers) -> Pictures:
    """What draws and encodes; `stack` closes it."""
    volumes = Volumes(library, workers, volumes_folder(settings), max_bytes=settings.volume_cache_mib << 20)
    stack.push_async_callback(volumes.close)
    udp = open_port(settings.udp_host or settings.host, settings.udp_port, settings.udp_advertise)
    port = await stack.enter_async_context(udp)
    pool = RenderPool(settings.render_threads)
    stack.callback(pool.end)
    memory, threads = settings.plane_memory_mib << 20, settings.render_threads
    arrays = Arrays(volumes, pool, max_bytes=memory, threads=threads)
    stack.push_async_callback(arrays.close)
    volumes.on_discard(arrays.discard)
    segmentations = Segmentations(library, max_bytes=settings.plane_memory_mib << 20)
    stack.push_async_callback(segmentations.close)
    volumes.on_discard(segmentations.discard)
    states = PresentationStates(library, max_bytes=settings.plane_memory_mib << 20)
    stack.push_async_callback(states.close)
    volumes.on_discard(states.discard)
    stills = Stills(volumes, pool, arrays, segmentations, states, cache_bytes=settings.still_cache_mib << 20)
    stack.push_async_callback(stills.close)
    media = MediaContext(pool, RtpClock(steady, secrets.randbits(32)), port, Tally())
    return Pictures(volumes, stills, segmentations, states, KeyViews(volumes, stills), port, media)


def open_registry(
    stack: AsyncExitStack,
    settings: Settings,
    pictures: Pictures,
    *,
    log: Log,
    library: Library,
    audit: AuditTrail,
    cluster: Cluster | None = None,
) -> Registry:
    """The consults, which follow what is loaded of their images; `stack` closes them."""
    registry = Registry(
        log=log,
        library=library,
        volumes=pictures.volumes,
        stills=pictures.stills,
        media=pictures.media,
        keys=Keys.load(settings.data),
        audit=audit,
        site=site_of(settings),
        independent_views=settings.independent_views,
        rules=hanging_rules(settings.hanging_rules),
        tally=pictures.media.tally,
        ownership=cluster,
    )
    if cluster is not None:
        cluster.on_lost(registry.lose)
        cluster.on_wanted(registry.hand_over)
        cluster.load = registry.load
    stack.push_async_callback(registry.close)
    pictures.volumes.on_change(registry.series_changed)
    pictures.stills.arrays.on_ready(registry.series_changed)
    pictures.segmentations.on_ready(registry.series_changed)
    pictures.presentation_states.on_ready(registry.series_changed)
    return registry


def make_keeping(
    settings: Settings, pictures: Pictures, registry: Registry, *, log: Log, uploads: Uploads, trail: AuditLog
) -> Keeping:
    """What exports, imports and deletes whole consults."""
    return Keeping(
        settings.data,
        log=log,
        registry=registry,
        library=registry.library,
        volumes=pictures.volumes,
        uploads=uploads,
        views=pictures.views,
        trail=trail,
    )


def open_readiness(
    stack: AsyncExitStack, settings: Settings, *, log: Log, library: Library, workers: DicomWorkers,
    cluster: Cluster | None,
) -> Readiness:  # fmt: skip
    """What says whether the server can do its work; `stack` closes it."""

    async def check() -> None:
        await log.check()
        await library.check_objects()
        if cluster is not None:
            await cluster.check()

    readiness = Readiness(ReadyCheck(check, settings.data, settings.min_free_mib, workers))
    stack.push_async_callback(readiness.close)
    return readiness


async def open_documents(stack: AsyncExitStack, pictures: Pictures) -> DocumentMaker:
    """What writes documents, in processes of its own; `stack` closes them."""
    tasks = "consult.documents.tasks"
    workers = await stack.enter_async_context(DicomWorkers(count=1, kept=0, tasks=tasks, preload=False))
    return DocumentMaker(pictures.views, workers, WEB)


def open_audit(stack: AsyncExitStack, stores: Backend) -> tuple[AuditLog, AuditTrail]:
    """The audit trail and what writes it; `stack` closes them."""
    log = stores.audit()
    stack.push_async_callback(log.close)
    trail = AuditTrail(log)
    stack.push_async_callback(trail.close)
    return log, trail


def start_deadlines(stack: AsyncExitStack, settings: Settings, log: Log, registry: Registry) -> None:
    """Keep the deadlines of critical results, and send their notices; `stack` ends it."""
    sender = NoticeSender(transports_of(settings))
    stack.push_async_callback(sender.close)
    clock = DeadlineClock(log, CriticalWork(registry, sender, settings.public_url).act)
    stack.push_async_callback(clock.close)
    registry.on_critical(clock.wake)


def start_retention(
    stack: AsyncExitStack, settings: Settings, registry: Registry, keeping: Keeping,
    turn: Callable[[], Awaitable[bool]],
) -> None:  # fmt: skip
    """Delete consults when the site wants them deleted, and go on with deletions that have begun; `stack` ends it."""

    async def delete(consult: ConsultId) -> None:
        await keeping.delete(consult, "retention")

    retention = Retention(registry, settings.retention_days, delete, keeping.finish_deletions, turn=turn)
    stack.push_async_callback(retention.close)


def site_of(settings: Settings) -> Site:
    """What the consults of this server go by."""
    minutes = settings.critical_1_min, settings.critical_2_min, settings.critical_3_min
    return Site(utc_offset_min(now()), minutes, bool(settings.notice_webhook), bool(settings.smtp_host))


def transports_of(settings: Settings) -> Transports:
    """What it sends notices by."""
    webhook = Webhook(settings.notice_webhook, settings.notice_secret) if settings.notice_webhook else None
    login = settings.smtp_user, settings.smtp_password
    return Transports(webhook, Mail(settings.smtp_host, settings.smtp_sender, *login) if settings.smtp_host else None)


@asynccontextmanager
async def listening(settings: Settings) -> AsyncIterator[socket.socket]:
    """The socket of `bind_socket`, closed whatever happens before the server has it."""
    with bind_socket(settings) as bound:
        yield bound


def bind_socket(settings: Settings) -> socket.socket:
    """A TCP socket bound to the address on which the server will listen.

    Raises:
        Refused: "no_tls": an address that others can reach wants TLS before it. "port_taken".
    """
    if not is_loopback(settings.host) and not settings.behind_tls_proxy:
        raise Refused(
            "no_tls",
            f"host is {settings.host!r}: an address that others can reach wants a TLS proxy before it "
            "(then set --behind-tls-proxy); patient images do not travel unencrypted.",
        )
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # inherited; else an answer waits 40 ms
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    try:
        bound.bind((settings.host, settings.port))
    except OSError as error:
        bound.close()
        at = f"{settings.host}:{settings.port}"
        sentence = f"Cannot listen on {at}: {error.strerror}. {_other_port(error, settings.port)}"
        raise Refused("port_taken", sentence.strip()) from None
    return bound


def _other_port(error: OSError, port: int) -> str:
    """What to do next."""
    if error.errno == errno.EADDRINUSE:
        return (
            f"Is consult running there already? Else take another port: --port {min(port + 1, 65535)}, or any: --port 0"
            f" (make run PORT={min(port + 1, 65535)})."
        )
    return "Ports below 1024 are the system's: --port 8000." if error.errno == errno.EACCES else ""


def is_loopback(host: str) -> bool:
    """Only this machine can reach it."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def base_url(settings: Settings, bound: socket.socket) -> str:
    """What links begin with."""
    if settings.public_url:
        return settings.public_url
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{bound.getsockname()[1]}"


def home_url(services: Services, base: str) -> str:
    """The host's home page; the token is in the fragment, which no server and no referrer sees."""
    return f"{base}/#{services.keys.host_token()}"


async def serve(settings: Settings, services: Services, bound: socket.socket, on_started: Callable[[], None]) -> None:
    """Answer until SIGINT or SIGTERM; then ask the pages to come back, and close."""
    sys.setswitchinterval(0.0005)  # the loop's lateness beside the render threads: 3 to 5 times less at p50
    warming = Warming()
    server = make_server(
        services,
        on_started,
        behind_proxy=settings.behind_tls_proxy,
        connections=min(settings.connections, raise_file_limit()),
        connections_of_address=settings.connections_of_address,
    )
    try:
        await server.serve(sockets=[bound])
    finally:
        warming.end()
