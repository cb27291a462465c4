"""What a file says of how its frames are to be shown: padding, VOI LUTs, mask, overlays, shutters, regions.

Rules of this file:
- Nothing here refuses a file. What is there but cannot be read or is not applied is put into words by notes.py.
- Items without a table are passed over: some makers write empty ones.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from pydicom.dataset import Dataset

from consult.dicom.pixels.lookup import lookup_table
from consult.dicom.presenting.projection import projection
from consult.dicom.presenting.records import VoiLut
from consult.dicom.presenting.supplemental import MONOCHROME, supplemental_palette
from consult.dicom.reading import lenient
from consult.dicom.reading.attributes import lut_items, numbers, text
from consult.dicom.records import Mask, Presentation
from consult.model.catalogue import Axes, Region
from consult.model.errors import DicomRefused
from consult.model.view import Part

MAX_LUTS = 8
SUBTRACTED = "SUB"
AVERAGE, DIFFERENCE, REVERSED = "AVG_SUB", "TID", "REV_TID"
TWO_DIMENSIONAL, M_MODE, SPECTRAL = 1, 2, 3
"""RegionSpatialFormat (PS3.3 C.8.5.5.1.1)."""
CENTIMETRES, SECONDS, CENTIMETRES_PER_SECOND = 3, 4, 7
"""PhysicalUnitsXDirection (PS3.3 C.8.5.5.1.15)."""
OVERLAY_GROUPS = range(0x6000, 0x6020, 2)


def read_presentation(dataset: Dataset) -> Presentation:
    """Of a data set as a whole; the mask is each frame's own (`mask_of`)."""
    signed = is_signed(dataset)
    return Presentation(
        padding=padding(dataset, signed=signed),
        voi_luts=voi_luts(dataset, signed=signed),
        parts=_parts(dataset),
        projection=projection(dataset),
        regions=regions(dataset),
    )


def of_frame(
    whole: Presentation, dataset: Dataset, voi: Dataset, frame: int, *, pixel_presentation: str = ""
) -> Presentation:
    """Of one frame: with its own VOI LUTs, where its functional group has some, and its mask; without colours where
    its PixelPresentation is MONOCHROME."""
    signed = is_signed(dataset)
    own = voi_luts(voi, signed=signed)
    mask = mask_of(dataset, frame)
    parts: tuple[Part, ...] = ("mask", *whole.parts) if mask is not None else whole.parts
    if pixel_presentation == MONOCHROME:
        parts = tuple(part for part in parts if part != "palette")
    return replace(whole, voi_luts=own or whole.voi_luts, mask=mask, parts=parts)


def is_signed(dataset: Dataset) -> bool:
    """Whether stored values can be below 0."""
    return lenient.integer(dataset, "PixelRepresentation") == 1


def padding(dataset: Dataset, *, signed: bool) -> tuple[float, float] | None:
    """PixelPaddingValue to PixelPaddingRangeLimit (PS3.3 C.7.5.1.1.2), lowest first.

    None for colour, and where a Modality LUT is applied: it is then no longer told apart from the image.
    """
    value = lenient.integer(dataset, "PixelPaddingValue")
    samples = lenient.integer(dataset, "SamplesPerPixel") or 1
    if value is None or lut_items(dataset, "ModalityLUTSequence") or samples != 1:
        return None
    limit = lenient.integer(dataset, "PixelPaddingRangeLimit")
    ends = sorted(_as_stored(end, signed=signed) for end in (value, value if limit is None else limit))
    return float(ends[0]), float(ends[1])


def _as_stored(value: int, *, signed: bool) -> int:
    """Some makers write the value in the other of US and SS."""
    if signed and 32_768 <= value <= 65_535:
        return value - 65_536
    return value + 65_536 if not signed and -32_768 <= value < 0 else value


def voi_luts(dataset: Dataset, *, signed: bool) -> tuple[VoiLut, ...]:
    """The VOI LUTs of a data set or functional group (PS3.3 C.11.2.1.1)."""
    read = (_voi_lut(item, dataset, signed=signed) for item in lut_items(dataset, "VOILUTSequence")[:MAX_LUTS])
    return tuple(filter(None, read))


def _voi_lut(item: Dataset, dataset: Dataset, *, signed: bool) -> VoiLut | None:
    """Its first value is signed where modality values can be below 0."""
    try:
        intercept = numbers(dataset, "RescaleIntercept")
        return voi_lut(item, signed=signed or bool(intercept and intercept[0] < 0))
    except (DicomRefused, TypeError, ValueError):
        return None


def voi_lut(item: Dataset, *, signed: bool) -> VoiLut:
    """Of an item of VOILUTSequence; `signed`: its first value may be below 0. Raises DicomRefused("lut")."""
    descriptor = item.get("LUTDescriptor")
    table = lookup_table(descriptor, item.get("LUTData"), "LUTDescriptor", signed=signed)
    bits = int(descriptor[2])
    if not 8 <= bits <= 16:
        raise DicomRefused("lut", "must have 8 to 16 bits an entry", tag="LUTDescriptor", value=str(bits))
    return VoiLut(table.first, bits, table.entries.astype("<u2").tobytes(), text(item, "LUTExplanation"))


