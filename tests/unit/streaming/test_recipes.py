"""What a picture is made of: named wholly, painted alike for stills and for the moving picture."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Iterator
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from consult.media.video.png import pixels_sha256
from consult.media.video.raster import choose
from consult.model.catalogue import Series
from consult.model.geometry import add, scale, subtract
from consult.model.identifiers import ConnectionId, PresentationStateKey, SegmentationKey, SeriesKey, StudyKey
from consult.model.planes.acts import move_point, open_planes, set_slab
from consult.model.presentation_states.drawn import Annotation, Figure, Shutter
from consult.model.presentation_states.state import Look, PresentationState
from consult.model.privacy.blackout import NOTHING_HIDDEN
from consult.model.segmentations.layers import Layers
from consult.model.segmentations.segmentation import Segment, Segmentation
from consult.model.view import (
    Alignment,
    Fusion,
    Plane,
    Screen,
    ShownSegmentation,
    Stack,
    View,
    Viewport,
    Volume,
    Window,
)
from consult.rendering.digest import still_digest
from consult.rendering.presentation_states.state import DrawnImage, DrawnState
from consult.rendering.segmentations.painting import Drawable
from consult.rendering.segmentations.regions import Region, RegionSet
from consult.sessions.features.view.messages import ShownView
from consult.sessions.views import initial_view
from consult.streaming.arrays import Arrays
from consult.streaming.recipes import painter, recipe_of, source_digest
from consult.streaming.render_pool import RenderPool
from consult.streaming.scene import Scene, draw_scene
from consult.streaming.still_stamps import StampContext, StillStamper
from consult.streaming.stills import Stills
from tests.support.arrays import AlreadyRead, MadeVolume, MadeVolumes, waves
from tests.support.volumes import volume_case
from tests.support.waiting import PATIENCE_S
from tests.unit.streaming import test_router

CASE = volume_case()
CT, PET = SeriesKey("s-1"), SeriesKey("s-pet")
VIEW = open_planes(CASE, CT)
SIZE = (200, 160)
SUV = Window(50.0, 100.0)
WINDOW = Window(0.0, 400.0)
SERIES: dict[SeriesKey, Series] = {series.key: series for series in CASE.series}


class Volumes(test_router.Volumes):
    """A volume cache of waves, as stampers need it."""

    def __init__(self) -> None:
        super().__init__()
        self.made = {key: waves(SERIES[key]) for key in (CT, PET)}

    async def open(self, series: SeriesKey) -> MadeVolume:  # type: ignore[override]  # waves in place of the other's
        return self.made[series]


class Setup:
    def __init__(self, pool: RenderPool) -> None:
        self.volumes = Volumes()
        self.arrays = Arrays(MadeVolumes(self.volumes.made), pool, max_bytes=1 << 24)
        self.segmented = AlreadyRead[Drawable]()
        self.stated = AlreadyRead[DrawnState]()
        self.stills = Stills(self.volumes, pool, self.arrays, self.segmented, self.stated, cache_bytes=1 << 24)

    def digest(self, viewport: Viewport, size: tuple[int, int] = SIZE) -> str:
        recipe = recipe_of(viewport, CASE, size)
        return still_digest(source_digest(recipe, self.volumes.made), viewport, size)


@pytest.fixture
def pool() -> Iterator[RenderPool]:
    with RenderPool(2) as made:
        yield made


@pytest.fixture
async def setup(pool: RenderPool) -> AsyncIterator[Setup]:
    made = Setup(pool)
    yield made
    await made.stills.close()
    await made.arrays.close()


def of(view: View, identifier: str = "a", **changes: Any) -> Viewport:
    return replace(view.viewport(identifier), **changes)


PLANE = Plane(Volume(CT), "axial")
FUSION = Fusion(PLANE, Volume(PET), SUV)
OVER_STACK = replace(initial_view(CASE).viewports[0], shows=Fusion(Stack(CT, 5), Volume(PET), SUV))
VIEWPORTS: dict[str, Viewport] = {
    "stack": initial_view(CASE).viewports[0],
    "axial": of(VIEW),
    "sagittal": of(VIEW, "b"),
    "moved": of(move_point(VIEW, CASE, (1.0, 2.0, 9.0))),
    "another time's": of(VIEW, shows=replace(PLANE, volume=Volume(PET))),
    "slab": of(set_slab(VIEW, "a", 10.0, "max")),
    "thicker slab": of(set_slab(VIEW, "a", 11.0, "max")),
    "mean slab": of(set_slab(VIEW, "a", 10.0, "mean")),
    "inverted": of(VIEW, invert=True),
    "in colours": of(VIEW, palette="hot_iron"),
    "stack in colours": replace(initial_view(CASE).viewports[0], palette="pet"),
    "fusion": of(VIEW, shows=FUSION),
    "fusion in other colours": of(VIEW, shows=replace(FUSION, colour_map="pet")),
    "fusion of less opacity": of(VIEW, shows=replace(FUSION, opacity=0.25)),
    "fusion in another window": of(VIEW, shows=replace(FUSION, window=Window(60.0, 100.0))),
    "fusion aligned": of(VIEW, shows=replace(FUSION, alignment=Alignment((9.0, 0.0, 0.0)))),
    "fusion of a slab": of(VIEW, shows=replace(FUSION, base=Plane(Volume(CT), "axial", 10.0, "max"))),
    "fusion over a stack": OVER_STACK,
    "fusion over the next image": replace(OVER_STACK, shows=Fusion(Stack(CT, 6), Volume(PET), SUV)),
}


async def test_each_picture_has_a_name_of_its_own_and_pixels_of_its_own(setup: Setup) -> None:
    digests = {name: setup.digest(viewport) for name, viewport in VIEWPORTS.items()}
    assert len(set(digests.values())) == len(VIEWPORTS)
    hashes = {}
    for name, viewport in VIEWPORTS.items():
        recipe = recipe_of(viewport, CASE, SIZE)
        offered = setup.stills.offer(source_digest(recipe, setup.volumes.made), recipe)
        assert offered == digests[name]
        hashes[name] = (await setup.stills.fetch(offered)).sha256
    assert len(set(hashes.values())) == len(VIEWPORTS)


STATE = PresentationState(
    PresentationStateKey("p-1"), StudyKey("st-1"), "LUNG", looks=(Look(CT, ((4, 6),)),), draws=("shutter", "graphics")
)
ARROW = Annotation((Figure("line", ((2.0, 2.0), (20.0, 20.0))),))
DRAWN = DrawnImage("SIGMOID", None, Shutter(circle=(16.0, 16.0, 12.0)), (ARROW,))


async def test_a_presentation_state_is_part_of_the_picture_and_of_its_name(setup: Setup) -> None:
    """In the still and in the moving picture; over an image that it is not for, and on planes, it changes no pixel."""
    setup.stated.read = {STATE.key: DrawnState({(CT, image): DRAWN for image in (4, 5, 6)})}
    case = replace(CASE, presentation_states=(STATE,))
    first = initial_view(CASE).viewports[0]
    plain, beside = replace(first, shows=Stack(CT, 5)), replace(first, shows=Stack(CT, 9))
    shown = {
        "plain": plain,
        "on": replace(plain, presentation_state=STATE.key),
        "beside": beside,
        "beside, on": replace(beside, presentation_state=STATE.key),
        "plane": of(VIEW),
        "plane, on": of(VIEW, presentation_state=STATE.key),
    }
    hashes, digests = {}, set()
    for name, viewport in shown.items():
        recipe = recipe_of(viewport, case, SIZE)
        digest = setup.stills.offer(source_digest(recipe, setup.volumes.made), recipe)
        digests.add(digest)
        hashes[name] = (await setup.stills.fetch(digest)).sha256
    assert len(digests) == len(shown)
    assert hashes["on"] != hashes["plain"]
    assert hashes["beside, on"] == hashes["beside"]
    assert hashes["plane, on"] == hashes["plane"]
    view = replace(initial_view(CASE), viewports=(shown["on"],))
    scene = Scene(ShownView(3, 1, 1, view), case, setup.volumes.made, setup.arrays, setup.segmented, setup.stated)
    moving = []
    for presented in (view, replace(view, viewports=(plain,))):
        drawing = draw_scene(replace_shown(scene, presented), choose(view, Screen(640, 480)), [Screen(640, 480)])
        assert drawing is not None
        assert drawing.stamp.viewports[0].presentation_state == presented.viewports[0].presentation_state
        moving.append(drawing.draw().luma)
    assert (moving[0] != moving[1]).any()


def replace_shown(scene: Scene, view: View) -> Scene:
    return dataclasses.replace(scene, shown=ShownView(3, 1, 1, view))


LIVER = Segmentation(
    SegmentationKey("g-1"), StudyKey("st-1"), "regions", "Liver", 90, (Segment(1, "Liver", (255, 0, 0)),), (CT,)
)


def liver() -> RegionSet:
    """A square on image 5 of the CT."""
    grid = SERIES[CT].grid
    layers = Layers(grid.right, grid.down, (grid.location(5),), 3.0)
    square = np.packbits(np.ones((8, 8), bool)).tobytes()
    region = Region(0, 1, 10, 10, 8, 8, "bits", square)
    spacing = grid.row_spacing, grid.column_spacing
    return RegionSet(layers, (grid.positions[5],), (grid.rows, grid.columns), spacing, (region,), {}, frozenset({CT}))


async def test_other_frames_of_the_mask_are_part_of_the_picture_and_of_its_name(setup: Setup) -> None:
    """Where the file subtracts a mask; elsewhere they change nothing. Seen to fail where the name had no frames."""
    run = replace(SERIES[CT], subtracted=((2, 9),))
    case = replace(CASE, series=(run, *CASE.series[1:]))
    made = setup.volumes.made[CT]
    own = np.zeros_like(made.images[0].pixels, np.float32)
    made.images = [dataclasses.replace(image, mask=own) for image in made.images]
    first = initial_view(CASE).viewports[0]

    async def picture(place: int, frames: tuple[int, ...], **changes: Any) -> tuple[str, str]:
        viewport = replace(first, shows=Stack(CT, place), mask_frames=frames, **changes)
        recipe = recipe_of(viewport, case, SIZE)
        digest = setup.stills.offer(source_digest(recipe, setup.volumes.made), recipe)
        return digest, (await setup.stills.fetch(digest)).sha256

    pictures = [await picture(5, frames) for frames in ((), (0,), (1,), (0, 1))]
    for names in zip(*pictures, strict=True):
        assert len(set(names)) == len(pictures)
    assert await picture(1, (0,)) == await picture(1, ()), "nothing is subtracted from that one"
    plain = await picture(5, (), without=("mask",))
    assert await picture(5, (0,), without=("mask",)) == plain


async def test_segmentations_are_part_of_the_picture_and_of_its_name(setup: Setup) -> None:
    """In the still and in the moving picture."""
    setup.segmented.read = {LIVER.key: liver()}
    case = replace(CASE, segmentations=(LIVER,))
    plain = replace(initial_view(CASE).viewports[0], shows=Stack(CT, 5))
    on = replace(plain, segmentations=(ShownSegmentation(LIVER.key, 1.0),))
    shown = {
        "plain": plain,
        "on": on,
        "paler": replace(plain, segmentations=(ShownSegmentation(LIVER.key, 0.5),)),
        "outlined": replace(plain, segmentations=(ShownSegmentation(LIVER.key, 1.0, (), "outline"),)),
        "without its segment": replace(plain, segmentations=(ShownSegmentation(LIVER.key, 1.0, (1,)),)),
    }
    pictures = {}
    for name, viewport in shown.items():
        recipe = recipe_of(viewport, case, SIZE)
        offered = setup.stills.offer(source_digest(recipe, setup.volumes.made), recipe)
        pictures[name] = (offered, (await setup.stills.fetch(offered)).sha256)
    assert len({digest for digest, _ in pictures.values()}) == len({sha for _, sha in pictures.values()}) == len(shown)
    view = replace(initial_view(CASE), viewports=(on,))
    scene = Scene(ShownView(3, 1, 1, view), case, setup.volumes.made, setup.arrays, setup.segmented, setup.stated)
    key = choose(view, Screen(640, 480))
    drawing = draw_scene(scene, key, [Screen(640, 480)])
    assert drawing is not None
    assert drawing.draw().chroma is not None
    assert drawing.stamp.viewports[0].segmentations == on.segmentations
    assert recipe_of(of(VIEW, segmentations=on.segmentations), case, SIZE).segmentations == (), "it lies on no planes"


async def test_segmentations_lie_on_planes_and_fusions_and_are_part_of_their_names(setup: Setup) -> None:
    """On a plane, a slab, a fusion over a plane or over an image; not on a whole volume. In the moving picture too."""
    setup.segmented.read = {LIVER.key: liver()}
    case = replace(CASE, segmentations=(replace(LIVER, planes=(CT,)),))
    point = SERIES[CT].grid.point(5, 13.0, 13.0)
    view = move_point(VIEW, CASE, point)
    on = (ShownSegmentation(LIVER.key, 1.0),)
    shown: dict[str, Viewport] = {}
    for name, wide in {
        "axial": of(view),
        "coronal": of(view, "c"),
        "slab": of(set_slab(view, "c", 10.0, "max"), "c"),
        "fusion": of(view, shows=FUSION),
        "over an image": OVER_STACK,
    }.items():
        viewport = replace(wide, camera=replace(wide.camera, center=point, radius=12.0))
        outlined = (ShownSegmentation(LIVER.key, 1.0, (), "outline"),)
        shown |= {name: viewport, f"{name}, on": replace(viewport, segmentations=on)}
        shown |= {f"{name}, outlined": replace(viewport, segmentations=outlined)}
    pictures = {}
    for name, viewport in shown.items():
        recipe = recipe_of(viewport, case, SIZE)
        offered = setup.stills.offer(source_digest(recipe, setup.volumes.made), recipe)
        pictures[name] = (offered, (await setup.stills.fetch(offered)).sha256)
    assert len({digest for digest, _ in pictures.values()}) == len(shown)
    for how in ("", ", on", ", outlined"):
        on_plane, on_image = pictures.pop(f"fusion{how}"), pictures[f"over an image{how}"]
        assert on_plane[1] == on_image[1], "this plane lies on that image"
    assert len({sha for _, sha in pictures.values()}) == len(pictures)
    whole = of(view, shows=replace(PLANE, whole=True), segmentations=on)
    assert recipe_of(whole, case, SIZE).segmentations == ()
    moving = []
    for segmentations in (on, ()):
        scene = Scene(
            ShownView(3, 1, 1, replace(view, viewports=(of(view, segmentations=segmentations), *view.viewports[1:]))),
            case, setup.volumes.made, setup.arrays, setup.segmented, setup.stated,
        )  # fmt: skip
        drawing = draw_scene(scene, choose(view, Screen(640, 480)), [Screen(640, 480)])
        assert drawing is not None
        moving.append(drawing.draw())
    assert moving[0].chroma is not None
    assert (moving[0].luma != moving[1].luma).any()


async def test_what_marks_the_series_above_turns_with_it(setup: Setup) -> None:
    """Of a series that was aligned by hand: its segmentation lies where it lies, not where its own frame says."""
    setup.segmented.read = {LIVER.key: liver()}
    case = replace(CASE, segmentations=(replace(LIVER, over=(), planes=(CT,)),))
    hashes = set()
    for shift in (0.0, 6.0):
        fusion = Fusion(
            Plane(Volume(PET), "axial"), Volume(CT), WINDOW, opacity=0.0, alignment=Alignment((shift, 0.0, 0.0))
        )
        viewport = of(move_point(VIEW, CASE, SERIES[CT].grid.point(5, 13.0, 13.0)), shows=fusion)
        recipe = recipe_of(replace(viewport, segmentations=(ShownSegmentation(LIVER.key, 1.0),)), case, SIZE)
        assert len(recipe.segmentations) == 1
        hashes.add(
            (await setup.stills.fetch(setup.stills.offer(source_digest(recipe, setup.volumes.made), recipe))).sha256
        )
    assert len(hashes) == 2


ON_CT, ON_PET = ((12, 9, 22, 16),), ((6, 5, 12, 11),)
HIDDEN = {CT: ON_CT, PET: ON_PET}


def scrambled(volumes: dict[SeriesKey, MadeVolume]) -> dict[SeriesKey, MadeVolume]:
    """The same volumes with noise in their hidden parts, and there alone."""
    noise, made = np.random.default_rng(7), {}
    for key, volume in volumes.items():
        images = []
        for image in volume.images:
            pixels = image.pixels.copy()
            for left, top, right, bottom in HIDDEN[key]:
                here = pixels[top:bottom, left:right]
                here[:] = noise.integers(-900, 900, here.shape)
            images.append(dataclasses.replace(image, pixels=pixels))
        made[key] = MadeVolume(images)
    return made


def turned(viewport: Viewport, radius: float) -> Viewport:
    """Seen askew, and so near."""
    camera = viewport.camera
    right = add(scale(camera.right, 0.8), scale(camera.down, 0.6))
    down = subtract(scale(camera.down, 0.8), scale(camera.right, 0.6))
    return replace(viewport, camera=replace(camera, right=right, down=down, radius=radius))


WHOLE = replace(PLANE, whole=True, projection="max")
PEEPED = {
    **VIEWPORTS,
    "coronal": of(VIEW, "c"),
    "sagittal slab": of(set_slab(VIEW, "b", 10.0, "mean"), "b"),
    "sagittal slab that reaches it": of(set_slab(move_point(VIEW, CASE, (8.0, 1.0, 2.0)), "b", 10.0, "max"), "b"),
    "all of it": of(VIEW, shows=WHOLE),
    "all of it, from the side": of(VIEW, "b", shows=replace(WHOLE, name="sagittal")),
    "a PET alone": of(VIEW, shows=replace(PLANE, volume=Volume(PET))),
    "over a whole volume": of(VIEW, "c", shows=replace(FUSION, base=Plane(Volume(CT), "coronal", 30.0, "max"))),
    "over a stack, aligned": replace(
        OVER_STACK, shows=replace(OVER_STACK.shows, alignment=Alignment((7.0, 3.0, 0.0), (0.0, 0.0, 20.0)))
    ),
}
PEEPED = {
    f"{name}{how}": viewport if radius is None else turned(viewport, radius)
    for name, viewport in PEEPED.items()
    for how, radius in (("", None), (", turned and near", 9.0), (", turned and far", 700.0))
}


async def test_nothing_of_a_hidden_part_is_in_any_picture_and_its_name_says_so(setup: Setup, pool: RenderPool) -> None:
    """Whatever lies there: pictures of other pixels are the same bytes, still and moving. Seen to fail without the
    margin, with the slab's depth left out, with the camera of the base for what lies over it, and where the moving
    picture was drawn whole."""
    other = Setup(pool)
    other.volumes.made = scrambled(setup.volumes.made)
    other.arrays = Arrays(MadeVolumes(other.volumes.made), pool, max_bytes=1 << 24)
    other.stills = Stills(other.volumes, pool, other.arrays, other.segmented, other.stated, cache_bytes=1 << 24)
    differ = 0
    for name, viewport in PEEPED.items():
        for hidden in (NOTHING_HIDDEN, HIDDEN):
            recipe = recipe_of(viewport, CASE, SIZE, hidden=hidden)
            pictures = []
            for one in (setup, other):
                pixels = await one.stills._loaded(recipe)
                pictures += [painter(recipe, pixels)(), painter(recipe, pixels, coarse=True)()]
            still, moving, still_of_noise, moving_of_noise = pictures
            if hidden:
                assert np.array_equal(still, still_of_noise), name
                assert np.array_equal(moving, moving_of_noise), name
                assert setup.digest(viewport) != still_digest(
                    source_digest(recipe, setup.volumes.made), viewport, SIZE
                ), name
            else:
                differ += not np.array_equal(still, still_of_noise)
    assert differ > 0.7 * len(PEEPED), "the noise is seen where nothing is hidden"
    await other.stills.close()
    await other.arrays.close()


async def test_what_is_not_hidden_is_shown_as_ever(setup: Setup) -> None:
    """All pixels that are not black are those of the whole picture; and of most pictures most are shown."""
    shown = []
    for viewport in (VIEWPORTS["stack"], VIEWPORTS["axial"], VIEWPORTS["fusion"], of(VIEW, "c")):
        whole, part = (recipe_of(viewport, CASE, SIZE, hidden=hidden) for hidden in (NOTHING_HIDDEN, {CT: ON_CT}))
        pixels = await setup.stills._loaded(whole)
        full, without = painter(whole, pixels)(), painter(part, pixels)()
        differs = full != without
        assert (without[differs] == 0).all()
        shown.append(1 - differs.mean())
    assert min(shown) > 0.6
    recipe = recipe_of(VIEWPORTS["stack"], CASE, SIZE, hidden={SeriesKey("s-mr"): ON_CT})
    assert source_digest(recipe, setup.volumes.made) == source_digest(
        recipe_of(VIEWPORTS["stack"], CASE, SIZE), setup.volumes.made
    ), "parts of other series change no name"


async def test_a_mask_that_is_moved_shows_nothing_of_its_own_hidden_part(setup: Setup) -> None:
    """Of an angiography: the text of the mask lies beside that of the image then. Seen to fail."""
    first = replace(initial_view(CASE).viewports[0], shows=Stack(CT, 5), mask_shift=(3.5, -6.0))
    still = recipe_of(first, CASE, SIZE, hidden={CT: ON_CT})
    moved = {CT: ((12 - 6, 9 - 4, 22 + 6, 16 + 4),)}
    plain = recipe_of(replace(first, mask_shift=(0.0, 0.0)), CASE, SIZE, hidden=moved)
    pixels = await setup.stills._loaded(still)
    assert np.array_equal(painter(still, pixels)() == 0, painter(plain, pixels)() == 0)


async def test_planes_that_look_alike_have_one_name_whatever_they_are_called(setup: Setup) -> None:
    plane = of(VIEW, shows=Plane(Volume(CT), "coronal", projection="max", tilted=True), id="c")
    assert setup.digest(plane) == setup.digest(of(VIEW))


async def test_who_has_aligned_two_series_changes_no_picture_and_no_name(setup: Setup) -> None:
    names = [Alignment((9.0, 0.0, 0.0), by=by) for by in ("Ann", "Ben")]
    digests = {setup.digest(of(VIEW, shows=replace(FUSION, alignment=alignment))) for alignment in names}
    assert len(digests) == 1
    assert digests != {setup.digest(of(VIEW, shows=FUSION))}


async def test_the_moving_picture_is_painted_as_the_still_is(setup: Setup) -> None:
    fused = replace(VIEW, viewports=(of(VIEW, shows=FUSION), *VIEW.viewports[1:]))
    scene = Scene(ShownView(3, 1, 1, fused), CASE, setup.volumes.made, setup.arrays, setup.segmented, setup.stated)
    screen = Screen(1280, 720)
    key = choose(fused, screen)
    assert draw_scene(scene, key, {screen}) is None
    assert set(setup.arrays._once._making) == {(CT, 0), (PET, 0)}, "both are begun at once"
    await asyncio.gather(setup.arrays.get(SERIES[CT], 0), setup.arrays.get(SERIES[PET], 0))
    drawing = draw_scene(scene, key, {screen})
    assert drawing is not None
    assert [viewport.resampled for viewport in drawing.stamp.viewports] == [True] * 3
    planes = drawing.draw()
    assert planes.chroma is not None
    assert planes.luma.std() > 10


async def test_a_stamp_says_what_was_resampled_and_its_stills_are_there(setup: Setup) -> None:
    sent = asyncio.Queue[Any]()
    context = StampContext(
        setup.volumes,
        setup.arrays,
        setup.segmented,
        setup.stated,
        lambda to, message: sent.put_nowait(message),
        lambda connection: NOTHING_HIDDEN,
        lambda source, recipe, hidden: setup.stills.offer(source, recipe),
        lambda scene, stage: None,
    )
    stack = initial_view(CASE).viewports[0]
    mixed = replace(VIEW, viewports=(of(VIEW, shows=FUSION), of(VIEW, "b"), replace(stack, id="c")))
    stamper = StillStamper("c", "", context)
    stamper.set_screen(ConnectionId("one"), Screen(900, 300))
    stamper.show(ShownView(4, 1, 1, mixed), CASE)
    async with asyncio.timeout(PATIENCE_S):
        stamp = (await sent.get()).stamp
    assert [viewport.resampled for viewport in stamp.viewports] == [True, True, False]
    assert stamp.viewports[1].scale == pytest.approx(1.5 / (2 * stamp.viewports[1].camera.radius / 300))
    stills = [await setup.stills.fetch(viewport.digest) for viewport in stamp.viewports]
    assert len({still.sha256 for still in stills}) == 3
    await stamper.close()


async def test_a_fusion_over_a_stack_lies_in_the_images_plane(setup: Setup) -> None:
    """The view's camera may be centred off the image's plane; what lies over it may not."""
    camera = OVER_STACK.camera
    off = replace(OVER_STACK, camera=replace(camera, center=(camera.center[0], camera.center[1], 500.0)))
    hashes = set()
    for viewport in (OVER_STACK, off):
        recipe = recipe_of(viewport, CASE, SIZE)
        digest = setup.stills.offer(source_digest(recipe, setup.volumes.made), recipe)
        hashes.add((await setup.stills.fetch(digest)).sha256)
    assert len(hashes) == 1
    assert hashes != {pixels_sha256(np.zeros((160, 200, 3), np.uint8))}
