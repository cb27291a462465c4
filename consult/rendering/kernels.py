"""The compiled loops of a stack picture. Read `taps`, `affine` and `window` first: they say what is computed.

Rules of this file:
- Values are float32 in one written order; `greys` of `window` does the same to an image as it is.
- Nothing beyond the ranges given is written: what was black stays black.
- `pixels` is (rows, columns) of a type that float32 holds exactly.
- A `Ramping` is (middle, gain, level, flip) of a `Ramp`; `flip` is 255 to invert, else 0.
- An `Axis` is (start, weights, first, last) of `Taps`.
- A `Target` is (out, straight): `straight`, (height, width) float32, receives levels that are neither cut nor rounded,
  for a sigmoid that bends them later; where it has no rows, `out`, (height, width) uint8, is drawn.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.rendering.compiled import kernel

F32 = NDArray[np.float32]
Ramping = tuple[np.float32, np.float32, np.float32, np.int32]
Axis = tuple[NDArray[np.int32], F32, int, int]
Target = tuple[NDArray[np.uint8], F32]
Pair = tuple[int, int]

FIXED_BITS = 32
"""Positions along a slanted row are fixed-point: 2^-32 image pixels, 2e-6 of a pixel at the end of 8192."""
FIXED_ONE = 1 << FIXED_BITS
FRACTION_BITS = 24
"""What float32 holds of a fraction."""
FRACTION = 1.0 / (1 << FRACTION_BITS)


@kernel
def draw_row(line: F32, y: int, extent: Pair, ramp: Ramping, target: Target) -> None:
    """Write one row's interpolated values, from device pixel extent[0] until extent[1], through the ramp."""
    middle, gain, level, flip = ramp
    out, straight = target
    values = line[extent[0] : extent[1]]
    if straight.shape[0] > 0:
        levels = straight[y, extent[0] : extent[1]]
        for x in range(values.shape[0]):
            levels[x] = (values[x] - middle) * gain + level
        return
    drawn = out[y, extent[0] : extent[1]]
    # Comparisons in place of min and max, int32 before uint8: so LLVM makes it a loop of vector instructions. max() of
    # Numba keeps the order of NaNs, and float to uint8 has no instruction.
    for x in range(values.shape[0]):
        value = (values[x] - middle) * gain + level
        value = value if value > np.float32(0.0) else np.float32(0.0)
        value = value if value < np.float32(255.0) else np.float32(255.0)
        drawn[x] = np.uint8(np.int32(value + np.float32(0.5)) ^ flip)


@kernel
def average_across(source: Any, columns: Axis, line: F32) -> None:
    """Average along a row: `line` in device pixels from a row of image pixels."""
    start, weights, first, last = columns
    taps = weights.shape[0]
    result, begin = line[first:last], start[first:last]
    near, far = weights[0, first:last], weights[taps - 1, first:last]
    if taps == 2:  # magnified or one to one, nearly always: no inner loop
        for x in range(result.shape[0]):
            # Unsigned: Numba wraps a negative index around, which costs a comparison and a branch for each pixel.
            k = np.uint32(begin[x])
            result[x] = np.float32(source[k]) * near[x] + np.float32(source[k + np.uint32(1)]) * far[x]
        return
    for x in range(result.shape[0]):
        k = np.uint32(begin[x])
        total = np.float32(source[k]) * near[x]
        for tap in range(1, taps):
            total += np.float32(source[k + np.uint32(tap)]) * weights[tap, first + x]
        result[x] = total


