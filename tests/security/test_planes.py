"""Numbers that were made to break planes, values and uptake: a refusal or a picture, within bounds of work."""

from __future__ import annotations

import math
import random
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from consult.dicom import tasks
from consult.dicom.records import FileRecord
from consult.dicom.stacks import build_stacks
from consult.dicom.workers import Refusal, attempt
from consult.model.catalogue import Case, Suv
from consult.model.errors import Refused
from consult.model.geometry import Grid
from consult.model.identifiers import ConsultId, SeriesKey
from consult.model.image import Image
from consult.model.mark import Shape
from consult.model.planes.acts import lay_out, open_planes, set_slab
from consult.model.planes.volume import volume_geometry
from consult.model.view import MAX_SLAB_MM, Fusion, Plane, Stack, View, Volume, Window
from consult.rendering import side
from consult.rendering.marks import measure
from consult.rendering.marks.measure import sample
from consult.rendering.planes import native
from consult.rendering.planes.native import sample_volume
from consult.rendering.planes.volume import VolumeArray, build
from consult.sessions.core import SessionCore
from consult.sessions.features.consult.commands import OpenConsult
from consult.sessions.features.view.planes import MAX_LAYERS
from consult.sessions.views import check_view
from consult.streaming.recipes import painter, recipe_of
from consult.streaming.values.measurements import NOT_FINITE, read
from tests.support.dicom_files import item, write
from tests.support.hostile_files import changed
from tests.support.pet import pet
from tests.support.volumes import volume_case, volume_grid, volume_series

CASE = volume_case()
CT, PET = SeriesKey("s-1"), SeriesKey("s-pet")
NUMBERS = (0, -0.0, -1, 1e-320, 5e-324, 1e-9, 1e6, 1e15, -1e15, 2**53, 1e100, -1e300, 1e300, 1e308, -1.7e308)
SIZE = (64, 48)


