"""The demo studies: two of the one patient, one of each other patient of the board. Who, when, which series, how they
lie in space: all of it is fixed, the dates too.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from consult.demo.anatomy import lesions, organs
from consult.demo.anatomy.bend import unbent
from consult.demo.anatomy.lesions import Findings
from consult.demo.anatomy.solids import Point
from consult.demo.scanner import LUNG, SOFT

SLICE_MM = 2.0
SOFT_SLICES = 2
"""Slices averaged in an image of the soft series."""
INSTITUTION = "Demo Hospital"
STUDY_DESCRIPTION = "CT chest with contrast"


@dataclass(frozen=True)
class DemoPatient:
    """Nobody: name, ID, birth date and sex as DICOM writes them."""

    name: str
    id: str
    birth_date: str
    sex: str


ANNA = DemoPatient("DEMO^ANNA", "10042", "19610314", "F")


@dataclass(frozen=True)
class DemoStudy:
    """One date.

    Attributes:
        name: "current" or "prior"; UIDs are derived from it.
        date, time: DICOM DA and TM.
        age: DICOM AS.
        findings: sizes then.
        bottom_mm, slices: phantom z of the lowest slice, and how many.
        shift: (x, y) mm by which the patient lies elsewhere in the field of view.
        field_centre: (x, y) LPS mm of the middle of the field of view.
        table_mm: LPS z of the phantom's z = 0.
        accession: number.
        reformats: also a scout and a coronal series.
        patient: whose it is.
    """

    name: str
    date: str
    time: str
    age: str
    findings: Findings
    bottom_mm: float
    slices: int
    shift: tuple[float, float]
    field_centre: tuple[float, float]
    table_mm: float
    accession: str
    reformats: bool
    patient: DemoPatient = ANNA

    def lps(self, point: Point) -> Point:
        """Where a place of the phantom is in this study's patient coordinates."""
        x, y, z = point
        return (
            x + self.shift[0] + self.field_centre[0],
            y + self.shift[1] + self.field_centre[1],
            z + self.table_mm,
        )


CURRENT = DemoStudy(
    "current", "20261124", "091240", "065Y", Findings(22.0, 11.0, 18.0), -250.0, 176, (0.0, 0.0), (0.0, -12.0),
    -868.0, "A20261124", reformats=True,
)  # fmt: skip
PRIOR = DemoStudy(
    "prior", "20260519", "103105", "065Y", Findings(14.0, 7.0, 0.0), -245.0, 172, (2.4, -3.2), (0.0, -12.0),
    -1031.0, "A20260519", reformats=False,
)  # fmt: skip
STUDIES = (CURRENT, PRIOR)
BOARD_STUDIES = (
    DemoStudy(
        "bernd", "20261125", "101512", "071Y", Findings(0.0, 6.0, 31.0), -208.0, 40, (-1.8, 2.0), (0.0, -12.0),
        -902.0, "A20261125", reformats=False, patient=DemoPatient("DEMO^BERND", "10051", "19550702", "M"),
    ),
    DemoStudy(
        "clara", "20261126", "083054", "065Y", Findings(12.0, 8.0, 0.0), -14.0, 40, (1.2, -1.0), (0.0, -12.0),
        -951.0, "A20261126", reformats=False, patient=DemoPatient("DEMO^CLARA", "10077", "19610911", "F"),
    ),
    DemoStudy(
        "other-clara", "20261127", "140233", "058Y", Findings(29.0, 17.0, 0.0), -14.0, 40, (-2.6, 1.4), (0.0, -12.0),
        -884.0, "A20261127", reformats=False, patient=DemoPatient("DEMO^CLARA", "10093", "19680120", "F"),
    ),
)  # fmt: skip
"""One of each other patient of the demo's board; the last two have one name."""

LUNG_SERIES = f"CT lung {SLICE_MM:.1f} {LUNG.name}"
SOFT_SERIES = f"CT soft {SLICE_MM * SOFT_SLICES:.1f} {SOFT.name}"
CORONAL_SERIES = "CT cor 3.0"
SCOUT_SERIES = "Scout"


def uid(*names: object) -> str:
    """A UID under 2.25 (PS3.5 B.2), always the same for the same names."""
    digest = hashlib.sha256("/".join(["consult demo 1", *map(str, names)]).encode()).digest()
    return f"2.25.{int.from_bytes(digest[:16], 'big')}"


@dataclass(frozen=True)
class Truth:
    """What measurements must find. Points are LPS mm of the study's own frame of reference.

    Attributes:
        nodule_centre, nodule_mm: of the nodule's body in the right upper lobe, by study's name.
        node_centre, node_mm: of the lymph node 4R; its short axis.
        metastasis_centre, metastasis_mm: of the liver lesion; 0 mm in the prior.
        aorta_centre, aorta_hu: inside the descending aorta; mean of a small region.
        liver_centre, liver_hu: inside the right lobe, away from lesions; vessels make it a little brighter.
        prior_minus_current: LPS mm from a place in the current study to the same anatomy in the prior.
        noise_hu: standard deviation in the soft series, about.
    """

    nodule_centre: dict[str, Point]
    nodule_mm: dict[str, float]
    node_centre: dict[str, Point]
    node_mm: dict[str, float]
    metastasis_centre: dict[str, Point]
    metastasis_mm: dict[str, float]
    aorta_centre: dict[str, Point]
    aorta_hu: float
    liver_centre: dict[str, Point]
    liver_hu: float
    prior_minus_current: Point
    noise_hu: float


AORTA_POINT, LIVER_POINT = unbent(organs.DESCENDING), unbent((-100.0, 10.0, -160.0))


def truth() -> Truth:
    """The demo's known sizes, places and densities."""

    def everywhere(point: Point) -> dict[str, Point]:
        return {study.name: study.lps(point) for study in STUDIES}

    here, there = CURRENT.lps((0.0, 0.0, 0.0)), PRIOR.lps((0.0, 0.0, 0.0))
    return Truth(
        nodule_centre=everywhere(lesions.NODULE_CENTRE),
        nodule_mm={study.name: study.findings.nodule_mm for study in STUDIES},
        node_centre=everywhere(lesions.NODE_CENTRE),
        node_mm={study.name: study.findings.node_mm for study in STUDIES},
        metastasis_centre=everywhere(lesions.METASTASIS_CENTRE),
        metastasis_mm={study.name: study.findings.metastasis_mm for study in STUDIES},
        aorta_centre=everywhere(AORTA_POINT),
        aorta_hu=organs.AORTA_HU,
        liver_centre=everywhere(LIVER_POINT),
        liver_hu=organs.LIVER_HU,
        prior_minus_current=(there[0] - here[0], there[1] - here[1], there[2] - here[2]),
        noise_hu=12.0,
    )
