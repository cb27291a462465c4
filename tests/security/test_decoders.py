"""Nothing of the heap in a picture, and no decoder starts on a stream that claims more than its header.

The kinds of CVE-2026-5437 to 5445 (Orthanc), each at our own decoders, and what a stream of each codec can claim.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest

from consult.dicom import syntaxes, tasks
from consult.dicom.pixels import rle as rle_module
from consult.dicom.pixels.codecs import decompress
from consult.dicom.pixels.decode import decode_frame
from consult.dicom.pixels.lookup import LookupTable
from consult.dicom.pixels.stream_size import jpeg_ls_size, jpeg_xl_size
from consult.dicom.reading import opening, structure
from consult.dicom.records import PixelFormat
from consult.dicom.workers import Refusal, attempt
from consult.model.errors import DicomRefused
from tests.support.dicom_files import SIZE, ct, write
from tests.support.hostile_files import UNDEFINED, changed, element, elements, encoded, item, write_raw
from tests.support.pixel_files import write_file
from tests.unit.dicom.pixels.test_codecs import COLOUR, COLUMNS, GREY, LOSSLESS, ROWS, described, rle

JPEG_LOSSLESS, JPEG_LS, JPEG_2000, HTJ2K = (f"1.2.840.10008.1.2.4.{n}" for n in (70, 80, 90, 201))
JPEG_XL = "1.2.840.10008.1.2.4.110"
DECODERS = ("jpeg8_decode", "jpegsof3_decode", "jpegls_decode", "jpeg2k_decode", "jpegxl_decode", "packbits_decode")


def read(path: Path) -> Any:
    return attempt(tasks.read_file, (str(path),))


def jpeg_xl(samples: np.ndarray[Any, Any]) -> bytes:
    return bytes(imagecodecs.jpegxl_encode(samples, lossless=True))


@pytest.fixture
def no_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """None may begin."""

    def begun(*_: Any, **__: Any) -> None:
        raise AssertionError("a decoder has begun")

    for name in DECODERS:
        monkeypatch.setattr(imagecodecs, name, begun)


PLAIN_SHAPES = ((ROWS * 50, COLUMNS * 50), (ROWS, COLUMNS + 1))
CLAIMS = [(syntax, shape) for syntax in (JPEG_LOSSLESS, JPEG_LS, JPEG_2000, HTJ2K, JPEG_XL) for shape in PLAIN_SHAPES]
COLOURED = [(syntax, (ROWS, COLUMNS, 3)) for syntax in (JPEG_LS, JPEG_2000, HTJ2K)]


@pytest.mark.usefixtures("no_decoder")
@pytest.mark.parametrize(("syntax", "shape"), [*CLAIMS, *COLOURED])
def test_a_stream_of_another_shape_is_refused_before_it_is_decoded(syntax: str, shape: tuple[int, ...]) -> None:
    encode = {**LOSSLESS, JPEG_XL: jpeg_xl}[syntax]
    data = encode(np.zeros(shape, np.uint8 if len(shape) == 3 else np.uint16))
    with pytest.raises(DicomRefused) as refused:
        decompress(data, described(syntax))
    assert refused.value.code == "pixel_shape"


def test_a_jpeg_xl_of_more_samples_has_no_room() -> None:
    with pytest.raises(DicomRefused):
        decompress(jpeg_xl(COLOUR), described(JPEG_XL, bits=8))


def test_moving_jpeg_xl_is_refused() -> None:
    with pytest.raises(DicomRefused, match="moves"):
        decompress(jpeg_xl(np.stack([GREY] * 3)), described(JPEG_XL))


@pytest.mark.parametrize("shape", [(8, 8), (64, 48), (13, 200), (300, 7), (256, 512, 3), (1000, 1000)])
def test_the_size_of_a_jpeg_xl_stream_is_read_as_its_decoder_does(shape: tuple[int, ...]) -> None:
    for dtype, bits in ((np.uint8, 8), (np.uint16, 16)):
        found = jpeg_xl_size(jpeg_xl(np.zeros(shape, dtype)))
        assert (found.rows, found.columns, found.bits) == (*shape[:2], bits)


def test_a_frame_that_stands_in_a_comment_is_none() -> None:
    """JPEG-LS: the first FFF7 is not the frame's where it lies in another segment."""
    data = LOSSLESS[JPEG_LS](np.zeros((ROWS * 50, COLUMNS * 50), np.uint16))
    honest = b"\xff\xf7" + struct.pack(">HBHHB", 11, 16, ROWS, COLUMNS, 1) + b"\1\x11\0"
    comment = b"\xff\xfe" + struct.pack(">H", len(honest) + 2) + honest
    assert jpeg_ls_size(data[:2] + comment + data[2:]).rows == ROWS * 50
    with pytest.raises(DicomRefused) as refused:
        decompress(data[:2] + comment + data[2:], described(JPEG_LS))
    assert refused.value.code == "pixel_shape"


