"""What workers can do. Imported by the fork server and its workers alone: this is where pydicom is loaded."""

from __future__ import annotations

from consult.dicom.pixel_tasks import decode_into as decode_into
from consult.dicom.pixel_tasks import make_thumbnail as make_thumbnail
from consult.dicom.pixel_tasks import measure_window as measure_window
from consult.dicom.reading import read_file as read_file
