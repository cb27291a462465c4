"""The public address is asked as a browser asks it: name, chain and end of its certificate, its clock, who answers."""

from __future__ import annotations

import http.server
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from consult.cli.doctor.doctor_command import _asked
from consult.cli.doctor.public_address import DAY_S, Answer, ask, check_public
from consult.clock import now
from consult.settings import Settings

URL = "https://consult.example"
NOW = 1_800_000_000.0


class Livez(http.server.BaseHTTPRequestHandler):
    """Answers as consult does, at one path."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/here/livez" else 404)
        self.end_headers()
        self.wfile.write(b"ok\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
        """Nothing."""


@contextmanager
def answering(certificate: Path | None = None) -> Iterator[int]:
    """A server of HTTP, or of HTTPS with that certificate; its port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Livez)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, certificate.with_suffix(".key"))
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of localhost, for 30 days, signed by itself."""
    path = tmp_path_factory.mktemp("tls") / "cert.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost", "-keyout", path.with_suffix(".key"), "-out", path),
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    return path


def test_it_is_asked_below_its_path_with_its_clock() -> None:
    with answering() as port:
        answer = ask(f"http://127.0.0.1:{port}/here")
        elsewhere = ask(f"http://127.0.0.1:{port}")
    assert (answer.status, answer.text, answer.valid_until) == (200, "ok\n", 0.0)
    assert answer.clock is not None
    assert elsewhere.status == 404


def test_the_end_of_a_certificate_is_read(certificate: Path) -> None:
    context = ssl.create_default_context(cafile=str(certificate))
    with answering(certificate) as port:
        answer = ask(f"https://localhost:{port}/here", context)
    assert 29 * DAY_S < answer.valid_until - now() <= 30 * DAY_S + 60


def test_a_certificate_that_browsers_refuse_is_named_with_why(certificate: Path) -> None:
    with answering(certificate) as port, pytest.raises(ssl.SSLCertVerificationError) as refused:
        ask(f"https://localhost:{port}/here")
    (found,) = check_public(Settings(public_url=URL), lambda: NOW, refused.value)
    assert (found.topic, found.state) == ("certificate", "fails")
    assert "self-signed certificate" in found.sentence


@pytest.mark.parametrize(("days", "state"), [(90, "works"), (14, "works"), (13, "note")])
def test_a_certificate_that_ends_soon_is_said(days: int, state: str) -> None:
    answer = Answer(200, "ok\n", NOW, NOW + days * DAY_S)
    address, found = check_public(Settings(public_url=URL), lambda: NOW, answer)
    assert (address.state, found.state) == ("works", state)
    assert f"{days} days more" in found.sentence


def test_who_else_answers_or_nobody(tmp_path: Path) -> None:
    settings = Settings(public_url=URL, data=tmp_path)
    (found,) = check_public(settings, lambda: NOW, Answer(502, "Bad Gateway", NOW, 0.0))
    assert "answers 502, not as consult does" in found.sentence
    (found,) = check_public(settings, lambda: NOW, ConnectionRefusedError(111, "Connection refused"))
    assert (found.state, "not reached from here: Connection refused" in found.sentence) == ("note", True)


def test_an_address_that_there_cannot_be_is_said(tmp_path: Path) -> None:
    """Seen to fail: the doctor ended with a traceback."""
    for impossible in ("http://consult.example:99999", "http://.example"):
        settings = Settings(data=tmp_path, public_url=impossible)
        with pytest.raises(ValueError) as refused:  # noqa: PT011 - whatever the library says
            ask(impossible)
        (found,) = check_public(settings, lambda: NOW, refused.value)
        assert found.state == "fails"
        assert impossible in found.sentence
        assert isinstance(_asked(impossible), ValueError)
