"""Records name their pixels, and go through the index's encoding unchanged."""

from __future__ import annotations

import msgspec
import pytest

from consult.dicom.records import FileRecord, Frame, PixelFormat, Plane
from consult.model.catalogue import Patient, Study
from consult.model.identifiers import StudyKey
from consult.model.view import NamedWindow, Window

FRAME = Frame(
    file="ab" * 32,
    frame=3,
    sop_instance_uid="1.2",
    plane=Plane((-1.5, 0.0, 7.25), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)),
    row_spacing=0.7,
    column_spacing=0.8,
    unit="mm",
    windows=(NamedWindow(Window(40.0, 400.0), "soft tissue"),),
    order=(0, 1, 2, 3),
)


def test_a_frame_names_its_stored_pixels_by_file_and_number() -> None:
    assert FRAME.source_digest == f"{'ab' * 32}/3"


@pytest.mark.parametrize(("colour", "shape"), [(False, (5, 7)), (True, (5, 7, 3))])
def test_a_format_knows_the_shape_of_a_frame(*, colour: bool, shape: tuple[int, ...]) -> None:
    assert PixelFormat(5, 7, "uint8", colour).shape == shape


def test_a_record_comes_back_from_the_index_as_it_was() -> None:
    study = Study(StudyKey("k"), "CT chest", "2026-11-24", "09:12:40")
    stored = PixelFormat(5, 7, "int16")
    record = FileRecord(Patient("DEMO", "1"), "1.3", study, "1.4", 2, "", "CT", "1.5", stored, "1.6", (FRAME,), "HU")
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(record), type=FileRecord) == record
