"""The site's OpenID provider: where a browser is sent to, and who has come back.

Rules of this file:
- What is configured is the issuer; its endpoints come from its own metadata (OpenID Connect Discovery 1.0, 4), which
  must name that very issuer. Each is https, but on this machine.
- Code flow alone, with PKCE by S256, state and nonce. An ID token is signed by a key of the provider, with one of
  ALGORITHMS, for this client, for this sign-in (Core 3.1.3.7). Its claims count; userinfo adds those that it lacks.
- No redirect is followed, nothing of more than MAX_BYTES is read, nobody is waited for longer than TIMEOUT_S. Requests
  have threads of their own: a provider that hangs keeps nobody else waiting.
- Why something failed is in the log, by a code; no token, no code, no claim.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import logging
import secrets
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from consult.access.oidc.admission import Admission
from consult.access.oidc.client import Client
from consult.access.oidc.flow import FLOW_S, Flow
from consult.clock import now, steady
from consult.model.errors import Refused

logger = logging.getLogger(__name__)
TIMEOUT_S = 10.0
MAX_BYTES = 1 << 20
THREADS = 4
MAX_WAITING = 16
METADATA_S = 3600.0
LEEWAY_S = 60
"""How far the provider's clock may be from ours."""
SCOPE = "openid profile email"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Of signatures; none by a shared secret, and not "none"."""
SILENT = "The sign-in page of your organization does not answer. Try again, or sign in another way."
UNSOUND = "The answer of your organization's sign-in page could not be verified, so it is not taken. Sign in once more."
LOOPBACK = ("127.0.0.1", "localhost", "::1")
T = TypeVar("T")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an error."""

    def redirect_request(self, *_: Any) -> None:
        """None: it is not followed."""