def views() -> list[View]:
    """Planes, a slab, a fusion of planes, one of images, a MIP of all of a volume, and one in 3D."""
    planes = open_planes(CASE, CT)
    four = lay_out(planes, CASE, 2, 2)
    over = replace(planes.viewports[0], shows=Fusion(Plane(Volume(CT), "axial"), Volume(PET), Window(50.0, 100.0)))
    image = Fusion(Stack(CT, 5), Volume(PET), Window(50.0, 100.0))
    fused = replace(planes, viewports=(over, *planes.viewports[1:]))
    on_image = replace(planes, viewports=(replace(planes.viewports[0], shows=image), *planes.viewports[1:]))
    mip = Plane(Volume(CT), "axial", projection="max", whole=True)
    whole, rendered = (
        replace(planes, viewports=(replace(planes.viewports[0], shows=shows), *planes.viewports[1:]))
        for shows in (mip, replace(mip, preset="surface"))
    )
    return [planes, set_slab(planes, planes.viewports[0].id, 20.0, "max"), four, fused, on_image, whole, rendered]


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths to all numbers."""
    match value:
        case bool() | str() | None:
            return []
        case int() | float():
            return [path]
        case dict():
            return [leaf for key, each in value.items() for leaf in leaves(each, (*path, key))]
        case _:
            return [leaf for key, each in enumerate(value) for leaf in leaves(each, (*path, key))]


def put(value: Any, path: tuple[Any, ...], number: float) -> None:
    """That number there."""
    *parents, last = path
    for key in parents:
        value = value[key]
    value[last] = number


class Pixels:
    """The arrays of the case."""

    def __init__(self, case: Case) -> None:
        self.arrays: dict[str, VolumeArray] = {}
        for series in case.series:
            size = series.grid.rows, series.grid.columns
            images = [Image(np.full(size, i, np.int16)) for i in range(series.images)]
            self.arrays[series.key] = build(images, volume_geometry(series))

    def image(self, series: Any, image: int) -> Image:
        return Image(np.asarray(self.arrays[series.key].voxels[image]))

    def array(self, series: Any, time: int) -> VolumeArray:
        return self.arrays[series.key]

    def segmentation(self, segmentation: Any) -> Any:
        raise AssertionError("no view has one")

    def presentation_state(self, state: Any) -> Any:
        raise AssertionError("no view has one")


def test_whatever_number_stands_in_a_view_it_is_refused_or_painted() -> None:
    """Of each kind of view, each number in turn, and many at once. Nothing else is raised, and every picture ends."""
    dice, pixels, passed, refused = random.Random(1), Pixels(replace(CASE, series=CASE.series[:2])), 0, 0
    for view in views():
        plain = msgspec.to_builtins(view)
        paths = leaves(plain)
        chosen = [(path,) for path in paths] + [tuple(dice.sample(paths, 2)) for _ in range(60)]
        for several in chosen:
            hostile = msgspec.json.decode(msgspec.json.encode(plain))
            for path in several:
                put(hostile, path, dice.choice(NUMBERS))
            try:
                read = msgspec.json.decode(msgspec.json.encode(hostile), type=View)
                check_view(read, CASE)
            except (msgspec.ValidationError, Refused):
                refused += 1
                continue
            passed += 1
            for viewport in read.viewports:
                picture = painter(recipe_of(viewport, CASE, SIZE), pixels)()
                assert picture.shape[:2] == SIZE[::-1]
    assert min(passed, refused) > 50


def test_a_slab_has_no_more_layers_than_are_read_for_each_pixel() -> None:
    """Seen to fail: 50 mm through voxels of 0.01 mm were 5,000 samples for each pixel of everybody's picture."""
    fine = volume_series(volume_grid((200, 16, 16), (0.02, 0.02, 0.02)))
    case = replace(CASE, series=(fine,))
    planes = open_planes(case, CT)
    layer_mm = volume_geometry(fine).layer_mm((0.0, 0.0, 1.0))
    assert MAX_LAYERS * layer_mm < MAX_SLAB_MM
    for viewport in planes.viewports:
        check_view(set_slab(planes, viewport.id, 0.9 * MAX_LAYERS * layer_mm, "mean"), case)
        with pytest.raises(Refused, match="bad_slab"):
            check_view(set_slab(planes, viewport.id, MAX_SLAB_MM, "mean"), case)
    check_view(set_slab(open_planes(CASE, CT), "a", MAX_SLAB_MM, "mean"), CASE)


def ellipse(radius: float, **changes: Any) -> Shape:
    points = ((0.0, 0.0, 0.0), (radius, 0.0, 0.0), (0.0, radius, 0.0))
    fields: dict[str, Any] = {"id": "m", "kind": "ellipse", "series": CT, "image": 0, "points": points}
    return Shape(**(fields | changes))


def array_of(spacing: float) -> VolumeArray:
    series = volume_series(volume_grid((4, 8, 8), (spacing, spacing, spacing), origin=(0.0, 0.0, 0.0)))
    return build([Image(np.full((8, 8), 7, np.int16))] * 4, volume_geometry(series))


def test_a_peak_of_tiny_voxels_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen to fail: a PET of 0.02 mm: a sphere of 1 ml is 240,000,000 voxels, 6 GB in the server itself."""
    made: list[int] = []
    meshgrid = np.meshgrid

    def counted(*axes: Any, **how: Any) -> Any:
        made.append(math.prod(map(len, axes)))
        assert made[-1] <= native.MAX_PEAK
        return meshgrid(*axes, **how)

    monkeypatch.setattr(np, "meshgrid", counted)
    found = sample_volume(array_of(0.02), ellipse(0.05), peak=True)
    assert found is not None
    assert (found.mean, found.peak, made) == (7.0, 0.0, [])
    usual = sample_volume(array_of(2.0), ellipse(6.0), peak=True)
    assert usual is not None
    assert usual.peak == 7.0


def test_a_shape_over_more_voxels_than_are_read_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen to fail: coordinates of each voxel of a layer, 24 bytes for each of its pixels, and more."""
    monkeypatch.setattr(native, "MAX_LAYER", 20)
    with pytest.raises(Refused, match="too_many_voxels"):
        sample_volume(array_of(2.0), ellipse(10.0))
    assert sample_volume(array_of(2.0), ellipse(3.0)) is not None
    monkeypatch.setattr(native, "MAX_LAYER", 1000)
    monkeypatch.setattr(native, "MAX_BOX", 20)
    with pytest.raises(Refused, match="too_many_voxels"):
        sample_volume(array_of(2.0), ellipse(10.0))


