"""The compiled loops of planes. Read `plane` first: it says what is computed.

Rules of this file:
- Trilinear interpolation in float32, in one written order: a still's digest names the bytes that come out.
- Positions along a row are fixed-point, as in `rendering.kernels`: no floor() and no error that adds up.
- A `Source` is (voxels, places): (layers, rows, columns) of a type that float32 holds exactly, contiguous; and where
  layers lie, (layers,) float64 ascending, in steps, empty where they are even.
- A `Way` is (start, step): (column, row, step) of a row's first sample, and from one to the next.
- A `Walk` is twelve numbers: the (column, row, step) of the first sample, then what a device pixel to the right, one
  down, and one step of the slab add to it.
- Half a voxel beyond the border belongs to the volume, with the border's values; beyond that there is nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.rendering.compiled import kernel
from consult.rendering.kernels import F32, FIXED_BITS, FIXED_ONE, FRACTION, FRACTION_BITS, Pair, Ramping, Target, span

Walk = tuple[float, float, float, float, float, float, float, float, float, float, float, float]
Counts = tuple[int, int, int]
"""Steps of the slab, and samples along a device pixel's (x, y)."""
Point = tuple[float, float, float]
Way = tuple[Point, Point]
Source = tuple[Any, Any]

MEAN, MAX, MIN = 0, 1, 2
TILE = 256
"""Device pixels of a row that are drawn for all rows before the next ones: their voxels stay in the cache."""
MARGIN = 1e-5
"""Voxels; more than fixed point loses along a tile."""


@kernel
def inner(flat: Any, strides: Pair, start: tuple[int, int, int], step: tuple[int, int, int], line: F32) -> None:
    """Values along a run that lies between eight voxel centres everywhere.

    Args:
        flat: all voxels.
        strides: voxels from one row to the next, and from one layer to the next.
        start, step: fixed-point (column, row, layer) of the first sample, and from one to the next.
        line: the run; written.
    """
    u, v, w = start
    scale = np.float32(FRACTION)
    shift, mask = FIXED_BITS - FRACTION_BITS, FIXED_ONE - 1
    row, layer, one = np.uint64(strides[0]), np.uint64(strides[1]), np.uint64(1)
    for x in range(line.shape[0]):
        k = np.uint64((w >> FIXED_BITS) * strides[1] + (v >> FIXED_BITS) * strides[0] + (u >> FIXED_BITS))
        fu = np.float32(np.int32((u & mask) >> shift)) * scale
        fv = np.float32(np.int32((v & mask) >> shift)) * scale
        fw = np.float32(np.int32((w & mask) >> shift)) * scale
        a = np.float32(flat[k])
        a += (np.float32(flat[k + one]) - a) * fu
        b = np.float32(flat[k + row])
        b += (np.float32(flat[k + row + one]) - b) * fu
        k += layer
        c = np.float32(flat[k])
        c += (np.float32(flat[k + one]) - c) * fu
        d = np.float32(flat[k + row])
        d += (np.float32(flat[k + row + one]) - d) * fu
        a += (b - a) * fv
        c += (d - c) * fv
        line[x] = a + (c - a) * fw
        u += step[0]
        v += step[1]
        w += step[2]


@kernel
def border(voxels: Any, way: Way, extent: Pair, line: F32) -> None:
    """Values along a run at the volume's border, whose voxels go on beyond it."""
    start, step = way
    layers, rows, columns = voxels.shape
    for x in range(extent[0], extent[1]):
        u = min(max(start[0] + x * step[0], 0.0), columns - 1.0)
        v = min(max(start[1] + x * step[1], 0.0), rows - 1.0)
        w = min(max(start[2] + x * step[2], 0.0), layers - 1.0)
        line[x] = between(voxels, int(w), w - int(w), u, v)


