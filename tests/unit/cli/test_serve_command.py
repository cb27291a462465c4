"""`consult serve`: what it prints once it answers."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.support.server import first_lines


def test_serve_command_prints_the_token_and_the_home_that_it_opens(tmp_path: Path) -> None:
    def check(lines: list[str]) -> None:
        at, token, home = (line.split()[-1] for line in lines)
        assert lines[1].startswith("Host token: ")
        assert lines[2] == f"Home: {at}/#{token}"
        assert httpx.get(home).status_code == 200
        assert httpx.get(f"{at}/api/session", headers={"Authorization": f"Bearer {token}"}).json() == {"host": True}

    assert first_lines("serve", "--port", "0", data=tmp_path, number=3, then=check) == 0
