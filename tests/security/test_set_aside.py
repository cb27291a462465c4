"""A file with another patient under a study that is known: set aside, named, taken in or removed by the host alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from consult.library import set_aside
from consult.library.import_report import ImportReport
from consult.library.library import Library
from consult.library.sources import Source
from consult.model.errors import Refused
from consult.store.index import MemoryIndex
from tests.support.dicom_files import ct, write
from tests.support.thread_workers import ThreadWorkers


class Place:
    """A library with a study of Anna."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.index = folder, MemoryIndex()
        self.library = Library(folder, self.index, ThreadWorkers())

    async def take(self, *files: dict[str, Any], fresh: set[str] | None = None) -> ImportReport:
        paths = [write(ct(**changes), self.folder / f"{n}.dcm") for n, changes in enumerate(files)]
        sources = [Source(path.name, path) for path in paths]
        return await self.library.import_sources(sources, lambda progress: None, fresh=fresh)

    async def images(self) -> int:
        return len(await self.index.files_of_study("1.2.3"))

    def kept(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "set-aside").glob("*"))


@pytest.fixture
async def place(tmp_path: Path) -> Place:
    made = Place(tmp_path)
    assert (await made.take({})).taken
    return made


BERTA = {"PatientName": "DEMO^BERTA", "PatientID": "666"}


async def test_another_patient_under_a_known_study_is_set_aside_and_named(place: Place) -> None:
    report = await place.take(BERTA)
    (refused,) = report.refused
    assert (refused.name, refused.code) == ("0.dcm", "other_patient")
    assert "PatientID and PatientName differ" in refused.rule
    assert "BERTA" not in refused.rule, "values are for the host's list alone"
    assert await place.images() == 1
    (entry,) = await place.library.aside.all()
    assert (entry.name, entry.study_uid) == ("0.dcm", "1.2.3")
    assert entry.differing == {"PatientID": ("10042", "666"), "PatientName": ("DEMO^ANNA", "DEMO^BERTA")}
    assert (await place.library.case(["1.2.3"], id="c", title="")).patient.name == "DEMO^ANNA"
    with pytest.raises(Refused):
        await place.library.case(["1.2.3.9"], id="c", title="")
    assert not place.library.object_path(entry.file).exists(), "it is no object that anything shows"


async def test_it_can_be_removed(place: Place) -> None:
    await place.take(BERTA)
    (entry,) = await place.library.aside.all()
    await place.library.aside.remove(entry.file)
    assert await place.library.aside.all() == []
    assert place.kept() == []
    for act in (place.library.aside.remove, place.library.aside.take):
        with pytest.raises(Refused, match="not set aside"):
            await act(entry.file)


async def test_it_can_be_taken_in_and_opening_asks_once_more(place: Place) -> None:
    await place.take(BERTA)
    (entry,) = await place.library.aside.all()
    assert (await place.library.aside.take(entry.file)).taken == ["0.dcm"]
    assert await place.images() == 2
    assert place.kept() == []
    with pytest.raises(Refused, match="PatientName"):
        await place.library.case(["1.2.3"], id="c", title="")


@pytest.mark.parametrize(
    "same",
    [
        {"PatientName": "demo^anna^^"},
        {"PatientID": "", "PatientName": ""},
        {"PatientBirthDate": ""},
        {"StudyInstanceUID": "1.2.4", **BERTA},
    ],
)
async def test_what_does_not_differ_or_is_of_another_study_is_taken(place: Place, same: dict[str, Any]) -> None:
    assert (await place.take(same)).taken == ["0.dcm"]


async def test_of_one_upload_nothing_is_set_aside_for_what_it_has_brought_itself(place: Place) -> None:
    fresh: set[str] = set()
    other = {"StudyInstanceUID": "1.2.4"}
    assert (await place.take({**other}, {**other, **BERTA}, fresh=fresh)).refused == []
    assert (await place.take({**other, **BERTA}, fresh=fresh)).refused == []
    assert [r.code for r in (await place.take({**other, **BERTA})).refused] == ["other_patient"]


async def test_no_more_than_so_many_are_kept(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_aside, "MAX_FILES", 2)
    report = await place.take(BERTA, BERTA, BERTA)
    assert sorted("not kept" in refused.rule for refused in report.refused) == [False, False, True]
    assert len(place.kept()) == 4


@pytest.mark.parametrize("file", ["../index.sqlite", "a" * 64, "", ".", "0" * 63 + "/"])
async def test_no_path_is_made_of_what_somebody_asks_for(place: Place, file: str) -> None:
    ask: Callable[[str], Any]
    for ask in (place.library.aside.remove, place.library.aside.take):
        with pytest.raises(Refused):
            await ask(file)
