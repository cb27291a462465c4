"""The renderer's kernels and the PNG encoder beside named peers, same input, same run, one thread each.

Peers do what we do: interpolate float values linearly, window them, write bytes. OpenCV and SimpleITK write something
beyond the image too and cut no edges; they are a little better off. Pictures are of the demo's phantom.
"""

from __future__ import annotations

import importlib
import io
import math
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from benchmarks.rows import Row
from consult.demo.anatomy.phantom import clean_slice, patient
from consult.demo.scanner import RESCALE_INTERCEPT, SOFT, Noise, acquire, stored
from consult.demo.studies import CURRENT
from consult.media.video.png import encode_png
from consult.model.geometry import Grid, scale
from consult.model.image import Image
from consult.model.view import Camera, Window
from consult.rendering.affine import affine
from consult.rendering.stack import render_viewport
from consult.rendering.window import apply_window

sitk: Any = importlib.import_module("SimpleITK")  # its own types are partial
WIDTH, HEIGHT = 1920, 1080
SECONDS = 0.5
"""Spent on each figure, about."""
WINDOW, LUNG_WINDOW = Window(40.0, 400.0), Window(-600.0, 1500.0)
TURN = math.radians(20.0)


def medians_ms(*works: Callable[[], object]) -> list[float]:
    """Median time of each, taken in turns so that a busy machine is the same for all, after one run to warm up."""
    for work in works:
        work()
    taken: list[list[float]] = [[] for _ in works]
    end = time.perf_counter() + SECONDS * len(works)
    while len(taken[0]) < 5 or time.perf_counter() < end:
        for work, times in zip(works, taken, strict=True):
            start = time.perf_counter()
            work()
            times.append((time.perf_counter() - start) * 1000)
    return [statistics.median(times) for times in taken]


def slice_of_the_phantom() -> Image:
    """One soft-kernel slice with noise, 512 x 512."""
    clean = clean_slice(patient(CURRENT.findings, CURRENT.shift), 26.0)
    hu = acquire(clean, SOFT, Noise(SOFT, 1), (1,), 26.0)
    return Image(stored(hu), 1.0, float(RESCALE_INTERCEPT))


def grid_of(image: Image) -> Grid:
    """An axial grid of 0.75 mm."""
    rows, columns = image.pixels.shape[:2]
    return Grid("patient", rows, columns, 0.75, 0.75, "mm", (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), ((0.0, 0.0, 0.0),))


def cameras(grid: Grid) -> dict[str, Camera]:
    """What a presenter does: fit, zoom, a slanted zoom, a flip."""
    right, down, centre = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), grid.centre(0)
    c, s = math.cos(TURN), math.sin(TURN)
    half = grid.rows * grid.row_spacing / 2
    return {
        "fitted": Camera(centre, half, right, down),
        "zoomed": Camera(centre, half * 0.55, right, down),
        "flipped": Camera(centre, half * 0.55, scale(right, -1.0), down),
        "turned by 20 degrees": Camera(centre, half * 0.55, (c, s, 0.0), (-s, c, 0.0)),
    }


