"""What the workers that write documents can do. Imported by them alone: WeasyPrint is loaded here."""

from __future__ import annotations

from collections.abc import Mapping

from consult.documents.minutes.page import MinutesOrder, render_minutes
from consult.documents.page import Order, data_address, render_page, render_view
from consult.documents.printing import PICTURE
from consult.documents.printing import print_pdf as print_pdf


def write_page(order: Order, pictures: Mapping[int, bytes]) -> bytes:
    """A note as a page that stands alone. `pictures`: PNG by number."""
    return render_page(order, {n: data_address(png) for n, png in pictures.items()}).encode()


def write_reading(order: Order, addresses: Mapping[int, str]) -> bytes:
    """The same inside the reader's page; `addresses` are those of the pictures."""
    return render_page(order, addresses, reading=True).encode()


def write_view(order: Order) -> bytes:
    """What lies over the one picture of that order, and what stands below it."""
    return render_view(order).encode()


def write_pdf(order: Order, pictures: Mapping[int, bytes], attached: bytes) -> bytes:
    """The same as PDF, which carries `attached`, the note as JSON."""
    return print_pdf(render_page(order, {n: f"{PICTURE}{n}" for n in pictures}), pictures, attached)


def write_minutes(order: MinutesOrder) -> bytes:
    """Minutes as a page that stands alone."""
    return render_minutes(order).encode()


def write_minutes_pdf(order: MinutesOrder) -> bytes:
    """The same as PDF, which carries them as JSON."""
    return print_pdf(render_minutes(order), {}, order.minutes, "minutes")
