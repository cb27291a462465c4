"""Both ends of the range through every codec: 8 to 16 bits, signed and unsigned, lossless and lossy.

Each against the values that were encoded, and against a second decoder: gdcm, dcmtk (12-bit JPEG) or OpenJPH (HTJ2K).
"""

from __future__ import annotations

import subprocess
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.pixels.utils import pixel_array

from consult.dicom import syntaxes
from consult.dicom.pixels.decode import decode_frame
from consult.dicom.records import PixelFormat
from tests.support.pixel_files import write_file
from tests.unit.dicom.pixels.test_codecs import rle

ROWS, COLUMNS = 48, 64
Values = NDArray[Any]


def ramp(bits: int, *, signed: bool) -> Values:
    """From the least to the greatest value, a step between both ends in every row, and corners of either."""
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    values = np.linspace(low, high, ROWS * COLUMNS).round().astype(np.int64).reshape(ROWS, COLUMNS)
    values[: ROWS // 2] = np.where(np.arange(COLUMNS) // 8 % 2, high, low)
    values[-8:, -8:] = low
    assert (values.min(), values.max()) == (low, high)
    return values


def words(values: Values, bits: int) -> Values:
    """As DICOM stores them for codecs that know no sign: two's complement of BitsStored bits."""
    return (values & (1 << bits) - 1).astype(np.uint8 if bits == 8 else np.uint16)


def numbers(values: Values, bits: int) -> Values:
    """As codecs that know signs take them."""
    return values.astype(f"{'int' if values.min() < 0 else 'uint'}{8 if bits == 8 else 16}")


@dataclass(frozen=True)
class Coder:
    """A codec: its transfer syntax, how it encodes, and how far lossy values may be off, in parts of the range."""

    name: str
    syntax: str
    encode: Callable[[Values, int], Any]
    second: str
    bits: tuple[int, ...] = (8, 10, 12, 16)
    signed: tuple[bool, ...] = (False, True)
    off: float = 0.0


def jpeg_lossless(values: Values, bits: int) -> bytes:
    return bytes(imagecodecs.jpeg8_encode(words(values, bits), lossless=True, bitspersample=bits))


def jpeg(values: Values, bits: int) -> bytes:
    return bytes(imagecodecs.jpeg8_encode(words(values, bits), level=100, bitspersample=bits))


def jpeg_2000(values: Values, bits: int, **how: Any) -> bytes:
    return bytes(imagecodecs.jpeg2k_encode(numbers(values, bits), bitspersample=bits, codecformat="j2k", **how))


CODERS = (
    Coder("rle", syntaxes.RLE_LOSSLESS, lambda v, b: rle(words(v, b)), "pydicom"),
    Coder(
        "deflated frames", syntaxes.DEFLATED_FRAMES, lambda v, b: zlib.compress(words(v, b).tobytes(), wbits=-15), ""
    ),
    Coder("enclosed", syntaxes.ENCAPSULATED_UNCOMPRESSED, lambda v, b: words(v, b).tobytes(), ""),
    Coder("jpeg lossless", "1.2.840.10008.1.2.4.70", jpeg_lossless, "gdcm"),
    Coder("jpeg 8", "1.2.840.10008.1.2.4.50", jpeg, "gdcm", bits=(8,), signed=(False,), off=0.02),
    Coder("jpeg 12", "1.2.840.10008.1.2.4.51", jpeg, "dcmtk", bits=(12,), signed=(False,), off=0.02),
    Coder("jpeg-ls", "1.2.840.10008.1.2.4.80", lambda v, b: imagecodecs.jpegls_encode(words(v, b)), "gdcm"),
    Coder(
        "jpeg-ls near",
        "1.2.840.10008.1.2.4.81",
        lambda v, b: imagecodecs.jpegls_encode(words(v, b), level=3),
        "",  # gdcm leaves values beyond BitsStored as they are
        signed=(False,),
        off=0.02,
    ),
    Coder("jpeg 2000", "1.2.840.10008.1.2.4.90", lambda v, b: jpeg_2000(v, b, reversible=True, level=0), "gdcm"),
    Coder("jpeg 2000 lossy", "1.2.840.10008.1.2.4.91", lambda v, b: jpeg_2000(v, b, level=50), "gdcm", off=0.06),
    Coder(
        "htj2k",
        "1.2.840.10008.1.2.4.201",
        lambda v, b: imagecodecs.htj2k_encode(numbers(v, b), reversible=True),
        "openjph",
    ),
    Coder(
        "htj2k lossy",
        "1.2.840.10008.1.2.4.203",
        lambda v, b: imagecodecs.htj2k_encode(numbers(v, b), reversible=False, level=0.004 if b == 8 else 1e-4),
        "openjph",
        off=0.06,
    ),
    Coder(
        "jpeg xl",
        "1.2.840.10008.1.2.4.110",
        lambda v, b: imagecodecs.jpegxl_encode(words(v, b), lossless=True),
        "",
    ),
)
CASES = [(coder, bits, signed) for coder in CODERS for bits in coder.bits for signed in coder.signed]


@pytest.mark.parametrize(
    ("coder", "bits", "signed"), CASES, ids=[f"{c.name}, {b} {'signed' if s else 'unsigned'}" for c, b, s in CASES]
)
def test_both_ends_of_the_range(tmp_path: Path, coder: Coder, bits: int, signed: bool) -> None:
    values = ramp(bits, signed=signed)
    frame, path = bytes(coder.encode(values, bits)), tmp_path / "a.dcm"
    allocated = 8 if bits == 8 else 16
    shape: dict[str, Any] = {
        "Rows": ROWS,
        "Columns": COLUMNS,
        "BitsAllocated": allocated,
        "BitsStored": bits,
        "HighBit": bits - 1,
    }
    write_file(path, [frame], syntax=coder.syntax, PixelRepresentation=int(signed), **shape)
    found = decode_frame(path, 0, PixelFormat(ROWS, COLUMNS, f"{'' if signed else 'u'}int{allocated}")).astype(np.int64)
    allowed = coder.off * (1 << bits)
    assert np.abs(found - values).max() <= allowed
    assert values.min() <= found.min() <= found.max() <= values.max()
    second = decoded_by(coder.second, path, frame)
    if second is not None:
        if signed and coder.second == "gdcm":  # it extends the sign of JPEG-LS over no more than BitsStored
            second = ((second & (1 << bits) - 1) ^ 1 << bits - 1) - (1 << bits - 1)
        alike = np.abs(second - values) <= allowed  # OpenJPH wraps what a lossy coder leaves beyond the range
        assert alike.mean() > 0.9
        assert np.abs(np.clip(second, values.min(), values.max()) - found)[alike].max() <= (2 if allowed else 0)


def decoded_by(decoder: str, path: Path, frame: bytes) -> Values | None:
    """What another decoder makes of it."""
    if decoder == "openjph":
        return np.asarray(imagecodecs.htj2k_decode(frame)).astype(np.int64)
    if decoder == "dcmtk":
        subprocess.run(["dcmdjpeg", path, path.with_suffix(".native")], check=True)
        return pixel_array(path.with_suffix(".native")).astype(np.int64)
    return pixel_array(path, decoding_plugin=decoder).astype(np.int64) if decoder else None


@pytest.mark.parametrize("signed", [False, True])
def test_a_lossy_stream_of_more_bits_than_are_stored_stays_within_them(tmp_path: Path, signed: bool) -> None:
    values = ramp(12, signed=signed)
    frame = bytes(imagecodecs.htj2k_encode(numbers(values, 12), reversible=False, level=1e-4))
    found = imagecodecs.htj2k_decode(frame)
    assert found.max() > values.max() or found.min() < values.min()
    path = write_file(
        tmp_path / "a.dcm",
        [frame],
        syntax="1.2.840.10008.1.2.4.203",
        Rows=ROWS,
        Columns=COLUMNS,
        BitsStored=12,
        HighBit=11,
        PixelRepresentation=int(signed),
    )
    decoded = decode_frame(path, 0, PixelFormat(ROWS, COLUMNS, "int16" if signed else "uint16"))
    assert np.abs(decoded.astype(np.int64) - values).max() < 50
