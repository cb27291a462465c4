"""Which part of the body a file shows: as BodyPartExamined has it, else by the words of its descriptions."""

from __future__ import annotations

import re

from pydicom.dataset import Dataset

from consult.dicom.reading.attributes import text

DESCRIBED_BY = ("StudyDescription", "ProtocolName", "SeriesDescription")
WORDS = {
    "HEAD": ("head", "brain", "skull", "cranial", "cranium", "cerebral", "neuro", "ccth?", "kopf", "schädel", "hirn",
             "cct", "ncct", "crane", "crâne", "cerebro", "cérébral", "cabeza", "cráneo", "cranio", "encefalo"),
    "NECK": ("neck", "hals", "cou", "cuello", "collo", "larynx"),
    "SPINE": ("spine", "[ctl]spine", "lumbar", "cervical", "wirbelsäule", "[hbl]ws", "rachis", "columna"),
    "CHEST": ("chest", "thorax", "thoracic", "lungs?", "pulmonary", "torax", "tórax", "lunge"),
    "ABDOMEN": ("abdomen", "abdominal", "abdo", "liver", "leber", "pelvis", "becken", "hígado"),
}  # fmt: skip
"""Words of the languages that hospitals here write; a word that stands alone. The first that is found decides."""
_PATTERNS = {part: re.compile(rf"(?<![^\W_])(?:{'|'.join(words)})(?![^\W_])", re.I) for part, words in WORDS.items()}


def body_part(dataset: Dataset) -> str:
    """BodyPartExamined, else HEAD, NECK, SPINE, CHEST or ABDOMEN where exactly one is named; "" where none is."""
    if stated := text(dataset, "BodyPartExamined"):
        return stated
    for keyword in DESCRIBED_BY:
        described = text(dataset, keyword)
        found = [part for part, pattern in _PATTERNS.items() if pattern.search(described)]
        if found:
            return found[0] if len(found) == 1 else ""
    return ""
