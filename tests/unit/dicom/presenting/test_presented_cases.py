"""The studies of ../shared/cases that ask to be shown in a certain way: as they are drawn and measured, pixel by pixel.

The README there names what is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray

from consult.dicom.pixels.pixel_tasks import decode_into
from consult.dicom.records import StackRecord
from consult.library.library import Library
from consult.library.one_patient import Admission
from consult.model.catalogue import Case, Series
from consult.model.errors import DifferentPatients
from consult.model.identifiers import SeriesKey
from consult.model.mark import Shape
from consult.model.view import Part, Window
from consult.rendering.marks.measure import Sample, sample
from consult.rendering.stack import render_viewport
from consult.rendering.window import apply_window
from consult.sessions.views import fitted_camera, initial_view
from consult.store.index import MemoryIndex
from consult.volumes.volume import Volume, has_graphics
from consult.volumes.volume_file import VolumeFile
from tests.support.cases import place_of
from tests.support.shared_data import shared_case
from tests.support.thread_workers import ThreadWorkers

Pixels = NDArray[Any]


class Shelf:
    """A case of ../shared/cases, taken in."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.source = folder, shared_case(name)
        self.library = Library(folder, MemoryIndex(), ThreadWorkers())
        self.volumes: list[Volume] = []

    async def take_in(self) -> Case:
        report = await self.library.import_paths([self.source], lambda progress: None)
        assert report.refused == []
        (self.study,) = report.studies
        return await self.case()

    async def case(self, **admission: Any) -> Case:
        return await self.library.case([self.study], id="c1", title="", admission=Admission(**admission))

    async def volume(self, key: SeriesKey) -> Volume:
        """Decoded as the volume cache does it."""
        stack: StackRecord = await self.library.stack(key)
        path = self.folder / f"{key}.raw"
        file = VolumeFile(path, stack.format, len(stack.frames), graphics=has_graphics(stack))
        images = [(i, str(self.library.object_path(f.file)), f.frame) for i, f in enumerate(stack.frames)]
        assert decode_into(str(path), stack.format, images, file.graphics_at) == [None] * len(images)
        volume = Volume(stack, file, lambda: None)
        for image in range(len(images)):
            volume.decoded(image)
        self.volumes.append(volume)
        return volume

    async def drawn(self, series: Series, image: int, window: Window, *without: Part) -> Pixels:
        """One device pixel for each image pixel."""
        pixels = (await self.volume(series.key)).image(image)
        grid = series.grid
        place, _ = series.locate(image)
        size = (grid.columns, grid.rows)
        return render_viewport(pixels, grid, place, fitted_camera(grid, place), window, size, without=without)


@pytest.fixture
def shelves(tmp_path: Path) -> Iterator[list[Shelf]]:
    made: list[Shelf] = []
    yield made
    for shelf in made:
        for volume in shelf.volumes:
            volume.let_go()


async def opened(shelves: list[Shelf], tmp_path: Path, name: str) -> tuple[Shelf, Case]:
    shelf = Shelf(tmp_path, name)
    shelves.append(shelf)
    return shelf, await shelf.take_in()


def read(shelf: Shelf, name: str) -> pydicom.Dataset:
    return pydicom.dcmread(shelf.source / name)


async def test_each_voi_lut_is_applied_and_offered_by_its_explanation(shelves: list[Shelf], tmp_path: Path) -> None:
    shelf, case = await opened(shelves, tmp_path, "08-voi-lut-only")
    (series,) = case.series
    assert [w.explanation for w in series.windows] == ["NORMAL", "HARDER"]
    assert not any(w.measured for w in series.windows)
    dataset = read(shelf, "001.dcm")
    assert initial_view(case).viewports[0].window == series.windows[0].window
    for item, offered in zip(dataset.VOILUTSequence, series.windows, strict=True):
        entries = np.frombuffer(item.LUTData, "<u2").astype(float)
        right = entries[dataset.pixel_array - item.LUTDescriptor[1]] * 255 / (2 ** item.LUTDescriptor[2] - 1)
        drawn = await shelf.drawn(series, 0, offered.window)
        assert np.abs(drawn - right).max() <= 0.5 + 1e-6
        image = (await shelf.volume(series.key)).image(0)
        assert np.array_equal(apply_window(image, offered.window), drawn)


