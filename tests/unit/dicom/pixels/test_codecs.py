"""Compressed frames: what was encoded comes back, however the stream lays it out; broken ones are refused."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest

from consult.dicom import syntaxes
from consult.dicom.pixels.codecs import CODECS, decompress
from consult.dicom.pixels.decode import decode_frame
from consult.dicom.pixels.description import PixelDescription
from consult.dicom.records import PixelFormat
from consult.model.errors import DicomRefused
from tests.support.pixel_files import write_file

ROWS, COLUMNS = 40, 33
GREY = np.add.outer(np.arange(ROWS) * 90, np.arange(COLUMNS) * 13).astype(np.uint16)
COLOUR = np.dstack([np.add.outer(np.arange(ROWS) * 3, np.arange(COLUMNS) * k).astype(np.uint8) for k in (1, 2, 3)])


def described(syntax: str, *, samples: int = 1, bits: int = 16, photometric: str = "MONOCHROME2") -> PixelDescription:
    return PixelDescription(
        transfer_syntax=syntax,
        rows=ROWS,
        columns=COLUMNS,
        samples=samples,
        bits_allocated=bits,
        bits_stored=bits,
        high_bit=bits - 1,
        signed=False,
        photometric=photometric,
        planar=False,
        frames=1,
        floats=False,
    )


def rle(samples: np.ndarray[Any, Any]) -> bytes:
    """Encode by literal runs only (PS3.5 G): planes of bytes, the highest first."""
    planes = samples[np.newaxis] if samples.ndim == 2 else np.moveaxis(samples, -1, 0)
    segments = []
    for plane in planes:
        for byte in reversed(range(samples.itemsize)):
            data = (plane >> (8 * byte) & 0xFF).astype(np.uint8).tobytes()
            runs = [data[i : i + 128] for i in range(0, len(data), 128)]
            packed = b"".join(bytes([len(run) - 1]) + run for run in runs)
            segments.append(packed + b"\0" * (len(packed) % 2))
    offsets, at = [], 64
    for segment in segments:
        offsets.append(at)
        at += len(segment)
    return np.array([len(segments), *offsets, *[0] * (15 - len(offsets))], "<u4").tobytes() + b"".join(segments)


Encode = Callable[[Any], bytes]
LOSSLESS: dict[str, Encode] = {
    "1.2.840.10008.1.2.4.70": lambda a: bytes(imagecodecs.jpeg8_encode(a, lossless=True)),
    "1.2.840.10008.1.2.4.80": lambda a: bytes(imagecodecs.jpegls_encode(a)),
    "1.2.840.10008.1.2.4.90": lambda a: bytes(imagecodecs.jpeg2k_encode(a, reversible=True, level=0)),
    "1.2.840.10008.1.2.4.201": lambda a: bytes(imagecodecs.htj2k_encode(a, reversible=True)),
    syntaxes.RLE_LOSSLESS: rle,
    syntaxes.DEFLATED_FRAMES: lambda a: zlib.compress(a.tobytes(), wbits=-15),
}


@pytest.mark.parametrize("syntax", LOSSLESS)
def test_what_was_encoded_comes_back(syntax: str) -> None:
    assert np.array_equal(decompress(LOSSLESS[syntax](GREY), described(syntax)), GREY)


@pytest.mark.parametrize("syntax", LOSSLESS.keys() - {"1.2.840.10008.1.2.4.70"})
def test_colour_comes_back(syntax: str) -> None:
    decoded = decompress(LOSSLESS[syntax](COLOUR), described(syntax, samples=3, bits=8, photometric="RGB"))
    assert np.array_equal(decoded, COLOUR)


def test_a_lossy_jpeg_of_luma_and_chroma_comes_back_as_rgb() -> None:
    encoded = bytes(imagecodecs.jpeg8_encode(COLOUR, level=98, subsampling="444"))
    decoded = decompress(encoded, described("1.2.840.10008.1.2.4.50", samples=3, bits=8, photometric="YBR_FULL_422"))
    assert np.abs(decoded.astype(int) - COLOUR).max() <= 4


def test_a_jpeg_that_names_rgb_is_not_converted() -> None:
    encoded = bytes(imagecodecs.jpeg8_encode(COLOUR, level=98, colorspace="RGB", outcolorspace="RGB"))
    decoded = decompress(encoded, described("1.2.840.10008.1.2.4.50", samples=3, bits=8, photometric="RGB"))
    assert np.abs(decoded.astype(int) - COLOUR).max() <= 6


@pytest.mark.parametrize("syntax", sorted(CODECS))
def test_a_broken_stream_is_refused(syntax: str) -> None:
    for data in (b"", b"\xff\xd8\xff\xe0" + b"\0" * 60, b"\x01\0\0\0" + b"\xff" * 100):
        with pytest.raises(DicomRefused, match=r"codec|rle|truncated|damaged"):
            decompress(data, described(syntax))


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90"])
def test_a_stream_of_another_size_is_refused(syntax: str) -> None:
    with pytest.raises(DicomRefused, match="pixel_shape"):
        decompress(LOSSLESS[syntax](GREY[:20]), described(syntax))


def test_a_short_rle_segment_is_refused() -> None:
    encoded = rle(GREY)
    with pytest.raises(DicomRefused, match="an RLE segment holds"):
        decompress(encoded[:-42], described(syntaxes.RLE_LOSSLESS))


def test_rle_segments_for_other_samples_are_refused() -> None:
    with pytest.raises(DicomRefused, match=r"rle: PixelData is '1 segments'"):
        decompress(rle(GREY.astype(np.uint8)), described(syntaxes.RLE_LOSSLESS))


def test_there_is_a_codec_for_every_supported_syntax() -> None:
    assert CODECS.keys() | syntaxes.UNCOMPRESSED == syntaxes.SUPPORTED


def test_signed_values_through_a_codec(tmp_path: Path) -> None:
    signed = (GREY.astype(np.int32) - 1500).astype(np.int16)
    frame = bytes(imagecodecs.jpegls_encode(signed.view(np.uint16)))
    path = write_file(
        tmp_path / "a.dcm",
        [frame],
        syntax="1.2.840.10008.1.2.4.80",
        Rows=ROWS,
        Columns=COLUMNS,
        PixelRepresentation=1,
    )
    assert np.array_equal(decode_frame(path, 0, PixelFormat(ROWS, COLUMNS, "int16")), signed)
