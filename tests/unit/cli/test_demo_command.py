"""`consult demo`: made once, the same consult and links each time."""

from __future__ import annotations

from pathlib import Path

import pytest

from consult.app import open_services
from consult.cli import demo_command, main
from consult.demo import demo_studies as demo
from consult.settings import Settings
from tests.support.ct import write_series
from tests.support.server import first_lines


async def test_demo_command_makes_its_studies_once_and_keeps_its_consult(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = []

    def small_demo(folder: Path, on_progress: object) -> None:
        made.append(folder)
        write_series(folder / "ct", images=2, size=32, patient="DEMO^ANNA", patient_id=demo.PATIENT_ID)

    monkeypatch.setattr(demo, "make_demo", small_demo)
    settings = Settings(data=tmp_path, workers=1)
    links = []
    for _ in range(2):
        async with open_services(settings) as services:
            consult_id = await demo_command.demo_consult(services, demo.DemoStudies(tmp_path, services.library))
            links.append([link.path for link in await services.registry.links(consult_id)])
    assert links[0] == links[1]
    assert len(links[0]) == 2
    async with open_services(settings) as services:
        await (await services.registry.find(consult_id)).end()
        followed_by = await demo_command.demo_consult(services, demo.DemoStudies(tmp_path, services.library))
        assert followed_by != consult_id, "an ended consult is followed by a new one"
    assert len(made) == 1


async def test_the_demo_board_has_four_cases_prepared_and_stays_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def small_demo(folder: Path, on_progress: object) -> None:
        write_series(folder / "ct", images=2, size=32, patient="DEMO^ANNA", patient_id=demo.PATIENT_ID)

    def small_board(folder: Path, on_progress: object) -> None:
        for patient in demo.BOARD_PATIENT_IDS:
            write_series(folder / patient, images=2, size=32, patient="DEMO^CLARA", patient_id=patient)

    monkeypatch.setattr(demo, "make_demo", small_demo)
    monkeypatch.setattr(demo, "make_board", small_board)
    settings = Settings(data=tmp_path, workers=1)
    boards = []
    for _ in range(2):
        async with open_services(settings) as services:
            studies = demo.DemoStudies(tmp_path, services.library)
            boards.append(await demo_command.demo_board(services, studies))
            state = (await services.registry.find(boards[-1])).core.state
            roles = [link.role for link in await services.registry.links(boards[-1])]
            assert await demo_command.demo_consult(services, studies) != boards[-1], "the demo has a consult as well"
    assert boards[0] == boards[1]
    assert roles == ["host", "participant", "preparer"]
    assert [case.patient.id for case in state.cases] == [demo.PATIENT_ID, *demo.BOARD_PATIENT_IDS]
    assert all(state.preparations[case.id].text("question") and state.preparations[case.id].minutes
               for case in state.cases)  # fmt: skip
    assert state.board is not None
    assert len(state.board.specialties) > 3


def test_demo_command_prints_host_guest_and_home_a_line_each(tmp_path: Path) -> None:
    write_series(tmp_path / "files", images=2, size=32, patient="DEMO^ANNA", patient_id=demo.PATIENT_ID)
    assert main(["import", str(tmp_path / "files"), "--data", str(tmp_path)]) == 0
    printed: list[list[str]] = []
    for _ in range(2):
        assert first_lines("demo", "--port", "0", "--no-browser", data=tmp_path, number=3, then=printed.append) == 0
    assert [line.split(": ")[0] for line in printed[0]] == ["Host", "Guest", "Home"]
    first, again = ([line.partition("/demo-")[2] for line in lines[:2]] for lines in printed)
    assert first == again
    tokens = {lines[2].partition("/#")[2] for lines in printed}
    assert len(tokens) == 1
    assert len(tokens.pop()) > 40
