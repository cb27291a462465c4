"""The compiled loops of volume rendering. Read `rays` first: it says what is computed.

Rules of this file:
- Everything is float32 or float64 in one written order: a still's digest names the bytes that come out.
- A ray's samples are counted from the volume's near side on. Skipping a brick skips to the first sample beyond it, so
  that it changes no sample that is seen: with and without bricks the picture is the same.
- `Source`, `Walk` and `Point` are those of `rendering.planes.kernels`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.rendering.compiled import kernel
from consult.rendering.kernels import F32, Pair
from consult.rendering.planes.kernels import Point, Source, Walk, between, corner, inside

Lights = tuple[NDArray[np.float64], NDArray[np.float64], F32]
"""(lengths, sides, shares): see `shade`."""

BRICK = 8
"""Voxels along each side of a brick."""
OPAQUE = np.float32(0.995)
"""What lies behind that much is not seen."""
LEAST = np.float32(1 / 512)
"""What adds less light than that is not lit by its gradient: nobody sees from where."""
NEARLY_OUT = 1e-9
"""Voxels beyond a brick's border, so that the next sample is never the same one again."""


@kernel
def extremes(voxels: Any, least: Any, greatest: Any, band: Pair) -> None:
    """The least and the greatest value of each brick, with the voxels behind it that are blended into it.

    Args:
        voxels: (layers, rows, columns).
        least, greatest: (layers, rows, columns) of bricks; written.
        band: layers of bricks.
    """
    layers, rows, columns = voxels.shape
    for z in range(band[0], band[1]):
        for y in range(least.shape[1]):
            for x in range(least.shape[2]):
                low = voxels[z * BRICK, y * BRICK, x * BRICK]
                high = low
                for k in range(z * BRICK, min(z * BRICK + BRICK + 1, layers)):
                    for j in range(y * BRICK, min(y * BRICK + BRICK + 1, rows)):
                        for value in voxels[k, j, x * BRICK : min(x * BRICK + BRICK + 1, columns)]:
                            low = min(low, value)
                            high = max(high, value)
                least[z, y, x] = low
                greatest[z, y, x] = high


@kernel
def layer_at(places: Any, w: float, near: int) -> int:
    """Which layer lies before a place, where layers are uneven; `near`: one that is not far."""
    k = near
    while k < places.shape[0] - 2 and places[k + 1] <= w:
        k += 1
    while k > 0 and places[k] > w:
        k -= 1
    return k


@kernel
def value_at(source: Source, at: Point, near: int) -> Any:
    """The value at (column, row, step), by trilinear interpolation; beyond the border that of the border."""
    voxels, places = source
    layers, rows, columns = voxels.shape
    u = min(max(at[0], 0.0), columns - 1.0)
    v = min(max(at[1], 0.0), rows - 1.0)
    if places.shape[0] == 0:
        w = min(max(at[2], 0.0), layers - 1.0)
        return between(voxels, int(w), w - int(w), u, v)
    w = min(max(at[2], 0.0), places[layers - 1])
    k = layer_at(places, w, near)
    return between(voxels, k, (w - places[k]) / (places[k + 1] - places[k]), u, v)


@kernel
def gradient(source: Source, at: Point, near: int) -> Point:
    """Of the values, by column, row and step: from one voxel before to one behind."""
    u, v, w = at
    return (
        float(value_at(source, (u + 1.0, v, w), near) - value_at(source, (u - 1.0, v, w), near)),
        float(value_at(source, (u, v + 1.0, w), near) - value_at(source, (u, v - 1.0, w), near)),
        float(value_at(source, (u, v, w + 1.0), near) - value_at(source, (u, v, w - 1.0), near)),
    )


