"""Studies, series and files are deleted for good; a consult that has one is asked about, and says what is gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydicom import dcmread

from consult.dicom.naming import short_key
from consult.library.sources import Source
from consult.model.errors import DicomRefused, Refused
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


async def take_in_two(door: Door, folder: Path) -> tuple[str, list[str]]:
    """A study of two series of 3 images; their SeriesInstanceUIDs."""
    study = write_series(folder / "1", images=3, size=16)
    write_series(folder / "2", images=3, size=16, StudyInstanceUID=study)
    await door.services.library.import_paths([folder], lambda progress: None)
    return study, [str(dcmread(folder / name / "0000.dcm").SeriesInstanceUID) for name in ("1", "2")]


async def test_a_series_goes_alone_with_its_files_volumes_and_pictures(door: Door, tmp_path: Path) -> None:
    study, (first, second) = await take_in_two(door, tmp_path)
    case = await door.services.library.case([study], id="c1", title="")
    before = {name: files(door, name) for name in ("objects", "volumes")}
    stacks = [await door.services.library.stack(series.key) for series in case.series]
    (key,) = [stack.series.key for stack in stacks if stack.series_uid == second]
    await door.services.volumes.open(key)  # type: ignore[attr-defined]  # the real cache
    await door.services.library.thumbnail(key)
    pictures = files(door, "thumbnails")
    async with door.client(door.services.keys.host_token()) as client:
        listed = (await client.get(f"/api/studies/{short_key(study)}/series")).json()["series"]
        assert sorted((s["uid"], s["images"], s["objects"]) for s in listed) == sorted(
            (uid, 3, []) for uid in (first, second)
        )
        missing = await client.delete(f"/api/studies/{short_key(study)}/series/1.2.3")
        assert (missing.status_code, first in missing.json()["error"]["message"]) == (404, True)
        gone = await client.delete(f"/api/studies/{short_key(study)}/series/{second}")
        assert gone.json() == {"study": study, "series": second, "consults": []}
        assert (await client.get(f"/api/studies/{short_key(study)}")).json()["images"] == 3
        assert len(before["objects"] - files(door, "objects")) == 3
        assert files(door, "volumes") == before["volumes"]
        assert len(pictures - files(door, "thumbnails")) == 1
        assert (await client.delete(f"/api/studies/{short_key(study)}/series/{first}")).status_code == 200
        assert (await client.get(f"/api/studies/{short_key(study)}")).status_code == 404, "nothing of it is left"


async def test_a_series_that_a_consult_has_goes_only_when_forced_and_the_consult_says_so(
    door: Door, tmp_path: Path
) -> None:
    study, (first, second) = await take_in_two(door, tmp_path)
    consult = await door.services.registry.open([study], title="Two series", host_name="Dr. Host")
    async with door.client(door.services.keys.host_token()) as client:
        refused = await client.delete(f"/api/studies/{short_key(study)}/series/{second}")
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "study_in_use")
        assert "A consult has this series: “Two series”" in refused.json()["error"]["message"]
        assert (await client.delete(f"/api/studies/{short_key(study)}/series/{second}?force=1")).status_code == 200
        assert (await client.delete(f"/api/studies/{short_key(study)}/series/{first}?force=1")).status_code == 200
    state, _ = await door.services.registry.read(consult)
    assert [series.deleted for series in state.cases[0].series] in ([((0, 2),), ()], [(), ((0, 2),)])
    assert [found.deleted for found in state.cases[0].studies] == [True], "the last of it is the study"


async def test_of_a_file_a_consult_keeps_the_other_images_under_their_numbers(door: Door, tmp_path: Path) -> None:
    """Seen to fail on a stack of which one file was gone: none of it could be shown."""
    study = await take_in(door, tmp_path)
    consult = await door.services.registry.open([study], title="One less", host_name="Dr. Host")
    state, _ = await door.services.registry.read(consult)
    key = state.cases[0].series[0].key
    before = await door.services.library.stack(key)
    lost = before.frames[1]
    url = f"/api/studies/{short_key(study)}/objects/{lost.sop_instance_uid}"
    async with door.client(door.services.keys.host_token()) as client:
        refused = await client.delete(url)
        assert "A consult has this file" in refused.json()["error"]["message"]
        assert (await client.delete(f"{url}?force=1")).status_code == 200
        assert (await client.delete(f"{url}?force=1")).json()["error"]["code"] == "unknown_object"
    state, _ = await door.services.registry.read(consult)
    assert state.cases[0].series[0].deleted == ((1, 1),)
    volume = await door.services.volumes.open(key)  # type: ignore[attr-defined]  # the real cache
    await volume.ready(2)
    assert [f.file for f in volume.stack.frames] == [f.file for f in before.frames]
    with pytest.raises(DicomRefused, match="this image was deleted from the server"):
        await volume.ready(1)
    assert not door.services.library.object_path(lost.file).exists()
    (now,) = (await door.services.library.case([study], id="c1", title="")).series
    assert (now.images, now.deleted) == (3, ()), "a new consult has what is there"


async def test_pictures_of_what_a_series_was_before_go_with_it(door: Door, tmp_path: Path) -> None:
    """Seen to fail on a study that had grown since its first picture: that one stayed, of a patient who was deleted."""
    pictures = files(door, "thumbnails")
    study = write_series(tmp_path, images=4, size=16)
    library = door.services.library
    some = [Source(name, tmp_path / name) for name in ("0000.dcm", "0001.dcm")]
    await library.import_sources(some, lambda progress: None)
    before = (await library.case([study], id="c1", title="")).series[0].key
    await library.thumbnail(before)
    former = door.data / "thumbnails" / f"{'0' * 64}.png"
    former.write_bytes(b"by an earlier version, whose names do not say what they are of")
    await library.import_paths([tmp_path], lambda progress: None)
    now = (await library.case([study], id="c1", title="")).series[0].key
    await library.thumbnail(now)
    assert (before != now, len(files(door, "thumbnails") - pictures)) == (True, 3)
    async with door.client(door.services.keys.host_token()) as client:
        assert (await client.delete(f"/api/studies/{short_key(study)}")).status_code == 200
    assert files(door, "thumbnails") == pictures


async def test_of_two_patients_in_a_study_the_files_are_listed(door: Door, tmp_path: Path) -> None:
    study = write_series(tmp_path, images=3, size=16)
    odd = dcmread(tmp_path / "0001.dcm")
    odd.PatientName = "OTHER^PATIENT"
    odd.save_as(tmp_path / "0001.dcm")
    await door.services.library.import_paths([tmp_path], lambda progress: None)
    async with door.client(door.services.keys.host_token()) as client:
        (series,) = (await client.get(f"/api/studies/{short_key(study)}/series")).json()["series"]
        found = {o["name"].rpartition("/")[2]: o["values"]["PatientName"] for o in series["objects"]}
        assert found == {"0001.dcm": "OTHER^PATIENT"}, "what most of them say is not in question"
        assert (await client.delete(f"/api/studies/{short_key(study)}/objects/{odd.SOPInstanceUID}")).status_code == 200
        (series,) = (await client.get(f"/api/studies/{short_key(study)}/series")).json()["series"]
        assert (series["images"], series["objects"]) == (2, [])
        await client.delete(f"/api/studies/{short_key(study)}")


async def test_what_is_deleted_can_be_taken_in_again(door: Door, tmp_path: Path) -> None:
    study = await take_in(door, tmp_path)
    async with door.client(door.services.keys.host_token()) as client:
        await client.delete(f"/api/studies/{short_key(study)}")
        report = await door.services.library.import_paths([tmp_path], lambda progress: None)
        assert (len(report.taken), report.duplicates) == (4, 0)
        assert (await client.get(f"/api/studies/{short_key(study)}/thumbnail")).status_code == 200
