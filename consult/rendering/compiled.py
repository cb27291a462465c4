"""How kernels are compiled: once, kept on disk, without the interpreter's lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., object])


def kernel(function: F) -> F:
    """Compile on first use for the types it meets; cached between runs; releases the GIL.

    Never parallel (frames are, side by side) and never fastmath: the order of the operations as written is part of what
    a still's digest names.
    """
    return cast(F, njit(nogil=True, cache=True)(function))
