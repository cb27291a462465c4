"""Photos: written anew, upright, with nothing of the file but its pixels; what is none is refused."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from consult.dicom.pages import photos
from consult.dicom.pages.photos import read_photo
from consult.model.errors import DicomRefused

ORIENTATION, DESCRIPTION = 0x0112, 0x010E


def picture() -> Image.Image:
    """Red over blue, 40 by 20."""
    pixels = np.zeros((20, 40, 3), np.uint8)
    pixels[:10, :, 0], pixels[10:, :, 2] = 255, 255
    return Image.fromarray(pixels)


def test_a_jpeg_is_kept_upright_and_without_what_it_says(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[DESCRIPTION] = 6, "KEEPSAKE PETRONELLA"
    path = tmp_path / "a"
    picture().save(path, "JPEG", exif=exif)
    assert b"PETRONELLA" in path.read_bytes()
    photo = read_photo(str(path))
    assert (photo.kind, photo.width, photo.height) == ("image/jpeg", 20, 40)
    assert b"PETRONELLA" not in photo.content
    read = Image.open(BytesIO(photo.content))
    assert read.size == (20, 40)
    assert not read.getexif()


def test_a_png_keeps_its_pixels(tmp_path: Path) -> None:
    path = tmp_path / "a"
    picture().save(path, "PNG")
    photo = read_photo(str(path))
    assert photo.kind == "image/png"
    assert np.array_equal(np.asarray(Image.open(BytesIO(photo.content))), np.asarray(picture()))


@pytest.mark.parametrize("content", [b"", b"<svg onload=alert(1)>", b"\xff\xd8\xff\xe0broken", b"GIF89a"])
def test_what_is_no_photo_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    with pytest.raises(DicomRefused) as refused:
        read_photo(str(path))
    assert refused.value.code == "no_photo"


def test_a_photo_of_too_many_pixels_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "MAX_PIXELS", 799)
    picture().save(tmp_path / "a", "PNG")
    with pytest.raises(DicomRefused, match="pixels at most"):
        read_photo(str(tmp_path / "a"))
