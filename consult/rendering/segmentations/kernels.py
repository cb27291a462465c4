"""The compiled loops of segmentations. Read `cut` and `regions` first: they say what is sampled.

Rules of this file:
- A `Walk` is twelve numbers: the (column, row, location) of the first device pixel at the slab's first step, then what
  a pixel to the right, one down, and one step of the slab add to it.
- `places` is (layers, 4) float64: from where to where a layer reaches, ascending, and what is taken from (column, row)
  to come to its own pixels.
- `boxes` is (regions, 5) int64: top, left, rows, columns, and where its values begin in `data`; `starts` is
  (layers + 1,): the regions of layer k are those from starts[k] until starts[k + 1].
- Each device pixel has the value of the pixel that lies nearest to it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.rendering.compiled import kernel

Walk = tuple[float, float, float, float, float, float, float, float, float, float, float, float]
Source = tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]
"""(places, starts, boxes, data)."""
BITS, SHARES, LABELS = 0, 1, 2


@kernel
def mark(source: Source, kind: int, walk: Walk, steps: int, out: NDArray[np.uint16]) -> None:
    """What is marked at each device pixel: the largest share of the steps of a slab; of labels the first that is found.

    Args:
        source: see above.
        kind: what `data` is: single bits (the lowest first), bytes, or labels of two bytes, the lower first.
        walk: see above.
        steps: of the slab.
        out: (height, width); what is there already counts as found. Changed.
    """
    places, starts, boxes, data = source
    layers, k = places.shape[0], 0
    for y in range(out.shape[0]):
        for depth in range(steps):
            u = walk[0] + y * walk[6] + depth * walk[9]
            v = walk[1] + y * walk[7] + depth * walk[10]
            w = walk[2] + y * walk[8] + depth * walk[11]
            for x in range(out.shape[1]):
                location = w + x * walk[5]
                while k + 1 < layers and places[k + 1, 0] <= location:  # a row goes one way: the search is a walk
                    k += 1
                while k > 0 and places[k, 0] > location:
                    k -= 1
                if location < places[k, 0] or location >= places[k, 1]:
                    continue
                if kind != SHARES and out[y, x] > 0:  # a bit is as much as there is, a label stays
                    continue
                column = int(np.floor(u + x * walk[3] - places[k, 2] + 0.5))
                row = int(np.floor(v + x * walk[4] - places[k, 3] + 0.5))
                found = value_at(boxes, data, kind, (starts[k], starts[k + 1]), (column, row))
                if found > out[y, x]:
                    out[y, x] = found


@kernel
def value_at(boxes: Any, data: Any, kind: int, of: tuple[int, int], at: tuple[int, int]) -> Any:
    """The greatest value of some regions at a (column, row); 0 beside all of them."""
    greatest = np.uint16(0)
    for region in range(of[0], of[1]):
        row, column = at[1] - boxes[region, 0], at[0] - boxes[region, 1]
        if row < 0 or column < 0 or row >= boxes[region, 2] or column >= boxes[region, 3]:
            continue
        pixel = row * boxes[region, 3] + column
        first = boxes[region, 4]
        if kind == BITS:
            value = np.uint16(255 * ((data[first + (pixel >> 3)] >> (pixel & 7)) & 1))
        elif kind == SHARES:
            value = np.uint16(data[first + pixel])
        else:
            value = np.uint16(data[first + 2 * pixel] + 256 * np.int64(data[first + 2 * pixel + 1]))
        greatest = max(greatest, value)
    return greatest


@kernel
def lay(cover: Any, shares: Any, colour: tuple[int, int, int], opacity: int) -> None:
    """A colour over those of a cover (Porter and Duff's source over destination, neither multiplied by its opacity).

    Args:
        cover: (rows, columns, 4) uint8: red, green, blue, opacity; changed.
        shares: (rows, columns) uint16, of 255.
        colour: laid over it.
        opacity: of a whole share, 0 to 255.
    """
    for y in range(shares.shape[0]):
        for x in range(shares.shape[1]):
            above = (int(shares[y, x]) * opacity + 127) // 255
            if above == 0:
                continue
            rest = (int(cover[y, x, 3]) * (255 - above) + 127) // 255
            whole = above + rest
            for channel in range(3):
                mixed = colour[channel] * above + int(cover[y, x, channel]) * rest
                cover[y, x, channel] = np.uint8((mixed + whole // 2) // whole)
            cover[y, x, 3] = np.uint8(whole)


@kernel
def blend(cover: Any, picture: Any) -> None:
    """A cover over an RGB picture, which changes; both (height, width, ...)."""
    for y in range(picture.shape[0]):
        for x in range(picture.shape[1]):
            opacity = np.uint32(cover[y, x, 3])
            if opacity == 0:
                continue
            rest = np.uint32(255) - opacity
            for channel in range(3):
                mixed = np.uint32(picture[y, x, channel]) * rest + np.uint32(cover[y, x, channel]) * opacity
                picture[y, x, channel] = np.uint8((mixed + np.uint32(127)) // np.uint32(255))


@kernel
def flip_inside(edges: NDArray[np.float64], out: NDArray[np.uint8]) -> None:
    """Flip all pixels whose centre lies right of an edge, once for each: what lies inside of an odd number is 1.

    Args:
        edges: (n, 4): x and y of both ends, in pixels.
        out: (rows, columns) of 0 and 1; changed. Of each row the flips are summed by whoever calls: a flip counts for
            all that lies right of it.
    """
    for edge in range(edges.shape[0]):
        x, y, to_x, to_y = edges[edge]
        if y > to_y:
            x, y, to_x, to_y = to_x, to_y, x, y
        for row in range(max(0, int(np.ceil(y))), min(out.shape[0], int(np.ceil(to_y)))):
            crossing = x + (row - y) / (to_y - y) * (to_x - x)
            column = int(np.ceil(crossing))
            if column < out.shape[1]:
                out[row, max(0, column)] ^= 1


def warm() -> None:
    """Compile (or load from the cache), so that the first segmentation does not wait: data is read-only, and a part of
    a cover lies together in memory or does not."""
    places, starts, boxes = np.array([(-1.0, 1.0, 0.0, 0.0)]), np.zeros(2, np.int64), np.zeros((0, 5), np.int64)
    walk = (0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0)
    found, cover = np.zeros((2, 2), np.uint16), np.zeros((2, 4, 4), np.uint8)
    mark((places, starts, boxes, np.frombuffer(b"\0", np.uint8)), BITS, walk, 1, found)
    for part in (cover, cover[:, 1:3]):
        lay(part, np.zeros(part.shape[:2], np.uint16), (0, 0, 0), 255)
    blend(cover, np.zeros((2, 4, 3), np.uint8))
    flip_inside(np.zeros((0, 4)), np.zeros((2, 2), np.uint8))
