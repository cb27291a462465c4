"""Studies, cases and stacks of a data directory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000Lossless

from consult.library.library import Library
from consult.model.errors import DicomRefused, DifferentPatients, Refused
from consult.model.identifiers import SeriesKey
from consult.store.index import SqliteIndex
from tests.support.ct import SLICE_MM, write_series
from tests.support.dicom_files import ABSENT, ct, write
from tests.support.person import read_png
from tests.support.pet import FACTOR, pet
from tests.support.thread_workers import ThreadWorkers


class Shelf:
    """A library, and what its workers were asked."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.workers = folder, ThreadWorkers()
        (folder / "data").mkdir()
        self.index = SqliteIndex(folder / "data" / "index.sqlite")
        self.library = Library(folder / "data", self.index, self.workers)

    async def add(self, name: str, **changes: Any) -> str:
        """A series of three images; its study."""
        study = write_series(self.folder / name, images=3, size=16, **changes)
        report = await self.library.import_paths([self.folder / name], lambda progress: None)
        assert len(report.taken) == 3
        return study


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Shelf]:
    made = Shelf(tmp_path)
    yield made
    await made.index.close()


async def test_studies_are_listed_newest_first(shelf: Shelf) -> None:
    old = await shelf.add("old", StudyDate="20260519")
    new = await shelf.add("new", AccessionNumber="A-77")
    entries = await shelf.library.studies()
    assert [e.uid for e in entries] == [new, old]
    assert [e.accession_number for e in entries] == ["A-77", ""]
    assert (entries[0].patient.name, entries[0].modalities, entries[0].series, entries[0].images) == (
        "TEST^ANNA", ("CT",), 1, 3,
    )  # fmt: skip


async def test_a_case_holds_the_newest_study_first_and_older_ones_as_priors(shelf: Shelf) -> None:
    old = await shelf.add("old", StudyDate="20260519")
    new = await shelf.add("new")
    case = await shelf.library.case([old, new, old], id="c1", title="Second opinion")
    assert [(s.date, s.prior) for s in case.studies] == [("2026-11-24", False), ("2026-05-19", True)]
    assert [s.study for s in case.series] == [s.key for s in case.studies]
    assert (case.id, case.title, case.patient.id) == ("c1", "Second opinion", "4711")
    assert case.series[0].images == 3


async def test_two_studies_of_one_day_are_distinguished_by_their_time(shelf: Shelf) -> None:
    later = await shelf.add("later", StudyTime="180000")
    earlier = await shelf.add("earlier", StudyTime="060000")
    case = await shelf.library.case([earlier, later], id="c1", title="")
    assert [(s.time, s.prior) for s in case.studies] == [("18:00:00", False), ("06:00:00", False)]  # of one day


async def test_one_number_of_two_issuers_is_two_patients(shelf: Shelf) -> None:
    north = await shelf.add("north", IssuerOfPatientID="NORTH")
    south = await shelf.add("south", IssuerOfPatientID="SOUTH", StudyDate="20260519")
    unsaid = await shelf.add("unsaid", StudyDate="20250519")
    with pytest.raises(DifferentPatients) as refused:
        await shelf.library.case([north, south], id="c1", title="")
    assert refused.value.fields == {"IssuerOfPatientID": ("NORTH", "SOUTH")}
    case = await shelf.library.case([south, unsaid], id="c1", title="")
    assert len(case.studies) == 2
    assert [entry.patient.issuer for entry in await shelf.library.studies()] == ["NORTH", "SOUTH", ""]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"patient_id": "4712"}, "PatientID"),
        ({"patient": "TEST^BERTA"}, "PatientName"),
        ({"PatientBirthDate": "19610315"}, "PatientBirthDate"),
        ({"PatientSex": "M"}, "PatientSex"),
    ],
)
async def test_studies_of_two_patients_are_never_one_case(shelf: Shelf, changes: dict[str, str], field: str) -> None:
    one, other = await shelf.add("one"), await shelf.add("other", **changes)
    with pytest.raises(DifferentPatients) as refused:
        await shelf.library.case([one, other], id="c1", title="")
    assert list(refused.value.fields) == [field]
    assert len(set(refused.value.fields[field])) == 2
    assert field in refused.value.sentence
    assert "4711" not in refused.value.sentence


