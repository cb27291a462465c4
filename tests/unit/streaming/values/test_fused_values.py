"""From made files to values: what a shape reads of a CT and of the PET over it, both of their own voxels."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from consult.library.library import Library
from consult.model.catalogue import Case, Series
from consult.model.errors import Refused
from consult.model.geometry import Vec, add, scale, subtract
from consult.model.identifiers import ConnectionId, SeriesKey
from consult.model.mark import Shape
from consult.model.planes.acts import rotation
from consult.model.planes.volume import volume_geometry
from consult.model.view import Alignment
from consult.sessions.features.marks.messages import Reading
from consult.sessions.features.marks.shapes import check_shape
from consult.store.index import MemoryIndex
from consult.streaming.arrays import Arrays
from consult.streaming.values.measurements import Measurements
from consult.volumes.cache import Volumes
from tests.support.pet import CENTRE_MM, HOT, WARM, write_ct, write_pet
from tests.support.thread_workers import ThreadWorkers
from tests.support.waiting import PATIENCE_S

ANN = ConnectionId("ann")


class Fused:
    """A case of a CT and a PET, and what its measurements sent."""

    def __init__(self, case: Case, measurements: Measurements, sent: asyncio.Queue[Any]) -> None:
        self.case, self.measurements, self.sent = case, measurements, sent

    def series(self, modality: str) -> Series:
        return next(series for series in self.case.series if series.modality == modality)

    async def read(self, shape: Shape) -> Reading:
        check_shape(shape, self.case)
        self.measurements.measure([ANN], [shape], self.case)
        async with asyncio.timeout(PATIENCE_S):
            (reading,) = (await self.sent.get()).readings
        assert isinstance(reading, Reading)
        return reading

    def ellipse(self, right: Vec, down: Vec, radius: float, **changes: Any) -> Shape:
        ct = self.series("CT")
        points = CENTRE_MM, add(CENTRE_MM, scale(right, radius)), add(CENTRE_MM, scale(down, radius))
        image = ct.grid.nearest(CENTRE_MM[2] * ct.grid.normal[2])
        fields: dict[str, Any] = {"id": "m1", "kind": "ellipse", "series": ct.key, "image": image, "points": points}
        return Shape(**(fields | {"in_space": True, "over": self.series("PT").key} | changes))


@pytest.fixture
async def fused(tmp_path: Path) -> AsyncIterator[Fused]:
    write_ct(tmp_path / "made")
    write_pet(tmp_path / "made")
    workers = ThreadWorkers()
    library = Library(tmp_path / "data", MemoryIndex(), workers)
    report = await library.import_paths([tmp_path / "made"], lambda progress: None)
    case = await library.case(report.studies, id="c1", title="")
    volumes = Volumes(library, workers, tmp_path / "volumes", max_bytes=1 << 26)
    sent = asyncio.Queue[Any]()
    with ThreadPoolExecutor(2) as pool:
        arrays = Arrays(volumes, pool, max_bytes=1 << 26)
        measurements = Measurements("c", volumes, arrays, pool, lambda to, message: sent.put_nowait(message))
        yield Fused(case, measurements, sent)
        await measurements.close()
        await arrays.close()
        await volumes.close()


async def test_hu_and_suv_are_those_of_the_construction(fused: Fused) -> None:
    suv = fused.series("PT").suv
    assert suv is not None
    turn = rotation((0.6, 0.8, 0.0), 35.0)
    for right, down in (((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)), (turn((1.0, 0.0, 0.0)), turn((0.0, 1.0, 0.0)))):
        reading = await fused.read(fused.ellipse(right, down, 24.0))
        assert reading.mean == pytest.approx(45.0, abs=5.0)
        assert reading.pixels > 300
        assert reading.sd == pytest.approx(0.0, abs=1e-6)
        over = reading.over
        assert over is not None
        assert over.high * suv.body_weight == pytest.approx(HOT, abs=0.1)
        assert over.low * suv.body_weight == pytest.approx(WARM, abs=0.1)
        assert over.peak * suv.body_weight == pytest.approx(HOT, abs=0.1)
        inside = await fused.read(fused.ellipse(right, down, 12.0, id="m2"))
        assert inside.over is not None
        assert inside.over.mean * suv.body_weight == pytest.approx(HOT, abs=0.1)


async def test_a_shape_on_an_image_reads_what_lies_over_it_too(fused: Fused) -> None:
    ct = fused.series("CT")
    image = ct.grid.nearest(CENTRE_MM[2] * ct.grid.normal[2])
    z = ct.grid.positions[ct.locate(image)[0]][2]
    point = (CENTRE_MM[0], CENTRE_MM[1], z)
    probe = Shape(id="m3", kind="probe", series=ct.key, image=image, points=(point,), over=fused.series("PT").key)
    reading = await fused.read(probe)
    suv = fused.series("PT").suv
    assert (reading.pixels, reading.mean) == (1, 45.0)
    assert reading.over is not None
    assert suv is not None
    assert (reading.over.pixels, reading.over.series) == (1, fused.series("PT").key)
    assert reading.over.mean * suv.body_weight == pytest.approx(HOT, abs=0.1)


async def test_what_was_aligned_by_hand_is_read_where_it_was_put(fused: Fused) -> None:
    """The hot ball of the PET, moved to the right and turned about the PET's middle: its own voxels, found there."""
    suv = fused.series("PT").suv
    assert suv is not None
    geometry = volume_geometry(fused.series("PT"))
    turn, shift = rotation((0.0, 0.0, 1.0), 40.0), (-14.0, 3.0, 0.0)
    ball = add(add(geometry.middle, turn(subtract(CENTRE_MM, geometry.middle))), shift)
    alignment = Alignment(shift, (0.0, 0.0, 40.0))
    probe = fused.ellipse((1, 0, 0), (0, 1, 0), 5.0, kind="probe", points=(ball,), alignment=alignment)
    reading = await fused.read(probe)
    assert reading.over is not None
    assert reading.over.mean * suv.body_weight == pytest.approx(HOT, abs=0.1)
    beside = add(ball, turn((40.0, 0.0, 0.0)))
    away = await fused.read(replace(probe, id="m5", points=(beside,)))
    plain = await fused.read(replace(probe, id="m6", alignment=None, points=(add(CENTRE_MM, (40.0, 0.0, 0.0)),)))
    assert away.over is not None
    assert plain.over is not None
    assert away.over.mean == plain.over.mean


