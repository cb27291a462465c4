"""`consult user`: who may host; a password comes from a pipe or the terminal, and is never an argument."""

from __future__ import annotations

import asyncio
import getpass
import io
import json
import sqlite3
import stat
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import pytest

from consult.cli import main
from consult.store.accounts import AccountStore, SessionTimes, SignIn
from consult.store.accounts.sqlite import SqliteAccounts

T = TypeVar("T")
PASSWORD = "zwei Tassen Kaffee am Fenster"


class Terminal(io.StringIO):
    """Where somebody sits."""

    def isatty(self) -> bool:
        return True


def look(data: Path, at: Callable[[AccountStore], Awaitable[T]]) -> T:
    """What the stored users say."""

    async def looked() -> T:
        accounts = SqliteAccounts(data)
        try:
            return await at(accounts)
        finally:
            await accounts.close()

    return asyncio.run(looked())


def user(data: Path, *words: str, stdin: str = "", monkeypatch: pytest.MonkeyPatch) -> int:
    """Run the command with that on its stdin."""
    monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
    return main(["user", *words, "--data", str(data)])


def test_a_user_is_added_from_a_pipe_listed_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    words = ("add", "Anna.Berg", "--full-name", "Dr. Anna Berg", "--role-title", "Radiologist")
    assert user(data, *words, stdin=f"{PASSWORD}\n", monkeypatch=monkeypatch) == 0
    assert "Dr. Anna Berg" in capsys.readouterr().out
    assert stat.S_IMODE((data / "users.sqlite").stat().st_mode) == 0o600
    assert user(data, "list", monkeypatch=monkeypatch) == 0
    listed = capsys.readouterr().out
    assert all(word in listed for word in ("anna.berg", "Dr. Anna Berg", "Radiologist", "password"))
    assert user(data, "list", "--json", monkeypatch=monkeypatch) == 0
    printed = capsys.readouterr().out
    assert json.loads(printed)["users"][0]["name"] == "anna.berg"
    assert "argon2" not in printed
    assert user(data, "add", "anna.berg", stdin=f"{PASSWORD}\n", monkeypatch=monkeypatch) == 1
    assert "already" in capsys.readouterr().err
    assert user(data, "remove", "anna.berg", monkeypatch=monkeypatch) == 0
    assert user(data, "remove", "anna.berg", monkeypatch=monkeypatch) == 1
    assert "There is no user 'anna.berg' here." in capsys.readouterr().err
    assert user(data, "list", monkeypatch=monkeypatch) == 0
    assert "no users" in capsys.readouterr().out


def test_weak_ones_are_refused_and_nothing_is_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for weak, why in (("short", "at least 15"), ("Passwort2026!!!!", "guessed early"), ("", "at least 15")):
        assert user(tmp_path, "add", "anna", stdin=f"{weak}\n", monkeypatch=monkeypatch) == 1
        assert why in capsys.readouterr().err
    assert look(tmp_path, lambda accounts: accounts.users()) == []


def test_on_a_terminal_it_is_asked_for_twice_and_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = [PASSWORD, PASSWORD + "!", PASSWORD, PASSWORD]

    def ask(prompt: str) -> str:
        return typed.pop(0)

    monkeypatch.setattr(getpass, "getpass", ask)
    monkeypatch.setattr("sys.stdin", Terminal())
    words = ["user", "add", "anna", "--data", str(tmp_path)]
    assert main(words) == 1
    assert "two different passwords" in capsys.readouterr().err
    assert main(words) == 0
    assert typed == []
    printed = capsys.readouterr()
    assert PASSWORD not in printed.out + printed.err


def test_a_password_is_no_argument(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["add", "anna", PASSWORD], ["add", "anna", "--password", PASSWORD], ["password", "anna", PASSWORD]):
        with pytest.raises(SystemExit):
            main(["user", *words, "--data", str(tmp_path)])
    capsys.readouterr()


def test_another_password_ends_the_users_sessions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert user(tmp_path, "add", "anna", stdin=f"{PASSWORD}\n", monkeypatch=monkeypatch) == 0
    times = SessionTimes(100.0, 100.0)
    signed_in = SignIn("s", "anna", "password", "", "", 1.0, 1.0)
    look(tmp_path, lambda accounts: accounts.begin("proof", signed_in, times))
    before = look(tmp_path, lambda accounts: accounts.password_of("anna"))
    assert look(tmp_path, lambda accounts: accounts.sign_ins("anna", 2.0, times)) == [signed_in]
    new = "drei Ziegen auf dem Berg daheim\n"
    assert user(tmp_path, "password", "anna", stdin=new, monkeypatch=monkeypatch) == 0
    assert look(tmp_path, lambda accounts: accounts.sign_ins("anna", 2.0, times)) == []
    assert look(tmp_path, lambda accounts: accounts.password_of("anna")) not in ("", before)
    assert user(tmp_path, "password", "nobody", stdin=new, monkeypatch=monkeypatch) == 1


def test_one_without_a_password_waits_for_the_provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert user(tmp_path, "add", "anna@clinic.example", "--no-password", monkeypatch=monkeypatch) == 0
    assert not look(tmp_path, lambda accounts: accounts.has_passwords())
    assert look(tmp_path, lambda accounts: accounts.user("anna@clinic.example")) is not None


def test_it_is_in_the_audit_trail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    user(tmp_path, "add", "anna", stdin=f"{PASSWORD}\n", monkeypatch=monkeypatch)
    user(tmp_path, "remove", "anna", monkeypatch=monkeypatch)
    with closing(sqlite3.connect(tmp_path / "audit.sqlite")) as database:
        records: list[dict[str, Any]] = [
            json.loads(row[0]) for row in database.execute("SELECT record FROM audit ORDER BY n")
        ]
    assert [(r["kind"], r["what"], r["user"]) for r in records] == [
        ("account", "user_added", "anna"), ("account", "user_removed", "anna"),
    ]  # fmt: skip
    assert main(["audit", "verify", "--data", str(tmp_path)]) == 0
