"""What tells parts of a series apart that cannot lie in one stack: their names. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from consult.dicom.placing import Item, same_orientation
from consult.model.geometry import Vec, cross

PLANES = ("sagittal", "coronal", "axial")
"""By the axis that is nearest to the normal."""
STRAIGHT = 0.95
"""The cosine from which a plane is not called oblique."""


def split_names(parts: Sequence[Item]) -> list[str]:
    """A name for each part, by one image of each; "" for a part alone."""
    if len(parts) < 2:
        return [""]
    words = [[describe(part) for part in parts] for describe in DESCRIPTIONS]
    distinct = [column for column in words if len(set(column)) > 1]
    return _numbered([", ".join(filter(None, row)) for row in zip(*distinct, strict=True)] or [""] * len(parts), parts)


def _numbered(names: Sequence[str], parts: Sequence[Item]) -> list[str]:
    """Those of one name are told apart by a number."""
    counts, seen = Counter(names), Counter[str]()
    return [_with_number(name, parts, seen) if counts[name] > 1 else name for name in names]


def _with_number(name: str, parts: Sequence[Item], seen: Counter[str]) -> str:
    seen[name] += 1
    turned = any(not same_orientation(parts[0].frame.plane, part.frame.plane) for part in parts)
    return ", ".join(filter(None, (name, f"{'orientation' if turned else 'part'} {seen[name]}")))


def _plane(item: Item) -> str:
    if item.frame.plane is None:
        return "no position"
    normal: Vec = cross(item.frame.plane.right, item.frame.plane.down)
    sizes = [abs(component) for component in normal]
    name = PLANES[sizes.index(max(sizes))]
    return name if max(sizes) >= STRAIGHT else f"oblique {name}"


def _size(item: Item) -> str:
    return f"{item.file.format.columns} × {item.file.format.rows}"


def _colour(item: Item) -> str:
    return "colour" if item.file.format.colour else "grey"


def _spacing(item: Item) -> str:
    return f"{item.frame.row_spacing:.4g} {item.frame.unit}"


def _unit(item: Item) -> str:
    return item.file.unit


DESCRIPTIONS: tuple[Callable[[Item], str], ...] = (_plane, _size, _colour, _spacing, _unit)
