"""The command line as its user meets it: every command in its own process, on real files."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

import pytest

from consult.app import open_house
from consult.cli import COMMANDS, data_option, demo_command, main, serve_command
from consult.settings import Settings
from tests.support.ct import write_series
from tests.support.server import consult


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data directory with one study, imported by the import command, and its UID."""
    data = tmp_path_factory.mktemp("data")
    study = write_series(data / "files", images=4, size=32)
    told = consult("import", str(data / "files"), "--json", data=data)
    assert told.returncode == 0
    return data, study


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([name, "--help"])
    assert left.value.code == 0
    assert f"consult {name}" in capsys.readouterr().out


def test_import_command_says_what_it_refused_and_why(imported: tuple[Path, str], tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("not an image")
    told = consult("import", str(tmp_path / "letter.txt"), data=imported[0], check=False)
    assert told.returncode == 1
    assert "letter.txt" in told.stdout + told.stderr
    assert "DICOM" in told.stdout + told.stderr


def test_studies_command_lists_what_was_taken(imported: tuple[Path, str]) -> None:
    data, study = imported
    assert study in consult("studies", data=data).stdout
    studies = json.loads(consult("studies", "--json", data=data).stdout)
    assert study in json.dumps(studies)


def test_open_command_prints_a_link_for_each(imported: tuple[Path, str]) -> None:
    data, study = imported
    lines = consult("open", study, data=data).stdout.splitlines()
    assert [line.split(": ")[0] for line in lines] == ["Host", "Guest"]
    assert all("/join/" in line and "#" in line for line in lines)
    links = json.loads(consult("open", study, "--json", data=data).stdout)
    assert set(links) == {"consult", "host", "guest"}


def test_open_command_refuses_studies_of_two_patients(imported: tuple[Path, str], tmp_path: Path) -> None:
    data, study = imported
    other = write_series(tmp_path / "other", images=2, size=32, patient="OTHER^MAN", patient_id="1")
    consult("import", str(tmp_path / "other"), data=data)
    told = consult("open", study, other, data=data, check=False)
    assert told.returncode == 1
    assert "PatientID" in told.stderr


def test_serve_command_has_an_option_for_every_setting() -> None:
    parser = argparse.ArgumentParser()
    serve_command.configure(parser)
    args = parser.parse_args(["--port", "0", "--behind-tls-proxy", "--workers", "3"])
    settings = serve_command.settings_of(args)
    assert (settings.port, settings.behind_tls_proxy, settings.workers) == (0, True, 3)
    assert all("--" + name.replace("_", "-") in parser.format_help() for name in Settings.model_fields)


def test_data_option_leaves_the_environment_in_charge(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CONSULT_DATA", str(tmp_path))
    parser = argparse.ArgumentParser()
    data_option.add_data_option(parser)
    assert data_option.settings_with(parser.parse_args([]), port=None).data == tmp_path


async def test_demo_command_makes_its_studies_once_and_keeps_its_consult(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = []

    def small_demo(folder: Path, on_progress: object) -> None:
        made.append(folder)
        write_series(folder / "ct", images=2, size=32, patient="DEMO^ANNA", patient_id=demo_command.DEMO_PATIENT_ID)

    monkeypatch.setattr(demo_command, "make_demo", small_demo)
    settings = Settings(data=tmp_path, workers=1)
    links = []
    for _ in range(2):
        async with open_house(settings) as house:
            consult_id = await demo_command.demo_consult(house)
            links.append([link.path for link in await house.registry.links(consult_id)])
    assert links[0] == links[1]
    assert len(links[0]) == 2
    async with open_house(settings) as house:
        await (await house.registry.find(consult_id)).end()
        assert await demo_command.demo_consult(house) != consult_id, "an ended consult is followed by a new one"
    assert len(made) == 1


def test_bench_command_measures_a_part_alone() -> None:
    command = [sys.executable, "-m", "consult", "bench", "--only", "log", "--json"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    rows = json.loads(told.stdout)
    assert rows
    assert all(row["value"] > 0 for row in rows)


def test_module_is_the_command() -> None:
    command = [sys.executable, "-m", "consult", "--help"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert "Look at radiology images together" in told.stdout
