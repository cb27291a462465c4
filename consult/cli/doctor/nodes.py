"""What several nodes and a bucket want besides a Redis: an address that others reach, a disk of one's own, a key."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import Iterator

from consult.app import is_loopback
from consult.cli.doctor.findings import Finding, works
from consult.model.errors import ConsultError
from consult.nodes import own_address
from consult.settings import Settings
from consult.store.bucket import bucket_of
from consult.stores import bucket_named, volumes_folder

ROOM = 1.0
"""Times volume_cache_mib that are free."""


async def check_bucket(settings: Settings) -> list[Finding]:
    """A small file is written, read and removed again. Nothing is found where the files are in the data directory."""
    try:
        ours = bucket_of(settings.data)
    except ConsultError as error:
        return [Finding("bucket", "fails", error.sentence.rstrip("."), "look at its rights")]
    if ours != settings.objects and ours:
        sentence = f"the files of {settings.data} are in {ours}, and objects is {settings.objects or 'not set'}"
        return [Finding("bucket", "fails", sentence, "set objects to it, on every node")]
    if (bucket := bucket_named(settings)) is None:
        return []
    try:
        await asyncio.to_thread(bucket.check_writing)
    except ConsultError as error:
        advice = "look at objects_endpoint, objects_region and the key, and whether the firewall lets it through"
        return [Finding("bucket", "fails", error.sentence.rstrip("."), advice)]
    return [works("bucket", f"{bucket.url} can be written, read and removed from")]


def check_node(settings: Settings) -> Iterator[Finding]:
    """Nothing is found where there is no Redis: then there are no other nodes."""
    if not settings.redis:
        return
    yield _address(settings)
    folder = volumes_folder(settings)
    place = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if settings.volumes is None:
        sentence = f"decoded images lie in the data directory that nodes share, in {folder}"
        yield Finding("volumes", "note", sentence, "set volumes to a directory on a disk of this machine: it is faster")
    elif shutil.disk_usage(place).free < ROOM * (settings.volume_cache_mib << 20):
        sentence = f"the disk of {folder} has less free than volume_cache_mib, {settings.volume_cache_mib} MiB"
        yield Finding("volumes", "note", sentence, "make room there, or lower volume_cache_mib")
    else:
        yield works("volumes", f"decoded images lie in {folder}, on a disk with room for them")


def _address(settings: Settings) -> Finding:
    """Whether others can reach what this node says of itself."""
    address = own_address(settings, settings.port)
    host = address.removeprefix("http://").rpartition(":")[0].strip("[]")
    if is_loopback(host):
        sentence = f"other nodes are told to reach this one at {address}, which is each machine's own"
        return Finding("node", "note", sentence, "where nodes are on several machines, set node_address, and host")
    try:
        socket.getaddrinfo(host, None)
    except OSError as error:
        sentence = f"other nodes are told to reach this one at {address}, and {host} is no name here: {error.strerror}"
        return Finding("node", "fails", sentence, "set node_address to HOST:PORT that they reach")
    return works("node", f"other nodes are told to reach this one at {address}; try from there: curl {address}/livez")
