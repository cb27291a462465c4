"""Where on a line of sight through a whole volume its greatest voxel lies: a click on a MIP goes there."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from functools import partial

from consult.model.catalogue import Series
from consult.model.errors import NotReady, Refused
from consult.model.geometry import Vec, norm
from consult.model.planes.volume import why_no_planes
from consult.rendering.planes.whole import greatest_along
from consult.sessions.features.view.planes import is_finite
from consult.streaming.arrays import Arrays

LOAD_DEADLINE_S = 20.0
MAX_MM = 100_000.0


class Sight:
    """Finds voxels for pages, each in the pool."""

    def __init__(self, arrays: Arrays, pool: Executor) -> None:
        self._arrays, self._pool = arrays, pool

    async def greatest(
        self, series: Series, time: int, point: Vec, direction: Vec, *, least: bool
    ) -> tuple[Vec, float]:
        """The centre of the voxel, and its value.

        Raises:
            Refused: "no_planes", "bad_line", "nothing_there".
            NotReady, DicomRefused, StoreFailed: as `Arrays.get`.
        """
        if not is_finite((*point, *direction)) or max(map(abs, point)) > MAX_MM or not 1e-6 < norm(direction) < MAX_MM:
            raise Refused("bad_line", "A line of sight needs a point near the patient and a direction.")
        if not 0 <= time < series.times:
            raise Refused("image_out_of_range", f"The series has no time {time} of {series.times}.")
        if sentence := why_no_planes(series, time):
            raise Refused("no_planes", sentence)
        try:
            async with asyncio.timeout(LOAD_DEADLINE_S):
                array = await self._arrays.get(series, time)
        except TimeoutError:
            raise NotReady("not_loaded", "These images are still being loaded.") from None
        look = partial(greatest_along, array, point, direction, least=least)
        found = await asyncio.get_running_loop().run_in_executor(self._pool, look)
        if found is None:
            raise Refused("nothing_there", "There is nothing of the volume under this point.")
        return found