class OpenIdProvider:
    """Implements `Provider`: asks it, in threads of its own.

    Args:
        client: how this server is known there.
        admission: whom of those whom it knows this server lets in.
        clock: seconds since 1970.
        steady_clock: how old the metadata are goes by it.
    """

    def __init__(
        self,
        client: Client,
        admission: Admission,
        clock: Callable[[], float] = now,
        steady_clock: Callable[[], float] = steady,
    ) -> None:
        self.client, self.admission = client, admission
        self._clock, self._steady = clock, steady_clock
        self._opener = urllib.request.build_opener(NoRedirect)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="oidc")
        self._waiting = 0
        self._metadata: tuple[float, Mapping[str, Any]] | None = None

    def close(self) -> None:
        """Finish; nobody waits for what is under way."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def begin(self, redirect_uri: str) -> tuple[str, Flow]:
        """See `Provider.begin`."""
        metadata = await self._in_thread(self._known_metadata)
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        flow = Flow(state, nonce, verifier, self._clock() + FLOW_S)
        url: str = prepare_grant_uri(
            metadata["authorization_endpoint"],
            self.client.id,
            "code",
            redirect_uri=redirect_uri,
            scope=SCOPE,
            state=flow.state,
            nonce=flow.nonce,
            code_challenge=create_s256_code_challenge(flow.verifier),
            code_challenge_method="S256",
        )
        return url, flow

    async def claims(self, code: str, flow: Flow, redirect_uri: str) -> dict[str, Any]:
        """See `Provider.claims`."""
        return await self._in_thread(lambda: self._claims(code, flow, redirect_uri))

    async def _in_thread(self, ask: Callable[[], T]) -> T:
        if self._waiting >= MAX_WAITING:
            raise Refused("provider_silent", SILENT)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, ask)
        finally:
            self._waiting -= 1

    def _known_metadata(self) -> Mapping[str, Any]:
        at = self._steady()
        if self._metadata is None or at - self._metadata[0] > METADATA_S:
            found = self._ask(get_well_known_url(self.client.issuer, external=True))
            if found.get("issuer") != self.client.issuer:
                raise unsound("another issuer in the metadata")
            self._metadata = at, found
        return self._metadata[1]

    def _claims(self, code: str, flow: Flow, redirect_uri: str) -> dict[str, Any]:
        metadata = self._known_metadata()
        token = self._trade(metadata, code, flow, redirect_uri)
        claims = self._verified(metadata, token, flow)
        if userinfo := metadata.get("userinfo_endpoint"):
            found = self._ask(userinfo, headers={"Authorization": f"Bearer {token.get('access_token', '')}"})
            if found.get("sub") != claims["sub"]:  # Core 5.3.2
                raise unsound("userinfo of another subject")
            return {**found, **claims}
        return claims

    def _trade(self, metadata: Mapping[str, Any], code: str, flow: Flow, redirect_uri: str) -> dict[str, Any]:
        """The answer to the code (Core 3.1.3). The secret goes into the header, unless the provider wants it in the
        body alone."""
        client = self.client
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri,
            "code_verifier": flow.verifier,
        }  # fmt: skip
        ways = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        headers = {}
        if not client.secret:
            form["client_id"] = client.id
        elif "client_secret_basic" in ways:
            pair = f"{quote(client.id, safe='')}:{quote(client.secret, safe='')}"  # RFC 6749, 2.3.1
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": client.id, "client_secret": client.secret}
        return self._ask(metadata["token_endpoint"], urlencode(form).encode(), headers)

    def _verified(self, metadata: Mapping[str, Any], token: Mapping[str, Any], flow: Flow) -> dict[str, Any]:
        """The claims of an ID token, which is sound (Core 3.1.3.7)."""
        client = self.client
        try:
            keys = KeySet.import_key_set(self._ask(metadata["jwks_uri"]))  # type: ignore[arg-type]  # checked by it
            found = jwt.decode(str(token["id_token"]), keys, algorithms=ALGORITHMS)
            options = {
                "iss": {"essential": True, "value": client.issuer},
                "aud": {"essential": True, "value": client.id},
            }
            params = {"nonce": flow.nonce, "client_id": client.id, "access_token": token.get("access_token")}
            CodeIDToken(found.claims, found.header, options, params).validate(int(self._clock()), LEEWAY_S)
        except (JoseError, KeyError, ValueError, TypeError) as error:
            raise unsound(type(error).__name__) from error
        return dict(found.claims)

    def _ask(self, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """What an endpoint answers, as JSON.

        Raises:
            Refused: "provider_silent": nothing comes, or not 200; "unsound_answer": no object of JSON.
        """
        check_endpoint(url)
        named = {"Accept": "application/json", **(headers or {})}
        request = urllib.request.Request(url, body, named)  # noqa: S310  # checked above
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                content = answer.read(MAX_BYTES + 1)
        except urllib.error.HTTPError as error:
            error.close()
            if body is not None and error.code in (400, 401):
                raise unsound(f"the token endpoint answers {error.code}") from error
            raise silent(f"status {error.code}") from error
        except (OSError, http.client.HTTPException) as error:
            raise silent(type(error).__name__) from error
        try:
            found = json.loads(content[: MAX_BYTES + 1])
        except (ValueError, RecursionError) as error:
            raise unsound("no JSON") from error
        if not isinstance(found, dict) or len(content) > MAX_BYTES:
            raise unsound("not the answer that is expected")
        return found


def check_endpoint(url: object) -> None:
    """Let an endpoint pass: https, or this machine. Raises Refused: "unsound_answer"."""
    parts = urlsplit(url if isinstance(url, str) else "")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise unsound("an endpoint without https")


def silent(why: str) -> Refused:
    """It does not answer; why is in the log."""
    logger.warning("the OpenID provider does not answer: %s", why)
    return Refused("provider_silent", SILENT)


def unsound(why: str) -> Refused:
    """What it answers is not taken; why is in the log."""
    logger.warning("the OpenID provider's answer is not taken: %s", why)
    return Refused("unsound_answer", UNSOUND)
