"""The Redis that holds the consults, where one is named: whether it may be used, and whether its clock is ours."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping

from consult.cli.doctor.findings import Finding, works
from consult.clock import now
from consult.model.errors import ConsultError
from consult.settings import Settings
from consult.store.audit.sqlite import NAME, newest_at
from consult.store.backend import store_of

NEARLY = 0.8
APART_S = 5.0
"""So far two clocks may differ before links expire at another time on each node."""


async def check_redis(settings: Settings) -> list[Finding]:
    """Nothing is changed in it. Nothing is found where the consults are in files."""
    if not settings.redis:
        return []
    from consult.store.redis.client import RedisClient
    from consult.store.redis.trust import faults_of, store_named, text

    try:
        client = RedisClient(settings.redis, settings.redis_password)
        try:
            faults = list(await faults_of(client.ask, client.name))
            store = await store_named(client)
            seconds, micros = await client.ask("TIME")
            memory = text(await client.ask("INFO", "memory"))
        finally:
            await client.close()
    except ConsultError as error:
        return [Finding("redis", "fails", error.sentence.rstrip("."), "is it running, and does the firewall let it?")]
    found = [Finding("redis", "fails", fault.rstrip("."), "see docs/running.md, Redis") for fault in faults]
    found += _store(settings, client.name, store)
    found += _room(client.name, dict(line.split(":", 1) for line in memory.split() if ":" in line))
    found += _clock(int(seconds) + int(micros) / 1e6 - now())
    return found or [works("redis", f"{client.name} confirms what is on its disk, and nothing before")]


async def newest_noted(settings: Settings) -> float | None:
    """When the newest row of the audit trail was written, in seconds since 1970; None where there is none that can be
    read. Nothing is made or changed, also beside a server that runs."""
    if not settings.redis:
        return await asyncio.to_thread(newest_at, settings.data / NAME)
    from consult.store.redis.audit import newest_in
    from consult.store.redis.client import RedisClient

    try:
        client = RedisClient(settings.redis, settings.redis_password)
        try:
            return await newest_in(client)
        finally:
            await client.close()
    except ConsultError:  # `check_redis` says so
        return None


def _store(settings: Settings, name: str, store: str) -> Iterator[Finding]:
    ours = store_of(settings.data)
    if ours and ours != store:
        sentence = f"the consults of {settings.data} are not in {name}"
        yield Finding("redis", "fails", sentence, "name the right one, or give it its files back")
    elif store and not ours:
        sentence = f"{name} belongs to another data directory than {settings.data}"
        yield Finding("redis", "fails", sentence, "all nodes need the same one, on a volume that they share")


def _room(name: str, memory: Mapping[str, str]) -> Iterator[Finding]:
    used, most = int(memory.get("used_memory", 0)), int(memory.get("maxmemory", 0))
    most = most or int(memory.get("total_system_memory", 0))
    if most and used >= most:
        yield Finding("redis", "fails", f"{name} is full: it takes nothing", "raise its maxmemory")
    elif most and used >= NEARLY * most:
        sentence = f"{name} uses {used >> 20} of {most >> 20} MiB of memory, which is all that it may have"
        yield Finding("redis", "note", sentence, "raise its maxmemory, or delete old consults, before it is full")


def _clock(ahead: float) -> Iterator[Finding]:
    if abs(ahead) > APART_S:
        sentence = f"the clock of Redis is {ahead:+.0f} s from this machine's"
        yield Finding("clock", "fails", sentence, "let both be set by NTP (chrony, systemd-timesyncd)")