async def test_two_patients_within_one_study_uid_are_seen(shelf: Shelf) -> None:
    names = ("DEMO^ANNA", "DEMO^BERTA")
    paths = [write(ct(PatientName=name), shelf.folder / f"{name}.dcm") for name in names]
    await shelf.library.import_paths(paths, lambda progress: None)
    with pytest.raises(Refused, match="PatientName"):
        await shelf.library.case(["1.2.3"], id="c1", title="")


async def test_a_name_with_delimiters_behind_it_is_the_same_name(shelf: Shelf) -> None:
    one, other = await shelf.add("one"), await shelf.add("other", patient="TEST^ANNA^^")
    assert (await shelf.library.case([one, other], id="c1", title="")).patient.name == "TEST^ANNA"


async def test_unknown_studies_and_series_are_refused(shelf: Shelf) -> None:
    for uids in (["1.9"], []):
        with pytest.raises(Refused) as unknown_study:
            await shelf.library.case(uids, id="c1", title="")
        assert unknown_study.value.code == "unknown_study"
    with pytest.raises(Refused) as unknown_series:
        await shelf.library.stack(SeriesKey("0" * 16))
    assert unknown_series.value.code == "unknown_series"
    with pytest.raises(Refused):
        shelf.library.object_path("../key")


async def test_a_stack_names_files_that_are_there(shelf: Shelf) -> None:
    study = await shelf.add("one")
    (series,) = (await shelf.library.case([study], id="c1", title="")).series
    stack = await shelf.library.stack(series.key)
    assert stack.series == series
    assert all(shelf.library.object_path(frame.file).is_file() for frame in stack.frames)


async def test_a_logged_series_keeps_its_images_when_files_are_added(shelf: Shelf) -> None:
    """Image 2 of a case that is open stays image 2, also after a restart, and though a slice was put before it."""
    study = await shelf.add("one")
    (series,) = (await shelf.library.case([study], id="c1", title="")).series
    files = [frame.source_digest for frame in (await shelf.library.stack(series.key)).frames]
    added = shelf.folder / "added"
    write_series(added, images=5, size=16)
    first = dcmread(shelf.folder / "one" / "0000.dcm")
    for path in added.iterdir():
        dataset = dcmread(path)
        dataset.StudyInstanceUID, dataset.SeriesInstanceUID = first.StudyInstanceUID, first.SeriesInstanceUID
        dataset.FrameOfReferenceUID = first.FrameOfReferenceUID
        dataset.ImagePositionPatient[2] += 4 * SLICE_MM
        dataset.save_as(path)
    await shelf.library.import_paths([added], lambda progress: None)
    restarted = Library(shelf.folder / "data", shelf.index, shelf.workers)
    for library in (shelf.library, restarted):
        former = await library.stack(series.key)
        assert former.series == series
        assert [frame.source_digest for frame in former.frames] == files
    (now,) = (await restarted.case([study], id="c1", title="")).series
    assert (now.images, now.key == series.key) == (8, False)
    assert len((await restarted.stack(now.key)).frames) == 8


async def test_a_key_that_names_other_images_is_refused(shelf: Shelf) -> None:
    study = await shelf.add("one")
    (series,) = (await shelf.library.case([study], id="c1", title="")).series
    name, _, content = series.key.partition("-")
    for key in (name, f"{name}-2", f"{name}-{content[::-1]}"):
        with pytest.raises(Refused, match="anew"):
            await shelf.library.stack(SeriesKey(key))


async def test_a_stack_is_put_together_once(shelf: Shelf) -> None:
    study = await shelf.add("one")
    (series,) = (await shelf.library.case([study], id="c1", title="")).series
    restarted = Library(shelf.folder / "data", shelf.index, shelf.workers)
    first = await restarted.stack(series.key)
    await shelf.index.close()
    assert await restarted.stack(series.key) is first


async def test_a_window_is_measured_once_where_the_file_has_none(shelf: Shelf) -> None:
    path = write(ct(WindowCenter=ABSENT, WindowWidth=ABSENT), shelf.folder / "a.dcm")
    await shelf.library.import_paths([path], lambda progress: None)
    first = await shelf.library.case(["1.2.3"], id="c1", title="")
    again = await shelf.library.case(["1.2.3"], id="c1", title="")
    assert first == again
    assert first.series[0].windows[0].window.width > 0
    assert shelf.workers.asked.count("measure_window") == 1


