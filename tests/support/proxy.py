"""A proxy on 127.0.0.1 as hospitals have them: it blocks, strips, renames, is slow or ill. HTTP/1.1, one request a
connection; what is upgraded goes through as it is."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

HEAD_END = b"\r\n\r\n"
CHUNK = 2048
MAX_HEAD = 64 * 1024


@dataclass
class Rules:
    """What the proxy does; may be changed while it runs.

    Attributes:
        websocket: of upgrades: pass, refuse (403), hang (never answered), strip (passed as plain requests).
        host: the Host header that goes on; None: as it came, "": none.
        cookies: Set-Cookie passes.
        prefix: of the addresses seen outside, taken away; others are not known here.
        keep_prefix: it is passed on.
        faults: status by a pattern of method and path, answered here in HTML as a proxy does.
        bytes_per_s: towards the browser, all connections together; 0: as fast as it goes.
        delay_s: before each request.
    """

    websocket: Literal["pass", "refuse", "hang", "strip"] = "pass"
    host: str | None = None
    cookies: bool = True
    prefix: str = ""
    keep_prefix: bool = False
    faults: dict[str, int] = field(default_factory=dict)
    bytes_per_s: float = 0
    delay_s: float = 0


class Proxy:
    """Before one server. `asked`: the paths in the order in which they were asked for."""

    def __init__(self, upstream: str, rules: Rules) -> None:
        parts = urlsplit(upstream)
        self._upstream = (parts.hostname or "", parts.port or 80)
        self.rules = rules
        self.asked: list[str] = []
        self.sent = 0
        self.address = ""
        self.listening: asyncio.Server | None = None
        self._free_at = 0.0
        self._busy: set[asyncio.Task[None]] = set()

    def of(self, link: str) -> str:
        """A link of the server as it is seen outside."""
        parts = urlsplit(link)
        return f"{self.address}{self.rules.prefix}{parts.path}" + (f"#{parts.fragment}" if parts.fragment else "")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of a browser."""
        task = asyncio.current_task()
        assert task
        self._busy.add(task)
        try:
            await self._answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # cancelled by `close`: asyncio would report it
        finally:
            self._busy.discard(task)
            writer.close()

    def stop_listening(self) -> None:
        """Nobody answers at the address any more."""
        assert self.listening
        self.listening.close()

    async def close(self) -> None:
        """End all connections."""
        for task in self._busy:
            task.cancel()
        await asyncio.gather(*self._busy, return_exceptions=True)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(HEAD_END)
        line, *headers = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        method, path, version = line.split(" ")
        self.asked.append(path)
        await asyncio.sleep(self.rules.delay_s)
        upgrade = any(h.lower().startswith("upgrade:") for h in headers)
        if (status := self._fault(method, path, upgrade=upgrade)) is not None:
            await self._refuse(writer, status)
        elif upgrade and self.rules.websocket == "hang":
            await reader.read()
        else:
            inner = path if self.rules.keep_prefix else path.removeprefix(self.rules.prefix)
            passed = self._headers(headers, upgrade=upgrade)
            await self._pass(reader, writer, "\r\n".join([f"{method} {inner} {version}", *passed, "", ""]))

    def _fault(self, method: str, path: str, *, upgrade: bool) -> int | None:
        if not path.startswith(self.rules.prefix):
            return 404
        if upgrade and self.rules.websocket == "refuse":
            return 403
        asked = f"{method} {path}"
        return next((status for pattern, status in self.rules.faults.items() if re.search(pattern, asked)), None)

    async def _refuse(self, writer: asyncio.StreamWriter, status: int) -> None:
        body = f"<html><h1>{status}</h1>the proxy</html>".encode()
        writer.write(
            f"HTTP/1.1 {status} No\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n"
            f"Connection: close\r\n\r\n".encode()
            + body
        )
        await writer.drain()

    def _headers(self, headers: list[str], *, upgrade: bool) -> list[str]:
        dropped = {"connection", "keep-alive"} if not upgrade or self.rules.websocket == "strip" else set()
        if dropped and upgrade:
            dropped |= {"upgrade"}
        if self.rules.host is not None:
            dropped |= {"host"}
        kept = [h for h in headers if h.partition(":")[0].lower() not in dropped]
        named = [f"Host: {self.rules.host}"] if self.rules.host else []
        return named + kept + (["Connection: close"] if "connection" in dropped else [])

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
        up_reader, up_writer = await asyncio.open_connection(*self._upstream)
        try:
            up_writer.write(head.encode("latin-1"))
            onwards = asyncio.create_task(copy(reader, up_writer))
            try:
                await self._pass_head(up_reader, writer)
                while data := await up_reader.read(CHUNK):
                    await self._send(writer, data)
            finally:
                onwards.cancel()
                await asyncio.gather(onwards, return_exceptions=True)
        finally:
            up_writer.close()

    async def _pass_head(self, up_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = (await up_reader.readuntil(HEAD_END)).split(b"\r\n")
        if not self.rules.cookies:
            lines = [line for line in lines if not line.lower().startswith(b"set-cookie:")]
        await self._send(writer, b"\r\n".join(lines))

    async def _send(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        """At the rate of the line, which all share."""
        self.sent += len(data)
        if rate := self.rules.bytes_per_s:
            now = asyncio.get_running_loop().time()
            self._free_at = max(self._free_at, now) + len(data) / rate
            await asyncio.sleep(self._free_at - now)
        writer.write(data)
        await writer.drain()


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """All that comes."""
    while data := await reader.read(CHUNK):
        writer.write(data)
        await writer.drain()


@asynccontextmanager
async def proxy(upstream: str, rules: Rules | None = None, port: int = 0) -> AsyncIterator[Proxy]:
    """A proxy that runs, before that server."""
    made = Proxy(upstream, rules or Rules())
    made.listening = listening = await asyncio.start_server(made.serve, "127.0.0.1", port, limit=MAX_HEAD)
    made.address = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        listening.close()
        await made.close()
