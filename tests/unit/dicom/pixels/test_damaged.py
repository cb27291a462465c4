"""Streams that end early, have a hole or lack a piece: no codec draws what is left of one as if it were whole."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from PIL import Image as PillowImage

from consult.dicom import syntaxes
from consult.dicom.pixels.codecs import decompress
from consult.dicom.pixels.decode import decode_frame
from consult.dicom.pixels.description import PixelDescription
from consult.dicom.reading.file_reader import read_file
from consult.dicom.records import PixelFormat
from consult.dicom.workers import Refusal, attempt
from consult.model.errors import DicomRefused
from tests.support.pixel_files import write_file
from tests.support.shared_data import shared_case
from tests.unit.dicom.pixels.test_codecs import rle

ROWS, COLUMNS = 120, 133
Y, X = np.mgrid[:ROWS, :COLUMNS]
NOISE = np.random.default_rng(4).normal(0, 12, (ROWS, COLUMNS))
GREY = np.clip((np.sin(X / 11) + np.cos(Y / 17) + 2) * 900 + NOISE, 0, 4095).astype(np.uint16)
BYTES = (GREY >> 4).astype(np.uint8)
COLOUR = np.dstack([BYTES, BYTES[::-1], 255 - BYTES])


def pillow(pixels: Any, **how: Any) -> bytes:
    """A JPEG as libjpeg's own encoder makes it."""
    stream = io.BytesIO()
    PillowImage.fromarray(pixels).save(stream, "JPEG", **how)
    return stream.getvalue()


def jpeg_2000(**how: Any) -> bytes:
    return bytes(imagecodecs.jpeg2k_encode(GREY, codecformat="j2k", bitspersample=12, **how))


BASELINE, EXTENDED, LOSSLESS = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.70"
STREAMS: dict[str, tuple[str, Callable[[], Any], Any]] = {
    "jpeg baseline": (BASELINE, lambda: pillow(BYTES, quality=90), BYTES),
    "jpeg of colour, 4:2:0": (BASELINE, lambda: pillow(COLOUR, quality=90), COLOUR),
    "jpeg with restarts": (BASELINE, lambda: pillow(COLOUR, subsampling=0, restart_marker_blocks=9), COLOUR),
    "jpeg progressive": ("1.2.840.10008.1.2.4.55", lambda: pillow(BYTES, progressive=True), BYTES),
    "jpeg progressive of colour": ("1.2.840.10008.1.2.4.55", lambda: pillow(COLOUR, progressive=True), COLOUR),
    "jpeg of 12 bits": (EXTENDED, lambda: imagecodecs.jpeg8_encode(GREY, level=90, bitspersample=12), GREY),
    "jpeg lossless": (LOSSLESS, lambda: imagecodecs.jpeg8_encode(GREY, lossless=True, bitspersample=12), GREY),
    "jpeg-ls": ("1.2.840.10008.1.2.4.80", lambda: imagecodecs.jpegls_encode(GREY), GREY),
    "jpeg-ls near": ("1.2.840.10008.1.2.4.81", lambda: imagecodecs.jpegls_encode(GREY, level=2), GREY),
    "jpeg 2000": ("1.2.840.10008.1.2.4.90", lambda: jpeg_2000(reversible=True, level=0), GREY),
    "jpeg 2000 lossy": ("1.2.840.10008.1.2.4.91", lambda: jpeg_2000(level=90), GREY),
    "htj2k": ("1.2.840.10008.1.2.4.201", lambda: imagecodecs.htj2k_encode(GREY, reversible=True), GREY),
    "htj2k rpcl": ("1.2.840.10008.1.2.4.202", lambda: imagecodecs.htj2k_encode(GREY, reversible=True), GREY),
    "htj2k lossy": ("1.2.840.10008.1.2.4.203", lambda: imagecodecs.htj2k_encode(GREY, level=1e-3), GREY),
    "rle": (syntaxes.RLE_LOSSLESS, lambda: rle(GREY), GREY),
    "deflated frame": (syntaxes.DEFLATED_FRAMES, lambda: zlib.compress(GREY.tobytes(), wbits=-15), GREY),
    "jpeg xl": ("1.2.840.10008.1.2.4.110", lambda: imagecodecs.jpegxl_encode(GREY, lossless=True), GREY),
}


def described(syntax: str, pixels: Any) -> PixelDescription:
    colour, bits = pixels.ndim == 3, 8 * pixels.itemsize
    return PixelDescription(
        transfer_syntax=syntax,
        rows=ROWS,
        columns=COLUMNS,
        samples=3 if colour else 1,
        bits_allocated=bits,
        bits_stored=bits,
        high_bit=bits - 1,
        signed=False,
        photometric="YBR_FULL_422" if colour else "MONOCHROME2",
        planar=False,
        frames=1,
        floats=False,
    )


def spoiled(stream: bytes) -> Iterator[tuple[str, bytes]]:
    """Cut, cut and closed by its end marker, with a hole of zeros, with a piece missing."""
    size, end = len(stream), stream[-2:]
    for share in (0.3, 0.6, 0.9, 0.98):
        yield f"cut at {share}", stream[: int(size * share)]
        yield f"cut at {share} and ended", stream[: int(size * share)] + end
    for start, share in ((0.3, 0.04), (0.5, 0.1), (0.4, 0.4), (0.88, 0.1)):
        first, last = int(size * start), int(size * (start + share))
        yield f"hole at {start} of {share}", stream[:first] + bytes(last - first) + stream[last:]
        yield f"gap at {start} of {share}", stream[:first] + stream[last:]


