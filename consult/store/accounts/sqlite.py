"""Users, sign-ins and used launch links in a SQLite file of their own, readable by its owner alone.

Everything blocks. A look-up is one row by its key, which the event loop does itself; who writes does so in a thread.
Two processes may have the file open: the server, and `consult user` beside it, which it obeys at the next request.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from consult.model.errors import Refused, StoreFailed
from consult.store.accounts import SessionTimes, SignIn, User
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
MAX_SIGN_INS = 64
"""Of one user at a time; one more ends the one that was not used for longest."""


class SqliteAccounts:
    """The accounts of one data directory.

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

    def close(self) -> None:
        """Finish."""
        with self._lock:
            self._database.close()

    # Users

    def users(self) -> list[User]:
        """All of them, by name."""
        with self._open() as database:
            rows = database.execute(USERS).fetchall()
        return [_user(row) for row in rows]

    def user(self, name: str) -> User | None:
        """The user of that name."""
        return self._one_user(USER, name)

    def user_of_subject(self, subject: str) -> User | None:
        """Who signs in by the OpenID provider as that subject."""
        return self._one_user(USER_OF_SUBJECT, subject) if subject else None

    def has_passwords(self) -> bool:
        """Somebody may sign in with a password."""
        with self._open() as database:
            return database.execute("SELECT 1 FROM users WHERE password <> '' LIMIT 1").fetchone() is not None

    def password_of(self, name: str) -> str:
        """The hash of a user's password; "": there is none, or no such user."""
        with self._open() as database:
            row = database.execute("SELECT password FROM users WHERE name = ?", (name,)).fetchone()
        return "" if row is None else str(row[0])

    def add(self, user: User, password: str = "") -> None:
        """A new user; `password`: its hash, "": none. Raises Refused: "user_exists"."""
        values = (user.name, user.full_name, user.title, user.subject, user.created_at, password)
        with self._changing() as database:
            if database.execute("SELECT 1 FROM users WHERE name = ?", (user.name,)).fetchone():
                raise Refused("user_exists", f"There is a user {user.name!r} already.")
            database.execute("INSERT INTO users VALUES (?, ?, ?, ?, ?, ?)", values)

    def describe(self, user: User) -> None:
        """What others read of a user, and the subject, are now as given."""
        with self._changing() as database:
            database.execute(
                "UPDATE users SET full_name = ?, title = ?, subject = ? WHERE name = ?",
                (user.full_name, user.title, user.subject, user.name),
            )

    def set_password(self, name: str, password: str, *, but: str = "") -> None:
        """Another password, by its hash: where they are signed in they are no more, but by the session of that id.

        Raises:
            Refused: "unknown_user".
        """
        with self._changing() as database:
            changed = database.execute("UPDATE users SET password = ? WHERE name = ?", (password, name))
            if changed.rowcount == 0:
                raise unknown_user(name)
            database.execute("DELETE FROM sign_ins WHERE user = ? AND id <> ?", (name, but))

    def rehash_password(self, name: str, former: str, password: str) -> None:
        """The same password under a hash of today's strength, unless it was changed meanwhile."""
        with self._changing() as database:
            database.execute("UPDATE users SET password = ? WHERE name = ? AND password = ?", (password, name, former))

    def remove(self, name: str) -> None:
        """A user is no more, nor signed in anywhere. Raises Refused: "unknown_user"."""
        with self._changing() as database:
            if database.execute("DELETE FROM users WHERE name = ?", (name,)).rowcount == 0:
                raise unknown_user(name)
            database.execute("DELETE FROM sign_ins WHERE user = ?", (name,))

    # Sign-ins

    def begin(self, proof: str, sign_in: SignIn, times: SessionTimes) -> None:
        """Somebody is signed in, by a browser whose secret is known by that proof; what is over is forgotten."""
        at = sign_in.began_at
        with self._changing() as database:
            database.execute(
                "DELETE FROM sign_ins WHERE used_at <= ? OR began_at <= ?", (at - times.idle_s, at - times.max_s)
            )
            database.execute(
                "DELETE FROM sign_ins WHERE id IN"
                " (SELECT id FROM sign_ins WHERE user = ? ORDER BY used_at DESC LIMIT -1 OFFSET ?)",
                (sign_in.user, MAX_SIGN_INS - 1),
            )
            values = (proof, sign_in.id, sign_in.user, sign_in.way, sign_in.browser, sign_in.address, at, at)
            database.execute("INSERT INTO sign_ins VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)

    def sign_in(self, proof: str, now: float, times: SessionTimes) -> SignIn | None:
        """Whose browser it is, where that is not over: of a user that there is, or of who has the server's token."""
        with self._open() as database:
            row = database.execute(SIGN_IN, (proof, now - times.idle_s, now - times.max_s)).fetchone()
        return None if row is None else SignIn(*row)

    def sign_ins(self, user: str, now: float, times: SessionTimes) -> list[SignIn]:
        """Where a user is signed in, the last used first."""
        with self._open() as database:
            rows = database.execute(SIGN_INS, (user, now - times.idle_s, now - times.max_s)).fetchall()
        return [SignIn(*row) for row in rows]

    def last_used(self) -> dict[str, float]:
        """When each user that is signed in somewhere was last here."""
        with self._open() as database:
            return dict(database.execute("SELECT user, max(used_at) FROM sign_ins GROUP BY user").fetchall())

    def touch(self, session: str, now: float) -> None:
        """That session is used."""
        with self._changing() as database:
            database.execute("UPDATE sign_ins SET used_at = ? WHERE id = ?", (now, session))

    def end(self, user: str, session: str) -> bool:
        """End a session of a user; whether there was one."""
        with self._changing() as database:
            return database.execute("DELETE FROM sign_ins WHERE user = ? AND id = ?", (user, session)).rowcount > 0

    def end_others(self, user: str, but: str) -> int:
        """End all sessions of a user but that of this id; how many."""
        with self._changing() as database:
            return database.execute("DELETE FROM sign_ins WHERE user = ? AND id <> ?", (user, but)).rowcount

    # Launch links

    def use_launch(self, signature: str, until: float, now: float) -> bool:
        """A launch link is used, which would be valid until then; False: it was used before."""
        with self._changing() as database:
            database.execute("DELETE FROM launches WHERE until < ?", (now,))
            sql = "INSERT OR IGNORE INTO launches VALUES (?, ?)"
            return database.execute(sql, (signature, until)).rowcount > 0

    def _one_user(self, sql: str, value: str) -> User | None:
        with self._open() as database:
            row = database.execute(sql, (value,)).fetchone()
        return None if row is None else _user(row)

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._database
            except sqlite3.Error as error:
                raise StoreFailed("store_failed", f"The users could not be read or written: {error}.") from error

    @contextlib.contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it is stored at the end of the block, or nothing."""
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
                database.execute("COMMIT")
            finally:
                if database.in_transaction:
                    with contextlib.suppress(sqlite3.Error):
                        database.execute("ROLLBACK")


def unknown_user(name: str) -> Refused:
    """There is no user of that name."""
    return Refused("unknown_user", f"There is no user {name!r} here.")


def _user(row: tuple[Any, ...]) -> User:
    name, full_name, title, subject, created_at, has_password = row
    return User(name, full_name, title, subject, created_at, bool(has_password))
