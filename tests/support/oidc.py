"""A real, small OpenID provider beside the test, and somebody who signs in at it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Provider:
    """The provider, which runs.

    Attributes:
        issuer: its address.
    """

    issuer: str

    def put_user(self, sub: str, **claims: Any) -> None:
        """Somebody has an account there, with these claims."""
        httpx.put(f"{self.issuer}/users/{sub}", json=claims).raise_for_status()

    def authorize(self, address: str, sub: str) -> str:
        """Somebody signs in there, sent by that address; where their browser is sent then."""
        answer = httpx.post(address, data={"sub": sub})
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    def deny(self, address: str) -> str:
        """Somebody presses Deny; where their browser is sent then."""
        return httpx.post(address, data={"action": "deny"}).headers["location"]


@contextmanager
def oidc_provider() -> Iterator[Provider]:
    """The provider, as long as the block."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.support.oidc_process"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout
            issuer = process.stdout.readline().strip()
            assert issuer.startswith("http://"), "it does not start"
            yield Provider(issuer)
        finally:
            process.terminate()
