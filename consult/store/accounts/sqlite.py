"""Users, sign-ins and used launch links in a SQLite file of their own, readable by its owner alone.

What is read is a row by its key, or a few, which the event loop does itself; what is written is written in a thread.
Two processes may have the file open: the server, and `consult user` beside it, which it obeys at the next request.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from consult.model.errors import StoreFailed
from consult.store.accounts import MAX_SIGN_INS, SessionTimes, SignIn, User, unknown_user, user_exists
from consult.store.database import open_file

NAME = "users.sqlite"
SCHEMA = """
CREATE TABLE IF NOT EXISTS users (
    name TEXT PRIMARY KEY, full_name TEXT NOT NULL, title TEXT NOT NULL, subject TEXT NOT NULL,
    created_at REAL NOT NULL, password TEXT NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS subjects ON users (subject) WHERE subject <> '';
CREATE TABLE IF NOT EXISTS sign_ins (
    proof TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, user TEXT NOT NULL, way TEXT NOT NULL, browser TEXT NOT NULL,
    address TEXT NOT NULL, began_at REAL NOT NULL, used_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS sign_ins_of ON sign_ins (user);
CREATE TABLE IF NOT EXISTS launches (signature TEXT PRIMARY KEY, until REAL NOT NULL);
"""
USERS = "SELECT name, full_name, title, subject, created_at, password <> '' FROM users ORDER BY name"
USER = "SELECT name, full_name, title, subject, created_at, password <> '' FROM users WHERE name = ?"
USER_OF_SUBJECT = "SELECT name, full_name, title, subject, created_at, password <> '' FROM users WHERE subject = ?"
SIGN_IN = """
SELECT id, user, way, browser, address, began_at, used_at FROM sign_ins
WHERE proof = ? AND used_at > ? AND began_at > ?
AND (user = '' OR EXISTS (SELECT 1 FROM users WHERE users.name = sign_ins.user))
"""
SIGN_INS = """
SELECT id, user, way, browser, address, began_at, used_at FROM sign_ins
WHERE user = ? AND used_at > ? AND began_at > ? ORDER BY used_at DESC
"""
T = TypeVar("T")


class SqliteAccounts:
    """Implements `AccountStore` on one file of a data directory.

    Args:
        data: the directory, which is there.

    Raises:
        StoreFailed: the file cannot be opened; so do all methods where it cannot be read or written.
    """

    def __init__(self, data: Path) -> None:
        self._lock = threading.Lock()
        path = data / NAME
        try:
            self._database = open_file(path, SCHEMA)
        except (sqlite3.Error, OSError) as error:
            raise StoreFailed("cannot_open", f"The users in {path} cannot be read: {error}.") from error

    # Users

    async def users(self) -> list[User]:
        """See `AccountStore.users`."""
        with self._open() as database:
            rows = database.execute(USERS).fetchall()
        return [_user(row) for row in rows]

    async def user(self, name: str) -> User | None:
        """See `AccountStore.user`."""
        return self._one_user(USER, name)

    async def user_of_subject(self, subject: str) -> User | None:
        """See `AccountStore.user_of_subject`."""
        return self._one_user(USER_OF_SUBJECT, subject) if subject else None

    async def has_passwords(self) -> bool:
        """See `AccountStore.has_passwords`."""
        with self._open() as database:
            return database.execute("SELECT 1 FROM users WHERE password <> '' LIMIT 1").fetchone() is not None

    async def password_of(self, name: str) -> str:
        """See `AccountStore.password_of`."""
        with self._open() as database:
            row = database.execute("SELECT password FROM users WHERE name = ?", (name,)).fetchone()
        return "" if row is None else str(row[0])

    async def add(self, user: User, password: str = "") -> None:
        """See `AccountStore.add`."""
        values = (user.name, user.full_name, user.title, user.subject, user.created_at, password)

        def add(database: sqlite3.Connection) -> None:
            if database.execute("SELECT 1 FROM users WHERE name = ?", (user.name,)).fetchone():
                raise user_exists(user.name)
            database.execute("INSERT INTO users VALUES (?, ?, ?, ?, ?, ?)", values)

        await self._change(add)

    async def describe(self, user: User) -> None:
        """See `AccountStore.describe`."""
        values = (user.full_name, user.title, user.subject, user.name)
        sql = "UPDATE users SET full_name = ?, title = ?, subject = ? WHERE name = ?"
        await self._change(lambda database: database.execute(sql, values))

    async def set_password(self, name: str, password: str, *, but: str = "") -> None:
        """See `AccountStore.set_password`."""

        def change(database: sqlite3.Connection) -> None:
            changed = database.execute("UPDATE users SET password = ? WHERE name = ?", (password, name))
            if changed.rowcount == 0:
                raise unknown_user(name)
            database.execute("DELETE FROM sign_ins WHERE user = ? AND id <> ?", (name, but))

        await self._change(change)

    async def rehash_password(self, name: str, former: str, password: str) -> None:
        """See `AccountStore.rehash_password`."""
        sql, values = "UPDATE users SET password = ? WHERE name = ? AND password = ?", (password, name, former)
        await self._change(lambda database: database.execute(sql, values))

    async def remove(self, name: str) -> None:
        """See `AccountStore.remove`."""

        def remove(database: sqlite3.Connection) -> None:
            if database.execute("DELETE FROM users WHERE name = ?", (name,)).rowcount == 0:
                raise unknown_user(name)
            database.execute("DELETE FROM sign_ins WHERE user = ?", (name,))

        await self._change(remove)

    # Sign-ins

    async def begin(self, proof: str, sign_in: SignIn, times: SessionTimes) -> None:
        """See `AccountStore.begin`."""
        at = sign_in.began_at
        values = (proof, sign_in.id, sign_in.user, sign_in.way, sign_in.browser, sign_in.address, at, at)

        def begin(database: sqlite3.Connection) -> None:
            database.execute(
                "DELETE FROM sign_ins WHERE used_at <= ? OR began_at <= ?", (at - times.idle_s, at - times.max_s)
            )
            database.execute(
                "DELETE FROM sign_ins WHERE id IN"
                " (SELECT id FROM sign_ins WHERE user = ? ORDER BY used_at DESC LIMIT -1 OFFSET ?)",
                (sign_in.user, MAX_SIGN_INS - 1),
            )
            database.execute("INSERT INTO sign_ins VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)

        await self._change(begin)

    async def sign_in(self, proof: str, now: float, times: SessionTimes) -> SignIn | None:
        """See `AccountStore.sign_in`."""
        with self._open() as database:
            row = database.execute(SIGN_IN, (proof, now - times.idle_s, now - times.max_s)).fetchone()
        return None if row is None else SignIn(*row)

    async def sign_ins(self, user: str, now: float, times: SessionTimes) -> list[SignIn]:
        """See `AccountStore.sign_ins`."""
        with self._open() as database:
            rows = database.execute(SIGN_INS, (user, now - times.idle_s, now - times.max_s)).fetchall()
        return [SignIn(*row) for row in rows]

    async def last_used(self) -> dict[str, float]:
        """See `AccountStore.last_used`."""
        with self._open() as database:
            return dict(database.execute("SELECT user, max(used_at) FROM sign_ins GROUP BY user").fetchall())

    async def touch(self, session: str, now: float) -> None:
        """See `AccountStore.touch`."""
        sql = "UPDATE sign_ins SET used_at = ? WHERE id = ?"
        await self._change(lambda database: database.execute(sql, (now, session)))

    async def end(self, user: str, session: str) -> bool:
        """See `AccountStore.end`."""
        sql = "DELETE FROM sign_ins WHERE user = ? AND id = ?"
        return await self._change(lambda database: database.execute(sql, (user, session)).rowcount > 0)

    async def end_others(self, user: str, but: str) -> int:
        """See `AccountStore.end_others`."""
        sql = "DELETE FROM sign_ins WHERE user = ? AND id <> ?"
        return await self._change(lambda database: database.execute(sql, (user, but)).rowcount)

    # Launch links

    async def use_launch(self, signature: str, until: float, now: float) -> bool:
        """See `AccountStore.use_launch`."""

        def use(database: sqlite3.Connection) -> bool:
            database.execute("DELETE FROM launches WHERE until < ?", (now,))
            sql = "INSERT OR IGNORE INTO launches VALUES (?, ?)"
            return database.execute(sql, (signature, until)).rowcount > 0

        return await self._change(use)

    async def close(self) -> None:
        """See `AccountStore.close`."""
        await asyncio.to_thread(self._close)

    def _one_user(self, sql: str, value: str) -> User | None:
        with self._open() as database:
            row = database.execute(sql, (value,)).fetchone()
        return None if row is None else _user(row)

    async def _change(self, do: Callable[[sqlite3.Connection], T]) -> T:
        """A transaction: all of it is stored when this returns, or nothing."""
        return await asyncio.to_thread(self._changed, do)

    def _changed(self, do: Callable[[sqlite3.Connection], T]) -> T:
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                done = do(database)
                database.execute("COMMIT")
                return done
            finally:
                if database.in_transaction:
                    with contextlib.suppress(sqlite3.Error):
                        database.execute("ROLLBACK")

    def _close(self) -> None:
        with self._lock:
            self._database.close()

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._database
            except sqlite3.Error as error:
                raise StoreFailed("store_failed", f"The users could not be read or written: {error}.") from error


def _user(row: tuple[Any, ...]) -> User:
    name, full_name, title, subject, created_at, has_password = row
    return User(name, full_name, title, subject, created_at, bool(has_password))