@kernel
def upright(pixels: Any, columns: Axis, rows: Axis, ramp: Ramping, target: Target) -> None:
    """Rows are not minified (one or two taps): each image row is averaged across once, then they are blended."""
    row_start, row_weights, y_first, y_last = rows
    width = columns[0].shape[0]
    extent = (columns[2], columns[3])
    # The two image rows that a device row lies between are averaged across once and held, by the row's parity: the next
    # device row mostly lies between the same two, or shares one.
    lines = np.zeros((2, width), np.float32)
    held = np.full(2, -1, np.int64)
    blend = np.empty(width, np.float32)
    taps = row_weights.shape[0]
    for y in range(y_first, y_last):
        k = row_start[y]
        for tap in range(taps):
            slot = (k + tap) & 1
            if held[slot] != k + tap and row_weights[tap, y] != 0.0:
                average_across(pixels[k + tap], columns, lines[slot])
                held[slot] = k + tap
        w0 = row_weights[0, y]
        w1 = row_weights[1, y] if taps == 2 else np.float32(0.0)
        upper, lower = lines[k & 1], lines[(k + 1) & 1]
        if w1 == 0.0:
            draw_row(upper, y, extent, ramp, target)
        elif w0 == 0.0:
            draw_row(lower, y, extent, ramp, target)
        else:
            for x in range(width):
                blend[x] = upper[x] * w0 + lower[x] * w1
            draw_row(blend, y, extent, ramp, target)


@kernel
def upright_small(pixels: Any, columns: Axis, rows: Axis, ramp: Ramping, target: Target) -> None:
    """Rows are minified (any number of taps): summed down first, at the speed of memory, then averaged across."""
    start, weights, x_first, x_last = columns
    row_start, row_weights, y_first, y_last = rows
    if x_first >= x_last:
        return
    low = min(start[x_first], start[x_last - 1])
    high = max(start[x_first], start[x_last - 1]) + weights.shape[0]
    line = np.empty(start.shape[0], np.float32)
    total = np.empty(pixels.shape[1], np.float32)
    sums = total[low:high]
    for y in range(y_first, y_last):
        sums[:] = 0.0
        for tap in range(row_weights.shape[0]):
            weight = row_weights[tap, y]
            if weight != 0.0:
                source = pixels[row_start[y] + tap, low:high]
                for k in range(sums.shape[0]):
                    sums[k] += np.float32(source[k]) * weight
        average_across(total, columns, line)
        draw_row(line, y, (x_first, x_last), ramp, target)


@kernel
def span(start: float, step: float, bounds: tuple[float, float], extent: Pair) -> Pair:
    """The x of an extent with bounds[0] <= start + x * step < bounds[1]; they are neighbours."""
    first, last = extent
    if step != 0.0:
        # The division may be off by a rounding: it gives the neighbourhood, the loops below the exact ends, by the very
        # expression that the samples are taken at.
        near = (bounds[0] - start) / step
        far = (bounds[1] - start) / step
        first = max(first, int(max(min(near, far) - 2.0, -1.0)))
        last = min(last, int(max(min(max(near, far) + 3.0, 1e9), 0.0)))
    while first < last and not bounds[0] <= start + first * step < bounds[1]:
        first += 1
    while first < last and not bounds[0] <= start + (last - 1) * step < bounds[1]:
        last -= 1
    return first, max(first, last)


@kernel
def add_inner(flat: F32, width: int, start: Pair, step: Pair, line: F32) -> None:
    """Add the values along a slanted run that lies between four pixel centres everywhere.

    Args:
        flat: all pixels, row after row.
        width: of a row of them.
        start, step: fixed-point (column, row) of the run's first sample, and from one to the next.
        line: the run; added to.
    """
    u, v = start
    one = np.float32(1.0)
    scale = np.float32(FRACTION)
    for x in range(line.shape[0]):
        # Fixed point in place of floor(): no conversion from float to int for each sample, and no error that adds up.
        upper_left = np.uint64((v >> FIXED_BITS) * width + (u >> FIXED_BITS))
        lower_left = upper_left + np.uint64(width)
        fu = np.float32(np.int32((u & (FIXED_ONE - 1)) >> (FIXED_BITS - FRACTION_BITS))) * scale
        fv = np.float32(np.int32((v & (FIXED_ONE - 1)) >> (FIXED_BITS - FRACTION_BITS))) * scale
        upper = flat[upper_left] * (one - fu) + flat[upper_left + np.uint64(1)] * fu
        lower = flat[lower_left] * (one - fu) + flat[lower_left + np.uint64(1)] * fu
        line[x] += upper * (one - fv) + lower * fv
        u += step[0]
        v += step[1]