@kernel
def shade(slope: Point, lights: Lights) -> tuple[Any, Any]:
    """(diffuse, specular) light of a place; the side that is seen is the one that is lit.

    Args:
        slope: as `gradient` gives it.
        lights: (3, 3): their products with it and it are its squared length in the patient; (3, 3): one row each for
            what the viewer, the light, and the direction between both see of it; ambient, diffuse and specular shares,
            and the length from which on a place counts as a surface.
    """
    lengths, sides, shares = lights
    long = 0.0
    for i in range(3):
        for j in range(3):
            long += slope[i] * slope[j] * lengths[i, j]
    long = np.sqrt(max(long, 0.0))
    ambient, diffuse, specular, full = shares[0], shares[1], shares[2], shares[3]
    if long <= 0.0:
        return ambient + diffuse, np.float32(0.0)
    seen = (slope[0] * sides[0, 0] + slope[1] * sides[0, 1] + slope[2] * sides[0, 2]) / long
    lit = (slope[0] * sides[1, 0] + slope[1] * sides[1, 1] + slope[2] * sides[1, 2]) / long
    half = (slope[0] * sides[2, 0] + slope[1] * sides[2, 1] + slope[2] * sides[2, 2]) / long
    if seen < 0.0:
        lit, half = -lit, -half
    lit, half = max(lit, 0.0), max(half, 0.0)
    shine = half * half  # to the 32nd power
    shine *= shine
    shine *= shine
    shine *= shine
    shine *= shine
    surface = np.float32(min(long / full, 1.0))
    bright = ambient + diffuse * (surface * np.float32(lit) + np.float32(1.0) - surface)
    return bright, specular * surface * np.float32(shine)


@kernel
def samples_out(at: float, step: float, brick: int, last: int) -> float:
    """How many samples on a ray leaves a brick along one axis. `last`: of the bricks, whose far side is open."""
    if step > 0.0:
        return 1e9 if brick == last else ((brick + 1) * BRICK - at) / step
    if step < 0.0:
        return 1e9 if brick == 0 else (brick * BRICK - at) / step
    return 1e9


