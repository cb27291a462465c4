"""Records of single images, as a worker leaves them behind."""

from __future__ import annotations

import math
from typing import Any

from msgspec.structs import replace

from consult.dicom.records import FileRecord, Frame, FrameAttributes, PixelFormat, Plane
from consult.model.catalogue import Patient, Study
from consult.model.identifiers import StudyKey


def a_file(z: float | None, number: int = 0, **changes: Any) -> FileRecord:
    """One axial image at z, or one without a place; `changes` by field of the record, its frame or its attributes."""
    plane = None if z is None else Plane((0.0, 0.0, z), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
    attributes = FrameAttributes(**{k: v for k, v in changes.items() if k in FrameAttributes.__struct_fields__})
    order = (0, 0, number, 0)
    frame = Frame(f"{number:064x}", 0, f"1.{number}", plane, 1.0, 1.0, "mm", order=order, attributes=attributes)
    frame = replace(frame, **{k: v for k, v in changes.items() if k in Frame.__struct_fields__})
    study = Study(StudyKey("k"), "", "", "")
    stored = PixelFormat(4, 4, "int16")
    record = FileRecord(Patient("DEMO", "1"), "s", study, "u", 1, "", "CT", "f", stored, "", (frame,))
    return replace(record, **{k: v for k, v in changes.items() if k in FileRecord.__struct_fields__})


def turned(degrees: float, about: str, z: float) -> Plane:
    """An axial plane turned about the x axis, or in itself about the z axis."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    if about == "x":
        return Plane((0.0, 0.0, z), (1.0, 0.0, 0.0), (0.0, c, s))
    return Plane((0.0, 0.0, z), (c, s, 0.0), (-s, c, 0.0))
