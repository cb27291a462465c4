"""What is shown: one register per stage, absolute in every part.

A viewport's camera names the circle that every screen must contain: never pixels. Each screen fits the circle,
whatever its shape, so the same view is the same anatomy everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, assert_never

from msgspec import Meta, Struct

from consult.model.geometry import Vec
from consult.model.identifiers import PresentationStateKey, SegmentationKey, SeriesKey

MAX_ROWS = MAX_COLUMNS = 4
MAX_VIEWPORTS = MAX_ROWS * MAX_COLUMNS + 1
"""A full grid, and the primary beside it."""
MAX_IMAGES = 1_000_000
MAX_RADIUS_MM = 20_000.0
MIN_RADIUS_MM = 0.5
MAX_SLAB_MM = 50.0
MAX_SEGMENTATIONS = 8
"""That lie over one viewport."""
MAX_HIDDEN = 1024
"""Segments of one segmentation that are switched off."""
MAX_MASK_SHIFT = 64.0
"""Pixels of the image."""
MAX_MASK_FRAMES = 8
"""Whose mean is subtracted."""
MIN_RATE, MAX_RATE = 0.05, 16.0
"""Of what plays: a twentieth, and sixteen times, of what the files say."""

REV_OWNER_STEP = 2**32
"""`rev` is (owner changes so far) x REV_OWNER_STEP + counter: it never falls, not even after a restart."""


class Window(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Window of the VOI (PS3.3 C.11.2.1.2), in modality units (HU, Bq/ml, ...).

    Attributes:
        lut: which of the image's own VOI LUTs (PS3.3 C.11.2.1.1) bends it, counted from 1, stretched over the window;
            0: none, or the image has fewer.
    """

    center: Annotated[float, Meta(ge=-1e9, le=1e9)]
    width: Annotated[float, Meta(ge=1e-6, le=1e9)]
    lut: Annotated[int, Meta(ge=0, le=16)] = 0


class NamedWindow(Struct, frozen=True):
    """A window that a series offers.

    Attributes:
        explanation: Window Center & Width Explanation, or LUT Explanation, of the file.
        measured: not the file's: by the values of a representative image.
        subtracted: for the image with its mask subtracted; the others are for the image as it was acquired.
    """

    window: Window
    explanation: str = ""
    measured: bool = False
    subtracted: bool = False


class Camera(Struct, frozen=True, forbid_unknown_fields=True):
    """The circle that every screen must contain, and which way it is turned.

    Attributes:
        center: in the space of the series' grid (LPS mm, or image coordinates in the grid's unit).
        radius: in the grid's unit; the smaller half of the viewport spans exactly this.
        right: unit vector that points right on the screen.
        down: unit vector that points down on the screen; perpendicular to right.
    """

    center: Vec
    radius: Annotated[float, Meta(ge=MIN_RADIUS_MM, le=MAX_RADIUS_MM)]
    right: Vec
    down: Vec


