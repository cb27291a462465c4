"""Two real servers, a real redis-server, a small CT."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from tests.support.ct import write_series
from tests.support.nodes import Nodes, nodes


@dataclass(frozen=True)
class Running:
    """Two nodes, and a study that both have."""

    nodes: Nodes
    study: str


@pytest.fixture(scope="session")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One pair for all tests; each leaves both running."""
    folder = tmp_path_factory.mktemp("nodes")
    study = write_series(folder / "files")
    with nodes(folder) as made:
        headers = {"Authorization": f"Bearer {made.all[0].token}"}
        for file in sorted((folder / "files").iterdir()):
            answer = httpx.post(f"{made.url}/api/studies", content=file.read_bytes(), headers=headers, timeout=60)
            assert answer.status_code < 300, answer.text
        yield Running(made, study)