def test_an_ellipse_over_a_large_image_is_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen to fail: 8 bytes for each pixel of its box, four times over: 6 GB for a film of 14,000 x 14,000."""
    grid = Grid("image", 200, 300, 1.0, 1.0, "px", (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), ((0.0, 0.0, 0.0),))
    pixels = np.random.default_rng(1).integers(-2000, 2000, (200, 300)).astype(np.int16)
    shape = ellipse(90.0, points=((150.0, 100.0, 0.0), (290.0, 100.0, 0.0), (150.0, 190.0, 0.0)))
    whole = sample(Image(pixels), grid, 0, shape)
    monkeypatch.setattr(measure, "PART", 1000)
    most, zeros = 0, np.zeros

    def counted(size: Any, *args: Any) -> Any:
        nonlocal most
        found = zeros(size, *args)
        most = max(most, found.size if found.ndim == 2 else 0)
        return found

    monkeypatch.setattr("consult.rendering.marks.measure.np.zeros", counted)
    parts = sample(Image(pixels), grid, 0, shape)
    assert whole is not None
    assert parts is not None
    assert (parts.pixels, parts.low, parts.high) == (whole.pixels, whole.low, whole.high)
    assert (parts.mean, parts.sd) == pytest.approx((whole.mean, whole.sd), rel=1e-12)
    monkeypatch.undo()
    assert 0 < most <= 1000, "of each part what its box has"


def test_the_outline_of_what_is_no_slice_is_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(side, "_body", lambda image, series: asked.append(image.pixels.size))
    series = replace(volume_series(volume_grid()), unit="HU")
    for size in (side.MAX_PIXELS, side.MAX_PIXELS + 1):
        side.locate(Image(np.broadcast_to(np.int16(0), (1, size))), series, 0, [(0.0, 0.0, 0.0)])
    assert asked == [side.MAX_PIXELS]


@pytest.mark.parametrize("value", [1e308, -1e308, math.inf, math.nan])
def test_what_is_no_finite_value_is_a_sentence(value: float) -> None:
    """JSON has no infinity: a page would be sent null, and a log that holds one is never read again."""
    series = volume_series(volume_grid((2, 8, 8), origin=(0.0, 0.0, 0.0)))
    reading = read(Image(np.full((8, 8), value, np.float64), slope=1e15), series, 0, ellipse(5.0))
    assert (reading.pixels, reading.sentence, reading.mean) == (0, NOT_FINITE, 0.0)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_case_that_a_log_cannot_hold_is_never_opened(value: float) -> None:
    """Seen to fail: null stood in the log, and the consult was never opened again: "unreadable_entry"."""
    series = replace(CASE.series[0], suv=Suv(body_weight=value))
    core = SessionCore.new(owner="test")
    case = replace(CASE, series=(series,))
    opening = OpenConsult(consult=ConsultId("c"), title="", host_name="", cases=(case,))
    with pytest.raises(Refused, match="nothing_to_show"):
        core.command(opening, 0.0)
    core.command(replace(opening, cases=(replace(case, series=CASE.series),)), 0.0)
    assert core.state.opened


HOSTILE = (0, -0.0, -1, 1e-320, 1e-12, 1e-3, 1, 1e9, 1e15, -1e15)


@pytest.mark.parametrize(
    "keyword",
    ["RadionuclideTotalDose", "RadionuclideHalfLife", "PatientWeight", "PatientSize", "FrameReferenceTime",
     "ActualFrameDuration", "RescaleSlope", "RescaleIntercept"],
)  # fmt: skip
def test_whatever_a_pet_says_of_dose_and_time_its_study_opens(keyword: str, tmp_path: Path) -> None:
    """Seen to fail: a half-life of 1e15 s, a frame of a ms: a division by zero, and no case with that file opened;
    one of 1e-320 s: a NaN, which stands in the log as null, so that the consult was never opened again."""
    for number, value in enumerate(HOSTILE):
        written = f"{value:.6g}"
        of_dose = keyword.startswith("Radionuclide")
        dataset = pet(
            dose_changes={keyword: written} if of_dose else {"RadionuclideHalfLife": "1e15"},
            SeriesTime="110000", ActualFrameDuration="0.001", FrameReferenceTime="0.001",
        )  # fmt: skip
        if not of_dose:
            setattr(dataset, keyword, written)
        found = attempt(tasks.read_file, (str(write(dataset, tmp_path / f"{number}.dcm")),))
        if isinstance(found, Refusal):
            assert found.tag == keyword, (value, found)
            continue
        for stack in build_stacks([found]):
            suv = stack.series.suv
            assert suv is not None
            assert all(math.isfinite(v) for v in (suv.body_weight, suv.lean_mass)), (value, suv)
            assert suv.body_weight or suv.reason


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e400", "x" * 64, ""])
def test_a_private_factor_that_is_none_refuses_no_file(value: str, tmp_path: Path) -> None:
    """Seen to fail: a NaN in a maker's private element kept the whole file out."""
    dataset = pet(Units="CNTS")
    block = dataset.private_block(0x7053, "Philips PET Private Group", create=True)
    block.add_new(0x00, "LO", value)
    block.add_new(0x09, "LO", value)
    found = attempt(tasks.read_file, (str(write(dataset, tmp_path / "a.dcm")),))
    assert isinstance(found, FileRecord)
    (stack,) = build_stacks([found])
    assert stack.series.suv is not None
    assert stack.series.suv.body_weight == 0.0


