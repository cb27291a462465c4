"""Values that the catalogue has for each image of a series. Pure. web/js/core/view/image-values.js reads them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)
Runs = tuple[tuple[int, int], ...]


def per_image(values: Sequence[T], nothing: T) -> tuple[T, ...]:
    """As fields of model.catalogue have them.

    Args:
        values: of the images of a stack, in their order.
        nothing: what stands where an image has none.

    Returns:
        One alone where all are the same; empty where all are `nothing`.
    """
    different = set(values)
    if different <= {nothing}:
        return ()
    return tuple(values) if len(different) > 1 else (values[0],)


def runs(images: Iterable[int]) -> Runs:
    """(first, last) of each run of images, which come in their order."""
    found: list[tuple[int, int]] = []
    for image in images:
        if found and found[-1][1] == image - 1:
            found[-1] = (found[-1][0], image)
        else:
            found.append((image, image))
    return tuple(found)
