"""Compressed frames to samples, by transfer syntax. Decoders: imagecodecs (BSD), loaded one by one."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.dicom.library_errors import LIBRARY_ERRORS
from consult.dicom.pixels.colour import ybr_to_rgb
from consult.dicom.pixels.description import PixelDescription
from consult.dicom.syntaxes import DEFLATED_FRAMES, HTJ2K, JPEG, JPEG_2000, JPEG_LS, RLE_LOSSLESS
from consult.model.errors import DicomRefused

LOSSLESS_PROCESS = 0xC3
LARGE_PIXELS = 1 << 21
"""From this size on an image mostly comes by itself (a radiograph): two threads decode it."""
Samples = NDArray[Any]
Codec = Callable[[bytes, PixelDescription], Samples]


def decompress(data: bytes, description: PixelDescription) -> Samples:
    """Samples of one compressed frame.

    Args:
        data: the frame's fragments, joined.
        description: transfer syntax, shape and bits.

    Returns:
        (rows, columns) or (rows, columns, samples), integers as the stream has them.

    Raises:
        DicomRefused: "transfer_syntax", "codec", "pixel_shape".
    """
    codec = CODECS.get(description.transfer_syntax)
    if codec is None:
        uid = description.transfer_syntax
        raise DicomRefused("transfer_syntax", "no decoder for it is here", tag="TransferSyntaxUID", value=uid)
    try:
        samples = codec(data, description)
    except LIBRARY_ERRORS as error:
        rule = f"the compressed frame cannot be decoded ({str(error)[:120]})"
        raise DicomRefused("codec", rule, tag="PixelData", value=f"{len(data)} bytes") from error
    return _shaped(samples, description)


def _shaped(samples: Samples, description: PixelDescription) -> Samples:
    """(rows, columns[, samples]), however the decoder lays them out."""
    plain = (description.rows, description.columns)
    wanted = plain if description.samples == 1 else (*plain, description.samples)
    if samples.shape == wanted:
        return samples
    if description.samples > 1 and samples.shape == (description.samples, *plain):
        return np.moveaxis(samples, 0, -1)
    if samples.shape == (*plain, 1):
        return samples[..., 0]
    rule = f"the compressed frame is {samples.shape}, Rows, Columns and SamplesPerPixel ask for {wanted}"
    raise DicomRefused("pixel_shape", rule, tag="PixelData")


def _jpeg(data: bytes, description: PixelDescription) -> Samples:
    """JPEG (ISO/IEC 10918-1), lossy and lossless, 2 to 16 bits; colour as RGB."""
    from imagecodecs import jpeg8_decode, jpegsof3_decode

    lossless = _jpeg_process(data) == LOSSLESS_PROCESS
    ybr = description.photometric.startswith("YBR")
    if description.samples == 1:
        stream, shown = None, None
    else:
        stream, shown = "YCBCR" if ybr and not lossless else "RGB", "RGB"
    try:
        samples = np.asarray(jpeg8_decode(data, colorspace=stream, outcolorspace=shown))
    except RuntimeError:
        if not lossless:
            raise
        samples = np.asarray(jpegsof3_decode(data))  # what libjpeg-turbo refuses: odd restarts, odd tables
    return ybr_to_rgb(samples) if lossless and ybr else samples


def _jpeg_process(data: bytes) -> int:
    """The start-of-frame marker: C0 baseline, C1 extended, C3 lossless; 0 where there is none."""
    at = 2
    while at + 4 <= len(data):
        marker, length = (int.from_bytes(data[i : i + 2], "big") for i in (at, at + 2))
        if 0xFFC0 <= marker <= 0xFFCF and marker not in (0xFFC4, 0xFFC8, 0xFFCC):
            return marker & 0xFF
        at += 1 if marker == 0xFFFF else 2 + length
    return 0


def _jpeg_ls(data: bytes, description: PixelDescription) -> Samples:
    """JPEG-LS (ISO/IEC 14495-1)."""
    from imagecodecs import jpegls_decode

    return np.asarray(jpegls_decode(data))


def _jpeg_2000(data: bytes, description: PixelDescription) -> Samples:
    """JPEG 2000 Part 1 (ISO/IEC 15444-1); its own colour transform is undone."""
    from imagecodecs import jpeg2k_decode

    large = description.rows * description.columns >= LARGE_PIXELS
    return np.asarray(jpeg2k_decode(data, numthreads=2 if large else 1))


def _htj2k(data: bytes, description: PixelDescription) -> Samples:
    """High-Throughput JPEG 2000 (ISO/IEC 15444-15); its own colour transform is undone."""
    from imagecodecs import htj2k_decode

    return np.asarray(htj2k_decode(data))


def _rle(data: bytes, description: PixelDescription) -> Samples:
    """RLE (PS3.5 G): a segment for every byte of a sample, the highest first, planes one after the other."""
    width = max(description.bits_allocated // 8, 1)
    count, *offsets = struct.unpack_from("<16L", data)
    if count != width * description.samples:
        rule = f"{description.samples} samples of {width} bytes need {width * description.samples} RLE segments"
        raise DicomRefused("rle", rule, tag="PixelData", value=f"{count} segments")
    ends = [*offsets[1:count], len(data)]
    size = description.rows * description.columns
    planes = np.empty((description.samples, width, size), np.uint8)
    for number, (start, end) in enumerate(zip(offsets, ends, strict=False)):
        planes[number // width, number % width] = _unpack(data[start:end], size)
    words = np.ascontiguousarray(planes.transpose(0, 2, 1)).view(f">u{width}")[..., 0]
    shaped = words.reshape(description.samples, description.rows, description.columns)
    return shaped[0] if description.samples == 1 else np.moveaxis(shaped, 0, -1)


def _inflated(data: bytes, description: PixelDescription) -> Samples:
    """Deflated Image Frame Compression (PS3.5 A.4.13): a native frame, deflated. Raises DicomRefused("truncated")."""
    size = (description.frame_bits + 7) // 8
    raw = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, size)
    if len(raw) < size:
        raise DicomRefused("truncated", f"a frame inflates to {len(raw)} of {size} bytes", tag="PixelData")
    plain = (description.rows, description.columns)
    if description.bits_allocated == 1:
        bits = np.unpackbits(np.frombuffer(raw, np.uint8), bitorder="little")
        return bits[: plain[0] * plain[1]].reshape(plain)
    samples = np.frombuffer(raw, f"<u{description.bits_allocated // 8}")
    if description.samples == 1:
        return samples.reshape(plain)
    if description.planar:
        return samples.reshape(description.samples, *plain)
    return samples.reshape(*plain, description.samples)


def _unpack(segment: bytes, size: int) -> NDArray[np.uint8]:
    """One segment (PS3.5 G.3.2). Raises DicomRefused("truncated")."""
    from imagecodecs import packbits_decode

    unpacked = np.frombuffer(packbits_decode(segment), np.uint8)
    if len(unpacked) < size:
        rule = f"an RLE segment holds {len(unpacked)} of {size} bytes"
        raise DicomRefused("truncated", rule, tag="PixelData")
    return unpacked[:size]


CODECS: dict[str, Codec] = {
    RLE_LOSSLESS: _rle,
    DEFLATED_FRAMES: _inflated,
    **dict.fromkeys(JPEG, _jpeg),
    **dict.fromkeys(JPEG_LS, _jpeg_ls),
    **dict.fromkeys(JPEG_2000, _jpeg_2000),
    **dict.fromkeys(HTJ2K, _htj2k),
}
"""What decodes each compressed transfer syntax."""
