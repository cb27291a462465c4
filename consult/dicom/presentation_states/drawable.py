"""What is drawn of a presentation state over each of its images. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from msgspec.structs import replace

from consult.dicom.presentation_states.catalogue import turned
from consult.dicom.presentation_states.images import Parts, images_of
from consult.dicom.presentation_states.records import PresentationStateRecord
from consult.dicom.presenting.image import lut_greys
from consult.dicom.records import StackRecord
from consult.model.geometry import Grid
from consult.model.presentation_states.drawn import Annotation, Figure, Point, Words
from consult.model.presentation_states.state import Box
from consult.rendering.presentation_states.state import DrawnImage, DrawnState, ImageKey

Axes = tuple[tuple[int, int], tuple[int, int]]


def drawn_state(found: PresentationStateRecord, stacks: Sequence[StackRecord]) -> DrawnState:
    """All that is drawn of a state, by image; images of which the same is drawn share it."""
    vois, areas, annotations = Parts(found.vois), Parts(found.areas), Parts(found.annotations)
    axes = turned(found.rotation, flipped=found.flipped)
    shared: dict[tuple[object, ...], DrawnImage] = {}
    images: dict[ImageKey, DrawnImage] = {}
    for stack, image, frame in images_of(found.images, stacks):
        voi, area = next(iter(vois.of(frame)), None), next(iter(areas.of(frame)), None)
        own = annotations.of(frame)
        box = area.box if area is not None else whole(stack.series.grid)
        alike = (id(voi), box, tuple(map(id, own)))
        if alike not in shared:
            shared[alike] = DrawnImage(
                function=voi.function if voi is not None and voi.lut is None else None,
                lut=lut_greys(voi.lut) if voi is not None and voi.lut is not None else None,
                shutter=found.shutter,
                annotations=_joined([_placed(one.annotation, box, axes) for one in own]),
            )
        images[stack.series.key, image] = shared[alike]
    return DrawnState(images, _bytes(images))


def whole(grid: Grid) -> Box:
    """All of an image."""
    return (-0.5, -0.5, grid.columns - 0.5, grid.rows - 0.5)


def in_image(point: Point, box: Box, axes: Axes) -> Point:
    """A point of the displayed area, in parts of it as it lies on the screen, to pixels of the image."""
    left, top, right, bottom = box
    across, down = point[0] - 0.5, point[1] - 0.5
    (right_x, right_y), (down_x, down_y) = axes
    x, y = across * right_x + down * down_x, across * right_y + down * down_y
    return (left + right) / 2 + x * (right - left), (top + bottom) / 2 + y * (bottom - top)


def _placed(annotation: Annotation, box: Box, axes: Axes) -> Annotation:
    """With all its points in pixels of the image."""
    to_image = partial(in_image, box=box, axes=axes)
    figures = tuple(_figure(figure, to_image) if figure.in_area else figure for figure in annotation.figures)
    return replace(annotation, figures=figures, words=tuple(_words(words, to_image) for words in annotation.words))


def _joined(annotations: Sequence[Annotation]) -> tuple[Annotation, ...]:
    """Those that follow each other in one grey as one: each is laid over the whole picture."""
    found: list[Annotation] = []
    for one in annotations:
        if found and found[-1].grey == one.grey:
            found[-1] = Annotation(found[-1].figures + one.figures, found[-1].words + one.words, one.grey)
        else:
            found.append(one)
    return tuple(found)


def _figure(figure: Figure, to_image: partial[Point]) -> Figure:
    return replace(figure, points=tuple(map(to_image, figure.points)), in_area=False)


def _words(words: Words, to_image: partial[Point]) -> Words:
    box, anchor = words.box, words.anchor
    if box is not None and words.box_in_area:
        box = to_image(box[0]), to_image(box[1])
    if anchor is not None and words.anchor_in_area:
        anchor = to_image(anchor)
    return replace(words, box=box, anchor=anchor, box_in_area=False, anchor_in_area=False)


def _bytes(images: Mapping[ImageKey, DrawnImage]) -> int:
    """Of memory that they take, about."""
    different = {id(drawn): drawn for drawn in images.values()}.values()
    points = sum(len(f.points) for drawn in different for a in drawn.annotations for f in a.figures)
    objects = sum(len(a.figures) + len(a.words) for drawn in different for a in drawn.annotations)
    return 200 * (len(images) + len(different)) + 120 * points + 500 * objects
