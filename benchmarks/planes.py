"""Planes, slabs and fusion on two threads, beside SimpleITK, VTK and SciPy in the same run, taken in turns.

The peers only resample, in floats; ours include the window and the bytes. All have two threads, but SciPy, which has
one. The volume is 160 x 512 x 512 int16 of 1.5 x 0.75 x 0.75 mm, the PET 160 x 192 x 192 float32.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.kernels import medians_ms
from benchmarks.rows import Row
from consult.model.geometry import Vec, cross
from consult.model.identifiers import SeriesKey
from consult.model.image import Image
from consult.model.planes.acts import rotation
from consult.model.planes.volume import VolumeGeometry
from consult.model.view import Camera, Fusion, Plane, Volume, Window
from consult.rendering.planes.fusion import render_fusion
from consult.rendering.planes.plane import Slab, render_plane
from consult.rendering.planes.volume import VolumeArray
from consult.rendering.volume_rendering.presets import LOOKS
from consult.rendering.volume_rendering.rays import COARSE, FINE, render_volume
from consult.streaming.arrays import Bands

THREADS = 2
SIDE = 1024
HD = (1920, 1080)
WINDOW, SUV = Window(40.0, 400.0), Window(5000.0, 10000.0)
MIP = Slab(10.0, "max")
SQUARE_3D = (768, 768)
RENDERED = Window(425.0, 650.0)
sitk: Any = importlib.import_module("SimpleITK")


def made(shape: tuple[int, int, int], spacing: Vec, dtype: str) -> VolumeArray:
    """Smooth values with noise, centred on the origin. `spacing`: of column, row, layer."""
    dice = np.random.default_rng(1)
    k, j, i = (np.linspace(-1, 1, n, dtype=np.float32) for n in shape)
    body = 1000 * np.cos(3 * i)[None, None, :] * np.cos(2 * j)[None, :, None] * np.cos(5 * k)[:, None, None]
    noise = dice.integers(-20, 20, shape, np.int16)
    voxels = (body + noise).astype(dtype) if dtype == "int16" else np.abs(body * 9 + noise).astype(dtype)
    voxels.setflags(write=False)
    across, along, through = (spacing[0], 0.0, 0.0), (0.0, spacing[1], 0.0), (0.0, 0.0, spacing[2])
    x, y, z = (-(n - 1) / 2 * s for n, s in zip(shape[::-1], spacing, strict=True))
    return VolumeArray(voxels, VolumeGeometry((x, y, z), across, along, through, shape), Image(voxels[:0, 0]))


def camera(radius: float, *, oblique: bool = True) -> Camera:
    """Double oblique through the middle, or axial."""
    turn = rotation((0.6, 0.64, 0.48), 35.0) if oblique else rotation((0.0, 0.0, 1.0), 0.0)
    return Camera((1.1, 2.2, 3.3), radius, turn((1.0, 0.0, 0.0)), turn((0.0, 1.0, 0.0)))


def axes(looking: Camera, size: tuple[int, int]) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """(3, 3) directions in columns, the first pixel's centre, and mm of a pixel."""
    right, down = np.array(looking.right), np.array(looking.down)
    step = 2 * looking.radius / min(size)
    corner = np.array(looking.center) - right * step * (size[0] - 1) / 2 - down * step * (size[1] - 1) / 2
    return np.stack([right, down, np.cross(right, down)], axis=1), corner, step


def simpleitk(volume: VolumeArray, looking: Camera, size: tuple[int, int], depths: list[float]) -> Callable[[], object]:
    """ResampleImageFilter, linear; a slab is a thin volume whose maximum is taken."""
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(THREADS)
    source, geometry = sitk.GetImageFromArray(volume.voxels), volume.geometry
    source.SetSpacing((geometry.across[0], geometry.along[1], geometry.through[2]))
    source.SetOrigin(geometry.origin)
    directions, corner, step = axes(looking, size)
    resample = sitk.ResampleImageFilter()
    resample.SetSize((*size, len(depths)))
    resample.SetOutputSpacing((step, step, depths[1] - depths[0] if len(depths) > 1 else 1.0))
    resample.SetOutputOrigin((corner + directions[:, 2] * depths[0]).tolist())
    resample.SetOutputDirection(directions.ravel().tolist())
    resample.SetInterpolator(sitk.sitkLinear)
    if len(depths) == 1:
        return lambda: resample.Execute(source)
    return lambda: sitk.MaximumProjection(resample.Execute(source), 2)


