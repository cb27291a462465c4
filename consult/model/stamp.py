"""What a picture shows. Every picture has a stamp; nothing is drawn over a picture without it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from consult.model.identifiers import PresentationStateKey, SeriesKey
from consult.model.view import Camera, Palette, Part, Shown, ShownSegmentation, Window


class NativeValue(Struct, frozen=True):
    """The value of a series' own voxel, in the unit of its modality values (HU, Bq/ml)."""

    series: SeriesKey
    value: float


class StampedViewport(Struct, frozen=True, omit_defaults=True):
    """One viewport of a picture.

    Attributes:
        shows: what is shown in it.
        rect_px: (x, y, width, height) in pixels of the picture.
        scale: device pixels per image pixel, along the coarser axis; below 1 the image is shown smaller than it is.
        digest: names the exact still of this viewport; empty in a moving picture.
        span_px: pixels that the camera's radius spans, where it is not half the smaller side of the rect; 0 in stills.
        without, segmentations, palette, mask_shift, mask_frames, presentation_state: as in model.view.Viewport.
        resampled: it is interpolated between images: a plane, or what lies over an image.
        at_crosshair: of a linked plane, the voxels that hold the crosshair's point: its own, then that of what lies
            over it; without those that lie outside. Of exact stills alone, and once their volumes are loaded.
        words_px: (x, y, width, height) of what the words of a presentation state cover, in pixels of the viewport; of
            exact stills alone.
    """

    id: str
    shows: Shown
    rect_px: tuple[int, int, int, int]
    camera: Camera
    scale: float
    window: Window | None = None
    invert: bool = False
    digest: str = ""
    span_px: float = 0.0
    without: tuple[Part, ...] = ()
    resampled: bool = False
    segmentations: tuple[ShownSegmentation, ...] = ()
    palette: Palette | Literal[""] = ""
    mask_shift: tuple[float, float] = (0.0, 0.0)
    presentation_state: PresentationStateKey = PresentationStateKey("")
    at_crosshair: tuple[NativeValue, ...] = ()
    mask_frames: tuple[int, ...] = ()
    words_px: tuple[tuple[int, int, int, int], ...] = ()


class Stamp(Struct, frozen=True, omit_defaults=True):
    """What one picture shows.

    Attributes:
        stream: names the stream of pictures it belongs to; "still" for exact stills.
        rev: revision of the view it shows.
        case: case epoch it belongs to.
        width, height: of the whole picture in its pixels.
        rtp: RTP timestamp of the frame; None for stills.
        stage: whose view it shows: "" for the one that all are shown, else that of one who looks around alone.
    """

    stream: str
    rev: int
    case: int
    width: int
    height: int
    viewports: tuple[StampedViewport, ...]
    rtp: int | None = None
    stage: str = ""
