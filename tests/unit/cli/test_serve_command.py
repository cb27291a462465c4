"""`consult serve`: what it prints once it answers."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.support.server import Server, first_lines


def test_into_a_log_serve_writes_no_token_but_where_it_is(tmp_path: Path) -> None:
    def check(lines: list[str]) -> None:
        at, address_file = (line.split()[-1] for line in lines)
        assert lines[1] == f"The host's address is in {tmp_path / 'host-address'}"
        assert (Path(address_file).stat().st_mode & 0o777) == 0o600
        home = Path(address_file).read_text().strip()
        token = home.removeprefix(f"{at}/#")
        assert token
        assert token not in " ".join(lines), "a log is read by many"
        assert httpx.get(home).status_code == 200
        assert httpx.get(f"{at}/api/session", headers={"Authorization": f"Bearer {token}"}).json() == {"host": True}

    assert first_lines("serve", "--port", "0", data=tmp_path, number=2, then=check) == 0


def test_a_second_server_on_the_same_data_says_so_and_leaves_the_address_of_the_first(tmp_path: Path) -> None:
    # Seen to fail: the file named the second, and nobody once that had ended.
    def second(lines: list[str]) -> None:
        home = (tmp_path / "host-address").read_text()

        def check(more: list[str]) -> None:
            assert more[1] == f"Another server answers for {tmp_path} too, at {lines[0].split()[-1]}."

        assert first_lines("serve", "--port", "0", data=tmp_path, number=3, then=check) == 0
        assert (tmp_path / "host-address").read_text() == home
        assert httpx.get(home.strip()).status_code == 200

    assert first_lines("serve", "--port", "0", data=tmp_path, number=2, then=second) == 0


def test_nobody_waits_for_a_kernel_when_the_server_ends(tmp_path: Path) -> None:
    # Seen to fail: a first start that was stopped ended half a minute later.
    server = Server(tmp_path, module="tests.support.compiling_server")
    server.start()
    assert server.terminate() == 0
