"""Segmentations in the catalogue of a case, and read when they are drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from consult.dicom.segmentations.catalogue import NO_IMAGE, NO_REFERENCE, OTHER_FRAME, OTHER_PLANES
from consult.dicom.segmentations.reading import SAME_PLACE
from consult.model.catalogue import Case
from consult.model.errors import Refused
from consult.rendering.segmentations.contours import ContourSet
from consult.rendering.segmentations.regions import RegionSet
from tests.support import mr
from tests.support.ct import write_series
from tests.support.dicom_files import write
from tests.support.segmentation_files import (
    LIVER,
    Marked,
    disc,
    images_of,
    segmentation,
    structure_set,
    write_marked,
)
from tests.unit.library.test_library import Shelf

SIZE = 24


@pytest.fixture
async def shelf(tmp_path: Path) -> Any:
    made = Shelf(tmp_path)
    yield made
    await made.index.close()


class Study:
    """A CT of six images in a folder, to which a test adds what it wants."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf, self.folder = shelf, shelf.folder / "ct"
        self.uid = write_series(self.folder, images=6, size=SIZE)
        self.images = images_of(self.folder)

    async def case(self) -> Case:
        await self.shelf.library.import_paths([self.folder], lambda progress: None)
        return await self.shelf.library.case([self.uid], id="c1", title="")

    def mark(self, at: Any, **changes: Any) -> None:
        write(segmentation([Marked(LIVER, at, disc(SIZE, 9, 9, 4))], self.images[0], **changes), self.folder / "s.dcm")


@pytest.fixture
def study(shelf: Shelf) -> Study:
    return Study(shelf)


async def test_a_segmentation_is_listed_over_the_series_that_it_marks(study: Study) -> None:
    write_marked(study.folder, study.images, study.folder / "seg.dcm")
    case = await study.case()
    (found,) = case.segmentations
    assert (found.kind, found.name, found.why) == ("regions", "Liver, Lesion", "")
    assert found.over == found.planes == found.drawn_on == (case.series[0].key,)
    grid = case.series[0].grid
    heights = [round(grid.positions[place][2]) for place in range(found.spans[0][0], found.spans[0][1] + 1)]
    assert sorted(heights) == [round(float(image.ImagePositionPatient[2])) for image in study.images[1:-1]]
    assert found.resampled == ()
    assert case.unshown == ()
    drawn = await study.shelf.library.segmentation(found)
    assert isinstance(drawn, RegionSet)
    assert drawn.coincide == {case.series[0].key}


async def test_a_structure_set_is_listed_over_the_series_that_it_marks(study: Study) -> None:
    z = float(study.images[2].ImagePositionPatient[2])
    contour = [(0, 0, z), (10, 0, z), (10, 10, z)]
    path = study.folder / "rt.dcm"
    write(structure_set([(1, "Heart", None, [("CLOSED_PLANAR", contour)])], study.images[0]), path)
    case = await study.case()
    (found,) = case.segmentations
    assert (found.kind, found.name, found.spans[0][0]) == ("contours", "Plan 1", found.spans[0][1])
    assert isinstance(await study.shelf.library.segmentation(found), ContourSet)


