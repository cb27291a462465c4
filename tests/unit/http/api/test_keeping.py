"""Whole consults in the host API: exported, imported, deleted; each in the audit trail, and for the host alone."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from consult.app import open_services
from consult.http.application import make_application
from consult.http.services import Services
from consult.store.audit.sqlite import SqliteAudit
from tests.support.cases import CONSULT
from tests.support.kept import put_consult, settings_of, traces


def client_of(services: Services, *, token: bool = True) -> httpx.AsyncClient:
    """Who asks the host API."""
    headers = {"Authorization": f"Bearer {services.keys.host_token()}"} if token else {}
    transport = httpx.ASGITransport(make_application(services))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", headers=headers)


async def kinds(data: Path) -> list[str]:
    """What the trail has."""
    log = SqliteAudit(data / "audit.sqlite")
    try:
        return [row.record.kind for row in await log.rows()]
    finally:
        await log.close()


async def test_a_consult_goes_out_comes_back_and_is_deleted(tmp_path: Path) -> None:
    data = tmp_path / "data"
    path = f"/api/consults/{CONSULT}"
    async with open_services(settings_of(data), keep_deadlines=False) as services, client_of(services) as client:
        await put_consult(services, tmp_path / "files", critical=True)
        file = await client.get(f"{path}/export")
        assert (file.status_code, file.headers["content-type"]) == (200, "application/zip")
        assert f"consult-{CONSULT}.zip" in file.headers["content-disposition"]
        assert (await client.get(f"{path}/deletion")).json() == {"studies": 1}
        again = await client.post("/api/consults/import", content=file.content)
        assert (again.status_code, again.json()["error"]["code"]) == (409, "consult_exists")
        open_one = await client.delete(f"{path}/record")
        assert (open_one.status_code, open_one.json()["error"]["code"]) == (409, "critical_open")
        gone = await client.delete(f"{path}/record?force=1")
        assert (gone.status_code, gone.json()["objects"], len(gone.json()["studies"])) == (200, 2, 1)
        assert traces(data) == []
        assert (await client.get("/api/consults")).json() == {"consults": []}
        back = await client.post("/api/consults/import", content=file.content)
        assert (back.status_code, back.json()["missing_studies"]) == (201, 1)
        assert (await client.get(path)).json()["ended_at"] is not None
        assert (await client.get("/api/consults/nonsense/export")).status_code == 404
        assert (await client.post("/api/consults/import", content=b"no file")).status_code == 400
        assert not [path for path in (data / "incoming").rglob("*") if path.is_file()], "nothing is left half way"
        await services.registry.audit.flushed()
    found = [kind for kind in await kinds(data) if kind in ("export", "delete", "import")]
    assert found == ["export", "delete", "delete", "delete", "import"]


@pytest.mark.parametrize(("method", "path"), [
    ("GET", "/export"), ("GET", "/deletion"), ("DELETE", "/record"), ("POST", "/../import"),
])  # fmt: skip
async def test_it_is_the_hosts_alone(method: str, path: str, tmp_path: Path) -> None:
    """Seen to fail: without `check_host`, each."""
    async with (
        open_services(settings_of(tmp_path / "data"), keep_deadlines=False) as services,
        client_of(services, token=False) as client,
    ):
        answer = await client.request(method, f"/api/consults/{CONSULT}{path}")
        assert answer.status_code == 401
