"""The compiled loops of planes. Read `plane` first: it says what is computed.

Rules of this file:
- Trilinear interpolation in float32, in one written order: a still's digest names the bytes that come out.
- Positions along a row are fixed-point, as in `rendering.kernels`: no floor() and no error that adds up. What lies
  between eight voxels is `trilinear`'s.
- A `Source` is (voxels, places): (layers, rows, columns) of a type that float32 holds exactly, contiguous; and where
  layers lie, (layers,) float64 ascending, in steps, empty where they are even.
- A `Scanline` is (start, step): (column, row, step) of a row's first sample, and from one to the next.
- A `Scratch` is `trilinear`'s.
- A `Walk` is twelve numbers: the (column, row, step) of the first sample, then what a device pixel to the right, one
  down, and one step of the slab add to it.
- Half a voxel beyond the border belongs to the volume, with the border's values; beyond that there is nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.rendering.compiled import kernel
from consult.rendering.kernels import F32, FIXED_ONE, Pair, Ramping, Target, span
from consult.rendering.planes.trilinear import PART, Scratch, inner

Walk = tuple[float, float, float, float, float, float, float, float, float, float, float, float]
Point = tuple[float, float, float]
Scanline = tuple[Point, Point]
Source = tuple[Any, Any]

MEAN, MAX, MIN = 0, 1, 2
TILE = 1024
"""Device pixels of a row that are drawn for all rows before the next ones: their voxels stay in the cache."""
LANES = np.uint64(48)
"""Bits of the three colours of a level."""
MARGIN = 1e-5
"""Voxels; more than fixed point loses along a tile."""


@kernel
def border(voxels: Any, scanline: Scanline, extent: Pair, line: F32) -> None:
    """Values along a run at the volume's border, whose voxels go on beyond it."""
    start, step = scanline
    layers, rows, columns = voxels.shape
    for x in range(extent[0], extent[1]):
        u = min(max(start[0] + x * step[0], 0.0), columns - 1.0)
        v = min(max(start[1] + x * step[1], 0.0), rows - 1.0)
        w = min(max(start[2] + x * step[2], 0.0), layers - 1.0)
        line[x] = between(voxels, int(w), w - int(w), u, v)


@kernel
def uneven(source: Source, scanline: Scanline, extent: Pair, line: F32) -> None:
    """Values along a run where layers are uneven."""
    voxels, places = source
    start, step = scanline
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
def run(source: Source, scanline: Scanline, extent: Pair, scratch: Scratch, line: F32) -> None:
    """Values along a row of samples that lie in the volume, `line[extent[0]:extent[1]]`."""
    voxels, places = source
    start, step = scanline
    layers, rows, columns = voxels.shape
    if places.shape[0] > 0:
        uneven(source, scanline, extent, line)
        return
    first, last = span(start[0], step[0], (MARGIN, columns - 1 - MARGIN), extent)
    first, last = span(start[1], step[1], (MARGIN, rows - 1 - MARGIN), (first, last))
    first, last = span(start[2], step[2], (MARGIN, layers - 1 - MARGIN), (first, last))
    if first >= last:
        border(voxels, scanline, extent, line)
        return
    border(voxels, scanline, (extent[0], first), line)
    begin = (fixed(start[0] + first * step[0]), fixed(start[1] + first * step[1]), fixed(start[2] + first * step[2]))
    move = (fixed(step[0]), fixed(step[1]), fixed(step[2]))
    inner(voxels.reshape(-1), (columns, rows * columns), (begin, move), scratch, line[first:last])
    border(voxels, scanline, (last, extent[1]), line)


@kernel
def fixed(position: float) -> int:
    """A position as fixed point."""
    return round(position * FIXED_ONE)


@kernel
def combine(values: F32, line: F32, hits: F32, extent: Pair, mode: int) -> None:
    """One step of a slab more: its sum, its maximum or its minimum so far, and how many steps lay in the volume."""
    first, last = extent
    new, so_far, count = values[first:last], line[first:last], hits[first:last]
    for x in range(count.shape[0]):
        count[x] += np.float32(1.0)
    if mode == MEAN:
        for x in range(new.shape[0]):
            so_far[x] += new[x]
    elif mode == MAX:
        for x in range(new.shape[0]):
            so_far[x] = new[x] if new[x] > so_far[x] else so_far[x]
    else:
        for x in range(new.shape[0]):
            so_far[x] = new[x] if new[x] < so_far[x] else so_far[x]


@kernel
def inside(source: Source, scanline: Scanline, count: int) -> Pair:
    """Which of the samples of a row lie in the volume; they are neighbours."""
    voxels, places = source
    layers, rows, columns = voxels.shape
    start, step = scanline
    top = places[layers - 1] + 0.5 if places.shape[0] > 0 else layers - 0.5
    extent = span(start[0], step[0], (-0.5, columns - 0.5), (0, count))
    extent = span(start[1], step[1], (-0.5, rows - 0.5), extent)
    return span(start[2], step[2], (-0.5, top), extent)


