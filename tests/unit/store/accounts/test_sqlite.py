"""Users, their sessions and used launch links: in a file of the owner's alone, seen by all who have it open."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from consult.model.errors import Refused, StoreFailed
from consult.store.accounts import SessionTimes, SignIn, User, user_name
from consult.store.accounts.sqlite import MAX_SIGN_INS, NAME, SqliteAccounts

ANNA = User("anna.berg", "Dr. Anna Berg", "Radiologist", created_at=1.0)
TIMES = SessionTimes(idle_s=100.0, max_s=1000.0)


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[SqliteAccounts]:
    with closing(SqliteAccounts(tmp_path)) as made:
        yield made


def signed_in(accounts: SqliteAccounts, name: str, at: float, user: str = "anna.berg") -> None:
    accounts.begin(f"proof {name}", SignIn(name, user, "password", "Firefox", "10.0.0.1", at, at), TIMES)


def ids(accounts: SqliteAccounts, at: float, user: str = "anna.berg") -> list[str]:
    return [one.id for one in accounts.sign_ins(user, at, TIMES)]


def test_the_file_is_its_owners_alone(accounts: SqliteAccounts, tmp_path: Path) -> None:
    accounts.add(ANNA, "hash")
    files = [path for path in tmp_path.iterdir() if path.name.startswith(NAME)]
    assert files
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_a_user_is_added_once_read_and_removed(accounts: SqliteAccounts) -> None:
    assert not accounts.has_passwords()
    accounts.add(ANNA, "hash")
    assert accounts.user("anna.berg") == User("anna.berg", "Dr. Anna Berg", "Radiologist", "", 1.0, True)
    assert accounts.users() == [accounts.user("anna.berg")]
    assert accounts.has_passwords()
    assert (accounts.password_of("anna.berg"), accounts.password_of("nobody")) == ("hash", "")
    with pytest.raises(Refused, match="user_exists"):
        accounts.add(ANNA)
    accounts.remove("anna.berg")
    assert accounts.user("anna.berg") is None
    with pytest.raises(Refused, match="unknown_user"):
        accounts.remove("anna.berg")
    with pytest.raises(Refused, match="unknown_user"):
        accounts.set_password("anna.berg", "x")


def test_a_subject_is_one_users(accounts: SqliteAccounts) -> None:
    accounts.add(User("a@x", "A", subject="iss 1"))
    accounts.add(User("b@x", "B"))
    found = accounts.user_of_subject("iss 1")
    assert found is not None
    assert found.name == "a@x"
    assert accounts.user_of_subject("") is None
    with pytest.raises(StoreFailed):
        accounts.add(User("c@x", "C", subject="iss 1"))
    assert accounts.user("c@x") is None
    accounts.describe(User("b@x", "Bee", "Nurse", "iss 2"))
    assert accounts.user_of_subject("iss 2") == User("b@x", "Bee", "Nurse", "iss 2")


def test_a_session_ends_after_its_last_use_and_after_its_time(accounts: SqliteAccounts) -> None:
    """Seen to fail without either bound."""
    accounts.add(ANNA)
    signed_in(accounts, "s", 0.0)
    assert accounts.sign_in("proof s", 99.0, TIMES) is not None
    assert accounts.sign_in("proof s", 100.0, TIMES) is None, "idle"
    for at in range(90, 1000, 90):
        accounts.touch("s", float(at))
    assert accounts.sign_in("proof s", 999.0, TIMES) is not None
    accounts.touch("s", 999.0)
    assert accounts.sign_in("proof s", 1000.0, TIMES) is None, "however much it was used"
    assert ids(accounts, 1000.0) == []
    signed_in(accounts, "t", 1000.0)
    assert ids(accounts, 1000.0) == ["t"]


def test_of_a_user_that_is_no_more_no_session_is_left(accounts: SqliteAccounts) -> None:
    accounts.add(ANNA, "hash")
    signed_in(accounts, "s", 0.0)
    signed_in(accounts, "t", 0.0, user="")
    accounts.remove("anna.berg")
    assert accounts.sign_in("proof s", 1.0, TIMES) is None
    assert accounts.sign_in("proof t", 1.0, TIMES) is not None, "by the token, which is nobody's"
    accounts.add(ANNA, "hash")
    assert accounts.sign_in("proof s", 1.0, TIMES) is None, "another of that name"


def test_another_password_ends_all_sessions_but_that_one(accounts: SqliteAccounts) -> None:
    accounts.add(ANNA, "hash")
    for name in "abc":
        signed_in(accounts, name, 0.0)
    accounts.set_password("anna.berg", "other", but="b")
    assert (accounts.password_of("anna.berg"), ids(accounts, 1.0)) == ("other", ["b"])
    accounts.set_password("anna.berg", "third")
    assert ids(accounts, 1.0) == []
    accounts.rehash_password("anna.berg", "of before", "late")
    assert accounts.password_of("anna.berg") == "third", "it was changed meanwhile"


def test_sessions_are_ended_by_their_own_user(accounts: SqliteAccounts) -> None:
    accounts.add(ANNA)
    accounts.add(User("bob", "Bob"))
    signed_in(accounts, "a", 0.0)
    signed_in(accounts, "b", 0.0, user="bob")
    assert not accounts.end("bob", "a")
    assert ids(accounts, 1.0) == ["a"]
    assert accounts.end("anna.berg", "a")
    for name in "xyz":
        signed_in(accounts, name, 0.0)
    assert accounts.end_others("anna.berg", "y") == 2
    assert (ids(accounts, 1.0), ids(accounts, 1.0, "bob")) == (["y"], ["b"])


def test_a_user_has_so_many_sessions_and_the_oldest_gives_way(accounts: SqliteAccounts) -> None:
    accounts.add(ANNA)
    for number in range(MAX_SIGN_INS + 2):
        signed_in(accounts, f"s{number}", number / 1000)
    kept = ids(accounts, 1.0)
    assert (len(kept), kept[0], kept[-1]) == (MAX_SIGN_INS, f"s{MAX_SIGN_INS + 1}", "s2")


def test_a_launch_link_is_used_once_whoever_asks(accounts: SqliteAccounts, tmp_path: Path) -> None:
    with closing(SqliteAccounts(tmp_path)) as beside:
        assert accounts.use_launch("signature", until=100.0, now=0.0)
        assert not beside.use_launch("signature", until=100.0, now=50.0)
        assert beside.use_launch("another", until=100.0, now=50.0)
    database = sqlite3.connect(tmp_path / NAME)
    accounts.use_launch("later", until=300.0, now=200.0)
    assert database.execute("SELECT count(*) FROM launches").fetchone() == (1,), "what has expired is forgotten"
    database.close()


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
