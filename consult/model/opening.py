"""How PET opens, wherever it is shown: by SUV, dark on white."""

from __future__ import annotations

from consult.model.catalogue import Series
from consult.model.view import Window

SUV_TOP = 5.0
"""PET opens from 0 to this (web/js/core/planes/uptake.js has the same)."""


def suv_window(series: Series) -> Window | None:
    """0 to 5 SUV; None where that is not known."""
    if series.suv is None or series.suv.body_weight <= 0:
        return None
    return Window(SUV_TOP / 2 / series.suv.body_weight, SUV_TOP / series.suv.body_weight)


def opens_inverted(series: Series) -> bool:
    """PET is read dark on white."""
    return series.modality == "PT" and not series.colour
