"""Pages of an encapsulated PDF (PS3.3 C.24): how large they are, and their pixels. In a worker, by PDFium.

Rules of this file:
- PDFium runs no script and opens nothing outside of the file; it has the worker's memory and processor time, and what
  it takes down with it is the worker.
- All pages have one raster, so large that a page can be read, and so small that all of them fit into a budget.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from consult.dicom.reading.attributes import raw, text
from consult.model.errors import DicomRefused

MAX_PAGES = 100
MAX_POINTS = 20_000.0
"""Of a page's side: 7 m. PDF allows 14,400 in its own unit."""
LONG_SIDE = 2000
"""Pixels: A4 at 171 dpi."""
LEAST_SIDE = 700
BUDGET_BYTES = 256 << 20
"""Of all pages of a document together."""
PDF = "application/pdf"


@dataclass(frozen=True)
class PdfPages:
    """What a PDF holds.

    Attributes:
        shown: pages that are drawn.
        all: pages that it has.
        rows, columns: of every page's raster.
        scale: pixels for a point (1/72 inch).
    """

    shown: int
    all: int
    rows: int
    columns: int
    scale: float


def pdf_pages(dataset: Dataset) -> PdfPages:
    """How the pages of a data set's PDF are drawn. Raises DicomRefused: "mime_type", "pdf", "pdf_password"."""
    with _opened(dataset) as document:
        every = len(document)
        if every < 1:
            raise DicomRefused("pdf", "The PDF has no pages.")
        sizes = [document.get_page_size(page) for page in range(min(every, MAX_PAGES))]
    width, height = max(size[0] for size in sizes), max(size[1] for size in sizes)
    if not all(math.isfinite(side) and 1.0 <= side <= MAX_POINTS for size in sizes for side in size):
        raise DicomRefused("pdf", f"The PDF's pages must be 1 to {MAX_POINTS:g} points wide and high")
    scale = min(LONG_SIDE / max(width, height), math.sqrt(BUDGET_BYTES / (3 * len(sizes) * width * height)))
    columns, rows = max(1, round(width * scale)), max(1, round(height * scale))
    return PdfPages(len(sizes), every, rows, columns, scale)


def pdf_page(dataset: Dataset, page: int) -> NDArray[np.uint8]:
    """(rows, columns, 3) RGB of a page, in the middle of white. Raises DicomRefused."""
    pages = pdf_pages(dataset)
    if not 0 <= page < pages.shown:
        raise DicomRefused("no_frame", f"page {page + 1} is not among them", tag="EncapsulatedDocument")
    with _opened(dataset) as document:
        try:
            drawn = document[page].render(scale=pages.scale, rev_byteorder=True, may_draw_forms=False).to_numpy()
        except pypdfium2.PdfiumError as error:
            raise DicomRefused("pdf", f"page {page + 1} of the PDF cannot be drawn ({error})") from None
    paper = np.full((pages.rows, pages.columns, 3), 255, np.uint8)
    rows, columns = min(drawn.shape[0], pages.rows), min(drawn.shape[1], pages.columns)
    top, left = (pages.rows - rows) // 2, (pages.columns - columns) // 2
    colours = drawn[:rows, :columns, :3] if drawn.ndim == 3 else np.repeat(drawn[:rows, :columns, None], 3, axis=2)
    paper[top : top + rows, left : left + columns] = colours
    return paper


@contextlib.contextmanager
def _opened(dataset: Dataset) -> Iterator[pypdfium2.PdfDocument]:
    """The PDF of a data set. Raises DicomRefused."""
    kind = text(dataset, "MIMETypeOfEncapsulatedDocument")
    if kind and kind != PDF:
        raise DicomRefused("mime_type", f"must be {PDF}", tag="MIMETypeOfEncapsulatedDocument", value=kind)
    content = raw(dataset, "EncapsulatedDocument")
    if not isinstance(content, bytes):
        raise DicomRefused("pdf", "must hold a PDF", tag="EncapsulatedDocument", value="absent")
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise DicomRefused("pdf_password", "The PDF asks for a password.") from None
        raise DicomRefused("pdf", "The PDF is damaged, or is none.") from None
    try:
        yield document
    finally:
        document.close()
