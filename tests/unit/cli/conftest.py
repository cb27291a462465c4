"""A data directory that the command line itself has filled."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.ct import write_series
from tests.support.server import consult


@pytest.fixture(scope="package")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data directory with one study, imported by the import command, and its UID."""
    data = tmp_path_factory.mktemp("data")
    study = write_series(data / "files", images=4, size=32)
    done = consult("import", str(data / "files"), "--json", data=data)
    assert done.returncode == 0
    return data, study
