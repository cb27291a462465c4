"""A server of S3's protocol (moto's) of the machine's own, in a process."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import obstore

from consult.store.bucket import Bucket
from tests.support.nodes import free_port

KEY_ID, SECRET, REGION = "AKIATESTS", "secret-of-tests", "us-east-1"


class S3Server:
    """It forgets all when it ends; it can be killed, and started again empty."""

    def __init__(self) -> None:
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and return once it answers."""
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        out = subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
        for _ in range(3000):
            try:
                httpx.get(f"{self.endpoint}/moto-api/")
                return
            except httpx.TransportError:
                assert self._process.poll() is None, "moto has ended"
                time.sleep(0.02)
        raise AssertionError("moto does not answer")

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(20)
            self._process = None

    def new_bucket(self) -> str:
        """An empty one; its address."""
        name = f"b-{secrets.token_hex(6)}"
        httpx.put(f"{self.endpoint}/{name}").raise_for_status()
        return f"s3://{name}"

    def settings(self, url: str) -> dict[str, Any]:
        """What a server is told of it, but for the name of the setting."""
        return {"objects": url, "objects_endpoint": self.endpoint, "objects_region": REGION,
                "objects_key_id": KEY_ID, "objects_secret": SECRET}  # fmt: skip

    def bucket(self, url: str) -> Bucket:
        """As a server has it."""
        return Bucket(url, endpoint=self.endpoint, region=REGION, key_id=KEY_ID, secret=SECRET)

    def objects(self, url: str) -> dict[str, bytes]:
        """All that is in a bucket, by its key."""
        opened = self.bucket(url)._store()
        keys = [found["path"] for part in obstore.list(opened) for found in part]
        return {key: bytes(obstore.get(opened, key).bytes()) for key in keys}

    def spoil(self, url: str, key: str) -> None:
        """Other content under that key."""
        obstore.put(self.bucket(url)._store(), key, b"spoiled")


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """One that runs, and is killed in the end."""
    server = S3Server()
    server.start()
    try:
        yield server
    finally:
        server.kill()
