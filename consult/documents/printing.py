"""A note as PDF/A-3u by WeasyPrint: selectable text, fonts and the JSON in the file, nothing fetched from outside.

Imported in workers alone: the server never has WeasyPrint in it.
"""

from __future__ import annotations

from collections.abc import Mapping

import weasyprint
from weasyprint.urls import URLFetcher, URLFetcherResponse

VARIANT = "pdf/a-3u"
PICTURE = "picture:"
"""Begins the address of a picture; its number follows."""


class OwnPictures(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Gives the pictures of the document, and nothing else, wherever it is."""

    def __init__(self, pictures: Mapping[int, bytes]) -> None:
        super().__init__(allowed_protocols=())
        self._pictures = {f"{PICTURE}{n}": png for n, png in pictures.items()}

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Raises ValueError: it is none of the document's own; WeasyPrint goes on without it."""
        if url not in self._pictures:
            raise ValueError("a document fetches nothing but its own pictures")
        return URLFetcherResponse(url, self._pictures[url], {"Content-Type": "image/png"})


def print_pdf(page: str, pictures: Mapping[int, bytes], attached: bytes, name: str = "note") -> bytes:
    """The PDF of a page.

    Args:
        page: HTML, whose pictures are called `picture:N`.
        pictures: PNG by number.
        attached: the same as JSON, which the PDF carries.
        name: what that is called.
    """
    fetcher = OwnPictures(pictures)
    html = weasyprint.HTML(string=page, base_url="document:", url_fetcher=fetcher, media_type="print")
    data = weasyprint.Attachment(
        string=attached, name=f"{name}.json", description=f"The same {name} as data", relationship="Data"
    )
    printed: bytes = html.write_pdf(pdf_variant=VARIANT, attachments=[data])
    return printed
