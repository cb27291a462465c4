"""Signing in by an OpenID provider: a real small one, which is held to PKCE, beside the server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio

from consult.access.oidc.admission import Admission
from consult.access.oidc.client import Client
from consult.access.oidc.provider import OpenIdProvider
from consult.http.sign_in.oidc import COOKIE
from tests.support.accounts import add_user
from tests.support.oidc import Provider, oidc_provider
from tests.unit.http.conftest import Door, door

__all__ = ["door"]
pytestmark = pytest.mark.asyncio(loop_scope="module")
CLINIC = Admission(emails=frozenset({"@clinic.example"}), groups=frozenset({"radiology"}))


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """The provider, which knows some people."""
    with oidc_provider() as running:
        running.put_user("s-anna", name="Dr. Anna Berg", email="Anna@clinic.example", email_verified=True)
        running.put_user("s-bob", name="Dr. Bob", preferred_username="bob", groups=["radiology"])
        running.put_user("s-eve", name="Eve", email="eve@clinic.example")
        yield running


@contextmanager
def set_up(door: Door, provider: Provider, admission: Admission = CLINIC) -> Iterator[None]:
    """The server knows the provider."""
    client = OpenIdProvider(Client(provider.issuer, "consult", "any secret", "Clinic account"), admission)
    with door.using(provider=client):
        yield
    client.close()


@pytest_asyncio.fixture(loop_scope="module")
async def browser(door: Door, provider: Provider) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody's browser, at a server that knows the provider, and nobody of it yet."""
    store = door.services.accounts.store
    for user in await store.users():
        await store.remove(user.name)
    with set_up(door, provider):
        async with door.client() as client:
            yield client


async def start(browser: httpx.AsyncClient) -> str:
    """Press the button; where the browser is sent."""
    answer = await browser.get("/api/oidc/start")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def sign_in(browser: httpx.AsyncClient, provider: Provider, sub: str) -> httpx.Response:
    """Go there, sign in, come back; the answer to that."""
    return await browser.get(provider.authorize(await start(browser), sub))


async def test_somebody_goes_there_and_comes_back_signed_in(
    browser: httpx.AsyncClient, provider: Provider, door: Door
) -> None:
    assert (await browser.get("/api/sign-in")).json() == {"password": False, "provider": "Clinic account"}
    answer = await sign_in(browser, provider, "s-anna")
    assert (answer.status_code, answer.headers["location"]) == (303, "../../")
    user = (await browser.get("/api/session")).json()["user"]
    assert user == {
        "name": "anna@clinic.example", "full_name": "Dr. Anna Berg", "title": "", "has_password": False
    }  # fmt: skip
    (found,) = (await browser.get("/api/sign-ins")).json()["sign_ins"]
    assert found["way"] == "provider"
    kept = await door.services.accounts.store.user("anna@clinic.example")
    assert kept is not None
    assert kept.subject == f"{provider.issuer} s-anna"


async def test_who_comes_again_is_the_same_user_under_the_name_of_now(
    browser: httpx.AsyncClient, provider: Provider, door: Door
) -> None:
    await sign_in(browser, provider, "s-bob")
    assert (await browser.get("/api/session")).json()["user"]["full_name"] == "Dr. Bob"
    provider.put_user("s-bob", name="Prof. Bob", preferred_username="robert", groups=["radiology"])
    await sign_in(browser, provider, "s-bob")
    user = (await browser.get("/api/session")).json()["user"]
    assert (user["name"], user["full_name"]) == ("bob", "Prof. Bob")
    assert len(await door.services.accounts.store.users()) == 1
    provider.put_user("s-bob", name="Dr. Bob", preferred_username="bob", groups=["radiology"])


async def test_who_may_not_host_is_shown_why_and_is_nobody(
    browser: httpx.AsyncClient, provider: Provider, door: Door
) -> None:
    answer = await sign_in(browser, provider, "s-eve")
    assert answer.status_code == 403
    assert "may not host here" in answer.text
    assert "text/html" in answer.headers["content-type"]
    assert (await browser.get("/api/session")).status_code == 401
    assert await door.services.accounts.store.users() == []
    german = await browser.get("/api/oidc/callback", headers={"Accept-Language": "de"})
    assert "gehört nicht zu diesem Browser" in german.text


async def test_nobody_comes_back_with_anothers_answer(
    browser: httpx.AsyncClient, provider: Provider, door: Door
) -> None:
    """Seen to fail: without the state's check the victim is signed in as whoever has sent them there."""
    callback = provider.authorize(await start(browser), "s-anna")
    async with door.client() as victim:
        for mine in (False, True):
            if mine:
                await start(victim)
            answer = await victim.get(callback)
            assert answer.status_code == 403
            assert "does not belong to this browser" in answer.text
        assert (await victim.get("/api/session")).status_code == 401


async def test_an_answer_is_used_once_and_a_code_wants_its_verifier(
    browser: httpx.AsyncClient, provider: Provider
) -> None:
    """The provider refuses a code whose verifier is not that of its challenge: seen to fail without one."""
    address = await start(browser)
    assert parse_qs(urlsplit(address).query)["code_challenge_method"] == ["S256"]
    callback = provider.authorize(address, "s-anna")
    other = provider.authorize(await start(browser), "s-anna")
    mixed = (
        f"{callback.partition('?')[0]}?code={parse_qs(urlsplit(callback).query)['code'][0]}&state="
        + (parse_qs(urlsplit(other).query)["state"][0])
    )
    answer = await browser.get(mixed)
    assert (answer.status_code, "could not be verified" in answer.text) == (403, True)
    assert (await browser.get(other)).status_code == 303
    assert COOKIE not in browser.cookies
    assert (await browser.get(other)).status_code == 403, "a second time"


async def test_who_is_turned_away_there_is_shown_it(browser: httpx.AsyncClient, provider: Provider) -> None:
    answer = await browser.get(provider.deny(await start(browser)))
    assert answer.status_code == 403
    assert "has not signed you in" in answer.text


async def test_a_namesake_is_not_taken_over(browser: httpx.AsyncClient, provider: Provider, door: Door) -> None:
    """Seen to fail: without the check whoever calls themselves `bob` there is the local user of that name."""
    await add_user(door, "bob", "Dr. Bob the first")
    answer = await sign_in(browser, provider, "s-bob")
    assert answer.status_code == 403
    assert "who is not you" in answer.text
    assert (await browser.get("/api/session")).status_code == 401
    await add_user(door, "bob", "Dr. Bob the first", password="")  # by that name, which is no verified address
    assert (await sign_in(browser, provider, "s-bob")).status_code == 403


async def test_who_was_added_by_their_verified_address_is_that_person(
    browser: httpx.AsyncClient, provider: Provider, door: Door
) -> None:
    await add_user(door, "anna@clinic.example", "Anna", "Radiologist", password="")
    await sign_in(browser, provider, "s-anna")
    user = (await browser.get("/api/session")).json()["user"]
    assert (user["full_name"], user["title"]) == ("Dr. Anna Berg", "Radiologist")


async def test_without_a_provider_there_is_a_sentence(door: Door) -> None:
    async with door.client() as client:
        answer = await client.get("/api/oidc/start")
        assert (answer.status_code, "is not set up" in answer.text) == (403, True)


async def test_a_provider_that_hangs_up_is_a_sentence(door: Door) -> None:
    with set_up(door, Provider("http://127.0.0.1:9")):
        async with door.client() as client:
            answer = await client.get("/api/oidc/start")
            assert (answer.status_code, "does not answer" in answer.text) == (503, True)
