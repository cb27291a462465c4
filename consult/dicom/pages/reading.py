"""Documents among files: how many pages they have, and the pixels of each. In a worker."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from consult.dicom.pages.pdf import pdf_page, pdf_pages
from consult.dicom.pages.records import Report
from consult.dicom.pages.report import report_of
from consult.dicom.pages.typesetting import COLUMNS, ROWS, Page, draw_page, pages_of
from consult.dicom.reading.opening import open_dicom
from consult.dicom.reading.unshown import PDF_DOCUMENT, REPORT, unshown_kind
from consult.dicom.records import ATTRIBUTES_VERSION, Frame, FrameAttributes, PixelFormat, Presentation
from consult.model.errors import DicomRefused
from consult.model.words import counted

Document = Literal["report", "pdf"]
DOCUMENTS: dict[str, Document] = {REPORT: "report", PDF_DOCUMENT: "pdf"}
CACHED = 2


def read_pages(dataset: Dataset, document: Document) -> tuple[PixelFormat, int, str]:
    """How its pages are stored, how many there are, and what must be said with them. Raises DicomRefused."""
    if document == "pdf":
        pdf = pdf_pages(dataset)
        rest = f"pages 1 to {pdf.shown} of {pdf.all}" if pdf.shown < pdf.all else ""
        return PixelFormat(pdf.rows, pdf.columns, "uint8", colour=True), pdf.shown, rest
    pages, is_all = pages_of(report_of(dataset))
    rest = "" if is_all else f"the first {counted(len(pages), 'page')} of the report"
    return PixelFormat(ROWS, COLUMNS, "uint8", colour=True), len(pages), rest


def page_frames(file: str, sop_instance_uid: str, count: int) -> tuple[Frame, ...]:
    """Pages as frames: they have no place in the patient, and a pixel has no size."""
    attributes = FrameAttributes(version=ATTRIBUTES_VERSION, presentation=Presentation())
    return tuple(
        Frame(file, page, sop_instance_uid, None, 1.0, 1.0, "px", order=(0, 0, 0, page), attributes=attributes)
        for page in range(count)
    )


def draw_document_page(path: str, page: int, pixel_format: PixelFormat) -> NDArray[np.uint8]:
    """Pixels of a page, as `decode_frame` gives those of a frame. Raises DicomRefused."""
    with open_dicom(path) as opened:
        kind = unshown_kind(opened.dataset)
        if kind not in DOCUMENTS:
            raise DicomRefused("no_pixels", "the file has no pixel data", tag="PixelData")
        if DOCUMENTS[kind] == "pdf":
            drawn = pdf_page(opened.dataset, page)
        else:
            stat = os.stat(path)
            pages = _set_pages(path, stat.st_size, stat.st_mtime_ns)
            if not 0 <= page < len(pages):
                raise DicomRefused("no_frame", f"page {page + 1} is not among them", tag="ContentSequence")
            drawn = draw_page(pages[page], page + 1, len(pages))
    if drawn.shape != pixel_format.shape:
        raise DicomRefused("changed", f"the index has {pixel_format.shape}", tag="Rows", value=str(drawn.shape))
    return drawn


@lru_cache(CACHED)
def _set_pages(path: str, size: int, modified_ns: int) -> tuple[Page, ...]:
    """The pages of the report in a file, which is named with its size and time: it may change."""
    with open_dicom(path) as opened:
        return tuple(pages_of(report_of(opened.dataset))[0])


def read_report(path: str) -> Report:
    """The report of a file as text. Raises DicomRefused."""
    with open_dicom(path) as opened:
        if unshown_kind(opened.dataset) != REPORT:
            raise DicomRefused("no_content", "this is no report", tag="SOPClassUID")
        return report_of(opened.dataset)
