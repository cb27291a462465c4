"""The demo's own finding and note, made by the consult's commands from the demo's images.

Seen to fail on: a mark twice as long as the nodule.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from consult.app import open_services
from consult.cli import demo_command
from consult.demo import demo_studies as demo
from consult.demo.demo_studies import DemoStudies
from consult.demo.make import make_demo
from consult.demo.record import write_demo_note
from consult.demo.studies import CURRENT, PRIOR, DemoStudy
from consult.sessions.features.findings.comparison import comparison_words
from consult.sessions.features.note.signing import is_whole, versions_of
from consult.settings import Settings

SLICES = 4
ABOVE_MM = 22.0
"""Phantom z of the lowest slice: the nodule's middle is at 26."""


def around_the_nodule(study: DemoStudy) -> DemoStudy:
    """The slices through the nodule alone."""
    return replace(study, bottom_mm=ABOVE_MM, slices=SLICES, reformats=False)


async def test_a_newcomer_finds_a_preliminary_note_with_confirmed_numbers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    small = tuple(around_the_nodule(study) for study in (CURRENT, PRIOR))
    monkeypatch.setattr(demo, "make_demo", lambda folder, progress: make_demo(folder, progress, studies=small))
    settings = Settings(data=tmp_path, workers=1)
    for _ in range(2):
        async with open_services(settings) as services:
            consult = await demo_command.demo_consult(services, DemoStudies(tmp_path, services.library))
            runner = await services.registry.find(consult)
            await write_demo_note(runner)
            state = runner.core.state
    (version,) = versions_of(state, "c1")
    assert is_whole((version,))
    assert version.status == "preliminary"
    assert "DEMO" in version.texts["impression"]
    numbers = [number for found in version.findings for known in found.numbers for number in known.numbers]
    assert [(round(number.value), number.check) for number in numbers] == [(22, "confirmed"), (14, "confirmed")]
    assert {found.finding.side.side for found in version.findings} == {"RIGHT"}
    assert all(found.finding.views for found in version.findings)
    assert [comparison_words(row) for row in version.comparisons] == [
        "14 mm on 19 May 2026 -> 22 mm, +57 %, in 6 months"
    ]
