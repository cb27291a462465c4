"""Wiring: what is refused before anything listens, and what links begin with."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from consult.app import base_url, bind_socket, open_services
from consult.model.errors import Refused
from consult.settings import Settings


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.1", "::", "example.org", "127.evil.example", "localhost.x"])
def test_an_address_that_others_can_reach_wants_tls_before_it(host: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="TLS proxy") as refused:
        bind_socket(Settings(host=host, port=0, data=tmp_path))
    assert repr(host) in refused.value.sentence


def test_a_declared_proxy_is_enough(tmp_path: Path) -> None:
    bound = bind_socket(Settings(host="0.0.0.0", port=0, data=tmp_path, behind_tls_proxy=True))
    assert bound.getsockname()[0] == "0.0.0.0"
    bound.close()


def test_a_taken_port_is_refused(tmp_path: Path) -> None:
    first = bind_socket(Settings(port=0, data=tmp_path))
    first.listen()
    with pytest.raises(Refused, match="Cannot listen"):
        bind_socket(Settings(port=first.getsockname()[1], data=tmp_path))
    first.close()


def test_answers_do_not_wait_for_acknowledgements(tmp_path: Path) -> None:
    bound = bind_socket(Settings(port=0, data=tmp_path))
    bound.listen()
    with socket.create_connection(bound.getsockname()) as ours:
        theirs, _ = bound.accept()
        assert theirs.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert theirs.proto == socket.IPPROTO_TCP, "what asyncio looks at"
        theirs.close()
        assert ours.recv(1) == b""
    bound.close()


def test_links_begin_with_the_public_address_where_there_is_one(tmp_path: Path) -> None:
    bound = bind_socket(Settings(port=0, data=tmp_path))
    port = bound.getsockname()[1]
    assert base_url(Settings(port=0, data=tmp_path), bound) == f"http://127.0.0.1:{port}"
    assert base_url(Settings(data=tmp_path, public_url="https://c.example/"), bound) == "https://c.example"
    bound.close()


async def test_services_open_and_close_on_an_empty_directory(tmp_path: Path) -> None:
    async with open_services(Settings(data=tmp_path / "new", workers=1)) as services:
        assert await services.library.studies() == []
        assert await services.registry.consults() == []
    assert ((tmp_path / "new").stat().st_mode & 0o077) == 0, "patients' images are for their owner alone"
