"""The pixels of a segmentation, cropped to what is marked. In a worker, when it is first drawn.

Rules of this file:
- Frames are decoded one by one by the decoder of all images; what is empty is not kept.
- What is kept is counted: beyond MAX_KEPT_BYTES the object is refused by name.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from consult.dicom.pixels.decode import decode_frame, raw_samples
from consult.dicom.reading.attributes import integer
from consult.dicom.reading.opening import open_dicom
from consult.dicom.reading.pixel_attributes import read_pixels
from consult.dicom.segmentations.data import RegionData
from consult.dicom.segmentations.reading import (
    corners,
    layers_of,
    placed,
    read_segments,
    segment_frames,
    segmentation_type,
)
from consult.model.errors import DicomRefused
from consult.rendering.segmentations.regions import Region

MAX_KEPT_BYTES = 128 << 20
"""Of all regions of an object."""
Kind = Literal["bits", "shares", "labels"]


def read_regions(path: str) -> RegionData:
    """The regions of a file. Raises DicomRefused."""
    with open_dicom(path) as opened:
        dataset = opened.dataset
        pixels, kind = read_pixels(opened), segmentation_type(dataset)
        frames = segment_frames(dataset, pixels, read_segments(dataset))
        most = integer(dataset, "MaximumFractionalValue") or 255
    layers, regions, kept = layers_of(frames), [], 0
    for index, (frame, layer) in enumerate(placed(frames, layers)):
        values = raw_samples(path, index) if pixels.format.colour else decode_frame(path, index, pixels.format)
        found = _region(values, kind, most)
        if found is None:
            continue
        how, (top, left, rows, columns), data = found
        regions.append(Region(layer, frame.segment, top, left, rows, columns, how, data, index))
        kept += len(data)
        if kept > MAX_KEPT_BYTES:
            rule = f"what is marked must take at most {MAX_KEPT_BYTES >> 20} MiB"
            raise DicomRefused("too_large", rule, tag="NumberOfFrames", value=str(pixels.frames))
    return RegionData(
        layers,
        corners(frames, layers) if layers is not None else (),
        (pixels.format.rows, pixels.format.columns),
        frames[0].spacing_mm or (0.0, 0.0),
        tuple(regions),
        tuple(frame.references for frame in frames),
    )


def _region(values: NDArray[np.uint8], kind: str, most: int) -> tuple[Kind, tuple[int, int, int, int], bytes] | None:
    """What of a frame is marked: how it is kept, (top, left, rows, columns), and the values; None where nothing is."""
    rows, columns = np.flatnonzero(values.any(axis=1)), np.flatnonzero(values.any(axis=0))
    if rows.size == 0:
        return None
    top, left = int(rows[0]), int(columns[0])
    part = values[top : rows[-1] + 1, left : columns[-1] + 1]
    box = top, left, part.shape[0], part.shape[1]
    if kind == "LABELMAP":
        return "labels", box, part.astype("<u2").tobytes()
    if kind == "FRACTIONAL":
        shares = np.minimum(part.astype(np.uint32), most) * 255 // max(most, 1)
        return "shares", box, shares.astype(np.uint8).tobytes()
    return "bits", box, np.packbits(part != 0, bitorder="little").tobytes()
