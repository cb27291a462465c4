"""The demo's files, made small: eight slices of each study."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray

from consult.demo.anatomy.solids import Point
from consult.demo.files import SeriesWriter
from consult.demo.make import make_demo
from consult.demo.studies import CURRENT, PRIOR, STUDIES, DemoStudy, truth

SLICES = 8


def small(study: DemoStudy, slices: int = SLICES) -> DemoStudy:
    """Some slices from the nodule up."""
    fields = {name: getattr(study, name) for name in study.__dataclass_fields__}
    return DemoStudy(**{**fields, "bottom_mm": 20.0, "slices": slices})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both studies, small."""
    directory = tmp_path_factory.mktemp("demo") / "studies"
    seen: list[tuple[int, int]] = []
    make_demo(directory, lambda done, total: seen.append((done, total)), studies=(small(CURRENT), small(PRIOR)))
    totals = {total for _, total in seen}
    assert totals == {len(list(directory.rglob("*.dcm")))}
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1][0] == seen[-1][1]
    return directory


def read(folder: Path, series: str) -> list[pydicom.Dataset]:
    """A series by position along its normal."""
    images = [pydicom.dcmread(path) for path in sorted((folder / series).glob("*.dcm"))]
    return sorted(images, key=lambda image: float(image.SliceLocation))


def test_patient_dates_and_descriptions(folder: Path) -> None:
    image = read(folder, "current/lung")[0]
    assert (str(image.PatientName), image.PatientID, image.PatientBirthDate) == ("DEMO^ANNA", "10042", "19610314")
    assert (image.StudyDate, image.StudyTime) == ("20261124", "091240")
    assert image.InstitutionName == "Demo Hospital"
    prior = read(folder, "prior/lung")[0]
    assert (prior.StudyDate, prior.StudyTime, prior.PatientID) == ("20260519", "103105", "10042")
    series = [path.name for path in (folder / "current").iterdir()]
    names = {name: read(folder, f"current/{name}")[0].SeriesDescription for name in series}
    assert names == {
        "scout": "Scout", "lung": "CT lung 2.0 B60f", "soft": "CT soft 4.0 B30f", "coronal": "CT cor 3.0",
    }  # fmt: skip


def test_uids_tell_images_series_studies_and_frames_apart(folder: Path) -> None:
    images = [pydicom.dcmread(path, stop_before_pixels=True) for path in folder.rglob("*.dcm")]
    assert len({image.SOPInstanceUID for image in images}) == len(images)
    assert len({image.SeriesInstanceUID for image in images}) == 6
    assert len({image.StudyInstanceUID for image in images}) == 2
    assert len({image.FrameOfReferenceUID for image in images}) == 2


def test_slices_are_evenly_spaced_and_carry_their_windows(folder: Path) -> None:
    images = read(folder, "current/lung")
    z = [float(image.ImagePositionPatient[2]) for image in images]
    assert np.allclose(np.diff(z), 2.0)
    assert (list(images[0].WindowCenter), list(images[0].WindowWidth)) == ([-600, 40, 480], [1500, 400, 2500])
    assert list(images[0].WindowCenterWidthExplanation) == ["LUNG", "SOFT TISSUE", "BONE"]
    soft = [float(image.ImagePositionPatient[2]) for image in read(folder, "current/soft")]
    assert np.allclose(soft, (np.array(z[::2]) + np.array(z[1::2])) / 2)


@pytest.mark.parametrize("study", ["current", "prior"])
def test_the_nodule_lies_where_the_truth_says_in_patient_coordinates(folder: Path, study: str) -> None:
    x, y, z = truth().nodule_centre[study]
    image = min(read(folder, f"{study}/soft"), key=lambda image: abs(float(image.ImagePositionPatient[2]) - z))
    corner, spacing = image.ImagePositionPatient, image.PixelSpacing
    column, row = (x - corner[0]) / spacing[1], (y - corner[1]) / spacing[0]
    hu = image.pixel_array.astype(int) + int(image.RescaleIntercept)
    half = round(truth().nodule_mm[study] * 0.75)
    box = hu[round(row) - half : round(row) + half, round(column) - half : round(column) + half] > -300
    centre = np.argwhere(box).mean(axis=0) - half + (round(row), round(column))
    assert np.hypot(*(centre - (row, column))) * spacing[0] < 2.0