@kernel
def add_border(pixels: F32, start: tuple[float, float], step: tuple[float, float], extent: Pair, line: F32) -> None:
    """Add the values along a slanted row where it is at the image's border, whose pixels go on beyond it."""
    rows, columns = pixels.shape
    one = np.float32(1.0)
    for x in range(extent[0], extent[1]):
        u = min(max(start[0] + x * step[0], 0.0), columns - 1.0)
        v = min(max(start[1] + x * step[1], 0.0), rows - 1.0)
        c, r = int(u), int(v)
        fu, fv = np.float32(u - c), np.float32(v - r)
        right, below = min(c + 1, columns - 1), min(r + 1, rows - 1)
        upper = pixels[r, c] * (one - fu) + pixels[r, right] * fu
        lower = pixels[below, c] * (one - fu) + pixels[below, right] * fu
        line[x] += upper * (one - fv) + lower * fv


@kernel
def add_samples(pixels: F32, start: tuple[float, float], step: tuple[float, float], extent: Pair, line: F32) -> None:
    """Add the linearly interpolated values along a slanted row to `line`.

    Args:
        pixels: (rows, columns).
        start: (column, row) of the sample of device pixel 0.
        step: (column, row) from one device pixel to the next.
        extent: device pixels from the first until the second.
        line: (width,); added to.
    """
    rows, columns = pixels.shape
    margin = 1e-5  # more than fixed point loses along a row: the inner run reads four pixels without a check
    inner = span(start[0], step[0], (margin, columns - 1 - margin), extent)
    inner = span(start[1], step[1], (margin, rows - 1 - margin), inner)
    first, last = inner
    if first >= last:
        add_border(pixels, start, step, extent, line)
        return
    add_border(pixels, start, step, (extent[0], first), line)
    begin = (round((start[0] + first * step[0]) * FIXED_ONE), round((start[1] + first * step[1]) * FIXED_ONE))
    move = (round(step[0] * FIXED_ONE), round(step[1] * FIXED_ONE))
    add_inner(pixels.reshape(-1), columns, begin, move, line[first:last])
    add_border(pixels, start, step, (last, extent[1]), line)


@kernel
def slanted(pixels: F32, mapping: tuple[float, ...], samples: Pair, ramp: Ramping, target: Target) -> None:
    """Any other turn: linear interpolation at the centres of a grid of samples in each device pixel, averaged.

    Args:
        pixels: (rows, columns), converted to float32 before: each is read several times.
        ramp, target: see above.
        mapping: the fields of `Affine` in their order.
        samples: along the device pixel's (x, y); (1, 1) where nothing is minified.
    """
    rows, columns = pixels.shape
    c0, cx, cy, r0, rx, ry = mapping
    height, width = target[0].shape
    share = np.float32(1.0 / (samples[0] * samples[1]))
    line = np.empty(width, np.float32)
    for y in range(height):
        column, row = c0 + y * cy, r0 + y * ry
        extent = span(column, cx, (-0.5, columns - 0.5), (0, width))
        extent = span(row, rx, (-0.5, rows - 0.5), extent)
        if extent[0] >= extent[1]:
            continue
        line[extent[0] : extent[1]] = 0.0
        for sample in range(samples[0] * samples[1]):
            dx = (sample % samples[0] + 0.5) / samples[0] - 0.5
            dy = (sample // samples[0] + 0.5) / samples[1] - 0.5
            start = (column + dx * cx + dy * cy, row + dx * rx + dy * ry)
            add_samples(pixels, start, (cx, rx), extent, line)
        for x in range(extent[0], extent[1]):
            line[x] *= share
        draw_row(line, y, extent, ramp, target)
