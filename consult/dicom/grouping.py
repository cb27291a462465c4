"""Which images of a series may lie in one stack, and what a part of a series is called. Pure.

Rules of this file:
- Images of one group share size, format, orientation, spacing, unit, photometric meaning, and what kind they are:
  magnitude and phase, a localizer, a derived map are entries of their own, whatever their positions.
- Signed and unsigned slices of one volume are one group: rescale makes their values equal.
- Where a series without positions holds a clip (a multi-frame object), each of its objects is an entry.
- Kinds that only some makers write (other values of ImageType, the kernel) part images that share a position; images
  at positions of their own stay together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from consult.dicom.placing import Item, find_places, reading_order, same_orientation
from consult.dicom.records import FrameAttributes, PixelFormat

SPACING_RELATIVE = 1e-3
WIDER = {"int8": "int16", "uint8": "int16", "int16": "int32", "uint16": "int32"}
"""What holds the signed and the unsigned values of that many bits."""
COMPONENTS = {
    "M": "magnitude",
    "MAGNITUDE": "magnitude",
    "P": "phase",
    "PHASE": "phase",
    "PHASE MAP": "phase",
    "R": "real",
    "REAL": "real",
    "I": "imaginary",
    "IMAGINARY": "imaginary",
}
"""Of MR, as ComplexImageComponent and ImageType have them (PS3.3 C.8.13.3.1.1)."""
KINDS = {
    "LOCALIZER": "localizer",
    "ADC": "ADC",
    "FA": "FA",
    "T1 MAP": "T1 map",
    "T2 MAP": "T2 map",
    "T2_STAR MAP": "T2* map",
    "MIP": "MIP",
    "MAX_IP": "MIP",
    "PROJECTION IMAGE": "projection",
}
WORDS = {
    "ORIGINAL": "original",
    "DERIVED": "derived",
    "PRIMARY": "primary",
    "SECONDARY": "secondary",
    "W": "water",
    "WATER": "water",
    "F": "fat",
    "FAT": "fat",
    "IP": "in phase",
    "IN_PHASE": "in phase",
    "OP": "out of phase",
    "OUT_PHASE": "out of phase",
}
"""Further values of ImageType; what is not here is named as it is."""


class Group(Struct, frozen=True):
    """Images that may lie in one stack.

    Attributes:
        name: what sets it apart from the rest of its series; "" where nothing does.
        clip: one object of a series without positions that holds clips.
    """

    items: tuple[Item, ...]
    name: str = ""
    clip: bool = False


def find_groups(items: Iterable[Item]) -> list[Group]:
    """The groups of one series."""
    items = list(items)
    flat = [item for item in items if item.frame.plane is None]
    clips = _clips(flat)
    rest = [item for item in items if item.frame.plane is not None] if clips else items
    kinds: dict[str, list[Item]] = {}
    for item in rest:
        kinds.setdefault(_kind(item), []).append(item)
    groups = [
        Group(tuple(alike), kind if len(kinds) > 1 else "")
        for kind, found in kinds.items()
        for alike in _join_signed(_alike_groups(found))
    ]
    return [part for group in groups for part in _part(group, (_image_type, _kernel))] + clips


def common_format(items: Sequence[Item]) -> PixelFormat:
    """What holds the values of all these items, which differ in signedness at most."""
    formats = dict.fromkeys(item.file.format for item in items)
    first = next(iter(formats))
    return first if len(formats) == 1 else replace(first, dtype=WIDER.get(first.dtype, first.dtype))


def _clips(flat: Sequence[Item]) -> list[Group]:
    """Each object for itself, in order of acquisition, where one of several has many frames."""
    objects = [tuple(found) for _, found in groupby(flat, key=lambda item: item.frame.file)]
    if len(objects) < 2 or all(len(found) == 1 for found in objects):
        return []
    objects.sort(key=lambda found: reading_order(found[0]))
    return [
        Group(found, f"{'clip' if len(found) > 1 else 'still'} {number}", clip=True)
        for number, found in enumerate(objects, 1)
    ]


def _alike_groups(items: Iterable[Item]) -> list[list[Item]]:
    groups: list[list[Item]] = []
    for item in items:
        for group in reversed(groups):
            if _alike(group[0], item) and group[0].file.format == item.file.format:
                group.append(item)
                break
        else:
            groups.append([item])
    return groups


def _alike(a: Item, b: Item) -> bool:
    first, second = a.frame, b.frame
    return (
        a.file.unit == b.file.unit
        and first.inverted == second.inverted
        and first.unit == second.unit
        and a.file.frame_of_reference_uid == b.file.frame_of_reference_uid
        and _near(first.row_spacing, second.row_spacing)
        and _near(first.column_spacing, second.column_spacing)
        and same_orientation(first.plane, second.plane)
    )


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= SPACING_RELATIVE * a


def _join_signed(groups: list[list[Item]]) -> list[list[Item]]:
    """Put groups together that differ only in signedness and lie at positions of their own."""
    joined: list[list[Item]] = []
    for group in groups:
        for other in joined:
            if _only_signedness_differs(other[0], group[0]) and _interleave(other, group):
                other += group
                break
        else:
            joined.append(group)
    return joined


def _only_signedness_differs(a: Item, b: Item) -> bool:
    one, other = a.file.format, b.file.format
    return (
        a.frame.plane is not None
        and {one.dtype, other.dtype} in ({"int8", "uint8"}, {"int16", "uint16"})
        and replace(one, dtype="") == replace(other, dtype="")
        and _alike(a, b)
    )


def _interleave(a: Sequence[Item], b: Sequence[Item]) -> bool:
    return all(len({item.file.format for item in place}) == 1 for place in find_places([*a, *b]))


def _attributes(item: Item) -> FrameAttributes:
    return item.frame.attributes or FrameAttributes()


def _kind(item: Item) -> str:
    """The kind that is an entry of its own, in words; "" for the usual one. Images without a position have none."""
    if item.frame.plane is None:
        return ""
    attributes = _attributes(item)
    values = attributes.image_type[2:]
    words = [KINDS[value] for value in values if value in KINDS]
    if item.file.modality == "MR":
        words += [COMPONENTS[value] for value in (attributes.component, *values) if value in COMPONENTS][:1]
    return ", ".join(dict.fromkeys(words))


def _image_type(item: Item) -> tuple[str, ...]:
    return _attributes(item).image_type


def _kernel(item: Item) -> tuple[str, ...]:
    return (_attributes(item).kernel,)


def _part(group: Group, kinds: Sequence[Callable[[Item], tuple[str, ...]]]) -> list[Group]:
    """Parts of a group whose images differ in kind at one position."""
    if not kinds or group.items[0].frame.plane is None:
        return [group]
    kind, rest = kinds[0], kinds[1:]
    alike = len({kind(item) for item in group.items}) == 1
    if alike or all(len({kind(item) for item in place}) == 1 for place in find_places(group.items)):
        return _part(group, rest)
    parts: dict[tuple[str, ...], list[Item]] = {}
    for item in group.items:
        parts.setdefault(kind(item), []).append(item)
    common = set.intersection(*map(set, parts))
    named = [(", ".join(filter(None, (group.name, _words(values, common)))), found) for values, found in parts.items()]
    return [part for name, found in named for part in _part(Group(tuple(found), name), rest)]


def _words(values: Iterable[str], common: set[str]) -> str:
    """What sets these values apart."""
    return ", ".join(WORDS.get(value, value) for value in values if value and value not in common)
