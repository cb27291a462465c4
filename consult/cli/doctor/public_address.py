"""The public address: whether it answers as consult, how long its certificate is valid, what its clock says."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from msgspec import Struct

from consult.cli.doctor.findings import Finding, State, works
from consult.cli.running_server import running_address
from consult.settings import Settings

DEADLINE_S = 5.0
DAY_S = 86_400.0
SOON_DAYS = 14
"""Let's Encrypt renews 30 days before the end: what is left with fewer is not renewed."""


class Answer(Struct, frozen=True):
    """What the public address said: status and text of /livez, its clock, the end of its certificate (0.0: no TLS)."""

    status: int
    text: str
    clock: float | None
    valid_until: float


def check_public(settings: Settings, wall: Callable[[], float], answer: Answer | Exception) -> list[Finding]:
    """What the answer means. `wall`: seconds since 1970."""
    match answer:
        case ssl.SSLCertVerificationError(verify_message=why):
            advice = "renew it, or give the proxy the whole chain (fullchain.pem), for this very name"
            return [Finding("certificate", "fails", f"browsers refuse that of {settings.public_url}: {why}", advice)]
        case ValueError():
            return [Finding("public address", "fails", f"public_url is {settings.public_url}: {answer}", "correct it")]
        case Exception():
            return [_not_reached(settings, answer)]
    found = [_of_certificate(settings, wall, answer)] if answer.valid_until else []
    if (answer.status, answer.text.strip()) == (200, "ok"):
        return [works("public address", f"{settings.public_url} answers"), *found]
    state: State = "fails" if running_address(settings.data) else "note"
    sentence = f"{settings.public_url}/livez answers {answer.status}, not as consult does"
    advice = "start the server, then look at the proxy (docker/nginx.conf is one)"
    return [Finding("public address", state, sentence, advice), *found]


def ask(public_url: str, context: ssl.SSLContext | None = None) -> Answer:
    """Ask /livez once; no proxy of the environment comes between. Raises OSError, http.client.HTTPException;
    ValueError: such a name or port there cannot be."""
    parts = urlsplit(public_url)
    host, port = parts.hostname or "", parts.port
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = context or ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, port, timeout=DEADLINE_S, context=context)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=DEADLINE_S)
    try:
        connection.request("GET", f"{parts.path}/livez")
        until = _valid_until(connection.sock)
        response = connection.getresponse()
        date = response.getheader("Date")
        clock = parsedate_to_datetime(date).timestamp() if date else None
        return Answer(response.status, response.read(1024).decode(errors="replace"), clock, until)
    finally:
        connection.close()


def _valid_until(sock: socket.socket | None) -> float:
    certificate = sock.getpeercert() if isinstance(sock, ssl.SSLSocket) else None
    return float(ssl.cert_time_to_seconds(str(certificate["notAfter"]))) if certificate else 0.0


def _of_certificate(settings: Settings, wall: Callable[[], float], answer: Answer) -> Finding:
    days = (answer.valid_until - wall()) / DAY_S
    sentence = f"that of {settings.public_url} is valid for {days:.0f} days more"
    if days < SOON_DAYS:
        return Finding("certificate", "note", sentence, "renew it, and see why that is not done by itself")
    return works("certificate", sentence)


def _not_reached(settings: Settings, error: Exception) -> Finding:
    why = (error.strerror if isinstance(error, OSError) else "") or type(error).__name__
    advice = "look at DNS, the firewall and the proxy; where this machine cannot reach it but others can, all is well"
    return Finding("public address", "note", f"{settings.public_url} is not reached from here: {why}", advice)
