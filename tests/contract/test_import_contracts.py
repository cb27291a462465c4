"""Each import contract fails on the import that it forbids; a contract that cannot fail holds nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
LAYERS = "A package imports only packages below it"
VIOLATIONS = [
    (LAYERS, "consult/model/view.py", "import consult.sessions.state"),
    (LAYERS, "consult/store/log/sqlite.py", "import consult.dicom"),
    (LAYERS, "consult/http/api/studies.py", "import consult.demo"),
    (LAYERS, "consult/http/services.py", "import consult.app"),
    ("pydicom stops at the door of dicom and demo", "consult/library/library.py", "import pydicom"),
    ("imagecodecs stops at the door of dicom, demo and media", "consult/streaming/stills.py", "import imagecodecs"),
    ("The libraries of encoder and WebRTC stop at the door of media", "consult/streaming/stills.py", "import av"),
    ("The libraries of encoder and WebRTC stop at the door of media", "consult/http/services.py", "import aiortc"),
    ("The web framework stops at the door of http", "consult/app.py", "import starlette"),
    ("The web framework stops at the door of http", "consult/documents/page.py", "import starlette"),
    ("jinja2 stops at the door of http and documents", "consult/cli/demo_command.py", "import jinja2"),
    ("WeasyPrint stops at the door of documents", "consult/http/services.py", "import weasyprint"),
    (
        "The libraries of passwords and OpenID Connect stop at the door of access",
        "consult/http/services.py",
        "import argon2",
    ),
    (LAYERS, "consult/documents/maker.py", "import consult.streaming"),
    (LAYERS, "consult/runtime/registry.py", "import consult.monitoring"),
    ("prometheus_client stops at the door of monitoring", "consult/http/health.py", "import prometheus_client"),
    ("redis-py stops at the door of store", "consult/runtime/registry.py", "import redis"),
    ("obstore stops at the door of store", "consult/library/object_store.py", "import obstore"),
    ("The terminal stops at the door of cli", "consult/app.py", "import rich"),
    ("Pure packages have no I/O", "consult/rendering/layout.py", "import asyncio"),
    ("Pure packages have no I/O", "consult/runtime/effect_queue.py", "import asyncio"),
]
"""A contract, and an import that it forbids in a module."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package and its contracts, to be spoiled."""
    shutil.copytree(ROOT / "consult", tmp_path / "consult", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on a copy."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment, check=False)


def test_the_code_as_it_is_keeps_all_contracts(copy: Path) -> None:
    result = lint(copy)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("contract", "path", "line"), VIOLATIONS)
def test_a_contract_is_broken_by_the_import_it_forbids(copy: Path, contract: str, path: str, line: str) -> None:
    assert (copy / path).is_file()
    with (copy / path).open("a") as file:
        file.write(f"\n{line}\n")
    result = lint(copy)
    assert result.returncode != 0
    assert f"{contract} BROKEN" in result.stdout
    assert result.stdout.count(" BROKEN") == 1, "and no other contract"


def test_every_contract_has_been_seen_to_fail() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert {contract["name"] for contract in contracts} == {contract for contract, _, _ in VIOLATIONS}


def test_a_server_begins_without_pydicom() -> None:
    """Its workers read files; beside them only making the demo does, once. It takes a third of a second to load."""
    found = subprocess.run(
        [sys.executable, "-c", "import consult.app, sys; print('pydicom' in sys.modules)"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert found.stdout.strip() == "False"


def test_a_server_without_redis_begins_without_its_client() -> None:
    found = subprocess.run(
        [sys.executable, "-c", "import consult.app, consult.cli, sys; print('redis' in sys.modules)"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert found.stdout.strip() == "False"
