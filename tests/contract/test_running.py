"""docs/running.md says what there is: its settings, commands, numbers, files and links are those of this release."""

from __future__ import annotations

import re
from pathlib import Path

from consult.cli import COMMANDS
from consult.config_file import read_config
from consult.monitoring.metrics import NAMES
from consult.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "docs/running.md").read_text()
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", TEXT, re.M | re.S)
OTHERS = {"CONSULT_CONFIG"}


def test_its_file_of_settings_is_one(tmp_path: Path) -> None:
    """What is commented out too. Seen to fail on a key that was renamed."""
    example, bucket = [text for kind, text in BLOCKS if kind == "toml"]
    file = tmp_path / "consult.toml"
    file.write_text(re.sub("^# ", "", example, flags=re.M))
    (tmp_path / "token").write_text("x" * 32)
    read = read_config(file)
    assert len(read) == 8
    assert Settings(**{**read, "metrics_token_file": tmp_path / "token"}).udp_port == 42000
    file.write_text(bucket)
    read = read_config(file)
    assert Settings(**{**read, "objects_secret_file": tmp_path / "token"}).objects == "s3://hospital-consult/site"


def test_its_commands_and_variables_are_there() -> None:
    commands = re.findall(r"(?:bin/|`)consult ([a-z-]+)", TEXT)
    assert len(commands) > 8
    assert set(commands) <= set(COMMANDS)
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | OTHERS
    assert set(re.findall(r"\bCONSULT_[A-Z0-9_]+", TEXT)) <= known


def test_its_numbers_files_and_headings_are_there() -> None:
    numbers = {re.sub("_(bucket|sum|count|total)$", "", name) for name in re.findall(r"\bconsult_\w+", TEXT)}
    assert numbers <= set(NAMES)
    for link in re.findall(r"\]\(([^)#]+)", TEXT):
        assert (ROOT / "docs" / link).exists(), link
    headings = {
        re.sub(r"[^a-z -]", "", line.lower()).replace(" ", "-") for line in re.findall(r"^## (.+)$", TEXT, re.M)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= headings