def mask_of(dataset: Dataset, frame: int) -> Mask | None:
    """What is subtracted from a frame, where its file recommends it (RecommendedViewingMode)."""
    if text(dataset, "RecommendedViewingMode") != SUBTRACTED:
        return None
    for item in lenient.items(dataset, "MaskSubtractionSequence"):
        if _applies(item, frame + 1) and (mask := _mask(item, frame, lenient.integer(dataset, "NumberOfFrames") or 1)):
            return mask
    return None


def _applies(item: Dataset, number: int) -> bool:
    """Whether a mask is for that frame, counted from 1; without a range it is for all (PS3.3 C.7.6.10)."""
    ranges = lenient.numbers(item, "ApplicableFrameRange")
    pairs = list(zip(ranges[::2], ranges[1::2], strict=False))
    return not pairs or any(first <= number <= last for first, last in pairs)


def _mask(item: Dataset, frame: int, count: int) -> Mask | None:
    operation = text(item, "MaskOperation")
    offset = int((lenient.numbers(item, "TIDOffset") or (1.0,))[0])
    if operation == AVERAGE:
        frames = [int(number) - 1 for number in lenient.numbers(item, "MaskFrameNumbers")]
    elif operation == DIFFERENCE:
        frames = [frame - offset]
    elif operation == REVERSED and (ranges := lenient.numbers(item, "ApplicableFrameRange")):
        frames = [2 * (int(ranges[0]) - 1) - offset - frame]
    else:
        return None
    if not frames or not all(0 <= number < count for number in frames):
        return None
    shift = lenient.numbers(item, "MaskSubPixelShift")
    return Mask(tuple(frames), (shift[0], shift[1]) if len(shift) == 2 else (0.0, 0.0))


def _parts(dataset: Dataset) -> tuple[Part, ...]:
    overlay = any(has_overlay(dataset, group) for group in OVERLAY_GROUPS)
    shutter = text(dataset, "ShutterShape") != ""
    colours = supplemental_palette(dataset) is not None
    found: dict[Part, bool] = {"overlay": overlay, "shutter": shutter, "palette": colours}
    return tuple(part for part, there in found.items() if there)


def has_overlay(dataset: Dataset, group: int) -> bool:
    """Whether an overlay plane has its bits, in OverlayData or in unused bits of the pixels (PS3.5 8.1.2)."""
    if (group, 0x0010) not in dataset or (group, 0x0011) not in dataset:
        return False
    return (group, 0x3000) in dataset or overlay_bit(dataset, group) is not None


def overlay_bit(dataset: Dataset, group: int) -> int | None:
    """The bit of the pixels that holds an overlay; None where it has data of its own, or the bit is the image's."""
    position: Any = dataset.get((group, 0x0102))
    stored, high = lenient.integer(dataset, "BitsStored"), lenient.integer(dataset, "HighBit")
    allocated = lenient.integer(dataset, "BitsAllocated")
    if (group, 0x3000) in dataset or position is None or stored is None or allocated is None:
        return None
    high = stored - 1 if high is None else high
    bit = position.value
    return bit if isinstance(bit, int) and 0 <= bit < allocated and not high - stored < bit <= high else None


def regions(dataset: Dataset) -> tuple[Region, ...]:
    """Ultrasound regions (PS3.3 C.8.5.5)."""
    return tuple(filter(None, map(_region, lenient.items(dataset, "SequenceOfUltrasoundRegions"))))


def _region(item: Dataset) -> Region | None:
    keywords = ("RegionLocationMinX0", "RegionLocationMinY0", "RegionLocationMaxX1", "RegionLocationMaxY1")
    box = [lenient.integer(item, keyword) for keyword in keywords]
    if any(side is None for side in box):
        return None
    left, top, right, bottom = (side or 0 for side in box)
    across, down = (lenient.numbers(item, f"PhysicalDelta{axis}")[:1] for axis in "XY")
    if not (across and down and across[0] and down[0]):
        return Region((left, top, right, bottom))
    form = lenient.integer(item, "RegionSpatialFormat")
    units = tuple(lenient.integer(item, f"PhysicalUnits{axis}Direction") for axis in "XY")
    if form == TWO_DIMENSIONAL and units == (CENTIMETRES, CENTIMETRES):
        return Region((left, top, right, bottom), (abs(across[0]) * 10.0, abs(down[0]) * 10.0))
    return Region((left, top, right, bottom), axes=_axes(item, (form, *units), across[0], (top, down[0])))


def _axes(item: Dataset, kind: tuple[int | None, ...], across: float, rows: tuple[int, float]) -> Axes | None:
    """Of a trace: time across, velocities or depths down (PS3.3 C.8.5.5.1.1, C.8.5.5.1.15)."""
    if kind == (M_MODE, SECONDS, CENTIMETRES):
        return Axes(abs(across) * 1000.0, abs(rows[1]) * 10.0, "mm")
    if kind != (SPECTRAL, SECONDS, CENTIMETRES_PER_SECOND):
        return None
    top, down = rows
    reference = lenient.integer(item, "ReferencePixelY0")
    value = lenient.numbers(item, "ReferencePixelPhysicalValueY")[:1]
    zero = None if reference is None else top + reference - (value[0] if value else 0.0) / down
    return Axes(abs(across) * 1000.0, down, "cm/s", zero)
