"""Whole volumes as arrays: built once, within a budget, gone with their study."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from msgspec.structs import replace

from consult.model.catalogue import Axis
from consult.model.errors import DicomRefused, NotReady, Refused, StoreFailed
from consult.model.identifiers import SeriesKey
from consult.streaming.arrays import Arrays, Bands
from tests.support.arrays import MadeVolume, MadeVolumes, waves
from tests.support.volumes import GRIDS, volume_series
from tests.support.waiting import PATIENCE_S

CT = volume_series(GRIDS["axial"], "ct-1")
PET = volume_series(GRIDS["axial"], "pet-1", modality="PT")
COPY_BYTES = 24 * 32 * 40 * 4


class Setup:
    """A CT that is sampled as it is, and a PET that is copied."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.ct, self.pet = waves(CT), waves(PET)
        self.pet.images = [type(image)(image.pixels, slope=1.0 + layer) for layer, image in enumerate(self.pet.images)]
        self.volumes = MadeVolumes({CT.key: self.ct, PET.key: self.pet})
        self.arrays = Arrays(self.volumes, pool, max_bytes=COPY_BYTES)
        self.ready: list[SeriesKey] = []
        self.arrays.on_ready(self.ready.append)


@pytest.fixture
async def setup() -> AsyncIterator[Setup]:
    with ThreadPoolExecutor(2) as pool:
        made = Setup(pool)
        yield made
        await made.arrays.close()


async def test_stored_values_are_sampled_where_they_are(setup: Setup) -> None:
    array = await setup.arrays.get(CT, 0)
    assert array.own_bytes == 0
    assert np.shares_memory(array.voxels, setup.ct.stored(0, 24))


async def test_it_is_made_once_for_all_who_ask(setup: Setup) -> None:
    setup.pet.loaded.clear()
    asked = [asyncio.create_task(setup.arrays.get(PET, 0)) for _ in range(3)]
    with pytest.raises(NotReady):
        setup.arrays.now(PET, 0)
    await asyncio.sleep(0)
    setup.pet.loaded.set()
    first, *others = await asyncio.gather(*asked)
    assert all(other is first for other in others)
    assert setup.arrays.now(PET, 0) is first
    assert (setup.volumes.opened, setup.ready) == ([PET.key], [PET.key])
    assert first.voxels[3, 4, 5] == setup.pet.images[3].values()[4, 5]


async def test_who_only_looks_begins_it_and_is_called_back(setup: Setup) -> None:
    called = asyncio.Event()
    setup.arrays.on_ready(lambda series: called.set())
    with pytest.raises(NotReady):
        setup.arrays.now(CT, 0)
    async with asyncio.timeout(PATIENCE_S):
        await called.wait()
    assert setup.arrays.now(CT, 0).voxels.shape == (24, 32, 40)


async def test_what_cannot_be_shown_is_said_again_and_tried_again_when_asked(setup: Setup) -> None:
    setup.ct.refused = DicomRefused("bits", "too many bits")
    for _ in range(2):
        with pytest.raises(DicomRefused):
            await setup.arrays.get(CT, 0)
        with pytest.raises(DicomRefused):
            setup.arrays.now(CT, 0)
    setup.ct.refused = None
    assert (await setup.arrays.get(CT, 0)).voxels.shape == (24, 32, 40)


async def test_what_is_no_volume_says_why(setup: Setup) -> None:
    with pytest.raises(Refused, match="no planes of colour"):
        await setup.arrays.get(replace(CT, colour=True), 0)


async def test_copies_stay_within_their_memory(setup: Setup) -> None:
    other = replace(PET, key=SeriesKey("pet-2"))
    setup.volumes.volumes[other.key] = setup.pet
    first = await setup.arrays.get(PET, 0)
    await setup.arrays.get(CT, 0)
    assert setup.arrays.now(PET, 0) is first
    await setup.arrays.get(other, 0)
    assert setup.arrays.now(CT, 0).own_bytes == 0
    with pytest.raises(NotReady):
        setup.arrays.now(PET, 0)


async def test_a_copy_that_is_too_large_is_refused_with_the_setting() -> None:
    with ThreadPoolExecutor(1) as pool:
        made = Setup(pool)
        made.arrays = Arrays(made.volumes, pool, max_bytes=1000)
        with pytest.raises(StoreFailed, match="plane_memory_mib"):
            await made.arrays.get(PET, 0)
        assert (await made.arrays.get(CT, 0)).own_bytes == 0
        await made.arrays.close()


async def test_a_deleted_study_is_gone_also_while_it_is_made(setup: Setup) -> None:
    await setup.arrays.get(CT, 0)
    setup.pet.loaded.clear()
    being_made = asyncio.create_task(setup.arrays.get(PET, 0))
    await asyncio.sleep(0)
    for series in ("ct", "pet"):
        setup.arrays.discard(series)
    setup.pet.loaded.set()
    await being_made
    for deleted in (CT, PET):
        with pytest.raises(NotReady):
            setup.arrays.now(deleted, 0)


async def test_each_time_is_a_volume_of_its_own(setup: Setup) -> None:
    timed = replace(CT, axis=Axis("EchoTime", ("TE 10", "TE 20"), ((1, 23),)), images=47)
    setup.ct = MadeVolume(waves(CT).images + waves(CT, 0.5).images[:23])
    setup.volumes.volumes[CT.key] = setup.ct
    first, second = await setup.arrays.get(timed, 0), await setup.arrays.get(timed, 1)
    assert (first.voxels.shape[0], second.voxels.shape[0]) == (24, 23)
    assert np.shares_memory(second.voxels, setup.ct.stored(24, 23))


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_bands_are_all_run_once_and_an_error_is_raised(threads: int) -> None:
    bands, done = Bands(threads), list[int]()

    def band(number: int) -> Callable[[], None]:
        return lambda: done.append(number)

    bands([band(number) for number in range(8)])
    assert sorted(done) == list(range(8))

    def wrong() -> None:
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        bands([wrong] * 4)
    bands.close()
