"""Two pytest processes that share files of tests run each once, and none is left."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.support.waiting import PATIENCE_S

ROOT = Path(__file__).parents[2]
SHARED = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", "-p", "tests.support.lanes", "--shared")
WAITS = """
import asyncio
from pathlib import Path
import pytest
from tests.support.waiting import until
RAN = Path(__file__).with_name("ran.txt")

@pytest.fixture(scope="module")
def of_file():
    with RAN.open("a") as ran: ran.write("file %s\\n" % __name__)

@pytest.mark.parametrize("n", range({tests}))
def test_it(n, of_file):
    with RAN.open("a") as ran: ran.write("test %s %s\\n" % (__name__, n))
    assert not {fails} or n
    asyncio.run(until(both_have_come))

def both_have_come():
    return len({{line.split()[1] for line in RAN.read_text().splitlines()}}) > 1
"""


def lanes(folder: Path, fails: tuple[int, ...] = ()) -> tuple[list[int], Counter[str]]:
    """The exit statuses of two that share five files, of one to five tests; how often what was run."""
    for tests in range(1, 6):
        (folder / f"test_{tests}.py").write_text(WAITS.format(tests=tests, fails=tests in fails))
    shared = folder / "shared"
    shared.mkdir()
    env = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"} | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, *SHARED, str(shared), "."]
    both = [subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.DEVNULL) for _ in range(2)]
    try:
        statuses = [process.wait(PATIENCE_S) for process in both]
    finally:
        for process in both:
            process.kill()
            process.wait()
    return statuses, Counter((folder / "ran.txt").read_text().splitlines())


def test_each_test_runs_once_in_one_of_both(tmp_path: Path) -> None:
    statuses, ran = lanes(tmp_path)
    assert statuses == [0, 0]
    tests = {line for line in ran if line.startswith("test")}
    assert tests == {f"test test_{tests} {n}" for tests in range(1, 6) for n in range(tests)}
    assert set(ran.values()) == {1}  # and so does what is done once for a file


def test_a_failure_in_one_of_them_is_told(tmp_path: Path) -> None:
    statuses, ran = lanes(tmp_path, fails=(3,))
    assert sorted(statuses) == [0, 1]
    assert ran["test test_3 0"] == 1
