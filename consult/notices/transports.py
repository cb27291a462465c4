"""The two ways out: an HTTP POST and an SMTP session. They block, so they run in the sender's threads."""

from __future__ import annotations

import http.client
import smtplib
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from consult.notices.notice import SIGNATURE, Outgoing, email_of, signature, webhook_body

TIMEOUT_S = 10.0
TLS_PORT = 465


class Undelivered(Exception):
    """It was not taken; `sentence` says why, without an address."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Webhook:
    """Where notices are posted to.

    Attributes:
        url: http or https.
        secret: signs them.
    """

    url: str
    secret: str

    def post(self, notice: Outgoing, seconds: int) -> None:
        """Post it. Raises Undelivered: anything but a 2xx."""
        body, parts = webhook_body(notice), urlsplit(self.url)
        make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = make(parts.hostname or "", parts.port, timeout=TIMEOUT_S)
        headers = {"Content-Type": "application/json", SIGNATURE: signature(self.secret, seconds, body)}
        try:
            connection.request("POST", f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}", body, headers)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise Undelivered(f"The webhook does not answer: {type(error).__name__}.") from error
        finally:
            connection.close()
        if not 200 <= status < 300:
            raise Undelivered(f"The webhook answers {status}.")


@dataclass(frozen=True)
class Mail:
    """The server that sends e-mails.

    Attributes:
        host: HOST or HOST:PORT; port 465 speaks TLS at once, others by STARTTLS where they offer it.
        user, password: empty: no log-in, which is never done without TLS.
        sender: address that they come from.
    """

    host: str
    sender: str
    user: str = ""
    password: str = ""

    def post(self, notice: Outgoing, to: str) -> None:
        """Send it. Raises Undelivered."""
        name, _, port = self.host.rpartition(":") if ":" in self.host else (self.host, "", "25")
        try:
            with self._connect(name, int(port)) as session:
                session.send_message(email_of(notice, self.sender, to))
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise Undelivered(f"The mail server does not take it: {type(error).__name__}.") from error

    def _connect(self, name: str, port: int) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if port == TLS_PORT:
            session: smtplib.SMTP = smtplib.SMTP_SSL(name, port, timeout=TIMEOUT_S, context=context)
        else:
            session = smtplib.SMTP(name, port, timeout=TIMEOUT_S)
            session.ehlo()
            if session.has_extn("starttls"):
                session.starttls(context=context)
            elif self.user:
                session.close()
                raise smtplib.SMTPNotSupportedError("no password is sent without TLS")
        if self.user:
            session.login(self.user, self.password)
        return session
