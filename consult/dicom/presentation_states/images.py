"""Which images of a case a presentation state is for, and which of its parts is for which of them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

from consult.dicom.presentation_states.records import References
from consult.dicom.records import Frame, StackRecord


class Part(Protocol):
    """What is for some images of a state, or for all."""

    @property
    def references(self) -> References:
        """The images; none: all."""


P = TypeVar("P", bound=Part)
Named = Mapping[str, frozenset[int]]
"""Frames, from 1, by SOPInstanceUID; none: all of them."""


def named(references: References) -> Named:
    """References by what they name."""
    found: dict[str, frozenset[int]] = {}
    for reference in references:
        frames = frozenset(reference.frames)
        before = found.get(reference.instance, frames)
        found[reference.instance] = frames | before if frames and before else frozenset()
    return found


def is_named(images: Named, frame: Frame) -> bool:
    """Whether an image is among them."""
    frames = images.get(frame.sop_instance_uid)
    return frames is not None and (not frames or frame.frame + 1 in frames)


def images_of(references: References, stacks: Sequence[StackRecord]) -> Iterator[tuple[StackRecord, int, Frame]]:
    """Those that are named and are here, stack by stack: each with its index."""
    images = named(references)
    for stack in stacks:
        for image, frame in enumerate(stack.frames):
            if is_named(images, frame):
                yield stack, image, frame


class Parts(Generic[P]):
    """The parts of one sort, found by image: a state of a thousand images has a thousand of them."""

    def __init__(self, parts: Sequence[P]) -> None:
        self._by_instance: dict[str, list[tuple[int, P, Named]]] = {}
        self._of_all: list[tuple[int, P]] = []
        for index, part in enumerate(parts):
            if not part.references:
                self._of_all.append((index, part))
            images = named(part.references)
            for instance in images:
                self._by_instance.setdefault(instance, []).append((index, part, images))

    def of(self, frame: Frame) -> list[P]:
        """Those that are for an image, in their order."""
        own = self._by_instance.get(frame.sop_instance_uid, ())
        here = [(index, part) for index, part, images in own if is_named(images, frame)]
        return [part for _, part in sorted([*here, *self._of_all], key=lambda one: one[0])]