def opencv(image: Image, grid: Grid, camera: Camera) -> Callable[[], object]:
    """OpenCV: warpAffine of float32, then scale to bytes."""
    m = affine(grid, 0, camera, (WIDTH, HEIGHT))
    mapping = np.array([[m.column_x, m.column_y, m.column_0], [m.row_x, m.row_y, m.row_0]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    gain, middle = 255.0 / (WINDOW.width - 1), WINDOW.center - 0.5 - image.intercept
    source, values = image.pixels, np.empty((HEIGHT, WIDTH), np.float32)

    def draw() -> object:
        cv2.warpAffine(source.astype(np.float32), mapping, (WIDTH, HEIGHT), dst=values, flags=flags)
        return _bytes(values, gain, middle)

    return draw


def _bytes(values: NDArray[Any], gain: float, middle: float) -> object:
    return cv2.addWeighted(values, gain, values, 0.0, 127.5 - middle * gain, dtype=cv2.CV_8U)


def simpleitk(image: Image, grid: Grid, camera: Camera) -> Callable[[], object]:
    """SimpleITK: ResampleImageFilter, linear, then IntensityWindowing."""
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
    source = sitk.GetImageFromArray(image.values())
    m = affine(grid, 0, camera, (WIDTH, HEIGHT))
    resample = sitk.ResampleImageFilter()
    resample.SetSize((WIDTH, HEIGHT))
    resample.SetOutputOrigin((0.0, 0.0))
    resample.SetOutputSpacing((1.0, 1.0))
    resample.SetInterpolator(sitk.sitkLinear)
    resample.SetTransform(sitk.AffineTransform([m.column_x, m.column_y, m.row_x, m.row_y], [m.column_0, m.row_0]))
    low, high = WINDOW.center - WINDOW.width / 2, WINDOW.center + WINDOW.width / 2 - 1

    def draw() -> object:
        windowed = sitk.IntensityWindowing(resample.Execute(source), low, high, 0.0, 255.0)
        return sitk.GetArrayViewFromImage(sitk.Cast(windowed, sitk.sitkUInt8))

    return draw


def scipy(image: Image, grid: Grid, camera: Camera) -> Callable[[], object] | None:
    """SciPy's affine_transform, order 1, where SciPy is installed."""
    try:
        ndimage: Any = importlib.import_module("scipy.ndimage")
    except ModuleNotFoundError:
        return None
    m = affine(grid, 0, camera, (WIDTH, HEIGHT))
    matrix, offset = [[m.row_y, m.row_x], [m.column_y, m.column_x]], (m.row_0, m.column_0)
    low = WINDOW.center - WINDOW.width / 2

    def draw() -> object:
        values = ndimage.affine_transform(image.values(), matrix, offset, (HEIGHT, WIDTH), order=1)
        return np.clip((values - low) * (255.0 / (WINDOW.width - 1)), 0, 255).astype(np.uint8)

    return draw


def frames(image: Image) -> list[Row]:
    """A 1080p frame by camera, beside the peers."""
    grid, rows = grid_of(image), []
    peers = {"OpenCV float32": opencv, "SimpleITK": simpleitk, "SciPy": scipy}
    for name, camera in cameras(grid).items():
        made = {peer: make(image, grid, camera) for peer, make in peers.items()}
        drawing = {peer: draw for peer, draw in made.items() if draw is not None}
        work = partial(render_viewport, image, grid, 0, camera, WINDOW, (WIDTH, HEIGHT))
        ours, *theirs = medians_ms(work, *drawing.values())
        rows += [Row(f"1080p stack frame, {name}", ours, "ms", "", *pair) for pair in zip(drawing, theirs, strict=True)]
    return rows


def minified() -> Row:
    """A mammogram's size fitted to 1080p, area averages."""
    image = Image(np.random.default_rng(1).integers(0, 4096, (4096, 3328)).astype(np.uint16))
    grid = grid_of(image)
    camera = Camera(grid.centre(0), grid.rows * 0.75 / 2, (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
    size = (round(grid.columns * HEIGHT / grid.rows), HEIGHT)

    def peer() -> object:
        return _bytes(cv2.resize(image.pixels.astype(np.float32), size, interpolation=cv2.INTER_AREA), 0.6, 40.0)

    ours, theirs = medians_ms(lambda: render_viewport(image, grid, 0, camera, WINDOW, (WIDTH, HEIGHT)), peer)
    return Row("4096x3328 fitted to 1080p", ours, "ms", "area averages", "OpenCV INTER_AREA float32", theirs)


def png(image: Image) -> list[Row]:
    """The exact still's encoding, beside the peers."""
    grid = grid_of(image)
    picture = render_viewport(image, grid, 0, cameras(grid)["zoomed"], LUNG_WINDOW, (WIDTH, HEIGHT))
    fast = [cv2.IMWRITE_PNG_COMPRESSION, 1]

    def pillow() -> bytes:
        out = io.BytesIO()
        PillowImage.fromarray(picture).save(out, "png", compress_level=1)
        return out.getvalue()

    def opencv_png() -> bytes:
        return cv2.imencode(".png", picture, fast)[1].tobytes()

    peers = {"OpenCV level 1": opencv_png, "Pillow level 1": pillow}
    ours, *theirs = medians_ms(lambda: encode_png(picture), *peers.values())
    detail = f"{len(encode_png(picture)) / 1e6:.2f} MB"
    return [
        Row("PNG of a 1080p still", ours, "ms", detail, f"{name}, {len(peers[name]()) / 1e6:.2f} MB", taken)
        for name, taken in zip(peers, theirs, strict=True)
    ]


def run() -> list[Row]:
    """The rows."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        return _rows()
    finally:
        cv2.setNumThreads(threads)


def _rows() -> list[Row]:
    image = slice_of_the_phantom()
    (window,) = medians_ms(lambda: apply_window(image, WINDOW))
    return [*frames(image), minified(), *png(image), Row("window of 512x512, one for one", window, "ms")]
