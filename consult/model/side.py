"""The sides of a patient, and how one is found."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Side = Literal["", "RIGHT", "LEFT", "MIDLINE", "BOTH"]
"""Of the patient; "" while nobody has said it."""
SideSource = Literal["", "outline", "sign", "chosen"]
"""How a side was found: by the outline of the body in that slice; by the sign of LPS x alone, which is the scanner's,
so with caution; chosen by a person; "": not at all."""


class Located(Struct, frozen=True):
    """Where something lies, as geometry says; empty where it says nothing."""

    side: Side = ""
    source: SideSource = ""


NOWHERE = Located()
