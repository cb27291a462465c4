"""What a case holds that marks regions of its images: segmentations and structure sets, with what they are called.

It travels to guests: no UID, no file name.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from consult.model.identifiers import SegmentationKey, SeriesKey, StudyKey

Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""


class Segment(Struct, frozen=True):
    """One region: a segment (PS3.3 C.8.20.4), or an ROI of a structure set (PS3.3 C.8.8.5).

    Attributes:
        number: SegmentNumber or ROINumber.
        label: SegmentLabel or ROIName; "" where it has none.
        colour: RecommendedDisplayCIELabValue or ROIDisplayColor, else one of our own by its number.
    """

    number: int
    label: str
    colour: Colour


class Segmentation(Struct, frozen=True):
    """One object that marks regions.

    Attributes:
        kind: regions are filled (a segmentation, PS3.3 A.51), contours are outlined (a structure set, PS3.3 A.19).
        name: of the object; "" where it has none.
        number: of its series; 0 where that has none.
        segments: in the order of the file.
        over: series on whose images it is drawn.
        planes: series on whose planes it is drawn.
        spans: of each of `over`: the first and the last place that shows any of it.
        resampled: those of `over` whose pixels are not its own: each pixel shows what lies nearest to it.
        note: what must be said with it ("probability: paler where less sure"); "" mostly.
        why: the sentence why it lies over no images here; "" where it does.
    """

    key: SegmentationKey
    study: StudyKey
    kind: Literal["regions", "contours"]
    name: str
    number: int
    segments: tuple[Segment, ...]
    over: tuple[SeriesKey, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    resampled: tuple[SeriesKey, ...] = ()
    note: str = ""
    why: str = ""
    planes: tuple[SeriesKey, ...] = ()

    @property
    def drawn_on(self) -> tuple[SeriesKey, ...]:
        """All series on whose images or planes it is drawn."""
        return tuple(dict.fromkeys((*self.over, *self.planes)))
