"""`consult render --plane`: an imported series cut along the patient's axes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as PillowImage

from consult.cli import main
from tests.support import ct

SIZE, IMAGES = 48, 16
BLOCK = np.stack([ct.pixels(image, IMAGES, SIZE).astype(np.float64) - 1024 for image in range(IMAGES)])
"""(slices, rows, columns) HU, feet first, 3 x 2 x 2 mm from (-48, -48, -120)."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planes")
    ct.write_series(folder / "files", images=IMAGES, size=SIZE)
    assert main(["import", str(folder / "files"), "--data", str(folder / "data")]) == 0
    return folder


def series(data: Path) -> str:
    from pydicom import dcmread

    return str(dcmread(data / "files/0000.dcm").SeriesInstanceUID)


def render(data: Path, *words: str) -> NDArray[np.uint8]:
    out = data / "a.png"
    assert main(["render", series(data), "--data", str(data / "data"), *words, "-o", str(out)]) == 0
    with PillowImage.open(out) as image:
        return np.asarray(image)


def greys(hu: NDArray[np.float64], center: float = 40, width: float = 400) -> NDArray[np.float64]:
    """PS3.3 C.11.2.1.2.1."""
    return np.clip(((hu - (center - 0.5)) / (width - 1) + 0.5) * 255, 0, 255)


def test_an_axial_plane_at_an_images_position_is_that_image(data: Path) -> None:
    drawn = render(data, "--plane", "axial", "--position", str(ct.FIRST_Z_MM + 5 * ct.SLICE_MM))
    assert drawn.shape == (SIZE, SIZE)
    assert np.abs(drawn - greys(BLOCK[5])).max() <= 0.51


def test_a_coronal_plane_has_the_head_above_and_the_patients_left_at_the_right(data: Path) -> None:
    drawn = render(data, "--plane", "coronal", "--position", str(-48 + 20 * 2.0))
    assert drawn.shape == (24, SIZE)
    rows = [1, 4, 10, 22]
    z = [15.5 - (row + 0.5) * 2 / 3 for row in rows]
    expected = np.stack([at(BLOCK[:, 20], height) for height in z])
    assert np.abs(drawn[rows] - greys(expected)).max() <= 1.01


def test_a_sagittal_plane_has_the_back_at_the_right(data: Path) -> None:
    drawn = render(data, "--plane", "sagittal", "--position", str(-48 + 30 * 2.0), "--window", "0", "2000")
    assert drawn.shape == (24, SIZE)
    expected = at(BLOCK[:, :, 30], 15.5 - 8.5 * 2 / 3)
    assert np.abs(drawn[8] - greys(expected, 0, 2000)).max() <= 1.01


def at(layers: NDArray[np.float64], height: float) -> NDArray[np.float64]:
    """Between two slices."""
    lower = min(max(int(np.floor(height)), 0), len(layers) - 2)
    share = min(max(height - lower, 0.0), 1.0)
    return np.asarray(layers[lower] * (1 - share) + layers[lower + 1] * share)


def test_a_slab_shows_the_brightest_of_its_thickness(data: Path) -> None:
    middle = ct.FIRST_Z_MM + 7 * ct.SLICE_MM
    words = ("--plane", "axial", "--position", str(middle), "--slab", "12", "--projection", "max")
    assert np.abs(render(data, *words) - greys(BLOCK[5:10].max(axis=0))).max() <= 1.01
    assert np.abs(render(data, *words[:6], "--projection", "min") - greys(BLOCK[5:10].min(axis=0))).max() <= 1.01
    assert np.abs(render(data, *words[:6]) - greys(BLOCK[5:10].mean(axis=0))).max() <= 1.01


def test_it_is_fitted_into_a_size(data: Path) -> None:
    assert render(data, "--plane", "coronal", "--size", "300x200").shape == (200, 300)


def test_a_volume_is_rendered_as_seen_from_the_front(data: Path) -> None:
    drawn = render(data, "--plane", "coronal", "--preset", "skin", "--size", "64x64")
    assert drawn.shape == (64, 64, 3)
    assert drawn[32, 32].max() > 100, "a body"
    assert (drawn[0] == 0).all(), "nothing around it"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--slab", "5"), "--slab and --projection go with --plane."),
        (("--plane", "coronal", "--preset", "bone", "--slab", "5"), "--preset goes with --plane alone"),
        (("--preset", "bone"), "--preset goes with --plane alone"),
        (("--plane", "axial", "--frame", "2"), "Give --frame or --plane, not both."),
        (("--plane", "axial", "--position", "500"), "There is nothing at 500 mm"),
    ],
)
def test_what_makes_no_sense_is_refused(
    words: tuple[str, ...], sentence: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", series(data), "--data", str(data / "data"), *words, "-o", str(data / "b.png")]) == 1
    assert sentence in capsys.readouterr().err


def test_one_image_has_no_planes(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", str(data / "files/0003.dcm"), "--plane", "axial", "-o", str(data / "b.png")]) == 1
    assert "There is one image alone" in capsys.readouterr().err


def test_a_slab_has_a_thickness(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for thickness in ("60", "-1", "thick"):
        with pytest.raises(SystemExit):
            main(["render", "x", "--plane", "axial", "--slab", thickness, "-o", "b.png"])
        assert "is no thickness: 0 to 50 mm" in capsys.readouterr().err
