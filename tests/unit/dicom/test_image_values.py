"""What is said beside an image is that image's own, not its series' first."""

from __future__ import annotations

from msgspec.structs import replace

from consult.dicom.image_values import image_values
from consult.dicom.placing import Item
from consult.dicom.records import FileRecord
from consult.dicom.stacks import build_stacks
from consult.model.catalogue import ImageValues
from tests.support.file_records import a_file


def values_of(*files: FileRecord) -> ImageValues:
    return image_values([Item(file, file.frames[0]) for file in files])


def test_values_are_in_the_order_of_the_images() -> None:
    files = [
        a_file(z, 10 + int(z), slice_thickness_mm=1.0 + z, numbers={"AcquisitionTime": 37800.0 + z, "EchoTime": 4.0})
        for z in (0.0, 5.0)
    ]
    (stack,) = build_stacks(files)
    assert stack.series.values == ImageValues(
        instance_number=(15, 10),
        acquired=("10:30:05", "10:30:00"),
        slice_thickness_mm=(6.0, 1.0),
        echo_time_ms=(4.0,),
    )


def test_a_value_that_all_share_is_there_once_and_one_that_is_missing_is_none() -> None:
    one, other = a_file(0, 1, slice_thickness_mm=2.0), a_file(1, 0, slice_thickness_mm=2.0)
    assert values_of(one, other) == ImageValues(instance_number=(1, None), slice_thickness_mm=(2.0,))


def test_the_time_of_day_is_kept_without_its_date() -> None:
    file = a_file(0, 1, numbers={"AcquisitionTime": 739676 * 86400 + 3 * 3600 + 4 * 60 + 5.75})
    assert values_of(file).acquired == ("03:04:05",)


def test_the_location_of_the_file_is_kept_where_the_position_gives_another() -> None:
    recorded = [
        a_file(z, n, numbers={"SliceLocation": value}) for n, (z, value) in enumerate(((5, 5.01), (6, -6), (7, 7)))
    ]
    assert values_of(*recorded).slice_location_mm == (None, -6.0, None)
    nowhere = replace(recorded[1], frames=(replace(recorded[1].frames[0], plane=None),))
    assert values_of(nowhere).slice_location_mm == ()


def test_b_values_are_there_where_there_is_diffusion() -> None:
    def b(*found: float) -> ImageValues:
        return values_of(*(a_file(0, 1 + n, numbers={"DiffusionBValue": value}) for n, value in enumerate(found)))

    assert b(0, 1000).b_value == (0.0, 1000.0)
    assert b(0, 0).b_value == ()
