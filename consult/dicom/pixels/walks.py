"""Walks of coded data, compiled: how many bits the blocks or samples of JPEG take, how many bytes an RLE segment.

Nothing is decoded; what libjpeg makes up where data end early, or passes over where they are too many, is found here.
Each walk returns the number of bits, or -1 - n where the code of MCU or block n is invalid or beyond the end.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.rendering.compiled import kernel

Bytes = NDArray[np.uint8]
Lookup = NDArray[np.uint16]
"""Rows of 65536 entries by the next 16 bits: length of the code x 256 + symbol; 0 where it is none."""


@kernel
def number(value: Any) -> int:
    """A signed number of 64 bits, in which all is reckoned: numba makes floats of signed and unsigned ones together."""
    return np.int64(value)  # type: ignore[return-value]  # an int to numba


@kernel
def next_bits(data: Bytes, at: int) -> int:
    """The 16 bits from bit `at` on; `data` are padded by 8 bytes."""
    i = at >> 3
    word = number(data[i]) << 16 | number(data[i + 1]) << 8 | number(data[i + 2])
    return (word >> (8 - (at & 7))) & 0xFFFF


@kernel
def walk_differences(data: Bytes, end: int, tables: Lookup, units: NDArray[np.int64], mcus: int) -> int:
    """Differences of 0 to 16 bits: samples of the lossless process (H.1.2), DC coefficients of a progressive scan."""
    at = 0
    for mcu in range(mcus):
        for unit in range(len(units)):
            entry = number(tables[units[unit, 0], next_bits(data, at)])
            size = entry & 0xFF
            if entry == 0 or size > 16:
                return -1 - mcu
            at += (entry >> 8) + (size if size < 16 else 0)
            if at > end:
                return -1 - mcu
    return at


@kernel
def walk_sequential(data: Bytes, end: int, tables: Lookup, units: NDArray[np.int64], mcus: int) -> int:
    """Blocks of the sequential DCT processes (F.1.2)."""
    at = 0
    for mcu in range(mcus):
        for unit in range(len(units)):
            k = 0
            while k < 64:
                entry = number(tables[units[unit, 1 if k else 0], next_bits(data, at)])
                if entry == 0:
                    return -1 - mcu
                size = entry & 0xF
                run = (entry & 0xFF) >> 4
                at += (entry >> 8) + size
                if at > end:
                    return -1 - mcu
                if k == 0:
                    k = 1 if run == 0 else 65
                elif size == 0:
                    k = k + 16 if run == 15 else 64
                else:
                    k += run + 1
            if k > 64:
                return -1 - mcu
    return at


@kernel
def walk_progressive_ac(data: Bytes, end: int, tables: Lookup, known: NDArray[np.bool_], span: tuple[int, int]) -> int:
    """First scan of AC coefficients (G.1.2.2), from `span[0]` to `span[1]`; those not 0 are set in `known`."""
    at, skipped = 0, 0
    for block in range(len(known)):
        if skipped > 0:
            skipped -= 1
            continue
        k = span[0]
        while k <= span[1]:
            entry = number(tables[0, next_bits(data, at)])
            run, size = (entry & 0xFF) >> 4, entry & 0xF
            at += entry >> 8
            if entry == 0 or at + size > end or (size > 0 and k + run > span[1]):
                return -1 - block
            if size == 0 and run < 15:
                skipped = (1 << run) - 1 + (next_bits(data, at) >> (16 - run))
                at += run
                break
            k += run
            if size > 0:
                known[block, k] = True
            at += size
            k += 1
    return at if at <= end else -len(known)


@kernel
def walk_progressive_refinement(
    data: Bytes, end: int, tables: Lookup, known: NDArray[np.bool_], span: tuple[int, int]
) -> int:
    """A further bit of AC coefficients (G.1.2.3): one for each that is known not to be 0, and new ones."""
    at, skipped = 0, 0
    for block in range(len(known)):
        k = span[0]
        while skipped == 0 and k <= span[1]:
            entry = number(tables[0, next_bits(data, at)])
            run, size = (entry & 0xFF) >> 4, entry & 0xF
            at += entry >> 8
            if entry == 0 or size > 1 or at > end:
                return -1 - block
            if size == 0 and run < 15:
                skipped = (1 << run) + (next_bits(data, at) >> (16 - run))
                at += run
            else:
                bits, k = past_zeros(known[block], k, span[1], run)
                at += bits + size
                if k > span[1] and size:
                    return -1 - block
                known[block, min(k, 63)] |= size > 0
                k += 1
        if skipped > 0:
            skipped -= 1
            at += past_zeros(known[block], k, span[1], 64)[0]
        if at > end:
            return -1 - block
    return at


@kernel
def past_zeros(known: NDArray[np.bool_], k: int, last: int, zeros: int) -> tuple[int, int]:
    """Past so many coefficients that are 0: a bit for each other on the way, and where the next that is 0 stands."""
    bits = 0
    while k <= last and (known[k] or zeros > 0):
        if known[k]:
            bits += 1
        else:
            zeros -= 1
        k += 1
    return bits, k


@kernel
def walk_packbits(data: Bytes, size: int) -> int:
    """Where an RLE segment ends that holds `size` bytes (PS3.5 G.3.2); -1 - n where it holds n, as far as was seen."""
    at, done = 0, 0
    while done < size:
        control = number(data[at]) if at < len(data) else 0
        step, run = 1, 0
        if control < 128:
            step, run = control + 2, control + 1
        elif control > 128:
            step, run = 2, 257 - control
        if at + step > len(data):
            return -1 - done
        at += step
        done += run
    return at if done == size else -1 - done


def warm() -> None:
    """Compile all walks, or load them, so that no worker has to."""
    data, tables = np.frombuffer(bytes(16), np.uint8), np.full((1, 65_536), 0x100, np.uint16)
    units: NDArray[Any] = np.zeros((1, 2), np.int64)
    known = np.zeros((1, 64), np.bool_)
    walk_packbits(data, 1)
    walk_differences(data, 64, tables, units, 1)
    walk_sequential(data, 64, tables, units, 1)
    walk_progressive_ac(data, 64, tables, known, (1, 63))
    walk_progressive_refinement(data, 64, tables, known, (1, 63))
