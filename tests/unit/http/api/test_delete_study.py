"""Studies are deleted for good; a consult that has one is asked about, and says then what is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from consult.dicom.naming import short_key
from consult.model.errors import Refused
from tests.support.ct import write_series
from tests.unit.http.conftest import Door

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def take_in(door: Door, folder: Path) -> str:
    """One more study."""
    study = write_series(folder, images=4, size=16)
    await door.services.library.import_paths([folder], lambda progress: None)
    return study


def files(door: Door, folder: str) -> set[Path]:
    """What lies in a folder of the data directory."""
    return {path for path in (door.data / folder).rglob("*") if path.is_file()}


async def test_it_wants_the_host(door: Door) -> None:
    async with door.client("wrong") as client:
        assert (await client.delete(f"/api/studies/{short_key(door.study)}")).status_code == 401


async def test_a_study_goes_with_its_files_its_volumes_and_its_pictures(door: Door, tmp_path: Path) -> None:
    before = {name: files(door, name) for name in ("objects", "thumbnails", "volumes")}
    study = await take_in(door, tmp_path)
    async with door.client(door.services.keys.host_token()) as client:
        assert (await client.get(f"/api/studies/{short_key(study)}/thumbnail")).status_code == 200
        case = await door.services.library.case([study], id="c1", title="")
        await door.services.volumes.open(case.series[0].key)  # type: ignore[attr-defined]  # the real cache
        assert files(door, "volumes") > before["volumes"]
        assert (await client.delete(f"/api/studies/{short_key(study)}")).json() == {"study": study, "consults": []}
        assert (await client.get(f"/api/studies/{short_key(study)}")).status_code == 404
    assert {name: files(door, name) for name in before} == before
    with pytest.raises(Refused, match="unknown_series"):
        await door.services.library.stack(case.series[0].key)


async def test_one_that_a_consult_has_is_deleted_only_when_forced_and_the_consult_says_so(
    door: Door, tmp_path: Path
) -> None:
    study = await take_in(door, tmp_path)
    consult = await door.services.registry.open([study], title="Second look", host_name="Dr. Host")
    async with door.client(door.services.keys.host_token()) as client:
        refused = await client.delete(f"/api/studies/{short_key(study)}")
        assert refused.status_code == 409
        error = refused.json()["error"]
        assert error["code"] == "study_in_use"
        assert "“Second look”" in error["message"]
        assert error["consults"] == [{"consult": consult, "title": "Second look", "ended": False}]
        assert (await client.get(f"/api/studies/{short_key(study)}")).status_code == 200
        assert (await client.delete(f"/api/studies/{short_key(study)}?force=1")).status_code == 200
        assert (await client.get(f"/api/studies/{short_key(study)}")).status_code == 404
    state, _ = await door.services.registry.read(consult)
    assert [found.deleted for found in state.cases[0].studies] == [True]


async def test_what_is_deleted_can_be_taken_in_again(door: Door, tmp_path: Path) -> None:
    study = await take_in(door, tmp_path)
    async with door.client(door.services.keys.host_token()) as client:
        await client.delete(f"/api/studies/{short_key(study)}")
        report = await door.services.library.import_paths([tmp_path], lambda progress: None)
        assert (len(report.taken), report.duplicates) == (4, 0)
        assert (await client.get(f"/api/studies/{short_key(study)}/thumbnail")).status_code == 200
