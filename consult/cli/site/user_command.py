"""`consult user`: who may host, beside whoever has the server's token: added, listed, removed, given a password.

A password is read from the terminal without being shown, or from a pipe; it is never an argument, which other users of
the machine can read.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime

import msgspec

from consult.access.passwords import Passwords
from consult.access.weak_passwords import check_password
from consult.cli.console import print_table
from consult.cli.setting_options import add_settings, settings_of
from consult.clock import now
from consult.model.errors import Refused
from consult.sessions.features.seats.decide import clean_name
from consult.settings import Settings
from consult.store.accounts import AccountStore, User, unknown_user, user_exists, user_name
from consult.store.audit import AuditLog, AuditRecord
from consult.stores import open_stores

HEADINGS = ("NAME", "FULL NAME", "ROLE", "SIGNS IN BY", "SINCE", "LAST HERE")


def configure(parser: argparse.ArgumentParser) -> None:
    """A command of its own each."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    add = acts.add_parser("add", help="a new user")
    add.add_argument("name", help="what they sign in with: letters, digits and . _ - @ +")
    add.add_argument("--full-name", default="", help="as guests will read it (default: the name)")
    add.add_argument("--role-title", default="", help="as notes are signed with it: 'Consultant radiologist'")
    add.add_argument(
        "--no-password", action="store_true",
        help="they sign in by the OpenID provider, as whom it has verified this name for as an e-mail address",
    )  # fmt: skip
    listing = acts.add_parser("list", help="all users")
    listing.add_argument("--json", action="store_true", help="print JSON")
    remove = acts.add_parser("remove", help="a user is no more, and signed out everywhere")
    remove.add_argument("name")
    password = acts.add_parser("password", help="another password; they are signed out everywhere")
    password.add_argument("name")
    for act in (add, listing, remove, password):
        add_settings(act, ("data",))


@dataclass(frozen=True)
class Stores:
    """Where users are, and what is done to them is noted."""

    accounts: AccountStore
    audit: AuditLog

    async def note(self, user: str, what: str) -> None:
        """It is in the audit trail."""
        await self.audit.append([AuditRecord(now(), "account", what=what, user=user)])


def run(args: argparse.Namespace) -> int:
    """Do it; a server that runs on the same data obeys at its next request."""
    return asyncio.run(_run(args, settings_of(args)))


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    acts: dict[str, Callable[[argparse.Namespace, Stores], Awaitable[int]]] = {
        "add": add_user, "list": list_users, "remove": remove_user, "password": set_password,
    }  # fmt: skip
    async with AsyncExitStack() as stack:
        opened = await open_stores(stack, settings)
        accounts, audit = opened.accounts(), opened.audit()
        stack.push_async_callback(accounts.close)
        stack.push_async_callback(audit.close)
        return await acts[args.act](args, Stores(accounts, audit))


async def add_user(args: argparse.Namespace, stores: Stores) -> int:
    """A new user, with a password unless they have none."""
    name = user_name(args.name)
    full_name = clean_name(args.full_name or args.name)
    title = clean_name(args.role_title) if args.role_title.strip() else ""
    if await stores.accounts.user(name) is not None:
        raise user_exists(name)
    hashed = "" if args.no_password else Passwords().hash(new_password(name, full_name))
    await stores.accounts.add(User(name, full_name, title, created_at=now()), hashed)
    await stores.note(name, "user_added")
    print(f"{name} may host here, as {full_name!r}.")
    return 0


async def list_users(args: argparse.Namespace, stores: Stores) -> int:
    """A line each."""
    users, here = await stores.accounts.users(), await stores.accounts.last_used()
    if args.json:
        print(msgspec.json.format(msgspec.json.encode({"users": users})).decode())
    elif users:
        print_table(HEADINGS, [row(user, here.get(user.name)) for user in users])
    else:
        print("no users: whoever has the server's token is the host; `consult user add NAME` makes one")
    return 0


def row(user: User, last_here: float | None) -> tuple[str, ...]:
    """A user, a cell for each of `HEADINGS`."""
    ways = ["password"] * user.has_password + ["provider"] * bool(user.subject)
    moments = (moment(user.created_at), "" if last_here is None else moment(last_here))
    return user.name, user.full_name, user.title, ", ".join(ways) or "nothing yet", *moments


def moment(seconds: float) -> str:
    """In the zone of this machine."""
    return datetime.fromtimestamp(seconds).astimezone().isoformat(sep=" ", timespec="minutes")


async def remove_user(args: argparse.Namespace, stores: Stores) -> int:
    """They are no more."""
    name = user_name(args.name)
    await stores.accounts.remove(name)
    await stores.note(name, "user_removed")
    print(
        f"{name} is removed, and signed out everywhere. A consult that they sit in now they leave when a host says so."
    )
    return 0


async def set_password(args: argparse.Namespace, stores: Stores) -> int:
    """They have another password."""
    name = user_name(args.name)
    if (user := await stores.accounts.user(name)) is None:
        raise unknown_user(name)
    await stores.accounts.set_password(name, Passwords().hash(new_password(name, user.full_name)))
    await stores.note(name, "password_set")
    print(f"{name} has another password, and is signed out everywhere.")
    return 0


def new_password(*own: str) -> str:
    """From the terminal, twice, without being shown; from a pipe its first line.

    Raises:
        Refused: "weak_password", "passwords_differ".
    """
    if not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\r\n")
        check_password(password, *own)
        return password
    password = getpass.getpass("Password, at least 15 characters: ")
    check_password(password, *own)
    if getpass.getpass("Once more: ") != password:
        raise Refused("passwords_differ", "These are two different passwords; nothing is changed.")
    return password