@pytest.mark.parametrize("sop_class", ["66.4", "88.33", "481.3", "104.1", "11.1", "66.1"])
def test_whatever_stands_in_an_object_that_is_only_listed_it_is_listed_or_refused(
    sop_class: str, tmp_path: Path
) -> None:
    """Segmentations, reports, structure sets, documents, presentation states, registrations."""
    nested = item(CodeMeaning="x" * 20_000, CodeValue="\x00\x1b$B")
    for keyword, vr, value in (
        ("SegmentSequence", b"SQ", b""), ("SegmentSequence", b"UN", b"\xff" * 9), ("SegmentSequence", b"LO", b"a\\b"),
        ("ConceptNameCodeSequence", b"UN", b"\xfe\xff\x00\xe0" + b"\xff" * 8),
        ("StructureSetLabel", b"UT", b"x" * 300_000),
        ("ContentDescription", b"LO", b"\xed\xa0\x80"), ("DocumentTitle", b"ST", b"<svg onload=alert(1)>"),
        ("SeriesNumber", b"IS", b"9" * 400), ("NumberOfFrames", b"IS", b"-1"), ("Rows", b"US", b"\xff\xff"),
    ):  # fmt: skip
        dataset = pet(SOPClassUID=f"1.2.840.10008.5.1.4.1.1.{sop_class}", Modality="SEG")
        dataset.ConceptNameCodeSequence = [nested]
        dataset.SegmentSequence = [item(SegmentLabel="y" * 70, SegmentNumber=i) for i in range(50)]
        found = attempt(tasks.read_file, (str(changed(tmp_path / "a.dcm", dataset, keyword, vr, value)),))
        if isinstance(found, Refusal):
            assert found.tag, (keyword, vr, found)
            continue
        assert found.unshown
        assert len(found.series_description) < 30_000
        assert not build_stacks([found])