def _in_vtk(volume: VolumeArray) -> tuple[Any, Any]:
    """The library, and its image of that volume, whose axes are those of the patient."""
    core, support = importlib.import_module("vtk"), importlib.import_module("vtk.util.numpy_support")
    image, geometry = core.vtkImageData(), volume.geometry
    image.SetDimensions(*volume.voxels.shape[::-1])
    image.SetSpacing(geometry.across[0], geometry.along[1], geometry.through[2])
    image.SetOrigin(*geometry.origin)
    image.GetPointData().SetScalars(support.numpy_to_vtk(volume.voxels.reshape(-1)))
    return core, image


def vtk(volume: VolumeArray, looking: Camera, size: tuple[int, int], depths: list[float]) -> Callable[[], object]:
    """vtkImageReslice, linear, with its own slab."""
    core, image = _in_vtk(volume)
    directions, corner, step = axes(looking, size)
    reslice = core.vtkImageReslice()
    reslice.SetInputData(image)
    reslice.SetOutputDimensionality(2)
    reslice.SetInterpolationModeToLinear()
    reslice.SetResliceAxesDirectionCosines(*directions.T.ravel().tolist())
    reslice.SetResliceAxesOrigin(*corner.tolist())
    reslice.SetOutputExtent(0, size[0] - 1, 0, size[1] - 1, 0, 0)
    reslice.SetOutputSpacing(step, step, 1.0)
    reslice.SetOutputOrigin(0.0, 0.0, 0.0)
    reslice.SetNumberOfThreads(THREADS)
    reslice.SetEnableSMP(False)
    if len(depths) > 1:
        reslice.SetSlabModeToMax()
        reslice.SetSlabNumberOfSlices(len(depths))
        reslice.SetSlabSliceSpacingFraction(depths[1] - depths[0])

    def draw() -> object:
        reslice.Modified()
        reslice.Update()
        return reslice.GetOutput()

    return draw


def scipy(volume: VolumeArray, looking: Camera, size: tuple[int, int], depths: list[float]) -> Callable[[], object]:
    """affine_transform, order 1, step by step."""
    ndimage: Any = importlib.import_module("scipy.ndimage")
    directions, corner, step = axes(looking, size)
    inverse = np.array(volume.geometry.inverse)[::-1]
    matrix = inverse @ directions[:, [1, 0]] * step
    source = volume.voxels
    starts = [inverse @ (corner + directions[:, 2] * depth - np.array(volume.geometry.origin)) for depth in depths]
    y, x = np.mgrid[: size[1], : size[0]]
    plane = np.tensordot(matrix, np.stack([y, x]), axes=1)

    def draw() -> object:
        pictures = (ndimage.map_coordinates(source, plane + start[:, None, None], np.float32, 1) for start in starts)
        picture = next(pictures)
        for other in pictures:
            np.maximum(picture, other, out=picture)
        return picture

    return draw


def vtk_rendered(volume: VolumeArray, looking: Camera, *, coarse: bool) -> Callable[[], object]:
    """vtkFixedPointVolumeRayCastMapper, shaded, by the same colours and opacities, with samples as far apart; coarse it
    too has a ray for four pixels."""
    core, image = _in_vtk(volume)
    mapper, look = core.vtkFixedPointVolumeRayCastMapper(), LOOKS["bone"]
    mapper.SetInputData(image)
    mapper.SetNumberOfThreads(THREADS)
    mapper.AutoAdjustSampleDistancesOff()
    mapper.SetSampleDistance(
        volume.geometry.layer_mm(cross(looking.right, looking.down)) * (COARSE if coarse else FINE)
    )
    mapper.SetImageSampleDistance(2.0 if coarse else 1.0)
    colours, opacities = core.vtkColorTransferFunction(), core.vtkPiecewiseFunction()
    for at, red, green, blue, opacity in look.stops:
        value = RENDERED.center + RENDERED.width * (at - 0.5)
        colours.AddRGBPoint(value, red, green, blue)
        opacities.AddPoint(value, opacity)
    shown = core.vtkVolumeProperty()
    shown.SetColor(colours)
    shown.SetScalarOpacity(opacities)
    shown.ShadeOn()
    shown.SetInterpolationTypeToLinear()
    actor, scene, window = core.vtkVolume(), core.vtkRenderer(), core.vtkRenderWindow()
    actor.SetMapper(mapper)
    actor.SetProperty(shown)
    scene.AddVolume(actor)
    window.SetOffScreenRendering(1)
    window.SetSize(*SQUARE_3D)
    window.AddRenderer(scene)
    eye = scene.GetActiveCamera()
    eye.ParallelProjectionOn()
    normal = cross(looking.right, looking.down)
    eye.SetFocalPoint(*looking.center)
    eye.SetPosition(*(c - 1000 * n for c, n in zip(looking.center, normal, strict=True)))
    eye.SetViewUp(*(-d for d in looking.down))
    eye.SetParallelScale(looking.radius)
    scene.ResetCameraClippingRange()
    turns = [0.01, -0.01]

    def draw() -> object:
        turns.reverse()
        eye.Azimuth(turns[0])  # what has not moved VTK does not draw again
        window.Render()
        return window

    return draw