@pytest.mark.parametrize("name", STREAMS)
def test_a_whole_stream_is_shown_with_and_without_padding(name: str) -> None:
    syntax, encode, pixels = STREAMS[name]
    stream, description = bytes(encode()), described(syntax, pixels)
    whole = decompress(stream, description)
    assert whole.shape[:2] == pixels.shape[:2]
    assert np.array_equal(decompress(stream + b"\0", description), whole)


@pytest.mark.parametrize("name", STREAMS)
def test_a_damaged_stream_is_refused_by_tag_value_and_rule(name: str) -> None:
    syntax, encode, pixels = STREAMS[name]
    description, stream = described(syntax, pixels), bytes(encode())
    whole = decompress(stream, description)
    for damage, data in spoiled(stream):
        found = attempt(decompress, (data, description))
        if isinstance(found, Refusal):
            assert (found.tag, syntax in found.rule) == ("PixelData", True), damage
        else:  # what was lost is padding
            assert np.array_equal(found, whole), f"{damage}: drawn as if it were whole"


@pytest.mark.parametrize("cut", ["htj2k", "jpeg-baseline", "jpeg-baseline-last-10-percent"])
def test_a_worker_says_what_is_damaged(cut: str) -> None:
    path = shared_case("41-streams-cut") / f"{cut}.dcm"
    with pytest.raises(DicomRefused, match=r"PixelData is '\d+ bytes': the image is damaged: "):
        decode_frame(path, 0, read_file(str(path)).format)


def test_every_cut_stream_of_the_cases_is_refused() -> None:
    paths = sorted(shared_case("41-streams-cut").glob("*.dcm"))
    assert len(paths) == 10
    for path in paths:
        with pytest.raises(DicomRefused, match="the image is damaged"):
            decode_frame(path, 0, read_file(str(path)).format)


def test_frames_beside_a_damaged_one_are_shown(tmp_path: Path) -> None:
    whole = pillow(BYTES)
    size: dict[str, Any] = {"Rows": ROWS, "Columns": COLUMNS, "BitsAllocated": 8, "NumberOfFrames": 3}
    path = write_file(tmp_path / "a.dcm", [whole, whole[: len(whole) // 2], whole], syntax=BASELINE, **size)
    stored = PixelFormat(ROWS, COLUMNS, "uint8")
    with pytest.raises(DicomRefused, match="the image is damaged"):
        decode_frame(path, 1, stored)
    assert np.array_equal(decode_frame(path, 0, stored), decode_frame(path, 2, stored))


@pytest.mark.parametrize("offset_table", [True, False])
@pytest.mark.parametrize(("syntax", "encode"), [(BASELINE, pillow), (syntaxes.RLE_LOSSLESS, rle)])
def test_frames_before_the_end_of_a_cut_file_are_shown(
    tmp_path: Path, syntax: str, encode: Callable[[Any], bytes], offset_table: bool
) -> None:
    frame = encode(BYTES)
    size: dict[str, Any] = {"Rows": ROWS, "Columns": COLUMNS, "BitsAllocated": 8, "NumberOfFrames": 4}
    path = write_file(tmp_path / "a.dcm", [frame] * 4, syntax=syntax, offset_table=offset_table, **size)
    path.write_bytes(path.read_bytes()[: -2 * len(frame)])
    stored = PixelFormat(ROWS, COLUMNS, "uint8")
    assert decode_frame(path, 0, stored).shape == (ROWS, COLUMNS)
    for missing, sentence in ((2, "the image is"), (3, "the image is missing: the file ends before frame 4")):
        with pytest.raises(DicomRefused, match=sentence):
            decode_frame(path, missing, stored)


def test_frames_before_the_end_of_a_cut_native_file_are_shown(tmp_path: Path) -> None:
    path = write_file(tmp_path / "a.dcm", np.arange(18, dtype="<u2").tobytes(), NumberOfFrames=3)
    path.write_bytes(path.read_bytes()[:-4])
    assert decode_frame(path, 1, PixelFormat(2, 3, "uint16")).tolist() == [[6, 7, 8], [9, 10, 11]]
    with pytest.raises(DicomRefused, match="truncated: PixelData is '32 bytes'"):
        decode_frame(path, 2, PixelFormat(2, 3, "uint16"))


def test_a_uniform_image_of_many_layers_has_no_hole() -> None:
    """Empty packets are a byte of zeros each."""
    flat = np.full((ROWS, COLUMNS), 7, np.uint16)
    for levels in (0, 5):
        stream = bytes(imagecodecs.jpeg2k_encode(flat, codecformat="j2k", level=0, reversible=True, resolutions=levels))
        assert np.array_equal(decompress(stream, described("1.2.840.10008.1.2.4.90", flat)), flat)


def test_samples_of_more_bits_than_are_allocated_are_another_image() -> None:
    description = described("1.2.840.10008.1.2.4.80", BYTES)
    with pytest.raises(DicomRefused, match="more bits than BitsAllocated"):
        decompress(bytes(imagecodecs.jpegls_encode(GREY)), description)
