"""Settings that do not go together are named, with what to do; those that do are not."""

from __future__ import annotations

from typing import Any

import pytest

from consult.cli.doctor.contradictions import contradictions
from consult.settings import Settings

PUBLIC: dict[str, Any] = {
    "public_url": "https://consult.example",
    "behind_tls_proxy": True,
    "udp_host": "0.0.0.0",
    "udp_port": 42000,
}


@pytest.mark.parametrize(
    "good",
    [
        {},
        {"host": "::1"},
        PUBLIC,
        {**PUBLIC, "udp_advertise": "203.0.113.7:42000"},
        {**PUBLIC, "udp_advertise": "2001:db8::1"},
        {**PUBLIC, "smtp_host": "m", "smtp_sender": "a@b", "smtp_user": "u", "smtp_password": "p"},
        {"public_url": "http://127.0.0.1:8000"},
    ],
)
def test_what_goes_together(good: dict[str, Any]) -> None:
    (found,) = contradictions(Settings(**good))
    assert found.state == "works", found


@pytest.mark.parametrize(
    ("bad", "state", "words"),
    [
        ({"host": "0.0.0.0"}, "fails", "without TLS"),
        ({**PUBLIC, "public_url": "http://consult.example"}, "fails", "public_url is http://consult.example"),
        ({**PUBLIC, "behind_tls_proxy": False}, "fails", "behind_tls_proxy is not set"),
        ({"behind_tls_proxy": True}, "fails", "neither public_url nor allowed_hosts"),
        ({**PUBLIC, "host": "10.0.0.5"}, "note", "FORWARDED_ALLOW_IPS is not set"),
        ({**PUBLIC, "udp_host": ""}, "fails", "live media is received on 127.0.0.1 alone"),
        ({**PUBLIC, "udp_advertise": "127.0.0.1"}, "fails", "browsers would send to themselves"),
        ({**PUBLIC, "udp_advertise": "127.0.0.1:9"}, "fails", "browsers would send to themselves"),
        ({**PUBLIC, "udp_advertise": "[::1]:9"}, "fails", "browsers would send to themselves"),
        ({**PUBLIC, "udp_advertise": "::1"}, "fails", "browsers would send to themselves"),
        ({**PUBLIC, "udp_port": 0}, "note", "udp_port is 0"),
        ({"smtp_host": "m", "smtp_sender": "a@b"}, "note", "have no link"),
        ({**PUBLIC, "smtp_host": "m", "smtp_sender": "a@b", "smtp_user": "u"}, "fails", "smtp_password is not"),
        ({"critical_1_min": 400}, "note", "more time"),
        ({**PUBLIC, "notice_webhook": "http://h/x", "notice_secret": "s"}, "note", "without TLS to the webhook"),
    ],
)
def test_what_does_not(bad: dict[str, Any], state: str, words: str) -> None:
    (found,) = contradictions(Settings(**bad))
    assert (found.state, words in found.sentence) == (state, True), found
    assert found.advice


def test_a_trusted_proxy_elsewhere_is_said_by_uvicorns_own_variable() -> None:
    assert contradictions(Settings(**{**PUBLIC, "host": "10.0.0.5"}), "10.0.0.1")[0].state == "works"