def rows_of(name: str, ours: Callable[[], object], peers: dict[str, Callable[[], object]]) -> list[Row]:
    """One figure beside each peer."""
    value, *theirs = medians_ms(ours, *peers.values())
    return [Row(name, value, "ms", "two threads", *pair) for pair in zip(peers, theirs, strict=True)]


def depths_of(volume: VolumeArray, looking: Camera, slab: Slab) -> list[float]:
    """Where the steps of a slab lie."""
    count = slab.steps(volume.geometry.layer_mm(cross(looking.right, looking.down)))
    return [slab.mm * (step / (count - 1) - 0.5) for step in range(count)] if count > 1 else [0.0]


def run() -> list[Row]:
    """The rows."""
    bands = Bands(THREADS)
    try:
        return _rows(bands)
    finally:
        bands.close()


def _rows(bands: Bands) -> list[Row]:
    ct = made((160, 512, 512), (0.75, 0.75, 1.5), "int16")
    pet = made((160, 192, 192), (2.0, 2.0, 1.5), "float32")
    looking, square, found = camera(110.0), (SIDE, SIDE), list[Row]()
    peers = {"SimpleITK": simpleitk, "VTK": vtk, "SciPy, one thread": scipy}
    for name, slab in (("oblique 1024x1024", Slab()), ("slab MIP 10 mm 1024x1024", MIP)):
        depths = depths_of(ct, looking, slab)
        made_peers = {peer: make(ct, looking, square, depths) for peer, make in peers.items()}
        detail = f"{name}, {len(depths)} steps" if len(depths) > 1 else name
        found += rows_of(detail, partial(render_plane, ct, looking, WINDOW, square, slab, bands=bands), made_peers)
    coarse = Slab(MIP.mm, MIP.projection, coarse=True)
    (preview,) = medians_ms(partial(render_plane, ct, looking, WINDOW, square, coarse, bands=bands))
    found.append(Row("slab MIP 10 mm, as it moves", preview, "ms", "half size, half the steps"))
    fusion = Fusion(Plane(Volume(SeriesKey("ct")), "axial"), Volume(SeriesKey("pet")), SUV)
    for name, oblique in (("axial", False), ("oblique", True)):
        seen = camera(math.hypot(90.0, 50.0), oblique=oblique)

        def fuse(seen: Camera = seen) -> object:
            base = render_plane(ct, seen, WINDOW, HD, bands=bands)
            return render_fusion(base, pet, fusion, seen, HD, bands=bands)

        both = {
            peer: _both(make(ct, seen, HD, [0.0]), make(pet, seen, HD, [0.0])) for peer, make in list(peers.items())[:2]
        }
        found += rows_of(f"fusion frame 1080p, {name} (peers: both volumes, no colours)", fuse, both)
    return found + rendered_rows(bands)


def rendered_rows(bands: Bands) -> list[Row]:
    """A volume rendered by a preset, at rest and as it moves."""
    ct, looking, found = made((160, 512, 512), (0.75, 0.75, 1.5), "int16"), camera(200.0), list[Row]()
    for name, coarse in (("fine", False), ("as it moves", True)):
        ours = partial(render_volume, ct, looking, "bone", RENDERED, SQUARE_3D, coarse=coarse, bands=bands)
        peer = {"VTK": vtk_rendered(ct, looking, coarse=coarse)}
        found += rows_of(f"volume rendering 768x768, {name}", ours, peer)
    return found


def _both(one: Callable[[], object], other: Callable[[], object]) -> Callable[[], object]:
    return lambda: (one(), other())
