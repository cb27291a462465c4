"""What a notice says, and how a webhook is signed. Pure."""

from __future__ import annotations

import hashlib
import hmac
from email.message import EmailMessage

import msgspec
from msgspec import Struct

SIGNATURE = "X-Consult-Signature"
WITHIN = {1: "minutes", 2: "hours", 3: "days"}


class Outgoing(Struct, frozen=True, tag="critical"):
    """A notice of a critical result: ids, a category, a way to it. No patient, no finding.

    Attributes:
        stage: 0: the first person is asked; 1: the backup is.
        notice: names it: a receiver that gets it twice knows it again.
        link: opens the critical result; "" where there is none.
    """

    consult: str
    critical: str
    notice: str
    category: int
    stage: int
    link: str


def webhook_body(notice: Outgoing) -> bytes:
    """What is posted."""
    return msgspec.json.encode(notice)


def signature(secret: str, seconds: int, body: bytes) -> str:
    """`t=SECONDS,v1=HEX`: HMAC-SHA256 of `SECONDS.BODY`; the time is in it, so that an old one is not played again."""
    signed = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={signed}"


def email_of(notice: Outgoing, sender: str, to: str) -> EmailMessage:
    """The e-mail of a notice."""
    message = EmailMessage()
    message["From"], message["To"] = sender, to
    asked = "Please answer" if notice.stage == 0 else "Nobody has answered yet: please answer"
    message["Subject"] = "A result needs your answer"
    message["Message-ID"] = f"<{notice.consult}.{notice.critical}.{notice.notice}@consult>"
    lines = [
        f"A colleague has a result for you that must be acknowledged within {WITHIN.get(notice.category, 'hours')}.",
        f"{asked} here: {notice.link}" if notice.link else f"{asked} by telephone, or in the consult itself.",
        "",
        "This message holds nothing about the patient. If it is not for you, tell whoever sent it.",
    ]
    message.set_content("\n".join(lines), cte="7bit")  # no long link is broken into lines
    return message
