"""Wiring of several nodes: what this process is among them. Without Redis there is none of it, nor is it imported."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from consult.access.keys import Keys
from consult.cluster.cluster import Cluster
from consult.http.pages.static import site
from consult.library.library import Library
from consult.model.errors import Refused
from consult.runtime.keeping.house import House, discard_deleted
from consult.sessions.features.form import form
from consult.settings import Settings
from consult.store.backend import Backend, RedisBackend
from consult.store.leases import Node
from consult.store.log import Log
from consult.volumes.cache import Volumes

if TYPE_CHECKING:
    from consult.http.bridging.bridge import Bridge

ANY = frozenset({"", "::", ".".join("0000")})


def own_address(settings: Settings, port: int) -> str:
    """Where other nodes reach this one."""
    if settings.node_address:
        return f"http://{settings.node_address}"
    host = socket.gethostname() if settings.host in ANY else settings.host
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def node_of(settings: Settings, address: str) -> Node:
    """This process as a node; a command has a name that nobody else has, and answers nobody."""
    name = (settings.node or socket.gethostname()) if address else f"command-{secrets.token_hex(8)}"
    return Node(name, secrets.token_hex(16), address, site.now().version if address else "", form())


async def open_cluster(
    stack: AsyncExitStack, settings: Settings, stores: Backend, log: Log, address: str
) -> Cluster | None:
    """This process as a node, where the stores are in Redis; `stack` ends it.

    Args:
        address: where other nodes reach it; "": it is a command.

    Raises:
        Refused: "same_name", "clock_apart".
        StoreFailed: Redis is not reached.
    """
    if not isinstance(stores, RedisBackend):
        return None
    cluster = Cluster(stores.leases(), node_of(settings, address), stores.epochs(log))
    await cluster.join()
    stack.push_async_callback(cluster.leave)
    return cluster


def turn_of(house: House, volumes: Volumes, library: Library) -> Callable[[], Awaitable[bool]]:
    """What a node does now and then: it lets go what others have deleted; whether it is the one that deletes."""

    async def turn() -> bool:
        await discard_deleted(volumes, library)
        return await house.is_here()

    return turn


def open_bridge(stack: AsyncExitStack, cluster: Cluster, house: House, keys: Keys) -> Bridge:
    """The ways to other nodes; `stack` closes them."""
    from consult.http.bridging.bridge import Bridge

    bridge = Bridge(cluster, house, keys)
    stack.push_async_callback(bridge.hops.close)
    return bridge


def check_alone(settings: Settings) -> None:
    """Raises Refused("no_redis"): settings of several nodes mean nothing without Redis."""
    if (settings.node or settings.node_address) and not settings.redis:
        raise Refused("no_redis", "node and node_address are of several nodes: name their Redis with --redis.")
