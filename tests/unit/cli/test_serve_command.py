"""`consult serve`: what it prints once it answers."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.support.server import first_lines


def test_into_a_log_serve_writes_no_token_but_where_it_is(tmp_path: Path) -> None:
    def check(lines: list[str]) -> None:
        at, told = (line.split()[-1] for line in lines)
        assert lines[1] == f"The host's address is in {tmp_path / 'host-address'}"
        assert (Path(told).stat().st_mode & 0o777) == 0o600
        home = Path(told).read_text().strip()
        token = home.removeprefix(f"{at}/#")
        assert token
        assert token not in " ".join(lines), "a log is read by many"
        assert httpx.get(home).status_code == 200
        assert httpx.get(f"{at}/api/session", headers={"Authorization": f"Bearer {token}"}).json() == {"host": True}

    assert first_lines("serve", "--port", "0", data=tmp_path, number=2, then=check) == 0
