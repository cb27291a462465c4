"""Which address this server is reached under: by its own name, by a public one, below a prefix that a proxy keeps."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from consult.http.security.address import Prefix, origin_of, prefix_of
from tests.unit.http.conftest import Door

pytestmark = pytest.mark.asyncio(loop_scope="module")
PUBLIC = "https://consult.example/some/where"
ORIGIN = {"Origin": "https://consult.example", "Host": "10.0.0.7"}


@pytest.fixture
def published(door: Door) -> Iterator[Door]:
    """The server, told its public address."""
    with door.using(public_url=PUBLIC):
        yield door


async def test_an_origin_has_scheme_and_host_and_no_default_port() -> None:
    assert origin_of("https://Consult.example:443/a") == "https://consult.example"
    assert origin_of("http://consult.example:8000") == "http://consult.example:8000"
    assert origin_of("") == ""
    assert (prefix_of("https://h"), prefix_of("https://h/"), prefix_of("https://h/a/b/")) == ("", "", "/a/b")


async def take(client: httpx.AsyncClient, door: Door, headers: dict[str, str]) -> httpx.Response:
    """A seat, asked for with those headers."""
    _, links = await door.open()
    path, _, secret = links["participant"].path.partition("#")
    return await client.post(f"{path}/seat", json={"secret": secret, "name": "A"}, headers=headers)


async def test_cookies_have_the_prefix_where_the_page_is_of_the_public_address(published: Door) -> None:
    async with published.client() as client:
        answer = await take(client, published, ORIGIN)
        assert answer.json()["seat"].startswith("/some/where/seat/")
        for cookie in answer.headers.get_list("set-cookie"):
            assert "Path=/some/where/" in cookie
            assert "Secure" in cookie, "the proxy speaks https, whether it says so or not"
        plain = await take(client, published, {"Origin": published.address})  # a command, not a page of ours
        assert plain.json()["seat"].startswith("/seat/"), "who asks the server itself has no prefix"
        assert all("Path=/some" not in cookie for cookie in plain.headers.get_list("set-cookie"))


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        (ORIGIN, ""),
        ({"Origin": "https://consult.example:443", "Host": ""}, "wrong_origin"),
        ({"Origin": "http://consult.example"}, "wrong_origin"),
        ({"Origin": "https://evil.example"}, "wrong_origin"),
        ({}, "wrong_origin"),
    ],
)
async def test_the_public_address_counts_as_an_origin_and_no_other(
    published: Door, headers: dict[str, str], code: str
) -> None:
    async with published.client() as client:
        seat = (await take(client, published, {"Origin": published.address})).json()["seat"]
        cookies = "; ".join(f"{c.name}={c.value}" for c in client.cookies.jar)
        answer = await client.post(f"{seat}state", headers={**headers, "Cookie": cookies})
        assert answer.json() == {"upgrade": True} if not code else answer.json()["error"]["code"] == code


async def test_a_socket_that_arrives_without_its_upgrade_is_told_to_its_page(door: Door) -> None:
    async with door.client() as client:
        seat = (await take(client, door, {"Origin": door.address})).json()["seat"]
        assert (await client.get(f"{seat}ws")).status_code == 426
        answer = await client.post(f"{seat}state", headers={"Origin": door.address})
        assert answer.json() == {"upgrade": False}
        async with door.client() as other:
            assert (await other.get(f"{seat}ws")).status_code == 403


async def test_a_prefix_is_taken_off_and_its_name_alone_gets_its_slash(door: Door) -> None:
    transport = httpx.ASGITransport(Prefix(door.application, PUBLIC))
    async with httpx.AsyncClient(transport=transport, base_url="http://h") as client:
        assert (await client.get("/some/where/healthz")).status_code == 200
        assert (await client.get("/healthz")).status_code == 200, "a proxy may have taken it off already"
        assert (await client.get("/some/whereabouts/healthz")).status_code == 404
        sent_on = await client.get("/some/where")
        assert (sent_on.status_code, sent_on.headers["location"]) == (307, "/some/where/")
