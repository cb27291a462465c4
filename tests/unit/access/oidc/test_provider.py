"""What a provider answers is taken only where it is sound; the real one is tried in tests/unit/http/sign_in."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from consult.access.oidc.admission import Admission
from consult.access.oidc.client import Client
from consult.access.oidc.flow import FLOW_S
from consult.access.oidc.provider import SCOPE, OpenIdProvider, check_endpoint
from consult.model.errors import Refused

ISSUER = "https://login.example/realm"
CLIENT = Client(ISSUER, "consult", "s3cret")
KEY = RSAKey.generate_key(2048, {"kid": "k1"}, auto_kid=False)
NOW = 1_000_000.0
METADATA = {
    "issuer": ISSUER,
    "authorization_endpoint": "https://login.example/authorize?tenant=1",
    "token_endpoint": "https://login.example/token",
    "jwks_uri": "https://login.example/keys",
}
HEADER = {"alg": "RS256", "kid": "k1"}


def claims_of(own_nonce: str, **changed: Any) -> dict[str, Any]:
    """Of a sound ID token."""
    claims = {"iss": ISSUER, "aud": "consult", "sub": "1", "nonce": own_nonce, "iat": NOW, "exp": NOW + 300} | changed
    return {name: value for name, value in claims.items() if value is not None}


class Canned(OpenIdProvider):
    """A provider whose answers are put in, by endpoint."""

    def __init__(self, client: Client = CLIENT, **metadata: Any) -> None:
        super().__init__(client, Admission(), clock=lambda: NOW, steady_clock=lambda: 0.0)
        keys = KeySet([KEY]).as_dict(private=False)
        self.answers: dict[str, Any] = {
            f"{ISSUER}/.well-known/openid-configuration": METADATA | metadata,
            "https://login.example/keys": keys,
        }
        self.asked: list[tuple[str, bytes | None, Mapping[str, str]]] = []

    def _ask(self, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        self.asked.append((url, body, headers or {}))
        found: dict[str, Any] = self.answers[url]
        return found

    async def sign_in(self, header: dict[str, Any] = HEADER, key: Any = KEY, **changed: Any) -> dict[str, Any]:
        """The claims of somebody who has signed in there; `changed`: in their token."""
        _, flow = await self.begin("https://us.example/api/oidc/callback")
        token = jwt.encode(header, claims_of(flow.nonce, **changed), key, algorithms=[header["alg"]])
        self.answers["https://login.example/token"] = {"id_token": token, "access_token": "access"}
        return await self.claims("code", flow, "https://us.example/api/oidc/callback")


async def test_a_browser_is_sent_there_with_pkce_state_and_nonce() -> None:
    url, flow = await Canned().begin("https://us.example/api/oidc/callback")
    query = parse_qs(urlsplit(url).query)
    challenge = urlsafe_b64encode(hashlib.sha256(flow.verifier.encode()).digest()).decode().rstrip("=")
    assert url.startswith("https://login.example/authorize?")
    assert {name: value for name, (value,) in query.items()} == {
        "tenant": "1", "response_type": "code", "client_id": "consult", "scope": SCOPE,
        "redirect_uri": "https://us.example/api/oidc/callback", "state": flow.state, "nonce": flow.nonce,
        "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    assert len({flow.state, flow.nonce, flow.verifier}) == 3
    assert flow.until == NOW + FLOW_S


async def test_a_sound_token_is_taken_and_the_code_is_traded_with_the_verifier() -> None:
    provider = Canned()
    assert (await provider.sign_in())["sub"] == "1"
    (body, headers) = next((body, headers) for url, body, headers in provider.asked if url.endswith("/token"))
    form = parse_qs((body or b"").decode())
    assert form["grant_type"] == ["authorization_code"]
    assert len(form["code_verifier"][0]) == 43
    assert "client_secret" not in form
    assert headers["Authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    ("client", "ways", "sent"),
    [
        (CLIENT, ["client_secret_post"], {"client_id": ["consult"], "client_secret": ["s3cret"]}),
        (Client(ISSUER, "consult"), ["none"], {"client_id": ["consult"]}),
    ],
)
async def test_the_secret_goes_where_the_provider_wants_it(
    client: Client, ways: list[str], sent: dict[str, list[str]]
) -> None:
    provider = Canned(client, token_endpoint_auth_methods_supported=ways)
    await provider.sign_in()
    (body, headers) = next((body, headers) for url, body, headers in provider.asked if url.endswith("/token"))
    form = parse_qs((body or b"").decode())
    assert {name: form[name] for name in form if name.startswith("client")} == sent
    assert "Authorization" not in headers


@pytest.mark.parametrize(
    "changed",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "somebody else"},
        {"aud": "somebody else", "azp": "consult"},
        {"aud": ["consult", "other"]},  # without azp
        {"azp": "other"},
        {"iss": "https://login.example/other"},
        {"exp": NOW - 61},
        {"exp": None},
        {"sub": None},
        {"at_hash": "another"},
    ],
    ids=str,
)
async def test_a_token_for_another_sign_in_client_or_time_is_not_taken(changed: dict[str, Any]) -> None:
    """Each seen to fail without its check."""
    with pytest.raises(Refused, match="could not be verified"):
        await Canned().sign_in(**changed)


async def test_a_token_that_another_has_signed_is_not_taken() -> None:
    stranger = RSAKey.generate_key(2048, {"kid": "k1"}, auto_kid=False)
    with pytest.raises(Refused, match="could not be verified"):
        await Canned().sign_in(key=stranger)
    shared = OctKey.import_key("s3cret" * 8)
    with pytest.raises(Refused, match="could not be verified"):
        await Canned().sign_in({"alg": "HS256", "kid": "k1"}, shared)
    for token in ("", "a.b", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."):
        provider = Canned()
        await provider.sign_in()
        _, flow = await provider.begin("https://us.example/")
        provider.answers["https://login.example/token"] = {"id_token": token}
        with pytest.raises(Refused, match="could not be verified"):
            await provider.claims("code", flow, "https://us.example/")


async def test_metadata_of_another_issuer_are_not_taken() -> None:
    with pytest.raises(Refused, match="could not be verified"):
        await Canned(issuer="https://evil.example").begin("https://us.example/")


async def test_userinfo_adds_what_the_token_lacks_of_the_same_subject() -> None:
    provider = Canned(userinfo_endpoint="https://login.example/me")
    provider.answers["https://login.example/me"] = {"sub": "1", "name": "Anna Berg", "nonce": "never"}
    found = await provider.sign_in()
    assert found["name"] == "Anna Berg"
    assert found["nonce"] != "never", "the token counts"
    provider.answers["https://login.example/me"] = {"sub": "2", "name": "Anna Berg"}
    with pytest.raises(Refused, match="could not be verified"):
        await provider.sign_in()


@pytest.mark.parametrize("url", ["http://login.example/", "ftp://login.example/", "file:///etc/passwd", "", None, 5])
def test_an_endpoint_is_https_or_of_this_machine(url: object) -> None:
    check_endpoint("https://login.example/")
    check_endpoint("http://127.0.0.1:9/")
    with pytest.raises(Refused, match="could not be verified"):
        check_endpoint(url)


async def test_a_provider_that_does_not_answer_is_a_sentence() -> None:
    provider = OpenIdProvider(Client("http://127.0.0.1:9", "consult"), Admission())
    with pytest.raises(Refused, match="does not answer"):
        await provider.begin("https://us.example/")
    provider.close()
