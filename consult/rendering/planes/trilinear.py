"""The innermost compiled loop of planes: values along a run that lies between eight voxel centres everywhere.

Nearly all of a picture's time goes here. So what fetches voxels does nothing else, and what computes fetches none: then
all of it but the fetching is vector instructions. Voxels that are neighbours in a row are fetched by one load and kept
as neighbours, and a run is worked off in parts that stay in the first cache.

Rules of this file:
- Float32, in the order that is written here: a still's digest names the bytes that come out.
- Indices and positions are unsigned: Numba wraps a negative index around, which costs a branch for each voxel, and
  there are vector instructions for unsigned products alone. Positions inside a volume are not negative; a step may be,
  and wraps around to the same sum.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.rendering.compiled import kernel
from consult.rendering.kernels import F32, FIXED_BITS, FIXED_ONE, FRACTION, FRACTION_BITS, Pair

Fixed = tuple[int, int, int]
Scratch = tuple[NDArray[np.uint32], Any]
"""(at, pairs): (PART,) indices of voxels; (8 x PART,) of the voxels' type, pairs of neighbours of four rows."""

PART = 256
"""Samples of a run that are fetched, then computed."""
BELOW, BEHIND, BELOW_BEHIND = np.uint64(2 * PART), np.uint64(4 * PART), np.uint64(6 * PART)
"""Where in the scratch the pairs of the other three rows begin."""
BITS, WHOLE = np.uint64(FIXED_BITS), np.uint64(FIXED_ONE - 1)
ONE, TWO = np.uint64(1), np.uint64(2)


@kernel
def inner(flat: Any, strides: Pair, scanline: tuple[Fixed, Fixed], scratch: Scratch, line: F32) -> None:
    """The run.

    Args:
        flat: all voxels.
        strides: voxels from one row to the next, and from one layer to the next.
        scanline: fixed-point (column, row, layer) of the first sample, and from one to the next.
        scratch: see above.
        line: the run; written.
    """
    (u, v, w), step = scanline
    at, pairs = scratch
    for first in range(0, line.shape[0], PART):
        count = min(PART, line.shape[0] - first)
        here = (u + first * step[0], v + first * step[1], w + first * step[2]), step
        find(strides, here, at[:count])
        fetch(flat, strides, at[:count], pairs)
        interpolate(pairs, here, line[first : first + count])


@kernel
def find(strides: Pair, scanline: tuple[Fixed, Fixed], at: NDArray[np.uint32]) -> None:
    """The index of the first of the eight voxels around each sample."""
    start, step = scanline
    u, v, w = np.uint64(start[0]), np.uint64(start[1]), np.uint64(start[2])
    across, along, deeper = np.uint64(step[0]), np.uint64(step[1]), np.uint64(step[2])
    row, layer = np.uint64(strides[0]) & WHOLE, np.uint64(strides[1]) & WHOLE
    for x in range(at.shape[0]):
        at[x] = np.uint32((w >> BITS) * layer + (v >> BITS) * row + (u >> BITS))
        u += across
        v += along
        w += deeper


@kernel
def fetch(flat: Any, strides: Pair, at: NDArray[np.uint32], pairs: Any) -> None:
    """The eight voxels around each sample. Both of a pair are read before one is written: so LLVM makes it one load."""
    row, layer = np.uint64(strides[0]), np.uint64(strides[1])
    both = row + layer
    for x in range(at.shape[0]):
        here, near = np.uint64(at[x]), TWO * np.uint64(x)
        far = near + ONE
        a, b = flat[here], flat[here + ONE]
        pairs[near], pairs[far] = a, b
        a, b = flat[here + row], flat[here + row + ONE]
        pairs[near + BELOW], pairs[far + BELOW] = a, b
        a, b = flat[here + layer], flat[here + layer + ONE]
        pairs[near + BEHIND], pairs[far + BEHIND] = a, b
        a, b = flat[here + both], flat[here + both + ONE]
        pairs[near + BELOW_BEHIND], pairs[far + BELOW_BEHIND] = a, b


@kernel
def interpolate(pairs: Any, scanline: tuple[Fixed, Fixed], line: F32) -> None:
    """Between the two of each pair, then between the rows of a layer, then between the layers."""
    start, step = scanline
    u, v, w = fraction(start[0]), fraction(start[1]), fraction(start[2])
    across, along, deeper = fraction(step[0]), fraction(step[1]), fraction(step[2])
    for x in range(line.shape[0]):
        count, near = np.uint32(x), TWO * np.uint64(x)
        far = near + ONE
        fu, fv, fw = share(u + count * across), share(v + count * along), share(w + count * deeper)
        a = between_two(pairs[near], pairs[far], fu)
        b = between_two(pairs[near + BELOW], pairs[far + BELOW], fu)
        c = between_two(pairs[near + BEHIND], pairs[far + BEHIND], fu)
        d = between_two(pairs[near + BELOW_BEHIND], pairs[far + BELOW_BEHIND], fu)
        a += (b - a) * fv
        c += (d - c) * fv
        line[x] = a + (c - a) * fw


@kernel
def between_two(near: Any, far: Any, part: Any) -> Any:
    """near + (far - near) x part."""
    return np.float32(near) + (np.float32(far) - np.float32(near)) * part


@kernel
def fraction(position: int) -> Any:
    """What of a fixed-point position lies behind the point, also of a negative one: sums of it wrap around."""
    return np.uint32(position & (FIXED_ONE - 1))


@kernel
def share(position: Any) -> Any:
    """A fraction as a float, of as many bits as that holds."""
    bits = np.uint32(position) >> np.uint32(FIXED_BITS - FRACTION_BITS)
    return np.float32(np.int32(bits)) * np.float32(FRACTION)