@pytest.mark.usefixtures("no_decoder")
def test_two_frames_in_one_jpeg_are_refused() -> None:
    data = LOSSLESS[JPEG_LOSSLESS](GREY)
    at = data.index(b"\xff\xc3")
    large = b"\xff\xc3" + struct.pack(">HBHHB", 11, 16, 60_000, 60_000, 1) + b"\1\x11\0"
    with pytest.raises(DicomRefused, match="two frames"):
        decompress(data[:at] + large + data[at:], described(JPEG_LOSSLESS))


@pytest.mark.usefixtures("no_decoder")
def test_a_palette_within_a_jpeg_2000_file_is_refused() -> None:
    boxes = b"\0\0\0\x0cjP  \r\n\x87\n" + struct.pack(">L4s", 11, b"pclr") + b"\0\1\xff"
    codestream = LOSSLESS[JPEG_2000](GREY)
    with pytest.raises(DicomRefused, match="palette of its own"):
        decompress(boxes + struct.pack(">L4s", 0, b"jp2c") + codestream, described(JPEG_2000))


def test_an_rle_segment_is_never_unpacked_to_more_than_the_image(monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked: list[int] = []
    real = imagecodecs.packbits_decode

    def counted(data: bytes) -> bytes:
        unpacked.append(len(found := real(data)))
        return bytes(found)

    monkeypatch.setattr(imagecodecs, "packbits_decode", counted)
    runs = b"\x81\0" * 10_000  # 128 zeros each
    with pytest.raises(DicomRefused):
        rle_module.unpack_segment(runs, 1000)
    assert rle_module.unpack_segment(b"\x81\0" * 8, 1024).size == 1024
    assert unpacked == [1024]


def test_a_deflated_frame_never_inflates_to_more_than_the_image() -> None:
    data = zlib.compress(bytes(10 << 20), wbits=-15)
    with pytest.raises(DicomRefused, match="inflates to more than"):
        decompress(data, described(syntaxes.DEFLATED_FRAMES))


@pytest.mark.parametrize("syntax", sorted(syntaxes.VIDEO))
def test_video_is_not_decoded(syntax: str, tmp_path: Path) -> None:
    found = read(write_raw(tmp_path / "a.dcm", encoded(elements(ct())), syntax.encode()))
    assert isinstance(found, Refusal)
    assert (found.code, found.tag) == ("video", "TransferSyntaxUID")


def test_nothing_of_the_heap_comes_into_a_picture() -> None:
    """Broken streams of every codec come out alike, whatever fresh memory is filled with."""

    def outcomes(filling: str) -> list[str]:
        environment = {**os.environ, "MALLOC_PERTURB_": filling}
        command = [sys.executable, "-W", "ignore", "-m", "tests.support.heap_outcomes"]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.splitlines()

    one, other = outcomes("85"), outcomes("170")
    assert one[0] != other[0], "the fillings are not seen at all"
    assert len(one) > 200
    assert one[1:] == other[1:]


# CVE-2026-5437: out-of-bounds read in the meta header


def test_a_meta_header_that_is_cut_anywhere_is_refused(tmp_path: Path) -> None:
    whole = write(ct(), tmp_path / "a.dcm").read_bytes()
    end = whole.index(struct.pack("<HH", 8, 0x16))
    for length in range(end):
        (tmp_path / "cut.dcm").write_bytes(whole[:length])
        assert isinstance(read(tmp_path / "cut.dcm"), Refusal), length


@pytest.mark.parametrize("length", [0xFFFF, 0x7FFF])
@pytest.mark.parametrize("vr", [b"UI", b"OB", b"SQ", b"??"])
def test_a_meta_header_that_claims_more_than_there_is_is_refused(vr: bytes, length: int, tmp_path: Path) -> None:
    meta = element(0x00020010, vr, b"1.2.840.10008.1.2.1", length)
    assert isinstance(read(write_raw(tmp_path / "a.dcm", b"", meta=meta)), Refusal)


# CVE-2026-5438: gzip that inflates without a limit


def test_a_deflated_data_set_ends_at_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    monkeypatch.setattr(opening, "INFLATED_FREE", 1 << 20)
    monkeypatch.setattr(opening, "INFLATED_RATIO", 2)
    monkeypatch.setattr(opening, "CHUNK", 1 << 16)
    real = zlib.decompressobj

    class Counted:
        def __init__(self, wbits: int) -> None:
            self.inner = real(wbits)

        def decompress(self, data: bytes, most: int) -> bytes:
            written.append(len(found := self.inner.decompress(data, most)))
            return found

        def __getattr__(self, name: str) -> Any:
            return getattr(self.inner, name)

    monkeypatch.setattr(zlib, "decompressobj", Counted)
    packer = zlib.compressobj(9, wbits=-15)
    content = packer.compress(bytes(64 << 20)) + packer.flush()
    found = read(write_raw(tmp_path / "a.dcm", content, b"1.2.840.10008.1.2.1.99"))
    assert isinstance(found, Refusal)
    assert found.code == "bomb"
    assert sum(written) <= (1 << 20) + (1 << 16)


# CVE-2026-5439 (zip) is tests/security/test_archives.py; CVE-2026-5440 (Content-Length): uploads name their size first,
# and nothing is allocated for it: tests/security/test_imports.py


# CVE-2026-5441: a private compression (PMSCT_RLE1) that reads beyond its data


def test_private_compressions_are_not_decoded(tmp_path: Path) -> None:
    found = elements(ct())
    del found[0x7FE00010]
    found |= {
        0x07A10010: (b"LO", b"ELSCINT1"),
        0x07A11011: (b"CS", b"PMSCT_RLE1"),
        0x07A1100A: (b"OW", b"\xa5\xff\xff\x5a" * 40),
    }
    refused = read(write_raw(tmp_path / "a.dcm", encoded(found)))
    assert isinstance(refused, Refusal)
    assert refused.code == "no_pixels"


def test_rle_offsets_beyond_the_frame_are_refused() -> None:
    data = bytearray(rle(GREY))
    for offset in (0, 63, len(data) - 1, len(data), 0x7FFFFFFF, 0xFFFFFFFF):
        struct.pack_into("<L", data, 8, offset)
        with pytest.raises(DicomRefused):
            decompress(bytes(data), described(syntaxes.RLE_LOSSLESS))


# CVE-2026-5442 and 5443: dimensions whose product does not fit 32 bits, as UL and for palettes


@pytest.mark.parametrize(("keyword", "value"), [("Rows", 0x10001), ("Columns", 0x80000008), ("Rows", 0xFFFFFFFF)])
def test_dimensions_of_32_bits_are_refused_by_name(keyword: str, value: int, tmp_path: Path) -> None:
    refused = read(changed(tmp_path / "a.dcm", ct(), keyword, b"UL", struct.pack("<L", value)))
    assert isinstance(refused, Refusal)
    assert (refused.tag, refused.value) == (keyword, str(value))


@pytest.mark.parametrize("photometric", ["MONOCHROME2", "PALETTE COLOR", "RGB"])
def test_dimensions_whose_product_does_not_fit_are_held_against_what_is_there(photometric: str, tmp_path: Path) -> None:
    large: dict[str, Any] = {"Rows": 65_535, "Columns": 65_535, "PhotometricInterpretation": photometric}
    large |= {"BitsAllocated": 8, "BitsStored": 8, "SamplesPerPixel": 3 if photometric == "RGB" else 1}
    refused = read(write_file(tmp_path / "a.dcm", bytes(64), **large))
    assert isinstance(refused, Refusal)
    assert refused.code in ("too_large", "truncated")


# CVE-2026-5444: an image format (PAM) within the pixel data that brings dimensions of its own


@pytest.mark.parametrize(
    "start", [b"P7\nWIDTH 65536\nHEIGHT 65536\nDEPTH 4\nMAXVAL 255\nENDHDR\n", b"\x89PNG\r\n\x1a\n", b"II*\0"]
)
def test_other_image_formats_are_not_decoded(start: bytes, tmp_path: Path) -> None:
    content = start + bytes(400)
    for syntax in (JPEG_LOSSLESS, JPEG_LS, JPEG_2000, HTJ2K, JPEG_XL, syntaxes.RLE_LOSSLESS):
        with pytest.raises(DicomRefused):
            decompress(content, described(syntax))
    (tmp_path / "a.pam").write_bytes(content)
    assert read(tmp_path / "a.pam").code == "not_dicom"


# CVE-2026-5445: indices beyond a lookup table


def test_indices_beyond_a_palette_are_its_ends(tmp_path: Path) -> None:
    entries = {"Red": (10, 11), "Green": (20, 21), "Blue": (30, 31)}
    palette: dict[str, Any] = {}
    for name, values in entries.items():
        palette[f"{name}PaletteColorLookupTableDescriptor"] = [2, 5, 8]
        palette[f"{name}PaletteColorLookupTableData"] = bytes(values)
    indices = bytes((0, 4, 5, 6, 7, 255))
    path = write_file(
        tmp_path / "a.dcm", indices, BitsAllocated=8, PhotometricInterpretation="PALETTE COLOR", **palette
    )
    low, high = [10, 20, 30], [11, 21, 31]
    found = decode_frame(path, 0, PixelFormat(2, 3, "uint8", colour=True))
    assert found.tolist() == [[low, low, low], [high, high, high]]


def test_indices_beyond_a_table_are_its_ends_whatever_their_type() -> None:
    table = LookupTable(np.array([7, 8, 9], np.uint16), first=-1, bits=16)
    stored = np.array([[-(2**31), -2, -1, 0, 1, 2, 2**31 - 1]], np.int32)
    assert table.apply(stored).tolist() == [[7, 7, 7, 8, 9, 9, 9]]


def test_a_table_that_is_shorter_than_promised_is_refused(tmp_path: Path) -> None:
    palette: dict[str, Any] = {}
    for name in ("Red", "Green", "Blue"):
        palette[f"{name}PaletteColorLookupTableDescriptor"] = [256, 0, 8]
        palette[f"{name}PaletteColorLookupTableData"] = bytes(10)
    path = write_file(
        tmp_path / "a.dcm", bytes(6), BitsAllocated=8, PhotometricInterpretation="PALETTE COLOR", **palette
    )
    with pytest.raises(DicomRefused) as refused:
        decode_frame(path, 0, PixelFormat(2, 3, "uint8", colour=True))
    assert refused.value.code == "lut"


# Structure: what is counted before an object is made of it


def test_elements_items_and_fragments_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structure, "MAX_ELEMENTS", 100)
    monkeypatch.setattr(structure, "MAX_ITEMS", 20)
    monkeypatch.setattr(structure, "MAX_FRAGMENTS", 10)
    monkeypatch.setattr(opening, "read_dataset", None)  # pydicom does not even begin
    many = b"".join(element(0x00110000 + n, b"UN", b"") for n in range(200))
    sequence = element(0x00081140, b"SQ", item(b"") * 30)
    fragments = element(0x00091010, b"OB", item(b"") * 20, UNDEFINED)
    for content, named in ((many, "elements"), (sequence, "items"), (fragments, "fragments")):
        found = read(write_raw(tmp_path / "a.dcm", content, meta=b""))
        assert isinstance(found, Refusal)
        assert found.code == "too_many"
        assert named in found.rule


