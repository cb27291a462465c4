"""Users of a server that runs in this process."""

from __future__ import annotations

from dataclasses import replace

import httpx
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from consult.access.passwords import Passwords
from consult.http.security.ration import Ration
from consult.http.sign_in.accounts import Accounts
from consult.store.accounts import User
from tests.unit.http.conftest import Door

PASSWORD = "zwei Tassen Kaffee am Fenster"
CHEAP = Passwords(PasswordHasher.from_parameters(CHEAPEST))


def quick(door: Door) -> Accounts:
    """The server's accounts, with passwords that cost nothing and a ration that nobody has used."""
    return replace(door.services.accounts, passwords=CHEAP, ration=Ration())


async def add_user(door: Door, name: str, full_name: str = "", title: str = "", *, password: str = PASSWORD) -> User:
    """A user, made anew where there is one of that name. `password` "": they have none."""
    store = door.services.accounts.store
    if await store.user(name) is not None:
        await store.remove(name)
    await store.add(User(name, full_name or name, title, created_at=1.0), CHEAP.hash(password) if password else "")
    found = await store.user(name)
    assert found is not None
    return found


async def sign_in(client: httpx.AsyncClient, name: str, password: str = PASSWORD) -> httpx.Response:
    """By user name and password."""
    return await client.post("/api/session", json={"user": name, "password": password})


def own(door: Door) -> dict[str, str]:
    """What a page of the server sends with what changes something."""
    return {"Origin": door.address}