async def test_beside_what_lies_over_it_there_is_a_sentence(fused: Fused) -> None:
    away = (CENTRE_MM[0], CENTRE_MM[1], 900.0)
    probe = fused.ellipse((1, 0, 0), (0, 1, 0), 5.0, kind="probe", points=(away,))
    reading = await fused.read(probe)
    assert (reading.pixels, reading.sentence) == (0, "There are no values here.")
    assert reading.over is not None
    assert reading.over.sentence == "There are no values here."


async def test_a_length_in_space_asks_no_voxel(fused: Fused) -> None:
    line = fused.ellipse((1, 0, 0), (0, 1, 0), 5.0, kind="length", points=((0.0, 0.0, 0.0), (10.0, 20.0, 30.0)))
    reading = await fused.read(line)
    assert (reading.pixels, reading.over) == (0, None)


async def test_what_has_no_planes_or_another_frame_of_reference_is_refused(fused: Fused) -> None:
    flat = replace(fused.series("CT"), key=SeriesKey("flat"), colour=True)
    other = replace(fused.series("PT"), key=SeriesKey("other"), frame_of_reference="elsewhere")
    case = replace(fused.case, series=(*fused.case.series, flat, other))
    shape = fused.ellipse((1, 0, 0), (0, 1, 0), 5.0)
    off = (shape.points[0], *(add(point, (0, 0, 1)) for point in shape.points[1:]))
    for changes, code in (
        ({"series": flat.key, "over": ""}, "no_planes"),
        ({"over": SeriesKey("nobody's")}, "unknown_series"),
        ({"over": flat.key}, "no_planes"),
        ({"over": other.key}, "bad_mark"),
        ({"in_space": False, "points": off}, "bad_mark"),
        ({"over": "", "alignment": Alignment()}, "bad_mark"),
        ({"over": other.key, "alignment": Alignment((3000.0, 0.0, 0.0))}, "bad_mark"),
    ):
        with pytest.raises(Refused) as refused:
            check_shape(replace(shape, **changes), case)
        assert refused.value.code == code
    check_shape(replace(shape, over=other.key, alignment=Alignment((3.0, 0.0, 0.0))), case)