async def test_padding_is_in_no_window_and_in_no_statistic(shelves: list[Shelf], tmp_path: Path) -> None:
    shelf, case = await opened(shelves, tmp_path, "09-pixel-padding-no-window")
    for series in case.series:
        (window,) = series.windows
        assert window.measured
        image = (await shelf.volume(series.key)).image(series.images // 2)
        assert image.padding is not None
        kept = image.pixels[image.pixels != image.padding[0]]
        low, high = np.percentile(kept, (1, 99))
        assert window.window.width == pytest.approx(high - low + 1, abs=2)
        assert window.window.center == pytest.approx((low + high + 1) / 2, abs=2)
    ct = next(series for series in case.series if series.modality == "CT")
    assert statistics(await shelf.volume(ct.key), ct) == (0, 100)


def statistics(volume: Volume, series: Series) -> tuple[float, float]:
    """(lowest, highest) value of an ellipse over the whole image, rounded outwards; its padding is counted."""
    grid = series.grid
    centre = grid.centre(0)
    ends = (grid.point(0, 400.0, (grid.rows - 1) / 2), grid.point(0, (grid.columns - 1) / 2, 400.0))
    shape = Shape(id="m", kind="ellipse", series=series.key, image=0, points=(centre, *ends))
    image = volume.image(0)
    found = sample(image, grid, 0, shape)
    assert isinstance(found, Sample)
    kept = image.pixels[~image.padded(image.pixels)]
    assert (found.pixels, found.padding) == (kept.size, image.pixels.size - kept.size)
    assert found.padding > 0
    assert (found.low, found.high) == (kept.min(), kept.max())
    assert found.mean == pytest.approx(float(kept.mean()))
    return np.floor(found.low / 10) * 10, np.ceil(found.high / 10) * 10


async def test_overlays_are_drawn_and_can_be_hidden(shelves: list[Shelf], tmp_path: Path) -> None:
    shelf, case = await opened(shelves, tmp_path, "10-overlay")
    bits = read(shelf, "001.dcm").overlay_array(0x6000) == 1
    assert bits.sum() > 100
    for series in case.series:
        assert series.presents == ("overlay",)
        window = series.windows[0].window
        drawn = await shelf.drawn(series, 0, window)
        plain = await shelf.drawn(series, 0, window, "overlay")
        image = (await shelf.volume(series.key)).image(0)
        assert np.array_equal(plain, apply_window(image, window))
        assert np.array_equal(drawn != plain, bits)
        assert np.abs(drawn[bits].astype(int) - plain[bits]).mean() > 100


async def test_a_mask_is_subtracted_and_not_on_request(shelves: list[Shelf], tmp_path: Path) -> None:
    shelf, case = await opened(shelves, tmp_path, "11-dsa-mask")
    (series,) = case.series
    assert (series.presents, series.subtracted) == (("mask",), ((1, 5),))
    assert [(w.subtracted, w.measured) for w in series.windows] == [(True, True), (False, False)]
    frames = read(shelf, "001.dcm").pixel_array.astype(int)
    for image in range(1, 6):
        difference = frames[image] - frames[0]
        drawn = await shelf.drawn(series, image, series.windows[0].window)
        (background,) = np.unique(drawn[difference == 0])
        assert (drawn[difference < 0] < background).all()
        plain = await shelf.drawn(series, image, series.windows[1].window, "mask")
        whole = (await shelf.volume(series.key)).image(image)
        assert np.array_equal(plain, apply_window(whole, series.windows[1].window))
    assert place_of(initial_view(case)) == 0


async def test_bad_geometry_is_shown_without_a_place(shelves: list[Shelf], tmp_path: Path) -> None:
    _, case = await opened(shelves, tmp_path, "13-odd-geometry")
    assert len(case.series) == 12
    notes = {series.description: series.note for series in case.series}
    assert notes["ok"] == ""
    assert notes["spacing-comma"] == r"geometry not usable: PixelSpacing 0,143\0,143"
    assert notes["iop-zeros"] == r"geometry not usable: ImageOrientationPatient 0\0\0\0\0\0"
    for series in case.series:
        if series.description != "ok":
            assert series.note.startswith("geometry not usable: ")
            assert (series.grid.space, series.grid.unit) == ("image", "px")


async def test_what_is_left_out_of_a_patient_is_unknown_not_different(shelves: list[Shelf], tmp_path: Path) -> None:
    _, case = await opened(shelves, tmp_path, "20-patient-fields-left-out")
    assert (case.patient.id, case.patient.birth_date, case.patient.sex) == ("P-20", "1970-01-01", "F")
    assert len(case.series) == 3
    assert all(series.note == "" for series in case.series)


async def test_ultrasound_regions_are_there(shelves: list[Shelf], tmp_path: Path) -> None:
    _, case = await opened(shelves, tmp_path, "07-us-two-regions")
    ((tissue, trace),) = case.series[0].regions
    assert (tissue.box, tissue.mm, trace.mm) == ((20, 20, 140, 69), (0.5, 0.5), None)


async def test_a_length_on_a_radiograph_says_what_it_is(shelves: list[Shelf], tmp_path: Path) -> None:
    _, case = await opened(shelves, tmp_path, "38-radiograph-spacing")
    spacings = {series.description: (series.grid.row_spacing, series.grid.unit) for series in case.series}
    assert spacings["imager only"] == spacings["imager and equal"] == (0.2, "mm at detector")
    assert spacings["imager and calibrated"] == (0.16, "mm calibrated (fiducial)")
    assert spacings["imager and ERMF 1.25"] == (0.2, "mm at detector")


async def test_a_host_may_leave_out_or_confirm_what_differs(shelves: list[Shelf], tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, "20-patient-fields-left-out")
    shelves.append(shelf)
    dataset = read(shelf, "005.dcm")
    dataset.PatientSex, dataset.SOPInstanceUID, dataset.SeriesInstanceUID = "M", "2.25.7", "2.25.8"
    dataset.save_as(tmp_path / "other.dcm")
    report = await shelf.library.import_paths([shelf.source, tmp_path / "other.dcm"], lambda progress: None)
    (shelf.study,) = report.studies
    with pytest.raises(DifferentPatients) as refused:
        await shelf.case()
    assert refused.value.fields == {"PatientSex": ("F", "M")}
    assert "M" not in refused.value.sentence.split()
    part = next(part for part in refused.value.parts if part.values == {"PatientSex": "M"})
    assert (part.files, part.count, part.name) == (("other.dcm",), 1, "dose sheet")
    for left_out in (part.series, part.instances[0]):
        assert len((await shelf.case(leave_out=(left_out,))).series) == 3
    confirmed = await shelf.case(same_patient=True)
    notes = {series.key.partition("-")[0]: series.note for series in confirmed.series}
    assert notes.pop(part.series) == "PatientSex differs, confirmed by the host"
    assert set(notes.values()) == {""}
