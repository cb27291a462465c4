"""What a CT of the head opens with, and that nothing else is touched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from consult.dicom.presenting.first_look import BONE, BRAIN, opening_window
from consult.dicom.reading.file_reader import read_file
from consult.dicom.stacks import build_stacks
from consult.library.library import Library
from consult.model.view import NamedWindow, Window
from consult.sessions.views import initial_view
from consult.store.index import MemoryIndex
from tests.support.dicom_files import ABSENT, ct, write
from tests.support.thread_workers import ThreadWorkers

WIDE, SOFT, OWN_BRAIN = Window(500, 2800), Window(40, 400), Window(35, 90)


def named(*windows: Window) -> tuple[NamedWindow, ...]:
    return tuple(map(NamedWindow, windows))


@pytest.mark.parametrize(
    ("part", "kernel", "described", "own", "opens"),
    [
        ("HEAD", "H31s", "CT Kopf nativ", (), BRAIN),
        ("HEAD", "H31s", "CT Kopf nativ", (WIDE,), BRAIN),
        ("BRAIN", "", "", (Window(1024, 4096),), BRAIN),
        ("SKULL", "FC26", "", (WIDE, OWN_BRAIN), OWN_BRAIN),
        ("HEAD", "H31s", "", (OWN_BRAIN,), None),
        ("HEAD", "H31s", "", (Window(75, 200), WIDE), None),
        ("HEAD", "H31s", "CTA", (Window(300, 600),), None),
        ("HEAD", "H31s", "", (SOFT,), None),
        ("HEAD", "H60s", "", (WIDE,), None),
        ("HEAD", "H60s", "", (), BONE),
        ("HEAD", "Hr68h\\3", "", (), BONE),
        ("HEAD", "BONEPLUS", "", (), BONE),
        ("HEAD", "FC81", "", (WIDE,), None),
        ("HEAD", "STANDARD", "Head, bone", (WIDE,), None),
        ("HEAD", "H31s", "CT Felsenbein", (WIDE,), None),
        ("HEAD", "H31s", "CT paranasal sinuses", (WIDE,), None),
        ("HEADNECK", "", "", (WIDE,), None),
        ("CHEST", "", "", (), None),
        ("", "", "", (WIDE,), None),
    ],
)
def test_a_head_opens_with_brain(
    part: str, kernel: str, described: str, own: tuple[Window, ...], opens: Window | None
) -> None:
    assert opening_window(part, kernel, ("", described), named(*own)) == opens


@pytest.mark.parametrize(
    ("changes", "window"),
    [
        ({"WindowCenter": ABSENT, "WindowWidth": ABSENT}, BRAIN),
        ({"WindowCenter": [480, 40], "WindowWidth": [2500, 100]}, Window(40, 100)),
        ({"WindowCenter": 480, "WindowWidth": 2500}, BRAIN),
        ({"WindowCenter": 480, "WindowWidth": 2500, "ConvolutionKernel": "H70h"}, BONE),
        ({"WindowCenter": 35, "WindowWidth": 90}, OWN_BRAIN),
        ({"WindowCenter": 480, "WindowWidth": 2500, "BodyPartExamined": "CHEST"}, BONE),
        ({"WindowCenter": 480, "WindowWidth": 2500, "BodyPartExamined": ABSENT, "StudyDescription": "Kopf"}, BRAIN),
        ({"WindowCenter": 480, "WindowWidth": 2500, "ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}, BONE),
    ],
)
async def test_the_picture_opens_so(tmp_path: Path, changes: dict[str, Any], window: Window) -> None:
    """Seen to fail on brain that was only offered first in the menu."""
    write(ct(**{"BodyPartExamined": "HEAD", **changes}), tmp_path / "a.dcm")
    library = Library(tmp_path, MemoryIndex(), ThreadWorkers())
    await library.import_paths([tmp_path / "a.dcm"], lambda progress: None)
    case = await library.case(["1.2.3"], id="c1", title="")
    assert initial_view(case).viewports[0].window == window


def test_what_has_no_hounsfield_units_has_no_brain(tmp_path: Path) -> None:
    head = {"BodyPartExamined": "HEAD", "WindowCenter": 480, "WindowWidth": 2500}
    records = [
        read_file(str(write(ct(**head, **other), tmp_path / f"{i}.dcm")))
        for i, other in enumerate(({"Modality": "MR"}, {"RescaleType": "US"}))
    ]
    assert [stack.series.opening for record in records for stack in build_stacks([record])] == [None, None]
