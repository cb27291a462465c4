"""The Supplemental Palette Color LUT of grey images (PS3.3 C.7.6.19): colours of their upper stored values.

Rules of this file:
- Stored values below the first that the table maps are grey, by rescale and VOI; from it on they have the table's
  colours, and beyond its end the last one's (PS3.3 C.7.6.3.1.5).
- PixelPresentation MONOCHROME (PS3.3 C.8.16.2.1.1.1), of the data set or of a frame, asks for greys alone.
- Behind a Modality LUT stored values are gone: nothing is applied.
"""

from __future__ import annotations

import zlib

import numpy as np
from pydicom.dataset import Dataset

from consult.dicom.pixels.colour import eight_bit_table
from consult.dicom.pixels.lookup import palette
from consult.dicom.presenting.records import SupplementalPalette
from consult.dicom.reading import lenient
from consult.dicom.reading.attributes import lut_items, text
from consult.model.errors import DicomRefused

DESCRIPTOR = "RedPaletteColorLookupTableDescriptor"
MONOCHROME = "MONOCHROME"


def asks_for_colours(dataset: Dataset) -> bool:
    """Whether a grey image has a palette, or says that it is to be shown in one."""
    if not text(dataset, "PhotometricInterpretation").startswith(MONOCHROME):
        return False
    presentation = text(dataset, "PixelPresentation")
    return presentation in {"COLOR", "MIXED"} or (DESCRIPTOR in dataset and presentation != MONOCHROME)


def supplemental_palette(dataset: Dataset) -> SupplementalPalette | None:
    """Of a data set; None where it has none that can be applied."""
    if not asks_for_colours(dataset) or DESCRIPTOR not in dataset or lut_items(dataset, "ModalityLUTSequence"):
        return None
    try:
        tables = palette(dataset, signed=lenient.integer(dataset, "PixelRepresentation") == 1)
    except (DicomRefused, TypeError, ValueError):
        return None
    if len({(table.first, len(table.entries)) for table in tables}) > 1:
        return None
    colours = np.stack([eight_bit_table(table).entries for table in tables], axis=1)
    return SupplementalPalette(tables[0].first, zlib.compress(colours.astype(np.uint8).tobytes()))