def test_fragments_of_the_pixels_are_counted_when_a_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_file(tmp_path / "a.dcm", [bytes(2)] * 20, syntax=JPEG_LS, NumberOfFrames=20)
    monkeypatch.setattr(structure, "MAX_FRAGMENTS", 10)
    assert read(path).code == "too_many"


@pytest.mark.parametrize("length", [1, 7, 0x7FFFFFFF, UNDEFINED - 1, UNDEFINED])
@pytest.mark.parametrize("vr", [b"UN", b"SQ", b"OB", b"UT"])
def test_odd_and_endless_lengths_end(vr: bytes, length: int, tmp_path: Path) -> None:
    sound = elements(ct())
    content = encoded({tag: sound[tag] for tag in sound if tag < 0x00100010})
    inner = item(item(element(0x00081140, b"SQ", item(b"", UNDEFINED), UNDEFINED), UNDEFINED), UNDEFINED)
    assert isinstance(read(write_raw(tmp_path / "a.dcm", content + element(0x00091010, vr, inner, length))), Refusal)


def test_the_file_that_all_of_these_are_made_of_is_sound(tmp_path: Path) -> None:
    record = read(write_raw(tmp_path / "a.dcm", encoded(elements(ct()))))
    assert (record.format.rows, len(record.frames)) == (SIZE, 1)
