"""Compressed frames to samples, by transfer syntax. Decoders: imagecodecs (BSD), loaded one by one."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.dicom.library_errors import LIBRARY_ERRORS
from consult.dicom.pixels.colour import spread_chroma, ybr_to_rgb
from consult.dicom.pixels.description import PixelDescription
from consult.dicom.pixels.j2k_stream import check_codestream, codestream_of, read_codestream
from consult.dicom.pixels.jpeg_check import check_jpeg
from consult.dicom.pixels.jpeg_stream import LOSSLESS, JpegStream, damaged, read_jpeg
from consult.dicom.pixels.rle import unpack_segment
from consult.dicom.pixels.stream_size import StreamSize, jpeg_ls_size, jpeg_xl_size, other_shape
from consult.dicom.reading.opening import named
from consult.dicom.syntaxes import (
    ALWAYS_LOSSY,
    DEFLATED_FRAMES,
    ENCAPSULATED_UNCOMPRESSED,
    HTJ2K,
    JPEG,
    JPEG_2000,
    JPEG_LS,
    JPEG_XL,
    MAYBE_LOSSY,
    RLE_LOSSLESS,
)
from consult.model.errors import DicomRefused

JPEG_END = b"\xff\xd9"
PADDING_BYTES = 1
"""A fragment has an even length."""
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
    syntax = description.transfer_syntax
    codec = CODECS.get(syntax)
    if codec is None:
        raise DicomRefused("transfer_syntax", "no decoder for it is here", tag="TransferSyntaxUID", value=named(syntax))
    try:
        samples = codec(data, description)
    except DicomRefused as refused:
        rule = f"{refused.rule}; {named(syntax)}"
        raise DicomRefused(refused.code, rule, tag=refused.tag, value=refused.value) from refused
    except LIBRARY_ERRORS as error:
        rule = f"the image is damaged: its stream cannot be decoded ({str(error)[:120]}); {named(syntax)}"
        raise DicomRefused("codec", rule, tag="PixelData", value=f"{len(data)} bytes") from error
    return _within_bits(_shaped(samples, description), description)


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
    raise other_shape(samples.shape, wanted)


def _within_bits(samples: Samples, description: PixelDescription) -> Samples:
    """Values that BitsStored holds.

    A lossy coder goes beyond the range where its stream is of more bits than BitsStored: there the end of the range is
    meant, not what a mask leaves of it. What does not even fit BitsAllocated is another image.
    """
    bits, word = description.bits_stored, max(8, description.bits_allocated)
    if samples.dtype.itemsize * 8 > word and _beyond(samples, word):
        rule = f"its compressed samples have more bits than BitsAllocated ({description.bits_allocated})"
        raise DicomRefused("bad_value", rule, tag="PixelData", value=str(samples.dtype))
    shifted = description.high_bit + 1 != bits
    if shifted or description.transfer_syntax not in ALWAYS_LOSSY | MAYBE_LOSSY or bits >= samples.dtype.itemsize * 8:
        return samples
    if not description.signed:
        return samples if samples.dtype.kind == "i" else np.minimum(samples, (1 << bits) - 1)
    if samples.dtype.kind == "u" and not _beyond(samples, bits):
        return samples  # two's complement of BitsStored bits
    numbers: Samples = samples.view(f"i{samples.dtype.itemsize}")
    return numbers.clip(-(1 << bits - 1), (1 << bits - 1) - 1)


def _beyond(samples: Samples, bits: int) -> bool:
    """Some need more bits."""
    lowest = -(1 << bits - 1) if samples.dtype.kind == "i" else 0
    return bool(samples.size and (int(samples.max()) >= 1 << bits or int(samples.min()) < lowest))


def _jpeg(data: bytes, description: PixelDescription) -> Samples:
    """JPEG (ISO/IEC 10918-1), lossy and lossless, 2 to 16 bits; colour as RGB."""
    from imagecodecs import jpeg8_decode, jpegsof3_decode

    stream = read_jpeg(data)
    room = StreamSize(stream.rows, stream.columns, len(stream.components), stream.bits).room(description)
    check_jpeg(stream, data)
    lossless, ybr = stream.process == LOSSLESS, _is_ybr(stream, description)
    space, shown = (None, None) if description.samples == 1 else ("YCBCR" if ybr and not lossless else "RGB", "RGB")
    try:
        samples = np.asarray(jpeg8_decode(data, colorspace=space, outcolorspace=shown, out=room))
    except RuntimeError:
        if not lossless:
            raise
        samples = np.asarray(jpegsof3_decode(data))  # what libjpeg-turbo refuses: odd restarts, odd tables
    return ybr_to_rgb(samples) if lossless and ybr and description.samples == 3 else samples


def _is_ybr(stream: JpegStream, description: PixelDescription) -> bool:
    """Luma and chroma, by the markers; where these leave it open (always where lossless), by the header."""
    if stream.process == LOSSLESS or stream.chroma is None:
        return description.photometric.startswith("YBR")
    return stream.chroma


def _jpeg_ls(data: bytes, description: PixelDescription) -> Samples:
    """JPEG-LS (ISO/IEC 14495-1). CharLS turns for ever where a stream ends without a marker, so it never does."""
    from imagecodecs import jpegls_decode

    room = jpeg_ls_size(data).room(description)
    ended = data.rstrip(b"\0").endswith(JPEG_END)
    return np.asarray(jpegls_decode(data if ended else data + JPEG_END, out=room))


def _jpeg_2000(data: bytes, description: PixelDescription) -> Samples:
    """JPEG 2000 Part 1 (ISO/IEC 15444-1) and Part 15 (HTJ2K); its own colour transform is undone.

    OpenJPEG for both: OpenJPH lets values beyond the range wrap, and draws what is left of a broken stream.
    """
    from imagecodecs import jpeg2k_decode

    codestream = codestream_of(data)
    found = read_codestream(codestream)
    size = StreamSize(found.rows, found.columns, found.samples, found.bits, signed=found.signed)
    room = size.room(description)
    check_codestream(found, codestream)
    large = description.rows * description.columns >= LARGE_PIXELS
    return np.asarray(jpeg2k_decode(data, numthreads=2 if large else 1, out=room))


def _jpeg_xl(data: bytes, description: PixelDescription) -> Samples:
    """JPEG XL (ISO/IEC 18181); colour as RGB."""
    from imagecodecs import jpegxl_decode

    return np.asarray(jpegxl_decode(data, out=jpeg_xl_size(data).room(description)))


def _rle(data: bytes, description: PixelDescription) -> Samples:
    """RLE (PS3.5 G): a segment for every byte of a sample, the highest first, planes one after the other."""
    width = max(description.bits_allocated // 8, 1)
    count, *offsets = struct.unpack_from("<16L", data)
    if count != width * description.samples:
        rule = f"{description.samples} samples of {width} bytes need {width * description.samples} RLE segments"
        raise DicomRefused("rle", rule, tag="PixelData", value=f"{count} segments")
    if description.bits_allocated == 1:  # of a segmentation: a native frame's bytes, packed
        return _native(unpack_segment(data[offsets[0] :], (description.frame_bits + 7) // 8).tobytes(), description)
    ends = [*offsets[1:count], len(data)]
    size = description.rows * description.columns
    planes = np.zeros((description.samples, width, size), np.uint8)
    for number, (start, end) in enumerate(zip(offsets, ends, strict=False)):
        planes[number // width, number % width] = unpack_segment(data[start:end], size)
    words = np.ascontiguousarray(planes.transpose(0, 2, 1)).view(f">u{width}")[..., 0]
    shaped = words.reshape(description.samples, description.rows, description.columns)
    return shaped[0] if description.samples == 1 else np.moveaxis(shaped, 0, -1)


def _inflated(data: bytes, description: PixelDescription) -> Samples:
    """Deflated Image Frame Compression (PS3.5 A.4.13): a native frame, deflated. Raises DicomRefused("truncated")."""
    size = (description.frame_bits + 7) // 8
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    raw = inflater.decompress(data, size + PADDING_BYTES)
    if len(raw) < size:
        raise DicomRefused("truncated", f"a frame inflates to {len(raw)} of {size} bytes", tag="PixelData")
    if not inflater.eof:
        raise damaged(f"a frame inflates to more than {size} bytes", data)
    return _native(raw, description)


def _enclosed(data: bytes, description: PixelDescription) -> Samples:
    """Encapsulated Uncompressed (PS3.5 A.4.11): a native frame. Raises DicomRefused("truncated", "damaged")."""
    size = (description.frame_bits + 7) // 8
    if len(data) < size:
        raise DicomRefused("truncated", f"a frame has {len(data)} of {size} bytes", tag="PixelData")
    if len(data) > size + PADDING_BYTES:
        raise damaged(f"a frame has {size} bytes", data)
    return _native(data, description)


def _native(raw: bytes, description: PixelDescription) -> Samples:
    """Samples of a native frame, little endian."""
    size, plain = (description.frame_bits + 7) // 8, (description.rows, description.columns)
    if description.bits_allocated == 1:
        bits = np.unpackbits(np.frombuffer(raw, np.uint8), bitorder="little")
        return bits[: plain[0] * plain[1]].reshape(plain)
    samples = np.frombuffer(raw[:size], f"<u{description.bits_allocated // 8}")
    if description.subsampled:
        return spread_chroma(samples, *plain)
    if description.samples == 1:
        return samples.reshape(plain)
    if description.planar:
        return samples.reshape(description.samples, *plain)
    return samples.reshape(*plain, description.samples)


CODECS: dict[str, Codec] = {
    RLE_LOSSLESS: _rle,
    DEFLATED_FRAMES: _inflated,
    ENCAPSULATED_UNCOMPRESSED: _enclosed,
    **dict.fromkeys(JPEG, _jpeg),
    **dict.fromkeys(JPEG_LS, _jpeg_ls),
    **dict.fromkeys(JPEG_2000 | HTJ2K, _jpeg_2000),
    **dict.fromkeys(JPEG_XL, _jpeg_xl),
}
"""What decodes each compressed transfer syntax."""
