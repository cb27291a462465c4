"""Settings that each are right, and do not go together. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from consult.app import is_loopback
from consult.cli.doctor.findings import Finding, State, works
from consult.media.webrtc.ice import advertised
from consult.model.errors import Refused
from consult.settings import Settings

TOPIC = "settings"


def contradictions(settings: Settings, trusted_proxies: str = "") -> list[Finding]:
    """What does not go together, else that nothing was found.

    Args:
        settings: as a server would have them.
        trusted_proxies: FORWARDED_ALLOW_IPS, uvicorn's own variable.
    """
    found = [
        Finding(TOPIC, state, sentence, advice)
        for rule in (_of_addresses(settings, trusted_proxies), _of_media(settings), _of_the_rest(settings))
        for state, sentence, advice in rule
    ]
    return found or [works(TOPIC, "nothing in them contradicts anything else")]


Found = Iterator[tuple[State, str, str]]


def _of_addresses(settings: Settings, trusted_proxies: str) -> Found:
    public = urlsplit(settings.public_url)
    is_public = bool(settings.public_url) and not is_loopback(public.hostname or "")
    if not is_loopback(settings.host) and not settings.behind_tls_proxy:
        yield (
            "fails",
            f"host is {settings.host}, which others reach without TLS",
            ("put a TLS proxy before it and set behind_tls_proxy, or leave host at 127.0.0.1"),
        )
    if is_public and public.scheme == "http":
        yield (
            "fails",
            f"public_url is {settings.public_url}, without TLS",
            ("browsers give no microphone and no video decoder to it: serve it by https"),
        )
    if public.scheme == "https" and not settings.behind_tls_proxy:
        yield (
            "fails",
            "public_url is https, and behind_tls_proxy is not set",
            ("set it: else cookies are not kept to https, and every request counts as the proxy's"),
        )
    if settings.behind_tls_proxy and not settings.public_url and not settings.allowed_hosts:
        yield (
            "fails",
            "behind a proxy neither public_url nor allowed_hosts is set",
            ("set public_url to the address that browsers use: no link can be made without"),
        )
    if settings.behind_tls_proxy and not is_loopback(settings.host) and not trusted_proxies:
        yield (
            "note",
            f"host is {settings.host}, and FORWARDED_ALLOW_IPS is not set",
            ("where the proxy is on another machine, put its address there; else all people count as one address"),
        )


def _of_media(settings: Settings) -> Found:
    public = urlsplit(settings.public_url).hostname or ""
    if not public or is_loopback(public):
        return
    heard = settings.udp_host or settings.host
    if is_loopback(heard):
        yield (
            "fails",
            f"live media is received on {heard} alone: there is no voice, and the picture comes indirectly",
            ("set udp_host to 0.0.0.0, and udp_advertise where browsers reach this machine at another address"),
        )
    if settings.udp_advertise and _leads_back(settings.udp_advertise):
        yield (
            "fails",
            f"udp_advertise is {settings.udp_advertise}: browsers would send to themselves",
            ("set it to the address at which browsers reach this machine"),
        )
    if not settings.udp_port:
        yield (
            "note",
            "udp_port is 0: live media has another port at each start",
            ("set one, 42000 say, and open it in the firewall"),
        )


def _leads_back(udp_advertise: str) -> bool:
    """Whoever sends there sends to themselves. What is no address is said where the port is looked at."""
    try:
        return is_loopback(advertised(udp_advertise, ("", 0))[0])
    except Refused:
        return False


def _of_the_rest(settings: Settings) -> Found:
    sends = settings.notice_webhook or settings.smtp_host
    if sends and not settings.public_url:
        yield "note", "notices of critical results have no link, since public_url is not set", "set it"
    if settings.smtp_user and not settings.smtp_password:
        yield "fails", "smtp_user is set, and smtp_password is not", "set smtp_password_file to a file that holds it"
    if not settings.critical_1_min <= settings.critical_2_min <= settings.critical_3_min:
        yield (
            "note",
            "critical results of a more urgent category have more time than those of a less urgent one",
            ("look at critical_1_min, critical_2_min and critical_3_min"),
        )
    webhook = urlsplit(settings.notice_webhook)
    if webhook.scheme == "http" and not is_loopback(webhook.hostname or ""):
        yield "note", "notices travel without TLS to the webhook", "use its https address"
