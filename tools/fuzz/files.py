"""DICOM files, turned, through a whole import: workers, index, what is shown of them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from consult.app import open_services
from consult.settings import Settings
from tests.support.dicom_files import ct, nested, write, write_deflated
from tests.support.pixel_files import write_file
from tools.fuzz.mutate import Mutator
from tools.fuzz.watch import Findings, watched_loop

AT_ONCE = 100
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
    return [path.read_bytes() for path in paths]


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
                        data = mutator.rng.choice(good)
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
                try:
                    await services.library.studies()
                except Exception as error:  # nor what is read of those that were taken
                    findings.problem(error)
            if findings.inputs != count:
                findings.problem(f"{count - findings.inputs} files are neither taken nor refused")
    return findings
