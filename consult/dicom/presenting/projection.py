"""Side and view of a projection: "R MLO", "PA", "L lateral". What the file does not say is left out, never guessed."""

from __future__ import annotations

from pydicom.dataset import Dataset

from consult.dicom.reading import lenient
from consult.dicom.reading.attributes import text

SIDES = {"R": "R", "L": "L", "B": "both"}
VIEW_CODES = {
    "R-10242": "CC",
    "R-10226": "MLO",
    "R-10224": "ML",
    "R-10228": "LM",
    "R-10206": "AP",
    "R-10214": "PA",
    "R-10236": "lateral",
    "399162004": "CC",
    "399368009": "MLO",
    "399260004": "ML",
    "399352003": "LM",
    "399348003": "AP",
    "272479007": "PA",
    "399067008": "lateral",
}
"""Of ViewCodeSequence (PS3.16 CID 4010, 4014), in SRT and in SNOMED CT."""
VIEWS = {"LL": "LL", "RL": "RL", "LAT": "lateral", "LATERAL": "lateral"}
FACING = {"L": "frontal", "R": "frontal", "A": "lateral", "P": "lateral"}
"""By the direction in the patient that rows run along (PS3.3 C.7.6.1.1.1)."""
PROJECTIONS = ("MG", "DX", "CR", "RG", "IO", "PX", "XC", "DR")


def projection(dataset: Dataset) -> str:
    """Of a radiograph or mammogram; "" for all else, and where neither side nor view is known."""
    if text(dataset, "Modality") not in PROJECTIONS:
        return ""
    side = SIDES.get(text(dataset, "ImageLaterality") or text(dataset, "Laterality"), "")
    return " ".join(filter(None, (side, _view(dataset))))


def _view(dataset: Dataset) -> str:
    stated = text(dataset, "ViewPosition").upper()
    if stated:
        return VIEWS.get(stated, stated)
    codes = [text(item, "CodeValue") for item in lenient.items(dataset, "ViewCodeSequence")]
    if (found := next((VIEW_CODES[code] for code in codes if code in VIEW_CODES), "")) != "":
        return found
    rows = text(dataset, "PatientOrientation").partition("\\")[0]
    return "" if text(dataset, "Modality") == "MG" else FACING.get(rows[:1], "")
