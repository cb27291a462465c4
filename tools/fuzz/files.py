"""DICOM files, turned, through a whole import: workers, index, what is shown of them. Images in every way of writing,
segmentations, a structure set, a report, a PDF and a presentation state, which are read and drawn behind it."""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from pydicom import dcmread

from consult.app import open_services
from consult.library.library import Library
from consult.model.catalogue import Case
from consult.model.errors import ConsultError
from consult.settings import Settings
from tests.support.dicom_files import ct, nested, write, write_deflated
from tests.support.document_files import A4, encapsulated, pdf, tid1500
from tests.support.pixel_files import write_file
from tests.support.presentation_files import annotation, area, graphic, presentation_state, window, words
from tests.support.segmentation_files import LIVER, Marked, disc, segmentation, structure_set
from tools.fuzz.mutate import Mutator
from tools.fuzz.watch import Findings, watched_loop

AT_ONCE = 100
MOST_SHOWN = 20
"""Of a case's series and objects."""
Shown = TypeVar("Shown")
RLE = "1.2.840.10008.1.2.5"
HEAD = 132
"""Preamble and prefix: what is turned there is no DICOM file any more, which is soon said."""


def good_files(folder: Path) -> list[bytes]:
    """One of each way in which a file can be written."""
    plane = bytes([0, 0, 2]) + b"\x05" + bytes(6) + b"\x05" + bytes(6)
    paths = [
        write(ct(), folder / "ct"),
        write(ct(Modality="PT", Units="BQML", SeriesType=["STATIC", "IMAGE"]), folder / "pt"),
        write(ct(NumberOfFrames=1), folder / "frames"),
        write_deflated(folder / "deflated", nested(3)),
        write_file(folder / "implicit", bytes(12), syntax="1.2.840.10008.1.2"),
        write_file(folder / "big", bytes(12), syntax="1.2.840.10008.1.2.2"),
        write_file(folder / "rle", [plane], syntax=RLE),
    ]
    return [path.read_bytes() for path in [*paths, *good_objects(folder)]]


def good_objects(folder: Path) -> list[Path]:
    """One of each object that marks, says or arranges something of images."""
    image = ct()
    frames = [Marked(LIVER, (-10.0, -20.0, 30.0 + 3 * n), disc(16, 8, 8, 4)) for n in range(2)]
    square = ("CLOSED_PLANAR", [(0, 0, 30), (10, 0, 30), (10, 10, 30), (0, 10, 30)])
    areas, views = [area((1, 1), (8, 8))], [window(40, 400, "SIGMOID")]
    drawn = [annotation([graphic("CIRCLE", [4, 4, 6, 4])], [words("Here", (2, 2))])]
    objects = {
        **{f"seg-{kind}": segmentation(frames, image, kind=kind) for kind in ("BINARY", "FRACTIONAL", "LABELMAP")},
        "rtstruct": structure_set([(1, "Heart", (255, 0, 0), [square])], image),
        "sr": tid1500(image),
        "pdf": encapsulated(image, pdf([("Dear", A4)])),
        "gsps": presentation_state(
            [image], GraphicAnnotationSequence=drawn, SoftcopyVOILUTSequence=views, DisplayedAreaSelectionSequence=areas
        ),
    }
    return [write(made, folder / name) for name, made in objects.items()]


async def fuzz(seed: int, count: int) -> Findings:
    """So many files, in several imports."""
    mutator = Mutator(seed)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as made:
        folder = Path(made)
        good = good_files(folder)
        with watched_loop() as findings:
            async with open_services(Settings(data=folder / "data", port=0, workers=1)) as services:
                for first in range(0, count, AT_ONCE):
                    batch = folder / f"batch-{first}"
                    batch.mkdir()
                    for i in range(first, min(first + AT_ONCE, count)):
                        data = numbered(mutator.rng.choice(good), i)
                        keep = HEAD if mutator.rng.random() < 0.95 else 0
                        (batch / f"{i}.dcm").write_bytes(data[:keep] + mutator.bytes_of(data[keep:]))
                    try:
                        report = await services.library.import_paths([batch], lambda progress: None)
                    except Exception as error:  # a file may be refused, an import never ends by it
                        findings.problem(error)
                        continue
                    for refused in report.refused:
                        findings.count(refused.code)
                    for _ in range(len(report.taken) + report.duplicates + report.skipped):
                        findings.count("taken")
                await show_all(services.library, findings)
            if findings.inputs != count:
                findings.problem(f"{count - findings.inputs} files are neither taken nor refused")
    return findings


def numbered(file: bytes, number: int) -> bytes:
    """It, as another object: with other content under a UID that is known it would be refused for that alone."""
    uid = str(dcmread(BytesIO(file), specific_tags=["SOPInstanceUID"]).get("SOPInstanceUID", ""))
    return file.replace(uid.encode(), f"{uid[:-6]}{number:06}".encode()) if uid else file


async def show_all(library: Library, findings: Findings) -> None:
    """What was taken in is listed, opened and drawn; that it cannot be is said."""
    for study in await attempted(library.studies(), findings) or ():
        case = await attempted(library.case([study.uid], id="c1", title=""), findings)
        for shown in () if case is None else shown_of(library, case):
            await attempted(shown, findings)


def shown_of(library: Library, case: Case) -> Iterator[Awaitable[object]]:
    """All that of a case is read once more, or drawn: the first of many."""
    for series in case.series[:MOST_SHOWN]:
        yield library.thumbnail(series.key)
        if series.document == "report":
            yield library.report(series.key)
    for marked in case.segmentations[:MOST_SHOWN]:
        yield library.segmentation(marked)
    for state in case.presentation_states[:MOST_SHOWN]:
        yield library.presentation_state(state)


async def attempted(shown: Awaitable[Shown], findings: Findings) -> Shown | None:
    """What comes of it; None where it is refused."""
    try:
        return await shown
    except ConsultError:
        return None
    except Exception as error:  # whatever else it raises is a finding
        findings.problem(error)
        return None
