"""Receivers of notices on real sockets: a webhook that can be down, and a mail server."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.message import Message
from typing import Any


class Webhook:
    """Takes what is posted on one port, which stays its own while it is down."""

    def __init__(self) -> None:
        self.port = 0
        self.status = 204
        self.posted: list[dict[str, Any]] = []
        self.headers: list[str] = []
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Where notices are to be posted to."""
        return f"http://127.0.0.1:{self.port}/hook"

    async def start(self) -> None:
        """Answer."""
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Nobody answers any more."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            int(line.split(":")[1]) for line in head.split("\r\n") if line.lower().startswith("content-length")
        )
        self.headers.append(head)
        self.posted.append(json.loads(await reader.readexactly(length)))
        writer.write(f"HTTP/1.1 {self.status} -\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        writer.close()


class Mailbox:
    """A mail server: what it has taken. It speaks as much of RFC 5321 as a delivery takes."""

    def __init__(self) -> None:
        self.mails: list[Message] = []

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One session."""
        reply(writer, "220 mail.example")
        while line := (await reader.readline()).decode().strip():
            verb = line.split(" ")[0].upper()
            if verb == "DATA":
                reply(writer, "354 go on")
                text = await reader.readuntil(b"\r\n.\r\n")
                self.mails.append(message_from_bytes(text.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")))
            reply(writer, {"EHLO": "250 mail.example", "QUIT": "221 bye"}.get(verb, "250 taken"))
            if verb == "QUIT":
                break
        writer.close()


def reply(writer: asyncio.StreamWriter, line: str) -> None:
    """A line of the server."""
    writer.write(f"{line}\r\n".encode())


@contextlib.asynccontextmanager
async def mail_server() -> AsyncIterator[tuple[Mailbox, str]]:
    """A mailbox, and its server as HOST:PORT."""
    box = Mailbox()
    server = await asyncio.start_server(box.talk, "127.0.0.1", 0)
    try:
        yield box, f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