@kernel
def uneven(source: Source, way: Way, extent: Pair, line: F32) -> None:
    """Values along a run where layers are uneven."""
    voxels, places = source
    start, step = way
    layers, rows, columns = voxels.shape
    k = 0
    for x in range(extent[0], extent[1]):
        u = min(max(start[0] + x * step[0], 0.0), columns - 1.0)
        v = min(max(start[1] + x * step[1], 0.0), rows - 1.0)
        w = min(max(start[2] + x * step[2], 0.0), places[layers - 1])
        while k < layers - 2 and places[k + 1] <= w:  # a run goes one way: the search is a walk
            k += 1
        while k > 0 and places[k] > w:
            k -= 1
        line[x] = between(voxels, k, (w - places[k]) / (places[k + 1] - places[k]), u, v)


@kernel
def between(voxels: Any, layer: int, share: float, u: float, v: float) -> Any:
    """The value at (column u, row v), `share` of the way from a layer to the next."""
    layers, rows, columns = voxels.shape
    c, r = int(u), int(v)
    fu, fv, fw = np.float32(u - c), np.float32(v - r), np.float32(share)
    right, below, next_layer = min(c + 1, columns - 1), min(r + 1, rows - 1), min(layer + 1, layers - 1)
    a = np.float32(voxels[layer, r, c])
    a += (np.float32(voxels[layer, r, right]) - a) * fu
    b = np.float32(voxels[layer, below, c])
    b += (np.float32(voxels[layer, below, right]) - b) * fu
    e = np.float32(voxels[next_layer, r, c])
    e += (np.float32(voxels[next_layer, r, right]) - e) * fu
    d = np.float32(voxels[next_layer, below, c])
    d += (np.float32(voxels[next_layer, below, right]) - d) * fu
    a += (b - a) * fv
    e += (d - e) * fv
    return a + (e - a) * fw


@kernel
def run(source: Source, way: Way, extent: Pair, line: F32) -> None:
    """Values along a row of samples that lie in the volume, `line[extent[0]:extent[1]]`."""
    voxels, places = source
    start, step = way
    layers, rows, columns = voxels.shape
    if places.shape[0] > 0:
        uneven(source, way, extent, line)
        return
    first, last = span(start[0], step[0], (MARGIN, columns - 1 - MARGIN), extent)
    first, last = span(start[1], step[1], (MARGIN, rows - 1 - MARGIN), (first, last))
    first, last = span(start[2], step[2], (MARGIN, layers - 1 - MARGIN), (first, last))
    if first >= last:
        border(voxels, way, extent, line)
        return
    border(voxels, way, (extent[0], first), line)
    begin = (fixed(start[0] + first * step[0]), fixed(start[1] + first * step[1]), fixed(start[2] + first * step[2]))
    move = (fixed(step[0]), fixed(step[1]), fixed(step[2]))
    inner(voxels.reshape(-1), (columns, rows * columns), begin, move, line[first:last])
    border(voxels, way, (last, extent[1]), line)


@kernel
def fixed(position: float) -> int:
    """A position as fixed point."""
    return round(position * FIXED_ONE)


@kernel
def combine(values: F32, line: F32, hits: F32, extent: Pair, mode: int) -> None:
    """One step of a slab more: its sum, its maximum or its minimum so far, and how many steps lay in the volume."""
    first, last = extent
    if mode == MEAN:
        for x in range(first, last):
            line[x] += values[x]
            hits[x] += np.float32(1.0)
        return
    sign = np.float32(1.0 if mode == MAX else -1.0)
    for x in range(first, last):
        value = values[x] * sign
        line[x] = value if hits[x] == np.float32(0.0) or value > line[x] else line[x]
        hits[x] = np.float32(1.0)


