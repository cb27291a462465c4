"""Presentation states in the catalogue of a case, and what is drawn of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from consult.dicom.presentation_states.catalogue import NO_IMAGE
from consult.library.former_records import NOT_APPLIED
from consult.library.library import Library
from consult.model.catalogue import Case
from consult.model.disclosure import disclosed_case
from consult.model.errors import Refused
from consult.model.view import Window
from consult.store.index import IndexedFile, MemoryIndex
from tests.support.ct import write_series
from tests.support.dicom_files import ct, write
from tests.support.presentation_files import annotation, graphic, presentation_state, window
from tests.support.segmentation_files import images_of
from tests.support.thread_workers import ThreadWorkers
from tests.unit.library.test_library import Shelf

ARROW = annotation([graphic("POLYLINE", [2, 2, 9, 9])])


@pytest.fixture
async def shelf(tmp_path: Path) -> Any:
    made = Shelf(tmp_path)
    yield made
    await made.index.close()


async def taken_in(library: Library, folder: Path, images: int = 6) -> tuple[Case, str]:
    """A CT, a state for its second and third image, and one for images that are not here."""
    study = write_series(folder, images=images, size=16)
    there = images_of(folder)
    some = presentation_state(
        there[1:3], SoftcopyVOILUTSequence=[window(-600, 1500)], GraphicAnnotationSequence=[ARROW]
    )
    stranger = ct(StudyInstanceUID=there[0].StudyInstanceUID)
    elsewhere = presentation_state([stranger], "GONE", **{"PatientName": there[0].PatientName} | same_patient(there[0]))
    elsewhere.StudyInstanceUID = there[0].StudyInstanceUID
    write(some, folder / "state.dcm")
    write(elsewhere, folder / "elsewhere.dcm")
    await library.import_paths([folder], lambda progress: None)
    return await library.case([study], id="c1", title=""), study


def same_patient(image: Any) -> dict[str, Any]:
    keywords = ("PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "StudyDescription")
    return {keyword: image.get(keyword, "") for keyword in keywords}


async def test_a_state_is_listed_for_the_images_that_it_names(shelf: Shelf) -> None:
    case, _ = await taken_in(shelf.library, shelf.folder / "ct")
    here, elsewhere = case.presentation_states
    assert case.unshown == ()
    assert (here.name, here.description, here.why) == ("LUNG", "For the meeting", "")
    assert (here.creator, here.created, here.draws) == ("READER^RITA", "2026-11-25T10:15:00", ("graphics",))
    (look,) = here.looks
    assert (look.series, look.window, look.invert) == (case.series[0].key, Window(-600.0, 1500.0), False)
    assert sum(last - first + 1 for first, last in look.images) == 2
    assert (elsewhere.name, elsewhere.looks, elsewhere.why) == ("GONE", (), NO_IMAGE)
    drawn = await shelf.library.presentation_state(here)
    (first, _), *_ = look.images
    assert len(drawn.of(look.series, first).annotations) == 1
    assert drawn.of(look.series, case.series[0].images - 1).annotations == ()


async def test_a_page_is_told_no_uid_and_no_text_without_end(shelf: Shelf) -> None:
    case, study = await taken_in(shelf.library, shelf.folder / "ct")
    long = replace(case.presentation_states[0], name="x" * 9999, notes=("y" * 9999,))
    told = msgspec.json.encode(disclosed_case(replace(case, presentation_states=(long,))))
    assert study.encode() not in told
    assert b"x" * 65 not in told
    assert b"y" * 513 not in told


async def test_what_was_deleted_cannot_be_drawn_and_says_so(shelf: Shelf) -> None:
    case, study = await taken_in(shelf.library, shelf.folder / "ct")
    files = await shelf.library.files(study)
    await shelf.library.delete(study, [record for record in files if record.presentation_state is not None])
    with pytest.raises(Refused, match="no longer on the server"):
        await shelf.library.presentation_state(case.presentation_states[0])


class OnlyListed(MemoryIndex):
    """Rows as of 30 November 2026: presentation states are named, and that none is applied."""

    async def put_files(self, files: Sequence[IndexedFile]) -> list[str]:
        return await super().put_files([replace(file, data=self._old(file.data)) for file in files])

    def _old(self, row: bytes) -> bytes:
        record = msgspec.msgpack.decode(row)
        if record.pop("presentation_state"):
            record["unshown"], record["why"] = "Presentation state", NOT_APPLIED
        return msgspec.msgpack.encode(record)


async def test_what_an_older_version_only_listed_is_offered_without_importing_it_anew(tmp_path: Path) -> None:
    library = Library(tmp_path / "data", OnlyListed(), ThreadWorkers())
    case, _ = await taken_in(library, tmp_path / "ct")
    assert [state.name for state in case.presentation_states] == ["LUNG", "GONE"]
    assert case.unshown == ()
