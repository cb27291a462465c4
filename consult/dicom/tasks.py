"""What workers can do. Imported only by the fork server and its workers: this is where pydicom
and the decoders are loaded, once for all workers."""

from __future__ import annotations

from imagecodecs import jpeg2k_decode as jpeg2k_decode
from imagecodecs import jpeg8_decode as jpeg8_decode
from imagecodecs import jpegls_decode as jpegls_decode
from imagecodecs import jpegxl_decode as jpegxl_decode
from imagecodecs import packbits_decode as packbits_decode

from consult.dicom.checking.check import check_mark as check_mark
from consult.dicom.checking.decoders import try_decoders as try_decoders
from consult.dicom.pages.photos import read_photo as read_photo
from consult.dicom.pages.reading import read_report as read_report
from consult.dicom.pixels.pixel_tasks import decode_into as decode_into
from consult.dicom.pixels.pixel_tasks import make_thumbnail as make_thumbnail
from consult.dicom.pixels.pixel_tasks import measure_window as measure_window
from consult.dicom.pixels.walks import warm
from consult.dicom.reading.file_reader import read_again as read_again
from consult.dicom.reading.file_reader import read_file as read_file
from consult.dicom.segmentations.regions import read_regions as read_regions
from consult.dicom.segmentations.structures import read_contours as read_contours

warm()


def answer() -> bool:
    """A worker that gets this does its work (`DicomWorkers.check`)."""
    return True