@kernel
def sample_row(source: Source, first: Point, steps: tuple[Point, Point], counts: Pair, buffers: F32) -> None:
    """One row of samples with all steps of its slab.

    Args:
        source: see above.
        first: the row's first sample at the slab's first step.
        steps: to the next sample, and to the next step of the slab.
        counts: steps of the slab, and what is shown of them.
        buffers: (3, width): values of one step; what is shown, written; how many samples are in it, 0 or 1.
    """
    voxels, places = source
    layers, rows, columns = voxels.shape
    values, line, hits = buffers[0], buffers[1], buffers[2]
    top = places[layers - 1] + 0.5 if places.shape[0] > 0 else layers - 0.5
    across, deeper = steps
    line[:] = 0.0
    hits[:] = 0.0
    for depth in range(counts[0]):
        start = (first[0] + depth * deeper[0], first[1] + depth * deeper[1], first[2] + depth * deeper[2])
        extent = span(start[0], across[0], (-0.5, columns - 0.5), (0, line.shape[0]))
        extent = span(start[1], across[1], (-0.5, rows - 0.5), extent)
        extent = span(start[2], across[2], (-0.5, top), extent)
        if extent[0] < extent[1]:
            run(source, (start, across), extent, values)
            combine(values, line, hits, extent, counts[1])
    sign = np.float32(-1.0 if counts[1] == MIN else 1.0)
    for x in range(line.shape[0]):
        if hits[x] > np.float32(0.0):
            line[x] = line[x] * sign / hits[x]
            hits[x] = np.float32(1.0)


@kernel
def draw(
    source: Source, walk: Walk, counts: tuple[int, int, int, int], ink: tuple[Ramping, Target], band: Pair
) -> None:
    """Rows of a picture, from band[0] until band[1].

    Args:
        source, walk: see above.
        counts: steps of the slab, samples along a device pixel's (x, y), and what is shown of the slab.
        ink: ramp and target, as in `rendering.kernels`.
        band: rows of the target.
    """
    target = ink[1]
    width = target[0].shape[1]
    across, down = (walk[3], walk[4], walk[5]), (walk[6], walk[7], walk[8])
    deeper = (walk[9], walk[10], walk[11])
    buffers = np.empty((5, TILE), np.float32)
    for left in range(0, width, TILE):
        right = min(left + TILE, width)
        sums = buffers[3:, : right - left]
        for y in range(band[0], band[1]):
            sums[:] = 0.0
            for sample in range(counts[1] * counts[2]):
                px = left + (sample % counts[1] + 0.5) / counts[1] - 0.5
                py = y + (sample // counts[1] + 0.5) / counts[2] - 0.5
                start = (
                    walk[0] + px * across[0] + py * down[0],
                    walk[1] + px * across[1] + py * down[1],
                    walk[2] + px * across[2] + py * down[2],
                )
                part = buffers[:3, : right - left]
                sample_row(source, start, (across, deeper), (counts[0], counts[3]), part)
                for x in range(right - left):
                    sums[0, x] += part[1, x]
                    sums[1, x] += part[2, x]
            finish(sums, (y, left), ink)


@kernel
def finish(sums: F32, at: Pair, ink: tuple[Ramping, Target]) -> None:
    """A row's sums and counts, (2, n), through the ramp; where there was no sample, what was black stays black."""
    middle, gain, level, flip = ink[0]
    out, straight = ink[1]
    y, left = at
    bent = straight.shape[0] > 0
    for x in range(sums.shape[1]):
        if sums[1, x] == np.float32(0.0):
            continue
        value = (sums[0, x] / sums[1, x] - middle) * gain + level
        if bent:
            straight[y, left + x] = value
            continue
        value = value if value > np.float32(0.0) else np.float32(0.0)
        value = value if value < np.float32(255.0) else np.float32(255.0)
        out[y, left + x] = np.uint8(np.int32(value + np.float32(0.5)) ^ flip)


@kernel
def blend(base: NDArray[np.uint8], over: NDArray[np.uint8], table: Any, out: NDArray[np.uint8], band: Pair) -> None:
    """Colours over greys, rows from band[0] until band[1].

    Args:
        base: (height, width) greys.
        over: (height, width) levels.
        table: (256, 4) uint32: red, green and blue of a level times its opacity, and the opacity, 0 to 255.
        out: (height, width, 3).
        band: rows.
    """
    for y in range(band[0], band[1]):
        for x in range(base.shape[1]):
            level = over[y, x]
            rest = np.uint32(base[y, x]) * (np.uint32(255) - table[level, 3]) + np.uint32(127)
            out[y, x, 0] = np.uint8((rest + table[level, 0]) // np.uint32(255))
            out[y, x, 1] = np.uint8((rest + table[level, 1]) // np.uint32(255))
            out[y, x, 2] = np.uint8((rest + table[level, 2]) // np.uint32(255))
