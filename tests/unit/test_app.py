"""Wiring: what is refused before anything listens, and what links begin with."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from consult.app import address, listen, open_services
from consult.model.errors import Refused
from consult.settings import Settings


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.1", "::", "example.org", "127.evil.example", "localhost.x"])
def test_an_address_that_others_can_reach_wants_tls_before_it(host: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="TLS proxy") as refused:
        listen(Settings(host=host, port=0, data=tmp_path))
    assert repr(host) in refused.value.sentence


def test_a_declared_proxy_is_enough(tmp_path: Path) -> None:
    listening = listen(Settings(host="0.0.0.0", port=0, data=tmp_path, behind_tls_proxy=True))
    assert listening.getsockname()[0] == "0.0.0.0"
    listening.close()


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    first = listen(Settings(port=0, data=tmp_path))
    first.listen()
    with pytest.raises(Refused, match="Cannot listen"):
        listen(Settings(port=first.getsockname()[1], data=tmp_path))
    first.close()


def test_answers_do_not_wait_for_acknowledgements(tmp_path: Path) -> None:
    listening = listen(Settings(port=0, data=tmp_path))
    listening.listen()
    with socket.create_connection(listening.getsockname()) as ours:
        theirs, _ = listening.accept()
        assert theirs.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert theirs.proto == socket.IPPROTO_TCP, "what asyncio looks at"
        theirs.close()
        assert ours.recv(1) == b""
    listening.close()


def test_links_begin_with_the_public_address_where_there_is_one(tmp_path: Path) -> None:
    listening = listen(Settings(port=0, data=tmp_path))
    port = listening.getsockname()[1]
    assert address(Settings(port=0, data=tmp_path), listening) == f"http://127.0.0.1:{port}"
    assert address(Settings(data=tmp_path, public_url="https://c.example/"), listening) == "https://c.example"
    listening.close()


async def test_a_house_opens_and_closes_on_an_empty_directory(tmp_path: Path) -> None:
    async with open_services(Settings(data=tmp_path / "new", workers=1)) as services:
        assert await services.library.studies() == []
        assert await services.registry.consults() == []
    assert ((tmp_path / "new").stat().st_mode & 0o077) == 0, "patients' images are for their owner alone"
