"""What hanging rules say: of which cases one is, and what it shows in which cell. `reading.py` makes them of a file."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from consult.model.view import Layout, Window

When = Literal["current", "prior"]
"""Of the newest day of a case, or of a day before it."""
Facing = Literal["axial", "sagittal", "coronal"]
Planes = Literal["row", "pet_ct"]
"""Three planes of one series beside each other; or rows of a CT, a PET and both, columns of the three planes."""
CELLS_OF_PLANES: dict[Planes, int] = {"row": 1, "pet_ct": 2}
"""How many series they are made of."""


class Cell(Struct, frozen=True, kw_only=True):
    """Which series a cell of the layout shows: the best of those to which all of this applies.

    Attributes:
        study: of which study it is.
        modality: as in the file; "": any, in a prior that of the first cell.
        description: a regular expression that is found in SeriesDescription, in any case; "": any.
        body_part: the same for BodyPartExamined.
        facing: the plane that its images are nearest to; "": any.
        projection: side and view as the corner text has them ("R MLO", "PA"); the series opens at that image.
        window: that it opens with; None: its own.
    """

    study: When = "current"
    modality: str = ""
    description: str = ""
    body_part: str = ""
    facing: Facing | Literal[""] = ""
    projection: str = ""
    window: Window | None = None


class Rule(Struct, frozen=True, kw_only=True):
    """One way to hang a case. It applies where all conditions hold and each cell finds a series.

    Attributes:
        name: as the layout menu has it.
        modality: the newest study has series of all of these.
        description: a regular expression that is found in the description of the newest study, or of one of its series.
        body_part: the same for BodyPartExamined.
        opens: cases open so; else it is only offered.
        layout: whose cells `show` fills in reading order.
        show: what the cells show.
        planes: not the images of what the cells name are shown, but planes of them; "": images.
        link: both viewports are linked by position, where that is possible.
    """

    name: str
    modality: tuple[str, ...] = ()
    description: str = ""
    body_part: str = ""
    opens: bool = True
    layout: Layout = Layout(1, 1)
    show: tuple[Cell, ...] = (Cell(),)
    link: bool = False
    planes: Planes | Literal[""] = ""


HangingRules = tuple[Rule, ...]
"""From the top: a case opens by the first that applies and `opens`."""
NO_RULES: HangingRules = ()