@pytest.mark.parametrize("series", ["current/coronal", "current/scout"])
def test_derived_images_lie_on_the_axial_ones(folder: Path, series: str) -> None:
    """A dense point of a coronal image is at the same patient coordinates as in the axial volume."""
    images, axial = read(folder, series), read(folder, "current/lung")
    image = images[len(images) // 2]
    assert [float(v) for v in image.ImageOrientationPatient] == [1, 0, 0, 0, 0, -1]
    top = max(float(slice_.ImagePositionPatient[2]) for slice_ in axial)
    assert float(image.ImagePositionPatient[2]) == pytest.approx(top, abs=1.0)
    left = float(image.ImagePositionPatient[0]) - float(image.PixelSpacing[1]) / 2
    assert left == pytest.approx(float(axial[0].ImagePositionPatient[0]) - 0.375, abs=1e-3)
    if series.endswith("coronal"):
        y = float(image.ImagePositionPatient[1])
        row = round((y - float(axial[0].ImagePositionPatient[1])) / 0.75)
        thick = np.mean([slice_.pixel_array[row - 1 : row + 2].mean(axis=0) for slice_ in axial], axis=0)
        assert np.corrcoef(thick, image.pixel_array.mean(axis=0))[0, 1] > 0.98


def test_the_same_files_every_time(folder: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    make_demo(again, studies=(small(PRIOR),))
    for path in sorted((folder / "prior").rglob("*.dcm")):
        other = again / path.relative_to(folder)
        assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(other.read_bytes()).digest(), path


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    make_demo(tmp_path / "demo")
    assert list((tmp_path / "demo").iterdir()) == []


def test_nothing_has_the_name_before_all_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(SeriesWriter, "write", full)
        with pytest.raises(OSError, match="No space left"):
            make_demo(tmp_path / "demo", studies=(small(PRIOR),))
    assert list(tmp_path.iterdir()) == []
    make_demo(tmp_path / "demo", studies=(small(PRIOR),))
    assert len(list((tmp_path / "demo").rglob("*.dcm"))) == SLICES + SLICES // 2


def test_an_interrupt_cancels_the_queue_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    write = SeriesWriter.write

    def counted(self: SeriesWriter, number: int, position: Point, pixels: NDArray[np.uint16]) -> None:
        written.append(number)
        write(self, number, position, pixels)

    def interrupt(done: int, _total: int) -> None:
        if done:
            raise KeyboardInterrupt

    monkeypatch.setattr(SeriesWriter, "write", counted)
    study = small(PRIOR, slices=80)
    with pytest.raises(KeyboardInterrupt):
        make_demo(tmp_path / "demo", interrupt, studies=(study,))
    assert list(tmp_path.iterdir()) == []
    assert len(written) < 60


def test_the_real_ones_have_at_least_160_slices() -> None:
    assert all(study.slices >= 160 and study.slices % 2 == 0 for study in STUDIES)


def test_dcmtk_and_dciodvfy_find_no_error(folder: Path) -> None:
    tools = [tool for tool in ("dcmftest", "dciodvfy") if shutil.which(tool)]
    if not tools:
        pytest.skip("neither dcmtk nor dicom3tools is installed")
    for series in ("current/scout", "current/lung", "current/soft", "current/coronal", "prior/lung"):
        path = next((folder / series).glob("*.dcm"))
        for tool in tools:
            done = subprocess.run([tool, path], capture_output=True, text=True, check=False)
            assert "Error" not in done.stderr + done.stdout, (series, done.stderr)
            assert "no:" not in done.stdout
