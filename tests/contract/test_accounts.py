"""What accounts are: users, their sessions and used launch links, wherever they are kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from consult.model.errors import Refused, StoreFailed
from consult.store.accounts import MAX_SIGN_INS, AccountStore, SessionTimes, SignIn, User
from consult.store.accounts.sqlite import SqliteAccounts
from consult.store.redis.accounts import RedisAccounts
from tests.support.redis_stores import empty_store

ANNA = User("anna.berg", "Dr. Anna Berg", "Radiologist", created_at=1.5)
TIMES = SessionTimes(idle_s=100.0, max_s=1000.0)
Open = Callable[[], AccountStore]


@pytest.fixture(params=["sqlite", "redis"])
async def opening(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Open]:
    """Opens the same accounts as often as it is called, as several processes do; they are empty."""
    made = list[AccountStore]()

    def opened(one: AccountStore) -> AccountStore:
        made.append(one)
        return one

    if request.param == "redis":
        async with empty_store(request.getfixturevalue("redis_of_session"), tmp_path) as (client, store):
            yield lambda: opened(RedisAccounts(client, store))
    else:
        yield lambda: opened(SqliteAccounts(tmp_path))
    for one in made:
        await one.close()


@pytest.fixture
def accounts(opening: Open) -> AccountStore:
    return opening()


async def signed_in(accounts: AccountStore, name: str, at: float, user: str = "anna.berg") -> None:
    await accounts.begin(f"proof {name}", SignIn(name, user, "password", "Firefox", "10.0.0.1", at, at), TIMES)


async def ids(accounts: AccountStore, at: float, user: str = "anna.berg") -> list[str]:
    return [one.id for one in await accounts.sign_ins(user, at, TIMES)]


async def test_a_user_is_added_once_read_and_removed(accounts: AccountStore) -> None:
    assert not await accounts.has_passwords()
    await accounts.add(ANNA, "hash")
    assert await accounts.user("anna.berg") == User("anna.berg", "Dr. Anna Berg", "Radiologist", "", 1.5, True)
    assert await accounts.users() == [await accounts.user("anna.berg")]
    assert await accounts.has_passwords()
    assert (await accounts.password_of("anna.berg"), await accounts.password_of("nobody")) == ("hash", "")
    with pytest.raises(Refused, match="user_exists"):
        await accounts.add(ANNA)
    await accounts.remove("anna.berg")
    assert await accounts.user("anna.berg") is None
    with pytest.raises(Refused, match="unknown_user"):
        await accounts.remove("anna.berg")
    with pytest.raises(Refused, match="unknown_user"):
        await accounts.set_password("anna.berg", "x")


async def test_a_subject_is_one_users(accounts: AccountStore) -> None:
    await accounts.add(User("a@x", "A", subject="iss 1"))
    await accounts.add(User("b@x", "B"))
    found = await accounts.user_of_subject("iss 1")
    assert found is not None
    assert found.name == "a@x"
    assert await accounts.user_of_subject("") is None
    with pytest.raises(StoreFailed):
        await accounts.add(User("c@x", "C", subject="iss 1"))
    assert await accounts.user("c@x") is None
    await accounts.describe(User("b@x", "Bee", "Nurse", "iss 2"))
    assert await accounts.user_of_subject("iss 2") == User("b@x", "Bee", "Nurse", "iss 2")


async def test_a_session_ends_after_its_last_use_and_after_its_time(accounts: AccountStore) -> None:
    """Seen to fail without either bound."""
    await accounts.add(ANNA)
    await signed_in(accounts, "s", 0.0)
    assert await accounts.sign_in("proof s", 99.0, TIMES) is not None
    assert await accounts.sign_in("proof s", 100.0, TIMES) is None, "idle"
    for at in range(90, 1000, 90):
        await accounts.touch("s", float(at))
    assert await accounts.sign_in("proof s", 999.0, TIMES) is not None
    await accounts.touch("s", 999.0)
    assert await accounts.sign_in("proof s", 1000.0, TIMES) is None, "however much it was used"
    assert await ids(accounts, 1000.0) == []
    await signed_in(accounts, "t", 1000.0)
    assert await ids(accounts, 1000.0) == ["t"]


async def test_of_a_user_that_is_no_more_no_session_is_left(accounts: AccountStore) -> None:
    await accounts.add(ANNA, "hash")
    await signed_in(accounts, "s", 0.0)
    await signed_in(accounts, "t", 0.0, user="")
    await accounts.remove("anna.berg")
    assert await accounts.sign_in("proof s", 1.0, TIMES) is None
    assert await accounts.sign_in("proof t", 1.0, TIMES) is not None, "by the token, which is nobody's"
    await accounts.add(ANNA, "hash")
    assert await accounts.sign_in("proof s", 1.0, TIMES) is None, "another of that name"


async def test_another_password_ends_all_sessions_but_that_one(accounts: AccountStore) -> None:
    await accounts.add(ANNA, "hash")
    for name in "abc":
        await signed_in(accounts, name, 0.0)
    await accounts.set_password("anna.berg", "other", but="b")
    assert (await accounts.password_of("anna.berg"), await ids(accounts, 1.0)) == ("other", ["b"])
    await accounts.set_password("anna.berg", "third")
    assert await ids(accounts, 1.0) == []
    await accounts.rehash_password("anna.berg", "of before", "late")
    assert await accounts.password_of("anna.berg") == "third", "it was changed meanwhile"


async def test_sessions_are_ended_by_their_own_user(accounts: AccountStore) -> None:
    await accounts.add(ANNA)
    await accounts.add(User("bob", "Bob"))
    await signed_in(accounts, "a", 0.0)
    await signed_in(accounts, "b", 0.0, user="bob")
    assert not await accounts.end("bob", "a")
    assert await ids(accounts, 1.0) == ["a"]
    assert await accounts.end("anna.berg", "a")
    for name in "xyz":
        await signed_in(accounts, name, 0.0)
    assert await accounts.end_others("anna.berg", "y") == 2
    assert (await ids(accounts, 1.0), await ids(accounts, 1.0, "bob")) == (["y"], ["b"])


async def test_a_user_has_so_many_sessions_and_the_oldest_gives_way(accounts: AccountStore) -> None:
    await accounts.add(ANNA)
    for number in range(MAX_SIGN_INS + 2):
        await signed_in(accounts, f"s{number}", number / 1000)
    kept = await ids(accounts, 1.0)
    assert (len(kept), kept[0], kept[-1]) == (MAX_SIGN_INS, f"s{MAX_SIGN_INS + 1}", "s2")


async def test_a_launch_link_is_used_once_whoever_asks(opening: Open) -> None:
    one, other = opening(), opening()
    assert await one.use_launch("signature", until=100.0, now=0.0)
    assert not await other.use_launch("signature", until=100.0, now=50.0)
    assert not await one.use_launch("signature", until=100.0, now=60.0)
    assert await other.use_launch("another", until=100.0, now=50.0)
    await one.use_launch("later", until=300.0, now=200.0)
    assert await other.use_launch("signature", until=400.0, now=201.0), "what has expired is forgotten"


async def test_what_one_process_does_another_sees(opening: Open) -> None:
    one, other = opening(), opening()
    await one.add(ANNA, "hash")
    await signed_in(other, "s", 10.0)
    found = SignIn("s", "anna.berg", "password", "Firefox", "10.0.0.1", 10.0, 10.0)
    assert await one.sign_in("proof s", 11.0, TIMES) == found
    assert await one.sign_in("s", 11.0, TIMES) is None, "by its proof alone"
    await one.touch("s", 20.5)
    assert await other.last_used() == {"anna.berg": 20.5}
    assert [one.used_at for one in await other.sign_ins("anna.berg", 21.0, TIMES)] == [20.5]
    assert await one.end("anna.berg", "s")
    assert not await one.end("anna.berg", "s")
    assert await other.sign_in("proof s", 21.0, TIMES) is None
    assert await other.last_used() == {}


async def test_what_is_over_is_forgotten_when_the_next_begins(accounts: AccountStore) -> None:
    await accounts.add(ANNA)
    await signed_in(accounts, "s", 0.0)
    await signed_in(accounts, "t", 0.0, user="")
    await signed_in(accounts, "u", 100.0)
    assert await accounts.last_used() == {"anna.berg": 100.0}
    assert not await accounts.end("", "t")


async def test_users_are_listed_by_name(accounts: AccountStore) -> None:
    for name in ("b@x", "a.b", "ä", "a"):
        await accounts.add(User(name, name.upper()))
    assert [user.name for user in await accounts.users()] == ["a", "a.b", "b@x", "ä"]


async def test_a_subject_goes_with_its_user_and_is_free_again(accounts: AccountStore) -> None:
    await accounts.add(User("a@x", "A", subject="iss 1"))
    await accounts.add(User("b@x", "B", subject="iss 2"))
    with pytest.raises(StoreFailed):
        await accounts.describe(User("b@x", "Bee", subject="iss 1"))
    assert (await accounts.users())[1] == User("b@x", "B", subject="iss 2"), "all or nothing"
    await accounts.remove("a@x")
    assert await accounts.user_of_subject("iss 1") is None
    await accounts.describe(User("b@x", "Bee", subject="iss 1"))
    assert await accounts.user_of_subject("iss 2") is None
    await accounts.describe(User("nobody", "N", subject="iss 3"))
    assert await accounts.user("nobody") is None


async def test_what_is_closed_says_so(accounts: AccountStore) -> None:
    await accounts.close()
    with pytest.raises(StoreFailed):
        await accounts.users()
    with pytest.raises(StoreFailed):
        await accounts.add(ANNA)
