"""What workers do with pixels: into a volume at their place, thumbnails, windows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from consult.dicom import tasks
from consult.dicom.pixels.pixel_tasks import decode_into, make_thumbnail, measure_window
from consult.dicom.records import Frame, PixelFormat
from consult.model.view import NamedWindow, Window
from tests.support.pixel_files import write_file

FRAME = Frame("f", 0, "1.2", None, 1.0, 1.0, "px")


def written(path: Path, values: NDArray[Any], **attributes: Any) -> str:
    rows, columns = values.shape[:2]
    return str(write_file(path, values.tobytes(), Rows=rows, Columns=columns, **attributes))


def drawn(png: bytes) -> NDArray[Any]:
    return np.asarray(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED))


def test_the_tasks_are_registered() -> None:
    assert tasks.decode_into is decode_into
    assert tasks.make_thumbnail is make_thumbnail
    assert tasks.measure_window is measure_window


def test_a_frame_is_written_at_its_place_and_nothing_else(tmp_path: Path) -> None:
    values = np.arange(6, dtype="<u2").reshape(2, 3) + 100
    path = written(tmp_path / "a.dcm", values)
    volume = tmp_path / "v.raw"
    volume.write_bytes(b"\xee" * 36)
    assert decode_into(str(volume), PixelFormat(2, 3, "uint16"), [(1, path, 0)]) == [None]
    assert volume.read_bytes() == b"\xee" * 12 + values.tobytes() + b"\xee" * 12


def test_a_refused_frame_writes_nothing_and_the_others_are_written(tmp_path: Path) -> None:
    values = np.arange(6, dtype="<u2").reshape(2, 3)
    path = written(tmp_path / "a.dcm", values, NumberOfFrames=2)
    volume = tmp_path / "v.raw"
    volume.write_bytes(b"\xee" * 36)
    answers = decode_into(str(volume), PixelFormat(2, 3, "uint16"), [(1, path, 1), (2, path, 0), (0, "gone.dcm", 0)])
    assert [answer and answer.code for answer in answers] == ["truncated", None, "deleted"]
    assert volume.read_bytes() == b"\xee" * 24 + values.tobytes()


def test_a_volume_that_is_gone_is_not_made_again(tmp_path: Path) -> None:
    path = written(tmp_path / "a.dcm", np.zeros((2, 3), "<u2"))
    with pytest.raises(FileNotFoundError):
        decode_into(str(tmp_path / "gone.raw"), PixelFormat(2, 3, "uint16"), [(0, path, 0)])
    assert not (tmp_path / "gone.raw").exists()


def test_a_thumbnail_has_square_pixels_and_the_first_window(tmp_path: Path) -> None:
    values = np.full((320, 160), 1000, "<u2")
    values[:160] = 2000
    path = written(tmp_path / "a.dcm", values)
    windows = (NamedWindow(Window(500.0, 1001.0)), NamedWindow(Window(0, 1)))
    wide = replace(FRAME, column_spacing=4.0, intercept=-1000.0, windows=windows)
    picture = drawn(make_thumbnail(path, 0, PixelFormat(320, 160, "uint16"), wide))
    assert picture.shape == (80, 160)
    assert (picture[0, 0], picture[-1, -1]) == (255, 0)


def test_a_thumbnail_of_monochrome1_is_inverted(tmp_path: Path) -> None:
    path = written(tmp_path / "a.dcm", np.tile(np.arange(200, dtype="<u2"), (200, 1)))
    picture = drawn(make_thumbnail(path, 0, PixelFormat(200, 200, "uint16"), replace(FRAME, inverted=True)))
    assert picture.shape == (160, 160)
    assert picture[80, 0] > 250
    assert picture[80, -1] < 5


def test_a_thumbnail_of_colour(tmp_path: Path) -> None:
    values = np.zeros((20, 40, 3), np.uint8)
    values[..., 0] = 200
    changes = {"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB", "PlanarConfiguration": 0, "BitsAllocated": 8}
    path = written(tmp_path / "a.dcm", values, **changes)
    picture = drawn(make_thumbnail(path, 0, PixelFormat(20, 40, "uint8", colour=True), FRAME))
    assert picture.shape == (80, 160, 3)
    assert picture[0, 0].tolist() == [0, 0, 200]  # OpenCV reads BGR


def test_a_window_by_percentiles_in_modality_units(tmp_path: Path) -> None:
    values = np.arange(10_000, dtype="<u2").reshape(100, 100)
    values[0, 0] = 65535
    path = written(tmp_path / "a.dcm", values)
    center, width = measure_window(path, replace(FRAME, slope=2.0, intercept=-1000.0), PixelFormat(100, 100, "uint16"))
    assert center == pytest.approx(9000, abs=40)
    assert width == pytest.approx(2 * 9800, abs=60)