async def test_a_thumbnail_is_made_once(shelf: Shelf) -> None:
    study = await shelf.add("one")
    (series,) = (await shelf.library.case([study], id="c1", title="")).series
    first = await shelf.library.thumbnail(series.key)
    assert first.startswith(b"\x89PNG\r\n")
    assert await shelf.library.thumbnail(series.key) == first
    assert shelf.workers.asked.count("make_thumbnail") == 1


async def test_the_thumbnail_of_a_pet_is_as_it_opens(shelf: Shelf) -> None:
    path = shelf.folder / "pet.dcm"
    values = np.repeat(np.array([[0, 2, 5, 9]], np.uint16), 4, axis=0)  # SUV
    image = pet(Rows=4, Columns=4, RescaleSlope=1 / FACTOR, PixelData=values.tobytes())
    await shelf.library.import_paths([write(image, path)], lambda progress: None)
    (series,) = (await shelf.library.case([str(image.StudyInstanceUID)], id="c1", title="")).series
    drawn = read_png(await shelf.library.thumbnail(series.key))
    at = [drawn.shape[1] * (2 * i + 1) // 8 for i in range(4)]
    assert [int(drawn[drawn.shape[0] // 2, x]) for x in at] == pytest.approx([255, 153, 0, 0], abs=2)


async def test_a_thumbnail_that_is_drawn_while_its_study_is_deleted_does_not_stay(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail: the picture of a patient who was deleted, written behind the deletion."""
    study = await shelf.add("one")
    (series,) = (await shelf.library.case([study], id="c1", title="")).series
    run = shelf.workers.run

    async def drawn_and_deleted(task: str, *arguments: Any, **limits: Any) -> Any:
        drawn = await run(task, *arguments, **limits)
        if task == "make_thumbnail":
            await shelf.library.delete(study, await shelf.library.files(study))
        return drawn

    monkeypatch.setattr(shelf.workers, "run", drawn_and_deleted)
    await shelf.library.thumbnail(series.key)
    assert [path.name for path in shelf.folder.rglob("thumbnails/*")] == []


async def test_a_series_whose_pixels_cannot_be_read_has_a_window_all_the_same(shelf: Shelf) -> None:
    dataset = ct(WindowCenter=ABSENT, WindowWidth=ABSENT, PixelData=encapsulate([b"no picture"]))
    dataset.file_meta.TransferSyntaxUID = JPEG2000Lossless
    path = write(dataset, shelf.folder / "a.dcm")
    report = await shelf.library.import_paths([path], lambda progress: None)
    (series,) = (await shelf.library.case(report.studies, id="c1", title="")).series
    assert (series.windows[0].window.center, series.windows[0].window.width) == (32767.5 - 1024, 65535)
    with pytest.raises(DicomRefused):
        await shelf.library.thumbnail(series.key)


async def test_a_damaged_image_in_the_middle_decides_neither_window_nor_picture(shelf: Shelf) -> None:
    """Seen to fail: the others opened in a window over all 16 bits, and the series had no picture."""
    made = shelf.folder / "made"
    made.mkdir()
    pixels = np.tile(np.arange(64, dtype=np.uint16) * 10, (64, 1))
    stream = bytes(imagecodecs.jpeg2k_encode(pixels, level=0, reversible=True, codecformat="j2k"))
    for number, data in enumerate((stream, stream[: len(stream) // 2], stream)):
        image = ct(WindowCenter=ABSENT, WindowWidth=ABSENT, ImagePositionPatient=[0, 0, number], Rows=64, Columns=64)
        image.BitsStored, image.HighBit = 16, 15
        image.file_meta.TransferSyntaxUID = JPEG2000Lossless
        image.PixelData = encapsulate([data])
        image["PixelData"].is_undefined_length = True
        write(image, made / f"{number}.dcm")
    await shelf.library.import_paths([made], lambda progress: None)
    (series,) = (await shelf.library.case(["1.2.3"], id="c1", title="")).series
    assert series.windows[0].measured
    assert series.windows[0].window.width < 700
    assert (await shelf.library.thumbnail(series.key)).startswith(b"\x89PNG")
    assert (await shelf.library.study_thumbnail("1.2.3")).startswith(b"\x89PNG")