class Layout(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A grid of equal cells in reading order, and beside it the primary viewport, if there is one.

    Attributes:
        rows, columns: of the grid.
        primary: id of the viewport that stands at the right of the grid over its full height, in a column as wide as
            the grid's columns; "" where there is none.
    """

    rows: Annotated[int, Meta(ge=1, le=MAX_ROWS)]
    columns: Annotated[int, Meta(ge=1, le=MAX_COLUMNS)]
    primary: Annotated[str, Meta(pattern=r"^[a-z]?$")] = ""

    @property
    def viewports(self) -> int:
        """How many viewports it has."""
        return self.rows * self.columns + bool(self.primary)


class Stack(Struct, frozen=True, forbid_unknown_fields=True, tag="stack"):
    """One image of a series, as it was acquired.

    Attributes:
        series: which.
        place: index along the normal, from 0.
        time: index on the series' second axis, from 0; 0 where it has none.
    """

    series: SeriesKey
    place: Annotated[int, Meta(ge=0, le=MAX_IMAGES)]
    time: Annotated[int, Meta(ge=0, le=MAX_IMAGES)] = 0


class Volume(Struct, frozen=True, forbid_unknown_fields=True):
    """The images of a series at one time, as one volume.

    Attributes:
        series: which.
        time: as in `Stack`.
    """

    series: SeriesKey
    time: Annotated[int, Meta(ge=0, le=MAX_IMAGES)] = 0


PlaneName = Literal["axial", "sagittal", "coronal"]
Projection = Literal["mean", "max", "min"]
"""What a slab shows of the values along its normal."""


class Plane(Struct, frozen=True, forbid_unknown_fields=True, tag="plane"):
    """A plane through a volume, resampled. It goes through its camera's centre, and lies as its camera is turned.

    Attributes:
        name: which of the crosshair's three planes it is; it keeps it however these are turned.
        slab_mm: thickness, half of it to either side; 0: the plane itself.
        tilted: it has a turn of its own, and is not perpendicular to the others.
        whole: all of the volume is projected, not a slab: a MIP that turns (`planes/turning.py`). It is linked to no
            crosshair, its name says nothing, and nothing lies over it.
    """

    volume: Volume
    name: PlaneName
    slab_mm: Annotated[float, Meta(ge=0.0, le=MAX_SLAB_MM)] = 0.0
    projection: Projection = "mean"
    tilted: bool = False
    whole: bool = False


class Alignment(Struct, frozen=True, forbid_unknown_fields=True):
    """How a volume was put over another one by hand: turned about its middle, then shifted.

    Attributes:
        shift_mm: LPS.
        turn_deg: rotation vector: about its direction, by as many degrees as it is long.
        by: name of who has done so; the server says it.
    """

    shift_mm: Vec = (0.0, 0.0, 0.0)
    turn_deg: Vec = (0.0, 0.0, 0.0)
    by: Annotated[str, Meta(max_length=80)] = ""


Palette = Literal["hot_iron", "pet", "hot_metal_blue", "pet_20_step"]
"""Well-known palettes of PS3.6 Annex B that begin with black."""
ColourMap = Palette | Literal["grey_inverse"]
"""PET alone is read in inverted greys."""


class Fusion(Struct, frozen=True, forbid_unknown_fields=True, tag="fusion"):
    """A volume in colours over an image or a plane.

    Attributes:
        base: what lies below, in greys; the viewport's window and camera are its.
        over: what lies over it, resampled.
        window: of `over`, in its modality units (Bq/ml, not SUV).
        opacity: of `over`, from a tenth of its window on; below that it fades out.
        alignment: by hand; None where both have one frame of reference.
    """

    base: Stack | Plane
    over: Volume
    window: Window
    colour_map: ColourMap = "hot_iron"
    opacity: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.5
    alignment: Alignment | None = None


Shown = Stack | Plane | Fusion
"""What a viewport shows: a union of tagged structs. Who reads it matches its kind exhaustively."""


def shown_series(shows: Shown) -> tuple[SeriesKey, ...]:
    """The series that it is made of."""
    match shows:
        case Stack(series=series):
            return (series,)
        case Plane(volume=volume):
            return (volume.series,)
        case Fusion(base=base, over=over):
            return (*shown_series(base), over.series)
        case _ as never:
            assert_never(never)


def shown_base(shows: Shown) -> Stack | Plane:
    """Itself, or what lies below in a fusion."""
    return shows.base if isinstance(shows, Fusion) else shows


def shown_volumes(shows: Shown) -> tuple[Volume, ...]:
    """The volumes that must be there as a whole to draw it; its base's first."""
    base = shown_base(shows)
    own = (base.volume,) if isinstance(base, Plane) else ()
    return (*own, shows.over) if isinstance(shows, Fusion) else own


MaskShift = Annotated[float, Meta(ge=-MAX_MASK_SHIFT, le=MAX_MASK_SHIFT)]
MaskFrames = Annotated[tuple[Annotated[int, Meta(ge=0, le=MAX_IMAGES)], ...], Meta(max_length=MAX_MASK_FRAMES)]
Part = Literal["mask", "overlay", "shutter", "palette"]
"""What a file says of its own presentation: the mask that is subtracted (PS3.3 C.7.6.10), graphics over the image
(PS3.3 C.9.2), what lies behind a display shutter (PS3.3 C.7.6.11), the colours of its upper values (PS3.3 C.7.6.19)."""


class ShownSegmentation(Struct, frozen=True, forbid_unknown_fields=True):
    """A segmentation that is switched on. It is drawn where it lies over the image, and nowhere else.

    Attributes:
        opacity: of its regions; outlines are always opaque.
        hidden: numbers of the segments that are switched off, ascending.
        style: regions are filled, or their outlines alone are drawn. A structure set has outlines in both.
    """

    key: SegmentationKey
    opacity: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.4
    hidden: Annotated[tuple[Annotated[int, Meta(ge=0, le=65535)], ...], Meta(max_length=MAX_HIDDEN)] = ()
    style: Literal["fill", "outline"] = "fill"


class Playing(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a series that plays in a viewport, round and round, by the server's clock (`model/cine`).

    Attributes:
        along: what passes: the places of the series (frames of a clip, images of a stack), its times, or the steps by
            which a whole volume turns.
        first, last: of the part that is played, indexes of these.
        rate: how many times as fast as the files say.
        since: when `first` was shown, or would have been, in seconds since 1970 by the server's clock; 0 asks the
            server for that: it begins now, with what is shown, or goes on where the same part plays already.
    """

    along: Literal["place", "time", "turn"]
    first: Annotated[int, Meta(ge=0, le=MAX_IMAGES)]
    last: Annotated[int, Meta(ge=0, le=MAX_IMAGES)]
    rate: Annotated[float, Meta(ge=MIN_RATE, le=MAX_RATE)] = 1.0
    since: Annotated[float, Meta(ge=0.0, le=1e11)] = 0.0


class Viewport(Struct, frozen=True, forbid_unknown_fields=True):
    """One picture of the layout.

    Attributes:
        id: "a", "b", ... in reading order.
        shows: what is shown in it.
        window: None for colour, which has none.
        invert: greys upside down (on top of what PhotometricInterpretation asks for).
        without: parts of the file's own presentation that are left out here; none: all are applied.
        segmentations: what marks its regions, the lowest first.
        playing: None where it stands still. Where it plays, what `shows` says of that is the server's to say.
        palette: greys are shown in its colours, black in black; "": they are grey. A fusion's base is always grey.
        mask_shift: (down, across), pixels of the image that the subtracted mask is moved by, on top of the file's own
            MaskSubPixelShift.
        mask_frames: images of the series, ascending, whose mean is subtracted in place of the file's own mask
            (MaskFrameNumbers, PS3.3 C.7.6.10), where the file subtracts one; its MaskSubPixelShift goes with that. ():
            the file's.
        presentation_state: what was chosen, and is drawn over the images that it is for; "": none. Its window and
            camera are not drawn by that, but stand in `window`, `invert` and `camera`.
    """

    id: Annotated[str, Meta(pattern=r"^[a-z]$")]
    shows: Shown
    camera: Camera
    window: Window | None = None
    invert: bool = False
    without: Annotated[tuple[Part, ...], Meta(max_length=4)] = ()
    segmentations: Annotated[tuple[ShownSegmentation, ...], Meta(max_length=MAX_SEGMENTATIONS)] = ()
    playing: Playing | None = None
    palette: Palette | Literal[""] = ""
    mask_shift: tuple[MaskShift, MaskShift] = (0.0, 0.0)
    presentation_state: PresentationStateKey = PresentationStateKey("")
    mask_frames: MaskFrames = ()


class LinkedViewport(Struct, frozen=True, forbid_unknown_fields=True):
    """One of more than two viewports that are linked.

    Attributes:
        id: of the viewport.
        offset_mm: slice location in it minus that in the first that is linked, for the same anatomy.
    """

    id: str
    offset_mm: float = 0.0


class Link(Struct, frozen=True, forbid_unknown_fields=True):
    """Viewports scroll, pan, zoom and window together: both of a view of two, or those that are named.

    Attributes:
        offset_mm: of two: slice location in the second viewport minus that in the first, for the same anatomy.
        pan_mm: of two: in-plane (right, down) shift of the second camera's centre against the first's, on screen axes.
        members: of a view of more than two those that are linked.
    """

    offset_mm: float = 0.0
    pan_mm: tuple[float, float] = (0.0, 0.0)
    members: Annotated[tuple[LinkedViewport, ...], Meta(max_length=MAX_VIEWPORTS)] = ()

    def offsets(self, viewports: Sequence[str]) -> dict[str, float]:
        """Of the viewports that are linked, by their ids; `viewports`: all of the view."""
        if self.members:
            return {member.id: member.offset_mm for member in self.members}
        return dict(zip(viewports, (0.0, self.offset_mm), strict=False))


class Crosshair(Struct, frozen=True, forbid_unknown_fields=True):
    """The one point that planes share, and how their three axes are turned (docs/planes.md has its rules).

    Attributes:
        series: in whose frame of reference it lies; planes of that frame are linked.
        point: LPS mm.
        right, down: of the axial plane. The sagittal plane's normal is `right`, the coronal one's is `down`.
    """

    series: SeriesKey
    point: Vec
    right: Vec = (1.0, 0.0, 0.0)
    down: Vec = (0.0, 1.0, 0.0)


class Mosaic(Struct, frozen=True, forbid_unknown_fields=True):
    """All cells of the layout show images of one series, in the order of its places, as one of them is shown.

    Attributes:
        step: from a cell's image to the next one's, counted in images that there are at their time; 1: none is left
            out.
    """

    step: Annotated[int, Meta(ge=1, le=MAX_IMAGES)] = 1


Uptake = Literal["body_weight", "lean_mass"]


class View(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that the presenter shows.

    Attributes:
        uptake: by which mass values of PET are read as SUV, where the files say all that it takes: SUVbw, or SUL by
            lean body mass. Windows stay in the file's own unit, and pictures as they are.
    """

    layout: Layout
    viewports: Annotated[tuple[Viewport, ...], Meta(min_length=1, max_length=MAX_VIEWPORTS)]
    active: str
    link: Link | None = None
    crosshair: Crosshair | None = None
    mosaic: Mosaic | None = None
    uptake: Uptake = "body_weight"

    def viewport(self, identifier: str) -> Viewport:
        """The viewport of that id. Raises KeyError."""
        for viewport in self.viewports:
            if viewport.id == identifier:
                return viewport
        raise KeyError(identifier)

    @property
    def series(self) -> frozenset[SeriesKey]:
        """All series that any of its viewports shows."""
        return frozenset(key for viewport in self.viewports for key in shown_series(viewport.shows))


MAX_SCREEN_PIXELS = 8192 * 4352
"""8K, and a bar."""


class Screen(Struct, frozen=True, forbid_unknown_fields=True):
    """What a page shows pictures on.

    Attributes:
        width, height: of the stage's picture area, in device pixels.
        only_active: the page shows the active viewport alone (phones).
        gap: between viewports, in device pixels.
    """

    width: Annotated[int, Meta(ge=16, le=8192)]
    height: Annotated[int, Meta(ge=16, le=8192)]
    only_active: bool = False
    gap: Annotated[int, Meta(ge=0, le=16)] = 0

    def __post_init__(self) -> None:
        """No screen has as many pixels as both limits allow together; a still of them would take a second."""
        if self.width * self.height > MAX_SCREEN_PIXELS:
            raise ValueError(f"a screen has {MAX_SCREEN_PIXELS} pixels at most")
