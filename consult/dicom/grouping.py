"""Which images of a series may lie in one stack, and what a part of a series is called. Pure.

Rules of this file:
- Images of one group share size, format, orientation, spacing, unit, photometric meaning, and what kind they are:
  magnitude and phase, a localizer, a derived map are entries of their own, whatever their positions.
- Signed and unsigned slices of one volume are one group: rescale makes their values equal.
- Where a series without positions holds a clip (a multi-frame object), each of its objects is an entry. So is each
  multi-frame object with positions, unless together they make a second axis (`split_objects`); the files of one
  concatenation are one object.
- Stacks of an enhanced object (StackID) are entries of their own.
- A mosaic and the tiles of a slide have no positions: across their tiles nothing lies where their geometry says.
- Kinds that only some makers write (other values of ImageType, the kernel) part images that share a position; images
  at positions of their own stay together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from consult.dicom.placing import Item, find_places, reading_order, same_orientation, without_place
from consult.dicom.records import FrameAttributes, PixelFormat
from consult.dicom.split_names import split_names

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
MOSAIC, SLIDE = "mosaic", "slide tiles"


class Group(Struct, frozen=True):
    """Images that may lie in one stack.

    Attributes:
        name: what sets it apart from the rest of its series; "" where nothing does.
        clip: one object of a series without positions that holds clips.
        tiled: what its images are made of, where they have no positions for that.
    """

    items: tuple[Item, ...]
    name: str = ""
    clip: bool = False
    tiled: str = ""


def find_groups(items: Iterable[Item]) -> list[Group]:
    """The groups of one series, whatever the order in which its files came."""
    items = sorted(items, key=reading_order)
    tiled: dict[str, list[Item]] = {}
    for item in items:
        tiled.setdefault(_tiled(item), []).append(item)
    whole = tiled.pop("", [])
    return [
        replace(group, tiled=tiles) for tiles, found in tiled.items() for group in _groups(map(without_place, found))
    ] + _groups(whole)


def split_objects(group: Group) -> list[Group]:
    """Each multi-frame object of a group for itself, and what its single images make."""
    objects: dict[str, list[Item]] = {}
    for item in group.items:
        objects.setdefault(_attributes(item).concatenation or item.frame.file, []).append(item)
    several = [found for found in objects.values() if len(found) > 1]
    if len(objects) < 2 or not several:
        return [group]
    single = [item for found in objects.values() if len(found) == 1 for item in found]
    parts = [*several, *([single] if single else [])]
    names = (", ".join(filter(None, (group.name, f"object {number}"))) for number in range(1, len(parts) + 1))
    return [replace(group, items=tuple(part), name=name) for part, name in zip(parts, names, strict=True)]


def _groups(items: Iterable[Item]) -> list[Group]:
    items = list(items)
    clips = _clips([item for item in items if item.frame.plane is None])
    rest = [item for item in items if item.frame.plane is not None] if clips else items
    several_stacks = len({_attributes(item).stack for item in rest}) > 1
    kinds: dict[str, list[Item]] = {}
    for item in rest:
        kinds.setdefault(_kind(item, several_stacks=several_stacks), []).append(item)
    groups = [
        group
        for kind, found in kinds.items()
        for group in _named(kind if len(kinds) > 1 else "", _join_signed(_alike_groups(found)))
    ]
    return [part for group in groups for part in _part(group, (_image_type, _kernel))] + clips


def _named(kind: str, alike: Sequence[Sequence[Item]]) -> list[Group]:
    names = (", ".join(filter(None, (kind, name))) for name in split_names([found[0] for found in alike]))
    return [Group(tuple(found), name) for found, name in zip(alike, names, strict=True)]


def _tiled(item: Item) -> str:
    """What its image is made of, where that is tiles that lie elsewhere in the patient than in the image."""
    if "MOSAIC" in _attributes(item).image_type:
        return MOSAIC
    return SLIDE if item.file.modality == "SM" else ""


def common_format(items: Sequence[Item]) -> PixelFormat:
    """What holds the values of all these items, which differ in signedness at most."""
    formats = dict.fromkeys(item.file.format for item in items)
    first = next(iter(formats))
    return first if len(formats) == 1 else replace(first, dtype=WIDER.get(first.dtype, first.dtype))


def _clips(flat: Sequence[Item]) -> list[Group]:
    """Each object for itself, in order of acquisition, where one of several has many frames."""
    files: dict[str, list[Item]] = {}
    for item in flat:
        files.setdefault(item.frame.file, []).append(item)
    objects = sorted(map(tuple, files.values()), key=lambda found: reading_order(found[0]))
    if len(objects) < 2 or all(len(found) == 1 for found in objects):
        return []
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


def _kind(item: Item, *, several_stacks: bool) -> str:
    """The kind that is an entry of its own, in words; "" for the usual one. Images without a position have none."""
    if item.frame.plane is None:
        return ""
    attributes = _attributes(item)
    values = attributes.image_type[2:]
    words = [KINDS[value] for value in values if value in KINDS]
    if item.file.modality == "MR":
        words += [COMPONENTS[value] for value in (attributes.component, *values) if value in COMPONENTS][:1]
    if several_stacks and attributes.stack:
        words.append(f"stack {attributes.stack}")
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
