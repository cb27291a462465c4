"""A process: the OpenID provider of `oidc-provider-mock` on 127.0.0.1, which prints its issuer and serves until it is
ended. It does not know PKCE: that a code is traded with the verifier of its challenge (RFC 7636, 4.6) is held here."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs, urlsplit

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
REFUSED = json.dumps({"error": "invalid_grant"}).encode()


class HeldToPkce:
    """WSGI: refuses a code whose verifier is not that of its challenge, or a challenge that is not by S256."""

    def __init__(self, app: Callable[[Environ, StartResponse], Iterable[bytes]]) -> None:
        self._app = app
        self._challenges: dict[str, str] = {}

    def __call__(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        """One request."""
        if environ["PATH_INFO"] == "/oauth2/authorize":
            return self._app(environ, self._noting(environ, start))
        if environ["PATH_INFO"] == "/oauth2/token" and not self._is_right(environ):
            start("400 BAD REQUEST", [("Content-Type", "application/json")])
            return [REFUSED]
        return self._app(environ, start)

    def _noting(self, environ: Environ, start: StartResponse) -> StartResponse:
        asked = parse_qs(environ["QUERY_STRING"])

        def started(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            answer = parse_qs(urlsplit(dict(headers).get("Location", "")).query)
            if "code" in answer and asked.get("code_challenge_method") == ["S256"]:
                self._challenges[answer["code"][0]] = asked["code_challenge"][0]
            return start(status, headers, *more)

        return started

    def _is_right(self, environ: Environ) -> bool:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = io.BytesIO(body)
        form = parse_qs(body.decode())
        made = hashlib.sha256(form.get("code_verifier", [""])[0].encode()).digest()
        challenge = self._challenges.pop(form.get("code", [""])[0], "")
        return base64.urlsafe_b64encode(made).decode().rstrip("=") == challenge


def main() -> None:
    """Serve until the process is ended."""
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    import oidc_provider_mock  # warns of what it uses itself
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, HeldToPkce(oidc_provider_mock.app(require_nonce=True)), threaded=True)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
