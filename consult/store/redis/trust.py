"""Which Redis is used: one primary that confirms nothing before it is on its disk, and the store that was used before.

Rules of this file:
- Every new connection is looked at (`Trust.check`), so also the first one behind a restart of Redis.
- A store has an id, in Redis and in a file of the data directory. Where one of both is missing or another, somebody has
  lost something, or named the wrong one: nothing is stored until a person has looked.
- All nodes of a store have one data directory, and so one key file: a proof of it is in Redis.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from pathlib import Path

from consult.disk import write_whole
from consult.model.errors import Refused, StoreFailed
from consult.store.backend import REDIS_NAME, store_of
from consult.store.redis import BASE
from consult.store.redis.client import Ask, RedisClient, other_store

FILES = {"log.sqlite": "consults", "users.sqlite": "users"}
"""What a data directory has in files that is in none where it is in Redis."""
WANTED = (
    ("appendonly", "yes", "else a restart of Redis loses everything"),
    ("appendfsync", "always", "else it confirms what a power cut takes away"),
    ("maxmemory-policy", "noeviction", "else it throws entries away when it is full"),
)
"""Settings of Redis, what they must be, and why."""
VERSION = 7


class Trust:
    """Looks at new connections.

    Args:
        name: of the Redis, in sentences.
        store: id of the store that it must be; "": none yet.
    """

    def __init__(self, name: str, store: str = "") -> None:
        self.name, self.store = name, store

    async def check(self, ask: Ask) -> None:
        """Raises StoreFailed ("redis_unsafe", "other_store"): this connection is not to be used."""
        wrong = [*await faults_of(ask, self.name)]
        if wrong:
            raise StoreFailed("redis_unsafe", wrong[0])
        if self.store and text(await ask("HGET", f"{BASE}:store", "id")) != self.store:
            raise other_store(self.name)


async def faults_of(ask: Ask, name: str) -> Iterable[str]:
    """Why a Redis must not be used, a sentence each."""
    role = text((await ask("ROLE"))[0])
    info = text(await ask("INFO", "server"))
    version = next((line.partition(":")[2] for line in info.splitlines() if line.startswith("redis_version:")), "0")
    if int(version.partition(".")[0]) < VERSION:
        return [f"Redis at {name} is version {version.strip()}: consult wants {VERSION}.0 or later."]
    if role != "master":
        return [f"Redis at {name} is a replica: name its primary with --redis."]
    try:
        answer = [text(word) for word in await ask("CONFIG", "GET", *(setting for setting, _, _ in WANTED))]
    except Exception as error:
        if "NOPERM" not in str(error) and "unknown command" not in str(error):
            raise
        return [f"Redis at {name} does not tell its settings: allow consult's user the command CONFIG GET."]
    found = dict(zip(answer[::2], answer[1::2], strict=True))
    return [
        f"Redis at {name} has {setting} {found.get(setting, 'unset')}: set `{setting} {right}` in its redis.conf and "
        f"restart it, {why}."
        for setting, right, why in WANTED
        if found.get(setting) != right
    ]


async def store_named(client: RedisClient) -> str:
    """Id of the store that is there; "" where none is. Raises StoreFailed."""
    return text(await client.ask("HGET", f"{BASE}:store", "id"))


async def forget_store(client: RedisClient) -> None:
    """Remove all that is ours in that Redis. Raises StoreFailed."""
    cursor = "0"
    while True:
        cursor, names = await client.ask("SCAN", cursor, "MATCH", f"{BASE}:*", "COUNT", 1000)
        if names:
            await client.ask("UNLINK", *names)
        if text(cursor) == "0":
            return


def text(word: bytes | str | None) -> str:
    """What Redis answers as text."""
    return word.decode(errors="replace") if isinstance(word, bytes) else word or ""


async def join_store(client: RedisClient, data: Path, proof: Callable[[], str], *, has_key: bool) -> str:
    """The id of the store, which that directory and that Redis have in common; a new one where both are new.

    Args:
        client: whose connections are checked from now on to be of that store.
        data: the data directory, the same on all nodes.
        proof: of its key file, which is made where it is missing.
        has_key: it was there before.

    Raises:
        Refused: "redis_empty", "redis_other", "volume_not_shared", "other_key", "log_elsewhere".
        StoreFailed: Redis is not reached, or not to be used.
    """
    trust = Trust(client.name)
    client.check = trust.check
    ours = store_of(data)
    found, key = [text(word) for word in await client.ask("HMGET", f"{BASE}:store", "id", "key")]
    if (
        why := _mismatch(client.name, data, ours=ours, found=found, is_same_key=has_key and key == proof())
    ) is not None:
        raise why
    if not found:
        made = await client.call("adopt", secrets.token_hex(16), proof(), again=True)
        found, key = [text(word) for word in made]
        if key != proof():  # another node was faster
            raise _not_shared(client.name, data)
    if not ours:
        write_whole(data / REDIS_NAME, f"{found}\n".encode())
    trust.store = found
    return found


def _mismatch(name: str, data: Path, *, ours: str, found: str, is_same_key: bool) -> Refused | None:
    """Why that directory and that Redis do not belong together."""
    if ours and not found:
        return Refused(
            "redis_empty",
            f"Redis at {name} holds no consults, but those of {data} are in one: it has lost its files, or another is "
            f"named. Give it its files back. Only where all is lost for good, remove {data / REDIS_NAME}.",
        )
    if ours and ours != found:
        return Refused("redis_other", f"Redis at {name} holds the consults of another data directory than {data}.")
    if ours and not is_same_key:
        return Refused(
            "other_key",
            f"{data / 'key'} is not the key file of the other nodes: links and seats would not work here. Put theirs "
            "there: all nodes need the same one, of the data directory that they share.",
        )
    if found and not is_same_key:
        return _not_shared(name, data)
    return None if found else _in_files(data)


def _in_files(data: Path) -> Refused | None:
    file = next((file for file in FILES if (data / file).exists()), None)
    if file is None:
        return None
    return Refused(
        "log_elsewhere",
        f"The {FILES[file]} of {data} are in {file}. To have them in Redis, take an empty --data with "
        "--redis: export the consults here (consult export) and import them there, and add the users there (consult "
        "user add).",
    )


def _not_shared(name: str, data: Path) -> Refused:
    return Refused(
        "volume_not_shared",
        f"{data} is not the data directory of the other nodes of Redis at {name}: all need the same one, on a volume "
        "that they share.",
    )