@kernel
def brick_of(at: float, count: int) -> int:
    """The brick that a voxel's place lies in."""
    return min(max(int(max(at, 0.0)) // BRICK, 0), count - 1)


@kernel
def brick_end(at: Point, deeper: Point, layer: int, clear: Any, even: bool) -> tuple[int, bool]:
    """How many samples, at least one, lie in the brick of this one, and whether any of them may be seen.

    Args:
        at, deeper: the sample, and from one to the next.
        layer: that it lies behind, where layers are uneven.
        clear: (layers, rows, columns) of bricks: 1 where nothing of it is seen.
        even: whether layers are.
    """
    z, y, x = clear.shape
    column, row = brick_of(at[0], x), brick_of(at[1], y)
    deep = brick_of(at[2], z) if even else min(layer // BRICK, z - 1)
    out = min(samples_out(at[0], deeper[0], column, x - 1), samples_out(at[1], deeper[1], row, y - 1))
    if even:
        out = min(out, samples_out(at[2], deeper[2], deep, z - 1))
    elif deeper[2] != 0.0:
        out = min(out, 1.0)
    return max(1, int(np.ceil(min(out, 1e6) - NEARLY_OUT))), clear[deep, row, column] == 0


@kernel
def mixed(flat: Any, at: Any, pair: Pair, shares: tuple[Any, Any]) -> Any:
    """Between four voxels: `at`, and those a step of one axis and of another further on."""
    one, other = np.uint64(pair[0]), np.uint64(pair[1])
    a, b = np.float32(flat[at]), np.float32(flat[at + one])
    c, d = np.float32(flat[at + other]), np.float32(flat[at + other + one])
    a += (b - a) * shares[0]
    c += (d - c) * shares[0]
    return a + (c - a) * shares[1]


@kernel
def slope_along(flat: Any, at: Any, steps: tuple[int, int, int], shares: tuple[Any, Any, Any]) -> Any:
    """The difference along one axis from one voxel before to one behind. `steps`: of that axis, then of both others."""
    along, pair, across = np.uint64(steps[0]), (steps[1], steps[2]), (shares[1], shares[2])
    before, here = mixed(flat, at - along, pair, across), mixed(flat, at, pair, across)
    behind, beyond = mixed(flat, at + along, pair, across), mixed(flat, at + along + along, pair, across)
    near = before + (here - before) * shares[0]
    return behind + (beyond - behind) * shares[0] - near


@kernel
def cast(  # noqa: PLR0917 - a kernel takes no object
    source: Source, clear: Any, walk: Walk, looks: tuple[int, F32, tuple[Any, Any], Lights], out: Any, band: Pair
) -> None:
    """Rows of a picture, from band[0] until band[1].

    Args:
        source, walk: see above; a step of the walk goes from a sample of a ray to the next.
        clear: as in `brick_end`.
        looks: samples of a ray; (levels, 4) red, green, blue (0 to 1) and opacity of a sample; the value of the first
            level, and levels of a unit; the lights.
        out: (height, width, 3); written.
        band: rows.
    """
    deeper = (walk[9], walk[10], walk[11])
    for y in range(band[0], band[1]):
        for x in range(out.shape[1]):
            ray(source, clear, (corner(walk, float(x), float(y)), deeper), looks, out[y, x])


@kernel
def ray(
    source: Source,
    clear: Any,
    scanline: tuple[Point, Point],
    looks: tuple[int, F32, tuple[Any, Any], Lights],
    pixel: Any,
) -> None:
    """One pixel. Args: as `cast`; `scanline`: where its first sample lies, and from one to the next."""
    voxels, places = source
    start, deeper = scanline
    count, table, (first, gain), lights = looks
    even = places.shape[0] == 0
    layers, rows, columns = voxels.shape
    flat, of_layer = voxels.reshape(-1), rows * columns
    one, top = np.float32(1.0), np.float32(table.shape[0] - 1)
    red, green, blue, light = np.float32(0.0), np.float32(0.0), np.float32(0.0), one
    sample, last = inside(source, scanline, count)
    layer = 0
    while sample < last and light > one - OPAQUE:
        at = (start[0] + sample * deeper[0], start[1] + sample * deeper[1], start[2] + sample * deeper[2])
        if not even:
            layer = layer_at(places, at[2], layer)
        run, seen = brick_end(at, deeper, layer, clear, even)
        end = min(sample + run, last)
        if not seen:
            sample = end
            continue
        while sample < end and light > one - OPAQUE:
            u, v = start[0] + sample * deeper[0], start[1] + sample * deeper[1]
            w = start[2] + sample * deeper[2]
            sample += 1
            inner = even and 1.0 <= u < columns - 2.0 and 1.0 <= v < rows - 2.0 and 1.0 <= w < layers - 2.0
            i, j, k = int(u), int(v), int(w)
            fu, fv, fw = np.float32(u - i), np.float32(v - j), np.float32(w - k)
            here = np.uint64(k * of_layer + j * columns + i) if inner else np.uint64(0)
            if inner:
                near = mixed(flat, here, (1, columns), (fu, fv))
                value = near + (mixed(flat, here + np.uint64(of_layer), (1, columns), (fu, fv)) - near) * fw
            else:
                value = value_at(source, (u, v, w), layer)
            level = min(max((value - first) * gain, np.float32(0.0)), top)
            drawn = table[np.int32(level + np.float32(0.5))]
            if drawn[3] <= np.float32(0.0):
                continue
            share = light * drawn[3]
            bright, shine = lights[2][0] + lights[2][1], np.float32(0.0)
            if share > LEAST:
                if inner:
                    slope = (
                        float(slope_along(flat, here, (1, columns, of_layer), (fu, fv, fw))),
                        float(slope_along(flat, here, (columns, 1, of_layer), (fv, fu, fw))),
                        float(slope_along(flat, here, (of_layer, 1, columns), (fw, fu, fv))),
                    )
                else:
                    slope = gradient(source, (u, v, w), layer)
                bright, shine = shade(slope, lights)
            red += share * (drawn[0] * bright + shine)
            green += share * (drawn[1] * bright + shine)
            blue += share * (drawn[2] * bright + shine)
            light *= one - drawn[3]
    pixel[0], pixel[1], pixel[2] = byte_of(red), byte_of(green), byte_of(blue)


@kernel
def byte_of(share: Any) -> Any:
    """0 to 1 as 0 to 255."""
    return np.uint8(min(max(share, np.float32(0.0)), np.float32(1.0)) * np.float32(255.0) + np.float32(0.5))