@kernel
def sample_slab(
    source: Source, scanline: Scanline, slab: tuple[Point, Pair, int], scratch: Scratch, buffers: F32
) -> None:
    """One row of samples with all steps of its slab.

    Args:
        source, scratch: see above.
        scanline: of the slab's first step.
        slab: to its next step; how many it has, and what is shown of them; samples of the row.
        buffers: (5, TILE): values of one step; what is shown, written; how many steps lay in the volume, written.
    """
    deeper, (steps, mode), count = slab
    values, line, hits = buffers[0][:count], buffers[1][:count], buffers[2][:count]
    line[:] = 0.0 if mode == MEAN else (-np.inf if mode == MAX else np.inf)
    hits[:] = 0.0
    first, across = scanline
    for depth in range(steps):
        start = (first[0] + depth * deeper[0], first[1] + depth * deeper[1], first[2] + depth * deeper[2])
        extent = inside(source, (start, across), line.shape[0])
        if extent[0] < extent[1]:
            run(source, (start, across), extent, scratch, values)
            combine(values, line, hits, extent, mode)
    if mode == MEAN:
        for x in range(line.shape[0]):
            line[x] = line[x] / (hits[x] if hits[x] > np.float32(0.0) else np.float32(1.0))


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
    width = ink[1][0].shape[1]
    across, deeper = (walk[3], walk[4], walk[5]), (walk[9], walk[10], walk[11])
    scratch = np.empty(PART, np.uint32), np.empty(8 * PART, source[0].dtype)
    buffers = np.empty((5, TILE), np.float32)
    single = counts[0] * counts[1] * counts[2] == 1
    for left in range(0, width, TILE):
        count = min(TILE, width - left)
        for y in range(band[0], band[1]):
            if single:
                scanline = (corner(walk, float(left), float(y)), across)
                extent = inside(source, scanline, count)
                if extent[0] < extent[1]:
                    run(source, scanline, extent, scratch, buffers[0])
                    paint(buffers[0], extent, (y, left), ink)
                continue
            buffers[3:] = 0.0
            for sample in range(counts[1] * counts[2]):
                px = left + (sample % counts[1] + 0.5) / counts[1] - 0.5
                py = y + (sample // counts[1] + 0.5) / counts[2] - 0.5
                scanline = (corner(walk, px, py), across)
                sample_slab(source, scanline, (deeper, (counts[0], counts[3]), count), scratch, buffers)
                add_found(buffers, count)
            average_found(buffers, count, (y, left), ink)


@kernel
def corner(walk: Walk, x: float, y: float) -> Point:
    """Where a device pixel's sample lies, at the slab's first step."""
    return (
        walk[0] + x * walk[3] + y * walk[6],
        walk[1] + x * walk[4] + y * walk[7],
        walk[2] + x * walk[5] + y * walk[8],
    )


@kernel
def add_found(buffers: F32, count: int) -> None:
    """Samples that lay in the volume to the sum of their device pixel, and to their count."""
    line, hits, sums, found = buffers[1], buffers[2], buffers[3], buffers[4]
    for x in range(count):
        sums[x] += line[x] if hits[x] > np.float32(0.0) else np.float32(0.0)
    for x in range(count):
        found[x] += np.float32(1.0) if hits[x] > np.float32(0.0) else np.float32(0.0)


@kernel
def average_found(buffers: F32, count: int, at: Pair, ink: tuple[Ramping, Target]) -> None:
    """Draw the averages of a row; where no sample lay in the volume, what was black stays black."""
    sums, found = buffers[3], buffers[4]
    for x in range(count):
        sums[x] = sums[x] / (found[x] if found[x] > np.float32(0.0) else np.float32(1.0))
    first = 0
    while first < count:
        while first < count and found[first] == np.float32(0.0):
            first += 1
        last = first
        while last < count and found[last] > np.float32(0.0):
            last += 1
        if first < last:
            paint(sums, (first, last), at, ink)
        first = last


@kernel
def paint(line: F32, extent: Pair, at: Pair, ink: tuple[Ramping, Target]) -> None:
    """Write values of a tile's row, `line[extent[0]:extent[1]]`, through the ramp. `at`: its row and first column."""
    out, straight = ink[1]
    middle, gain, level, flip = ink[0]
    y, left = at
    values = line[extent[0] : extent[1]]
    if straight.shape[0] > 0:
        levels = straight[y][left + extent[0] : left + extent[1]]
        for x in range(values.shape[0]):
            levels[x] = (values[x] - middle) * gain + level
        return
    drawn = out[y][left + extent[0] : left + extent[1]]
    for x in range(values.shape[0]):  # as `draw_row` of `rendering.kernels`, which says why it is written so
        value = (values[x] - middle) * gain + level
        value = value if value > np.float32(0.0) else np.float32(0.0)
        value = value if value < np.float32(255.0) else np.float32(255.0)
        drawn[x] = np.uint8(np.int32(value + np.float32(0.5)) ^ flip)


@kernel
def mix(table: Any, mixed: NDArray[np.uint32]) -> None:
    """All colours that there can be: of each level over each grey; all three channels at once, in lanes of 16 bits.

    Args:
        table: (256,) uint64, as `in_lanes` packs it.
        mixed: (256 x 256,) red, green and blue as one number, by level x 256 + grey; written.
    """
    lanes, low, byte = np.uint64(0x0001_0001_0001), np.uint64(0x00FF_00FF_00FF), np.uint64(8)
    colour, half = np.uint64(0xFFFF_FFFF_FFFF), np.uint64(0x0080_0080_0080)
    red, green, blue = np.uint64(0xFF), np.uint64(0xFF00), np.uint64(0xFF_0000)
    for level in range(256):
        over, rest = (table[level] & colour) + half, table[level] >> LANES
        for grey in range(256):
            # No lane overflows: colours are at most 255 times the opacity, greys 255 times the rest.
            value = over + np.uint64(grey) * rest * lanes
            value = ((value + ((value >> byte) & low)) >> byte) & low  # / 255, rounded: exact up to 65535
            packed = (value & red) | ((value >> byte) & green) | ((value >> np.uint64(16)) & blue)
            mixed[level * 256 + grey] = np.uint32(packed)


@kernel
def blend(base: NDArray[np.uint8], over: NDArray[np.uint8], mixed: Any, out: NDArray[np.uint8], band: Pair) -> None:
    """Colours over greys, rows from band[0] until band[1]; four pixels by three words of memory.

    A number is looked up for each pixel and not computed: there are a fortieth as many as pixels of a large screen.

    Args:
        base: (height, width) greys, contiguous.
        over: (height, width) levels, contiguous.
        mixed: as `mix` has it.
        out: (height, width, 3), contiguous.
        band: rows.
    """
    greys, levels, drawn = base.reshape(-1), over.reshape(-1), out.reshape(-1)
    first, last = band[0] * base.shape[1], band[1] * base.shape[1]
    # Whole words alone: what is left over at a band's ends is written by bytes, as its neighbour has the others.
    begin = min((first + 3) // 4 * 4, last)
    end = max(begin, last // 4 * 4)
    words = drawn[: drawn.shape[0] // 4 * 4].view(np.uint32)
    blend_fours(greys[begin:end], levels[begin:end], mixed, words[begin // 4 * 3 : end // 4 * 3])
    blend_each(greys[first:begin], levels[first:begin], mixed, drawn[3 * first : 3 * begin])
    blend_each(greys[end:last], levels[end:last], mixed, drawn[3 * end : 3 * last])


@kernel
def blend_fours(greys: NDArray[np.uint8], levels: NDArray[np.uint8], mixed: Any, words: NDArray[np.uint32]) -> None:
    """Pixels by fours; the words' first byte is the lowest, as on all machines that this runs on."""
    one, two, three, four, eight = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4), np.uint64(8)
    by8, by16, by24 = np.uint32(8), np.uint32(16), np.uint32(24)
    for count in range(greys.shape[0] // 4):
        i, j = four * np.uint64(count), three * np.uint64(count)  # unsigned: Numba wraps a negative index around
        a = mixed[np.uint64(levels[i]) << eight | np.uint64(greys[i])]
        b = mixed[np.uint64(levels[i + one]) << eight | np.uint64(greys[i + one])]
        c = mixed[np.uint64(levels[i + two]) << eight | np.uint64(greys[i + two])]
        d = mixed[np.uint64(levels[i + three]) << eight | np.uint64(greys[i + three])]
        words[j] = a | b << by24
        words[j + one] = b >> by8 | c << by16
        words[j + two] = c >> by16 | d << by8


@kernel
def blend_each(greys: NDArray[np.uint8], levels: NDArray[np.uint8], mixed: Any, drawn: NDArray[np.uint8]) -> None:
    """Pixels one by one."""
    for x in range(greys.shape[0]):
        value = mixed[np.uint64(levels[x]) << np.uint64(8) | np.uint64(greys[x])]
        drawn[3 * x] = np.uint8(value)
        drawn[3 * x + 1] = np.uint8(value >> np.uint32(8))
        drawn[3 * x + 2] = np.uint8(value >> np.uint32(16))


def mixed_of(table: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """What colours and opacities of levels, (4, 256), make of each grey, as `mix` has it."""
    mixed = np.empty(256 * 256, np.uint32)
    mix(in_lanes(table), mixed)
    return mixed


def in_lanes(table: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Colours and opacities of levels, (4, 256), as one number each: red, green, blue, and 255 less the opacity."""
    red, green, blue, opacity = table.astype(np.uint64)
    shifts = np.uint64(16), np.uint64(32)
    return np.asarray(red | green << shifts[0] | blue << shifts[1] | (np.uint64(255) - opacity) << LANES, np.uint64)
