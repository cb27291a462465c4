"""Words of side in several languages, and what is none."""

from __future__ import annotations

import pytest

from consult.model.side import named_sides, other_side_word

TEXTS = [
    ("RIGHT", "Nodule in the left upper lobe", "left"),
    ("RIGHT", "Rundherd links", "links"),
    ("RIGHT", "Pleuraerguss linksseitig", "linksseitig"),
    ("LEFT", "Rundherd im rechten Oberlappen", "rechten"),
    ("LEFT", "Pneumothorax re. basal", "re"),
    ("RIGHT", "Pneumothorax LI basal", "LI"),
    ("LEFT", "Nodule du poumon droit", "droit"),
    ("LEFT", "Nodule à droite", "droite"),
    ("RIGHT", "Épanchement pleural gauche", "gauche"),
    ("RIGHT", "Nodulo polmonare sinistro", "sinistro"),
    ("LEFT", "Nódulo pulmonar derecho", "derecho"),
    ("RIGHT", "Nódulo no pulmão esquerdo", "esquerdo"),
    ("LEFT", "Nodus rechter bovenkwab", "rechter"),
    ("RIGHT", "Guzek płuca lewego", "lewego"),
    ("LEFT", "Right-sided effusion", "Right-sided"),
    ("LEFT", "RIGHT UPPER LOBE", "RIGHT"),
]


@pytest.mark.parametrize(("side", "text", "word"), TEXTS)
def test_the_other_side_is_found_and_its_own_is_not(side: str, text: str, word: str) -> None:
    assert other_side_word(text, side) == word
    assert other_side_word(text, "LEFT" if side == "RIGHT" else "RIGHT") == ""
    assert other_side_word(text, "MIDLINE") == "", "a midline structure may shift to either side"


@pytest.mark.parametrize(
    "text",
    [
        "LI-RADS 5", "Compare with the former study right away.", "The fat plane is upright.", "5 g of contrast",
        "status post RT", "nothing left over", "Der Befund ist unverändert", "Linkage", "Leftover", "Copyright",
        "Lesion re prior report",
    ],
)  # fmt: skip
def test_what_is_no_side(text: str) -> None:
    assert named_sides(text) == {}


def test_a_text_may_name_both() -> None:
    assert named_sides("Right more than left") == {"RIGHT": "Right", "LEFT": "left"}