async def test_pixels_of_another_size_are_said_to_be_resampled(study: Study) -> None:
    mask = disc(SIZE // 2, 5, 5, 3)
    frames = [Marked(LIVER, study.images[2].ImagePositionPatient, mask)]
    write(segmentation(frames, study.images[0], spacing=(4.0, 4.0)), study.folder / "s.dcm")
    (found,) = (await study.case()).segmentations
    assert found.resampled == found.over != ()


async def test_another_frame_of_reference_is_refused_by_a_sentence(study: Study) -> None:
    study.mark(study.images[2].ImagePositionPatient, FrameOfReferenceUID="1.2.99")
    (found,) = (await study.case()).segmentations
    assert (found.over, found.planes, found.why) == ((), (), OTHER_FRAME)


async def test_slanted_planes_are_refused_by_a_sentence_and_lie_on_planes(study: Study) -> None:
    slanted = (1, 0, 0, 0, float(np.cos(0.2)), float(np.sin(0.2)))
    study.mark(study.images[2].ImagePositionPatient, orientation=slanted)
    case = await study.case()
    (found,) = case.segmentations
    assert (found.over, found.why) == ((), OTHER_PLANES)
    assert found.planes == (case.series[0].key,)
    assert isinstance(await study.shelf.library.segmentation(found), RegionSet)


async def test_planes_beside_the_images_are_refused_by_a_sentence(study: Study) -> None:
    x, y, z = map(float, study.images[-1].ImagePositionPatient)
    study.mark((x, y, z + 40))
    assert (await study.case()).segmentations[0].why == NO_IMAGE


async def test_a_segmentation_without_a_place_marks_the_images_that_it_names(study: Study) -> None:
    named = [image.SOPInstanceUID for image in study.images]
    frames = [Marked(LIVER, None, disc(SIZE, 9, 9, 4), named[3])]
    write(segmentation(frames, study.images[0]), study.folder / "s.dcm")
    case = await study.case()
    (found,) = case.segmentations
    assert found.over == (case.series[0].key,)
    drawn = await study.shelf.library.segmentation(found)
    assert isinstance(drawn, RegionSet)
    (image,) = (image for _, image in drawn.images)
    stack = await study.shelf.library.stack(found.over[0])
    assert stack.frames[image].sop_instance_uid == named[3]


async def test_names_of_images_that_are_not_here_are_refused_by_a_sentence(study: Study) -> None:
    frames = [Marked(LIVER, None, disc(SIZE, 9, 9, 4), "1.2.3.4.5.6")]
    write(segmentation(frames, study.images[0]), study.folder / "s.dcm")
    assert (await study.case()).segmentations[0].why == NO_REFERENCE


def by_b_value(images: list[Any]) -> list[Marked]:
    """Of each image of the diffusion series one frame, which names it."""
    mask = disc(int(images[0].Rows), 30, 30, 9)
    of = [image for image in images if image.SeriesDescription == "DWI"]
    return [Marked(LIVER, image.ImagePositionPatient, mask, image.SOPInstanceUID) for image in of]


async def test_what_differs_by_time_lies_over_the_series_that_it_names_each_frame_at_its_own_time(shelf: Shelf) -> None:
    folder = shelf.folder / "mr"
    uid = mr.write_study(folder)
    images = images_of(folder)
    frames = by_b_value(images)
    write(segmentation(frames, images[0], thickness=mr.SLICE_MM), folder / "s.dcm")
    await shelf.library.import_paths([folder], lambda progress: None)
    case = await shelf.library.case([uid], id="c1", title="")
    (found,) = case.segmentations
    (diffusion,) = (series for series in case.series if series.description == "DWI")
    assert found.drawn_on == (diffusion.key,)
    drawn = await shelf.library.segmentation(found)
    assert isinstance(drawn, RegionSet)
    times = drawn.times[diffusion.key]
    assert [len([frame for frame in times.values() if frame == {time}]) for time in (0, 1)] == [6, 5]
    stack = await shelf.library.stack(diffusion.key)
    for frame, marked in enumerate(frames):
        (image,) = (i for i, one in enumerate(stack.frames) if one.sop_instance_uid == marked.source)
        assert times[frame] == {diffusion.locate(image)[1]}


async def test_frames_at_one_place_that_name_nothing_say_so(study: Study) -> None:
    mark = Marked(LIVER, study.images[2].ImagePositionPatient, disc(SIZE, 9, 9, 4))
    write(segmentation([mark, mark], study.images[0]), study.folder / "s.dcm")
    (found,) = (await study.case()).segmentations
    assert found.note == SAME_PLACE


async def test_what_was_deleted_cannot_be_drawn_and_says_so(study: Study) -> None:
    write_marked(study.folder, study.images, study.folder / "seg.dcm")
    (found,) = (await study.case()).segmentations
    files = await study.shelf.library.files(study.uid)
    await study.shelf.library.delete(study.uid, [record for record in files if record.segmentation is not None])
    with pytest.raises(Refused, match="no longer on the server"):
        await study.shelf.library.segmentation(found)
