"""The ports: free, or this server's own already; whether datagrams reach the address that is advertised."""

from __future__ import annotations

import ipaddress
import socket

from consult.app import bind_socket, is_loopback
from consult.cli.doctor.findings import Finding, works
from consult.cli.running_server import running_address
from consult.media.webrtc.ice import open_port
from consult.media.webrtc.reach import comes_through
from consult.model.errors import Refused
from consult.settings import Settings


def check_tcp(settings: Settings) -> Finding:
    """The port of HTTP."""
    at = f"TCP {settings.host}:{settings.port}"
    if running := running_address(settings.data):
        return works("TCP port", f"a server runs on {settings.data} already, at {running}")
    try:
        with bind_socket(settings.model_copy(update={"behind_tls_proxy": True})):
            return works("TCP port", f"{at} is free")
    except Refused as refused:
        return Finding("TCP port", "fails", refused.sentence.split(". ")[0], "end what has it, or set port to another")
    except ValueError as error:  # no name that there can be
        return Finding("TCP port", "fails", f"host is {settings.host}: {error}", "set host to an address or a name")


async def check_udp(settings: Settings) -> Finding:
    """The port of live media, by the very check that pages make before they join."""
    host = settings.udp_host or settings.host
    try:
        async with open_port(host, settings.udp_port, settings.udp_advertise) as port:
            address, number = port.advertised
            through = await comes_through(port.check_point)
    except Refused as refused:
        if refused.code == "udp_port_taken" and settings.udp_port and running_address(settings.data):
            return works("UDP port", f"UDP {settings.udp_port} is in use by the server that runs; ask again without it")
        return Finding("UDP port", "fails", refused.sentence.split(". ")[0], "set udp_port, udp_host or udp_advertise")
    except ValueError as error:
        return Finding("UDP port", "fails", f"udp_host is {host}: {error}", "set udp_host to an address or a name")
    at = f"{address}:{number}"
    if through:
        return works("UDP port", f"datagrams to {at} arrive, from this machine; others need it open in the firewall")
    if _is_own(address):
        advice = "let this machine's own firewall (nftables, ufw) pass UDP to that port"
        return Finding("UDP port", "fails", f"datagrams to {at}, an address of this machine, do not arrive", advice)
    advice = "open a link from outside: the page says before joining whether voice comes through"
    sentence = f"datagrams to {at} do not come back to this machine, which a router often does not do"
    return Finding("UDP port", "note", sentence, advice)


def _is_own(address: str) -> bool:
    """A socket of this machine can have it."""
    if is_loopback(address):
        return True
    family = socket.AF_INET6 if ipaddress.ip_address(address).version == 6 else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True
