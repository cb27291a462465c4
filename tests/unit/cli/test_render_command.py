"""`consult render`: pixel for pixel, by window, fitted, by frame and by position; and what it refuses."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray
from PIL import Image as PillowImage
from pydicom import dcmread
from pydicom.dataset import Dataset

from consult.cli import main
from consult.dicom.workers import DicomWorkers
from consult.library.library import Library
from consult.store.index import IndexedFile, SqliteIndex
from tests.support import ct
from tests.support.pixel_files import write_file

SIZE = 48


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    ct.write_series(tmp_path, images=3, size=SIZE)
    return tmp_path


def picture(path: Path) -> NDArray[np.uint8]:
    with PillowImage.open(path) as image:
        return np.asarray(image)


def expected(image: int, center: float, width: float) -> NDArray[np.float64]:
    """PS3.3 C.11.2.1.2.1, in float64."""
    hu = ct.pixels(image, 3, SIZE).astype(np.float64) - 1024
    return np.clip(((hu - (center - 0.5)) / (width - 1) + 0.5) * 255, 0, 255)


def test_pixel_for_pixel_in_the_files_first_window(folder: Path) -> None:
    assert main(["render", str(folder / "0001.dcm"), "-o", str(folder / "a.png")]) == 0
    drawn = picture(folder / "a.png")
    assert drawn.shape == (SIZE, SIZE)
    assert np.abs(drawn - expected(1, 40, 400)).max() <= 0.51


def test_in_a_window_that_is_asked_for(folder: Path) -> None:
    words = ["render", str(folder / "0001.dcm"), "--window", "-600", "1500", "-o", str(folder / "a.png")]
    assert main(words) == 0
    assert np.abs(picture(folder / "a.png") - expected(1, -600, 1500)).max() <= 0.51


def test_without_a_window_from_the_smallest_to_the_largest_value(tmp_path: Path) -> None:
    path = write_file(tmp_path / "a.dcm", np.array([[5, 6, 7], [8, 9, 10]], "<u2").tobytes())
    assert main(["render", str(path), "-o", str(tmp_path / "a.png")]) == 0
    drawn = picture(tmp_path / "a.png")
    assert (drawn.min(), drawn.max()) == (0, 255)


def test_values_of_a_tiny_slope_are_drawn_over_the_whole_range(tmp_path: Path) -> None:
    path = write_file(tmp_path / "a.dcm", np.array([[0, 1000, 2000]] * 2, "<u2").tobytes(), RescaleSlope="0.00001")
    assert main(["render", str(path), "-o", str(tmp_path / "a.png")]) == 0
    assert picture(tmp_path / "a.png").tolist() == [[0, 128, 255]] * 2


def test_a_frame_of_many(tmp_path: Path) -> None:
    frames = np.arange(12, dtype=np.uint8).reshape(2, 2, 3) * 20
    path = write_file(tmp_path / "a.dcm", frames.tobytes(), NumberOfFrames=2, BitsAllocated=8)
    words = ["render", str(path), "--window", "128", "256", "--frame", "2", "-o", str(tmp_path / "a.png")]
    assert main(words) == 0
    assert np.array_equal(picture(tmp_path / "a.png"), frames[1])


def test_colour(tmp_path: Path) -> None:
    rgb = np.arange(18, dtype=np.uint8).reshape(2, 3, 3) * 14
    colour: dict[str, Any] = {"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB", "BitsAllocated": 8}
    path = write_file(tmp_path / "a.dcm", rgb.tobytes(), PlanarConfiguration=0, **colour)
    assert main(["render", str(path), "-o", str(tmp_path / "a.png")]) == 0
    assert np.array_equal(picture(tmp_path / "a.png"), rgb)
    assert main(["render", str(path), "--window", "1", "2", "-o", str(tmp_path / "b.png")]) == 1


def test_fitted_the_whole_image_is_shown(folder: Path) -> None:
    wide = ["--size", "200x100", "--window", "0", "4000"]
    assert main(["render", str(folder / "0001.dcm"), *wide, "-o", str(folder / "a.png")]) == 0
    drawn = picture(folder / "a.png")
    assert drawn.shape == (100, 200)
    plain = expected(1, 0, 4000)
    assert drawn[:, 50:150].mean() == pytest.approx(plain.mean(), rel=0.02)
    assert not drawn[:, :48].any()
    assert not drawn[:, 152:].any()


class OldIndex(SqliteIndex):
    """Rows as an older version wrote them: records without what distinguishes frames."""

    async def put_files(self, files: Sequence[IndexedFile]) -> list[str]:
        rows = [msgspec.msgpack.decode(file.data) for file in files]
        for frame in (frame for row in rows for frame in row["frames"]):
            del frame["attributes"]
        old = [replace(file, data=msgspec.msgpack.encode(row)) for file, row in zip(files, rows, strict=True)]
        return await super().put_files(old)


async def take_in(data: Path, folder: Path, make: type[SqliteIndex] = SqliteIndex) -> None:
    """Import a folder."""
    index = make(data / "index.sqlite")
    async with DicomWorkers(1) as workers:
        report = await Library(data, index, workers).import_paths([folder], lambda progress: None)
    await index.close()
    assert not report.refused


def test_an_imported_series_by_position(tmp_path: Path) -> None:
    ct.write_series(tmp_path / "ct", images=3, size=SIZE)
    (tmp_path / "data").mkdir()
    asyncio.run(take_in(tmp_path / "data", tmp_path / "ct"))
    uid = str(dcmread(tmp_path / "ct" / "0000.dcm").SeriesInstanceUID)
    location = str(ct.FIRST_Z_MM + 1.9 * ct.SLICE_MM)
    where = ["--data", str(tmp_path / "data"), "-o", str(tmp_path / "a.png")]
    assert main(["render", uid, "--position", location, *where]) == 0
    assert np.abs(picture(tmp_path / "a.png") - expected(2, 40, 400)).max() <= 0.51
    assert main(["render", uid, "--frame", "2", *where]) == 0
    assert np.abs(picture(tmp_path / "a.png") - expected(1, 40, 400)).max() <= 0.51


def test_an_old_import_is_in_the_order_of_today(tmp_path: Path) -> None:
    """Two echoes of two places with the same numbers: echo by echo, from the head."""
    (tmp_path / "data").mkdir()
    (tmp_path / "mr").mkdir()
    for number, (z, echo) in enumerate(((0, 20), (0, 10), (5, 10), (5, 20))):
        attributes: dict[str, Any] = {
            "StudyInstanceUID": "1.5",
            "SeriesInstanceUID": "1.5.1",
            "SOPInstanceUID": f"1.5.1.{number}",
            "Modality": "MR",
            "EchoTime": echo,
            "ImagePositionPatient": [0, 0, z],
            "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
            "PixelSpacing": [1, 1],
        }
        pixels = np.full((2, 3), 10 * echo + z, "<u2").tobytes()
        write_file(tmp_path / "mr" / f"{number}.dcm", pixels, **attributes)
    asyncio.run(take_in(tmp_path / "data", tmp_path / "mr", OldIndex))
    found = []
    for image in range(1, 5):
        words = ["--data", str(tmp_path / "data"), "--frame", str(image), "-o", str(tmp_path / "a.png")]
        assert main(["render", "1.5.1", "--window", "128", "257", *words]) == 0
        found.append(int(picture(tmp_path / "a.png")[0, 0]))
    assert found == [105, 100, 205, 200]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nothing/here"], "nothing/here is neither a file nor a SeriesInstanceUID"),
        (["1.2.3.4"], "There is no file 1.2.3.4, and no series of that UID"),
        (["FILE", "--frame", "2"], "There is no image 2: there are 1"),
        (["FILE", "--frame", "0"], "There is no image 0"),
        (["FILE", "--frame", "1", "--position", "3"], "not both"),
        (["FILE", "--window", "40", "0"], "40 0 is no window"),
        (["FILE", "-o", "/nowhere/a.png"], "/nowhere/a.png cannot be written"),
    ],
)
def test_what_cannot_be_done_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    words = [str(folder / "0000.dcm") if word == "FILE" else word for word in words]
    out = [] if "-o" in words else ["-o", str(folder / "a.png")]
    assert main(["render", *words, *out, "--data", str(folder / "data")]) == 1
    assert message in capsys.readouterr().err
    assert not (folder / "a.png").exists()


def test_a_file_that_is_no_dicom_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_bytes(b"no DICOM" * 100)
    assert main(["render", str(tmp_path / "a.txt"), "-o", str(tmp_path / "a.png")]) == 1
    assert "not a DICOM file" in capsys.readouterr().err


@pytest.mark.parametrize("size", ["12", "0x5", "5x99999", "axb"])
def test_a_size_that_is_none(size: str) -> None:
    with pytest.raises(SystemExit):
        main(["render", "a", "--size", size, "-o", "b"])


def test_nothing_is_compiled_for_a_picture_as_it_is(folder: Path) -> None:
    code = (
        "import sys; from consult.cli import main; "
        f"main(['render', {str(folder / '0000.dcm')!r}, '-o', {str(folder / 'a.png')!r}]); "
        "print(sorted({'numba', 'cv2', 'uvicorn', 'imagecodecs'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


EDGES = {"LeftVertical": 0, "RightVertical": 4, "UpperHorizontal": 0, "LowerHorizontal": 5}


def marked(path: Path) -> Path:
    """4 x 4 pixels of 100; an overlay on the first row, and a shutter that hides the last column."""
    plane: dict[str, Any] = {"Rows": 4, "Columns": 4, "BitsAllocated": 8, "WindowCenter": 128, "WindowWidth": 256}
    edges: dict[str, Any] = {f"Shutter{name}Edge": at for name, at in EDGES.items()}
    write_file(path, bytes([100] * 16), **plane, ShutterShape="RECTANGULAR", **edges)
    dataset = dcmread(path)
    for element, vr, value in (
        (0x0010, "US", 4), (0x0011, "US", 4), (0x0040, "CS", "G"), (0x0050, "SS", [1, 1]), (0x0100, "US", 1),
        (0x0102, "US", 0), (0x3000, "OW", b"\x0f\x00"),
    ):  # fmt: skip
        dataset.add_new((0x6000, element), vr, value)
    dataset.save_as(path)
    return path


@pytest.mark.parametrize("fitted", [[], ["--size", "4x4"]])
@pytest.mark.parametrize(
    ("words", "first_row", "last_row", "note"),
    [
        ([], [255] * 4, [100, 100, 100, 0], "overlay, shutter"),
        (["--parts", "shutter"], [100, 100, 100, 0], [100, 100, 100, 0], "overlay hidden, shutter"),
        (["--parts", "overlay"], [255] * 4, [100] * 4, "overlay, without shutter"),
        (["--window", "128", "256"], [100] * 4, [100] * 4, "overlay hidden, without shutter"),
        (["--window", "128", "256", "--parts", "all"], [255] * 4, [100, 100, 100, 0], "overlay, shutter"),
    ],
)
def test_overlays_and_shutters_are_drawn_as_on_the_page(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    first_row: list[int],
    last_row: list[int],
    note: str,
    fitted: list[str],
) -> None:
    """Seen to fail on pictures of the pixels alone, with nothing said."""
    path = marked(tmp_path / "a.dcm")
    assert main(["render", str(path), *words, *fitted, "-o", str(tmp_path / "a.png")]) == 0
    drawn = picture(tmp_path / "a.png").tolist()
    assert (drawn[0], drawn[3]) == (first_row, last_row)
    assert capsys.readouterr().err == f"consult render: {note}\n"


def test_a_recommended_mask_is_subtracted_around_zero(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Seen to fail on an unsubtracted picture. The first frame is the mask, the second has 40 less in one pixel."""
    frames = np.full((2, 2, 3), 200, np.uint8)
    frames[1, 0, 0] -= 40
    mask = Dataset()
    mask.MaskOperation, mask.MaskFrameNumbers = "AVG_SUB", 1
    run: dict[str, Any] = {"RecommendedViewingMode": "SUB", "MaskSubtractionSequence": [mask], "NumberOfFrames": 2}
    path = write_file(tmp_path / "a.dcm", frames.tobytes(), BitsAllocated=8, **run)
    words = ["render", str(path), "--frame", "2", "-o", str(tmp_path / "a.png")]
    assert main(words) == 0
    drawn = picture(tmp_path / "a.png")
    assert drawn[0, 0] < 20
    assert set(drawn.ravel()[1:].tolist()) <= {128, 129}, "the middle grey where nothing has changed"
    assert capsys.readouterr().err == "consult render: subtracted, window measured\n"
    assert main([*words, "--window", "180", "41"]) == 0
    assert picture(tmp_path / "a.png")[0, 0] < 10
    assert capsys.readouterr().err == "consult render: unsubtracted\n"


def test_what_is_only_noted_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd: dict[str, Any] = {"ShutterShape": "BITMAP", "Modality": "MG", "RescaleSlope": 0, "RescaleIntercept": 0}
    path = write_file(tmp_path / "a.dcm", bytes(12), WindowCenter=1, WindowWidth=2, **odd)
    assert main(["render", str(path), "-o", str(tmp_path / "a.png")]) == 0
    output = capsys.readouterr().err
    for words in ("not for reading", "RescaleSlope is 0", "the display shutter is not applied"):
        assert words in output


def test_parts_that_there_are_none_of(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        main(["render", "a", "--parts", "overlays", "-o", "b"])
