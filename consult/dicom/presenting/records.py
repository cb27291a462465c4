"""Tables of files, as records of images and of presentation states have them."""

from __future__ import annotations

from msgspec import Struct

from consult.model.view import NamedWindow, Window


class SupplementalPalette(Struct, frozen=True):
    """A Supplemental Palette Color LUT (PS3.3 C.7.6.19): colours of stored values from `first` on.

    Attributes:
        colours: zlib of RGB, three bytes an entry.
    """

    first: int
    colours: bytes


class VoiLut(Struct, frozen=True):
    """A VOI LUT (PS3.3 C.11.2.1.1): what modality values from `first` on become, `bits` wide.

    Attributes:
        entries: 16-bit little-endian words.
        explanation: LUTExplanation.
    """

    first: int
    bits: int
    entries: bytes
    explanation: str = ""

    def window(self, number: int) -> NamedWindow:
        """All the values that it has entries for; `number` is its own among the image's, from 1."""
        count = len(self.entries) / 2
        return NamedWindow(Window(self.first + count / 2, count, number), self.explanation or f"VOI LUT {number}")
