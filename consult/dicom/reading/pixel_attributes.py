"""How the pixels of a file are stored (PS3.3 C.7.6.3), checked before anything is allocated for them."""

from __future__ import annotations

from msgspec import Struct
from pydicom.dataset import Dataset

from consult.dicom.limits import MAX_FRAMES
from consult.dicom.reading.attributes import integer, lut_items, numbers, text
from consult.dicom.reading.opening import OpenedFile, named, syntax_name
from consult.dicom.reading.structure import past_fragments
from consult.dicom.reading.unshown import SEGMENTATION, unshown_kind
from consult.dicom.records import PixelFormat
from consult.dicom.syntaxes import SUPPORTED, UNCOMPRESSED, VIDEO
from consult.model.errors import DicomRefused

MAX_BYTES = 4 << 30
"""Of all frames of a file, decoded."""
FREE_BYTES = 64 << 20
MAX_RATIO = 1000
"""Compressed pixels that claim more than FREE_BYTES at a higher ratio are no picture."""
GREY = ("MONOCHROME1", "MONOCHROME2")
COLOUR = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT", "XYB")
PALETTE = "PALETTE COLOR"
BITS = {"PixelData": (1, 8, 16, 32), "FloatPixelData": (32,), "DoubleFloatPixelData": (64,)}


class Pixels(Struct, frozen=True):
    """Checked description of a file's pixels.

    Attributes:
        note: what is odd of them and shown all the same; "" mostly.
    """

    format: PixelFormat
    frames: int
    inverted: bool
    note: str = ""


def read_pixels(opened: OpenedFile) -> Pixels:
    """Check and describe.

    Raises:
        DicomRefused: "no_pixels", "transfer_syntax", "video", "missing", "bad_value", "photometric", "too_large",
            "too_many", "truncated", "bomb".
    """
    dataset = opened.dataset
    _check_kind(opened)
    if opened.pixels is not None and opened.pixels.length is None:
        past_fragments(opened.content, opened.pixels.start, little=opened.little)
    rows, columns = (_size(dataset, keyword) for keyword in ("Rows", "Columns"))
    photometric, samples = colours(dataset)
    _check_photometric(photometric, samples)
    bits = _bits(dataset, opened.pixels.keyword if opened.pixels else "")
    frames = _frames(dataset)
    _check_size(opened, (frames, rows, columns, samples), bits)
    colour = photometric not in GREY
    dtype = "uint8" if colour else _dtype(dataset, opened.pixels.keyword if opened.pixels else "", bits)
    return Pixels(PixelFormat(rows, columns, dtype, colour), frames, photometric == "MONOCHROME1", _odd(dataset))


def colours(dataset: Dataset) -> tuple[str, int]:
    """PhotometricInterpretation and SamplesPerPixel; where a file (ACR-NEMA) leaves them out, their one meaning."""
    photometric, samples = text(dataset, "PhotometricInterpretation"), integer(dataset, "SamplesPerPixel")
    if samples is None:
        samples = 3 if photometric in COLOUR else 1
    if not photometric:
        photometric = {1: "MONOCHROME2", 3: "RGB"}.get(samples, "")
    return photometric, samples


def high_bit(dataset: Dataset, allocated: int, stored: int) -> int:
    """HighBit; BitsStored - 1 where it is absent or cannot be."""
    found = integer(dataset, "HighBit")
    return found if found is not None and stored <= found + 1 <= allocated else stored - 1


def _odd(dataset: Dataset) -> str:
    """What is said of a HighBit that is not BitsStored - 1 (PS3.5 8.1.1)."""
    allocated, stored, found = (integer(dataset, keyword) for keyword in ("BitsAllocated", "BitsStored", "HighBit"))
    if allocated is None or stored is None or found in (None, stored - 1):
        return ""
    read = high_bit(dataset, allocated, stored)
    return f"HighBit {found}" + ("" if read == found else f" read as {read}")


def _check_kind(opened: OpenedFile) -> None:
    """Is it an object that shows pictures, in an encoding that is read?"""
    kind = text(opened.dataset, "SOPClassUID")
    name = syntax_name(kind) if kind else "an object of unknown class"
    if opened.pixels is None:
        raise DicomRefused("no_pixels", f"{name} holds no picture", tag="SOPClassUID", value=kind)
    if text(opened.dataset, "Modality") == "SEG" and unshown_kind(opened.dataset) != SEGMENTATION:
        raise DicomRefused("no_pixels", f"{name} marks regions of other images", tag="SOPClassUID", value=kind)
    syntax = opened.transfer_syntax_uid
    if syntax in VIDEO:
        rule = "it is video, which is not shown"
        raise DicomRefused("video", rule, tag="TransferSyntaxUID", value=named(syntax))
    if syntax not in SUPPORTED:
        rule = "this encoding is not supported"
        raise DicomRefused("transfer_syntax", rule, tag="TransferSyntaxUID", value=named(syntax))


