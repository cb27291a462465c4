"""How the samples of a file are stored, as decoding them needs it (PS3.3 C.7.6.3)."""

from __future__ import annotations

from dataclasses import dataclass

from consult.dicom.reading.attributes import integer
from consult.dicom.reading.opening import OpenedFile, named
from consult.dicom.reading.pixel_attributes import COLOUR, GREY, PALETTE, colours, high_bit
from consult.dicom.syntaxes import ENCAPSULATED_UNCOMPRESSED, SUPPORTED, UNCOMPRESSED
from consult.model.errors import DicomRefused

FLOATS = {"FloatPixelData": 32, "DoubleFloatPixelData": 64}
BITS_ALLOCATED = (1, 8, 16, 32)


@dataclass(frozen=True)
class PixelDescription:
    """How the frames of a file are stored.

    Attributes:
        bits_allocated, bits_stored, high_bit, signed: of a sample (PS3.5 8.1.1).
        photometric: Photometric Interpretation.
        planar: the colours of a native frame lie plane by plane.
        floats: Float or Double Float Pixel Data.
    """

    transfer_syntax: str
    rows: int
    columns: int
    samples: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    signed: bool
    photometric: str
    planar: bool
    frames: int
    floats: bool

    @property
    def frame_bits(self) -> int:
        """Bits of one native frame; frames of single bits need not begin at a byte."""
        samples = 2 if self.subsampled else self.samples
        return self.rows * self.columns * samples * self.bits_allocated

    @property
    def subsampled(self) -> bool:
        """A native YBR_FULL_422 frame: two luminances share their colour."""
        native = self.transfer_syntax in UNCOMPRESSED or self.transfer_syntax == ENCAPSULATED_UNCOMPRESSED
        return self.photometric == "YBR_FULL_422" and native

    @property
    def colour(self) -> bool:
        """Shown in colour."""
        return self.samples == 3 or self.photometric == PALETTE


def describe_pixels(opened: OpenedFile) -> PixelDescription:
    """Read and check.

    Raises:
        DicomRefused: "no_pixels", "transfer_syntax", "bad_value", "photometric".
    """
    if opened.pixels is None:
        raise DicomRefused("no_pixels", "the file has no pixel data", tag="PixelData")
    syntax = opened.transfer_syntax_uid
    _check_syntax(syntax, encapsulated=opened.pixels.length is None)
    dataset = opened.dataset
    floats = FLOATS.get(opened.pixels.keyword)
    photometric, samples = colours(dataset)
    _check_photometric(photometric, samples)
    allocated = floats or integer(dataset, "BitsAllocated") or 0
    stored = floats or integer(dataset, "BitsStored") or allocated
    _check_bits(allocated, stored, floats=floats is not None)
    return PixelDescription(
        transfer_syntax=syntax,
        rows=_size(opened, "Rows"),
        columns=_size(opened, "Columns"),
        samples=samples,
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=stored - 1 if floats else high_bit(dataset, allocated, stored),
        signed=integer(dataset, "PixelRepresentation") == 1,
        photometric=photometric,
        planar=samples > 1 and integer(dataset, "PlanarConfiguration") == 1,
        frames=integer(dataset, "NumberOfFrames") or 1,
        floats=floats is not None,
    )


def _size(opened: OpenedFile, keyword: str) -> int:
    found = integer(opened.dataset, keyword)
    if found is None or not 1 <= found <= 65_535:
        raise DicomRefused("bad_value", "must be 1 to 65535", tag=keyword, value=str(found or ""))
    return found


def _check_syntax(syntax: str, *, encapsulated: bool) -> None:
    if syntax not in SUPPORTED:
        rule = "this encoding cannot be shown"
        raise DicomRefused("transfer_syntax", rule, tag="TransferSyntaxUID", value=named(syntax))
    if encapsulated == (syntax in UNCOMPRESSED):
        rule = "pixels are encapsulated if and only if the transfer syntax asks for it (PS3.5 A.4)"
        raise DicomRefused("bad_value", rule, tag="TransferSyntaxUID", value=named(syntax))


def _check_photometric(photometric: str, samples: int) -> None:
    wanted = 1 if photometric in (*GREY, PALETTE) else 3 if photometric in COLOUR else 0
    if not wanted:
        rule = f"must be one of {', '.join((*GREY, *COLOUR, PALETTE))}"
        raise DicomRefused("photometric", rule, tag="PhotometricInterpretation", value=photometric[:40])
    if samples != wanted:
        raise DicomRefused("photometric", f"{photometric} asks for {wanted}", tag="SamplesPerPixel", value=str(samples))


def _check_bits(allocated: int, stored: int, *, floats: bool) -> None:
    if not floats and allocated not in BITS_ALLOCATED:
        raise DicomRefused("bad_value", "must be 1, 8, 16 or 32", tag="BitsAllocated", value=str(allocated))
    if not 1 <= stored <= allocated:
        raise DicomRefused("bad_value", f"must be 1 to {allocated}", tag="BitsStored", value=str(stored))
