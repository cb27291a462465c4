"""Users in a file: of its owner alone, and an error of ours where it is none."""

from __future__ import annotations

import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from consult.model.errors import Refused, StoreFailed
from consult.store.accounts import User, user_name
from consult.store.accounts.sqlite import NAME, SqliteAccounts


@pytest.fixture
async def accounts(tmp_path: Path) -> AsyncIterator[SqliteAccounts]:
    made = SqliteAccounts(tmp_path)
    await made.add(User("anna.berg", "Dr. Anna Berg"), "hash")
    yield made
    await made.close()


@pytest.mark.usefixtures("accounts")
def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    files = [path for path in tmp_path.iterdir() if path.name.startswith(NAME)]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_names_that_people_take_for_one_are_one() -> None:
    assert user_name(" Anna.Berg\n") == user_name("ＡＮＮＡ.berg") == "anna.berg"
    assert user_name("Jürgen@klinik.example") == "jürgen@klinik.example"
    for bad in ("", "  ", "two words", "a/b", "a" * 81, "x\u202ey"):
        with pytest.raises(Refused, match="bad_user_name"):
            user_name(bad)


def test_a_file_that_is_none_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"no database" * 100)
    os.chmod(tmp_path / NAME, 0o600)
    with pytest.raises(StoreFailed, match="cannot be read"):
        SqliteAccounts(tmp_path)