def _needed(dataset: Dataset, keyword: str) -> int:
    found = integer(dataset, keyword)
    if found is None:
        raise DicomRefused("missing", "must be there", tag=keyword, value="absent")
    return found


def _size(dataset: Dataset, keyword: str) -> int:
    found = _needed(dataset, keyword)
    if not 1 <= found <= 65535:
        raise DicomRefused("bad_value", "must be 1 to 65535", tag=keyword, value=str(found))
    return found


def _frames(dataset: Dataset) -> int:
    found = integer(dataset, "NumberOfFrames")
    if found is None:
        return 1
    if not 1 <= found <= MAX_FRAMES:
        raise DicomRefused("too_large", f"must be 1 to {MAX_FRAMES}", tag="NumberOfFrames", value=str(found))
    return found


def _check_photometric(photometric: str, samples: int) -> None:
    if photometric not in (*GREY, *COLOUR, PALETTE):
        rule = f"must be one of {', '.join((*GREY, *COLOUR, PALETTE))}"
        raise DicomRefused("photometric", rule, tag="PhotometricInterpretation", value=photometric)
    asked = 3 if photometric in COLOUR else 1
    if samples != asked:
        rule = f"must be {asked} for {photometric}"
        raise DicomRefused("photometric", rule, tag="SamplesPerPixel", value=str(samples))


def _bits(dataset: Dataset, keyword: str) -> int:
    """BitsAllocated, checked with BitsStored (PS3.5 8.1.1)."""
    bits = _needed(dataset, "BitsAllocated")
    if bits not in BITS[keyword]:
        rule = f"must be {' or '.join(map(str, BITS[keyword]))} for {keyword}"
        raise DicomRefused("bad_value", rule, tag="BitsAllocated", value=str(bits))
    if keyword == "PixelData":
        stored = _needed(dataset, "BitsStored")
        if not 1 <= stored <= bits:
            raise DicomRefused("bad_value", f"must be 1 to BitsAllocated ({bits})", tag="BitsStored", value=str(stored))
    return bits


def _check_size(opened: OpenedFile, shape: tuple[int, int, int, int], bits: int) -> None:
    """What the header claims, against the limits and against what is there."""
    frames, rows, columns, samples = shape
    count = frames * rows * columns * samples
    decoded = count * max(1, bits // 8)
    claim = f"{frames} x {rows} x {columns} x {samples}"
    if decoded > MAX_BYTES:
        raise DicomRefused("too_large", f"frames must have at most {MAX_BYTES >> 30} GiB", tag="Rows", value=claim)
    assert opened.pixels is not None  # _check_kind was before
    there = len(opened.content) - opened.pixels.start
    if opened.transfer_syntax_uid in UNCOMPRESSED and opened.pixels.length is not None:
        there = min(there, opened.pixels.length)
        needed = (rows * columns * samples * bits + 7) // 8  # of one frame: what there is of more is shown
        if colours(opened.dataset)[0] == "YBR_FULL_422":
            needed = needed * 2 // 3
        if there < needed:
            rule = f"{rows} x {columns} x {samples} pixels need {needed} bytes"
            raise DicomRefused("truncated", rule, tag=opened.pixels.keyword, value=f"{there} bytes")
    elif decoded > FREE_BYTES and decoded > MAX_RATIO * there:
        rule = f"{claim} pixels cannot come from so little"
        raise DicomRefused("bomb", rule, tag=opened.pixels.keyword, value=f"{there} bytes")


def _dtype(dataset: Dataset, keyword: str, bits: int) -> str:
    """Of the stored values, or of a Modality LUT's output."""
    if keyword != "PixelData":
        return f"float{bits}"
    for lut in lut_items(dataset, "ModalityLUTSequence"):
        return _lut_dtype(lut)
    signed = _needed(dataset, "PixelRepresentation")
    if signed not in (0, 1):
        raise DicomRefused("bad_value", "must be 0 or 1", tag="PixelRepresentation", value=str(signed))
    return f"{'' if signed else 'u'}int{max(8, bits)}"


def _lut_dtype(lut: Dataset) -> str:
    """PS3.3 C.11.1.1.1: the third value of LUTDescriptor is the number of bits of the output."""
    descriptor = numbers(lut, "LUTDescriptor")
    if len(descriptor) != 3 or not 8 <= descriptor[2] <= 16:
        shown = "\\".join(f"{v:g}" for v in descriptor)
        raise DicomRefused("bad_value", "must be three numbers, the last 8 to 16", tag="LUTDescriptor", value=shown)
    return "uint16"
