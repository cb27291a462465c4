"""What workers can do. Imported by the fork server and its workers alone: this is where pydicom is loaded."""

from __future__ import annotations

from consult.dicom.reading import read_file as read_file
