"""Archives that unpack to far more than they are: counted over all depths, whatever their directories say."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from typing import IO, Any

import pytest

from consult.library import archive_budget, importer
from consult.library.import_report import ImportReport
from consult.library.importer import Importer, Shared
from consult.library.object_store import ObjectStore
from consult.library.set_aside import SetAside
from consult.model.errors import DicomRefused
from consult.store.index import MemoryIndex
from tests.support.dicom_files import ct, write
from tests.support.thread_workers import ThreadWorkers

KIB = 1 << 10


def a_zip(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return content.getvalue()


def zeros(number: int, size: int) -> dict[str, bytes]:
    return {f"{n:03}": bytes(size) for n in range(number)}


class Place:
    """A data directory; how many bytes were unpacked."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.unpacked = folder, 0
        self.shared = Shared(ObjectStore(folder), SetAside(folder), MemoryIndex(), ThreadWorkers())
        real = archive_budget.ArchiveBudget.spend

        def counted(budget: archive_budget.ArchiveBudget, count: int) -> None:
            real(budget, count)
            self.unpacked += count

        monkeypatch.setattr(archive_budget.ArchiveBudget, "spend", counted)
        monkeypatch.setattr(archive_budget, "FREE_BYTES", 100 * KIB)
        monkeypatch.setattr(archive_budget, "MAX_RATIO", 2)

    async def take(self, content: bytes) -> ImportReport:
        path = self.folder / "a.zip"
        path.write_bytes(content)
        return await Importer(self.shared, lambda progress: None).run([path])


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    return Place(tmp_path, monkeypatch)


def codes(report: ImportReport) -> list[tuple[str, str]]:
    return [(refused.name, refused.code) for refused in report.refused]


async def test_a_bomb_is_refused_before_anything_is_unpacked(place: Place) -> None:
    report = await place.take(a_zip(zeros(50, 10 * KIB)))
    assert codes(report) == [("a.zip", "bomb")]
    assert place.unpacked == 0


async def test_a_directory_that_lies_is_caught_by_the_count(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_budget.ArchiveBudget, "open", lambda budget, sizes: None)
    report = await place.take(a_zip(zeros(50, 10 * KIB)))
    assert [code for _, code in codes(report) if code == "bomb"] == ["bomb"], "it is said once"
    assert place.unpacked <= 100 * KIB


async def test_stated_sizes_are_not_trusted(place: Place) -> None:
    """Each member says that it has a byte: what is unpacked is what they say, or they are broken."""
    content = a_zip(zeros(50, 10 * KIB)).replace(struct.pack("<L", 10 * KIB), struct.pack("<L", 1))
    report = await place.take(content)
    assert {code for _, code in codes(report)} == {"bad_zip"}
    assert place.unpacked <= 100 * KIB


async def test_nested_archives_spend_the_budget_of_the_outermost(place: Place) -> None:
    inner = a_zip(zeros(5, 10 * KIB))
    report = await place.take(a_zip({f"{n}.zip": inner for n in range(20)}))
    assert place.unpacked <= 100 * KIB
    assert "bomb" in {code for _, code in codes(report)}
    assert report.taken == []


async def test_files_are_counted_over_all_depths(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_budget, "MAX_FILES", 20)
    inner = a_zip(zeros(5, 1))
    report = await place.take(a_zip({f"{n}.zip": inner for n in range(10)}))
    assert sum(code == "not_dicom" for _, code in codes(report)) == 10, "two of five are within the twenty"
    assert sum(code == "too_many" for _, code in codes(report)) == 8


async def test_archives_within_archives_within_archives_are_not_opened(place: Place) -> None:
    innermost = a_zip(zeros(1, 200))
    report = await place.take(a_zip({"1.zip": a_zip({"2.zip": innermost})}))
    assert codes(report) == [("a.zip:1.zip:2.zip", "nested_zip")]


async def test_what_lies_before_the_bomb_is_taken(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "AT_ONCE", 1)
    image = write(ct(), place.folder / "image").read_bytes()
    inner = a_zip(zeros(50, 10 * KIB))
    report = await place.take(a_zip({"0.dcm": image, "1.zip": inner, "2.dcm": image}))
    assert (report.taken, report.duplicates) == (["a.zip:0.dcm"], 1)
    assert codes(report) == [("a.zip:1.zip", "bomb")]


def test_a_budget_that_is_stopped_ends_what_still_unpacks() -> None:
    budget = archive_budget.ArchiveBudget(1)
    budget.spend(1)
    budget.stop()
    with pytest.raises(DicomRefused) as refused:
        budget.spend(1)
    assert refused.value.code == "given_up"


async def test_a_fault_of_ours_over_one_file_of_an_archive_ends_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = ObjectStore.write

    def stumbling(store: ObjectStore, source: IO[bytes], path: Path, **named: Any) -> str:
        if "2" in str(getattr(source, "name", "")):
            raise OverflowError("nobody has thought of this")
        return real(store, source, path, **named)

    monkeypatch.setattr(ObjectStore, "write", stumbling)
    files = {str(n): write(ct(InstanceNumber=n), place.folder / str(n)).read_bytes() for n in (1, 2, 3)}
    report = await place.take(a_zip(files))
    assert len(report.taken) == 2
    assert codes(report) == [("a.zip:2", "fault")]
