"""Notices as real receivers get them: signed, without anything of a patient, once at a time, and what is not taken."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from consult.notices.notice import SIGNATURE, Outgoing, email_of
from consult.notices.sender import NoticeSender, Transports
from consult.notices.transports import Mail, Webhook
from tests.support.waiting import PATIENCE_S

NOTICE = Outgoing("consult-1", "x1", "0.webhook", 1, 0, "https://consult.example/join/c/i#secret")
Outcome = tuple[bool, str]


class Receiver(HTTPServer):
    """Somebody's webhook; answers with `status`, once it is let."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status = 204
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.let = threading.Event()
        self.let.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook?a=b"


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        self.server.let.wait(PATIENCE_S)
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.let.set()
    made.shutdown()
    thread.join()
    made.server_close()


class Desk:
    """Sends, and remembers what became of it."""

    def __init__(self, transports: Transports) -> None:
        self.sender = NoticeSender(transports, clock=lambda: 1_764_000_000.5)
        self.outcomes: asyncio.Queue[Outcome] = asyncio.Queue()

    async def report(self, sent: bool, sentence: str) -> None:
        await self.outcomes.put((sent, sentence))

    async def send(self, to: str = "") -> Outcome:
        notice = replace(NOTICE, notice="0.email") if to else NOTICE
        self.sender.send(notice, to, self.report)
        async with asyncio.timeout(PATIENCE_S):
            return await self.outcomes.get()


async def test_a_webhook_is_signed_and_holds_nothing_of_a_patient(receiver: Receiver) -> None:
    desk = Desk(Transports(webhook=Webhook(receiver.url, "our secret")))
    assert await desk.send() == (True, "")
    ((headers, body),) = receiver.got
    seconds, _, signed = headers[SIGNATURE].removeprefix("t=").partition(",v1=")
    expected = hmac.new(b"our secret", f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    assert (seconds, signed) == ("1764000000", expected)
    assert json.loads(body) == {
        "type": "critical", "consult": "consult-1", "critical": "x1", "notice": "0.webhook", "category": 1, "stage": 0,
        "link": NOTICE.link,
    }  # fmt: skip
    await desk.sender.close()


async def test_what_is_not_taken_says_why(receiver: Receiver) -> None:
    receiver.status = 302
    desk = Desk(Transports(webhook=Webhook(receiver.url, "s")))
    assert await desk.send() == (False, "The webhook answers 302.")
    assert await desk.send(to="ann@hospital.example") == (False, "This server is not set up for it.")
    await desk.sender.close()


async def test_nobody_there() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        mail = Mail(f"127.0.0.1:{port}", "consult@hospital.example")
        desk = Desk(Transports(Webhook(f"http://127.0.0.1:{port}/", "s"), mail))
        assert await desk.send() == (False, "The webhook does not answer: ConnectionRefusedError.")
        reported = await desk.send(to="ann@hospital.example")
        assert reported == (False, "The mail server does not take it: ConnectionRefusedError.")
        await desk.sender.close()


async def test_a_notice_is_under_way_once_and_given_up_when_the_server_stops(receiver: Receiver) -> None:
    receiver.let.clear()
    desk = Desk(Transports(webhook=Webhook(receiver.url, "s")))
    for _ in range(3):
        desk.sender.send(NOTICE, "", desk.report)
    assert len(desk.sender._sending) == 1
    await desk.sender.close()
    assert desk.outcomes.empty(), "it waits in the log, and is sent after the restart"


class Smtp(threading.Thread):
    """A mail server that takes one message."""

    def __init__(self) -> None:
        super().__init__()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.lines: list[str] = []

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.listening.getsockname()[1]}"

    def run(self) -> None:
        connection, _ = self.listening.accept()
        with connection, connection.makefile("rwb") as peer, self.listening:
            self._report(peer, "220 mail")
            in_data = False
            for raw in peer:
                line = raw.decode().rstrip("\r\n")
                self.lines.append(line)
                if in_data:
                    in_data = line != "."
                    if not in_data:
                        self._report(peer, "250 taken")
                elif line.upper() == "DATA":
                    in_data = True
                    self._report(peer, "354 go on")
                elif line.upper() == "QUIT":
                    self._report(peer, "221 bye")
                    return
                else:
                    self._report(peer, "250 mail")

    @staticmethod
    def _report(peer: Any, line: str) -> None:
        peer.write(f"{line}\r\n".encode())
        peer.flush()


async def test_an_email_is_taken_by_a_mail_server() -> None:
    server = Smtp()
    server.start()
    desk = Desk(Transports(mail=Mail(server.host, "consult@hospital.example")))
    assert await desk.send(to="ann@hospital.example") == (True, "")
    await asyncio.to_thread(server.join)
    assert "Subject: A result needs your answer" in server.lines
    assert any(NOTICE.link in line for line in server.lines)
    await desk.sender.close()


async def test_no_password_is_sent_without_tls() -> None:
    server = Smtp()
    server.start()
    desk = Desk(Transports(mail=Mail(server.host, "consult@hospital.example", "user", "password")))
    reported = await desk.send(to="ann@hospital.example")
    assert reported == (False, "The mail server does not take it: SMTPNotSupportedError.")
    await asyncio.to_thread(server.join)
    assert not any(line.startswith("AUTH") for line in server.lines)
    await desk.sender.close()


def test_an_email_says_what_to_do_and_to_whom_it_comes_second() -> None:
    def reported(stage: int, link: str) -> str:
        content: str = email_of(Outgoing("c", "x1", "n", 2, stage, link), "a@b.example", "c@d.example").get_content()
        return content

    assert "within hours" in reported(0, "LINK")
    assert "Nobody has answered yet: please answer here: LINK" in reported(1, "LINK")
    assert "by telephone" in reported(0, "")


async def test_the_receiver_of_the_guide_takes_what_is_ours_and_nothing_else(receiver: Receiver) -> None:
    guide = (Path(__file__).parents[3] / "docs" / "guide.md").read_text()
    (example,) = [found for found in re.findall(r"```python\n(.*?)```", guide, re.S) if "def is_ours" in found]
    names: dict[str, Any] = {}
    exec(compile(example, "guide", "exec"), names)  # the very text that people copy
    desk = Desk(Transports(webhook=Webhook(receiver.url, "our secret")))
    assert await desk.send() == (True, "")
    ((headers, body),) = receiver.got
    header = headers[SIGNATURE]
    is_ours = names["is_ours"]
    names["time"] = SimpleNamespace(time=lambda: 1_764_000_100.0)
    assert is_ours(header, body, "our secret")
    assert not is_ours(header, body, "another")
    assert not is_ours(header, body.replace(b"x1", b"x2"), "our secret")
    names["time"] = SimpleNamespace(time=lambda: 1_764_000_400.0)
    assert not is_ours(header, body, "our secret"), "an old one is not played again"
    await desk.sender.close()


def test_a_link_in_an_email_is_one_line_as_it_is_sent() -> None:
    link = "https://consult.example/join/" + "i" * 90 + "#" + "s" * 43
    sent = email_of(Outgoing("c", "x1", "n", 1, 0, link), "a@b.example", "c@d.example").as_bytes()
    assert link.encode() in sent
