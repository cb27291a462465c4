"""`consult bench`: a part alone, as JSON."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from types import SimpleNamespace

import pytest

from benchmarks.rows import Row
from consult.cli.bench_command import MODULES, configure, run


def test_bench_command_measures_a_part_alone() -> None:
    command = [sys.executable, "-m", "consult", "bench", "--only", "log", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    rows = json.loads(done.stdout)
    assert rows
    assert all(row["value"] > 0 for row in rows)


def test_the_soak_is_measured_by_name_alone_and_takes_its_minutes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = dict.fromkeys(MODULES, SimpleNamespace(run=list))
    parts["soak"] = SimpleNamespace(run=lambda minutes: [Row("soaked", minutes, "minutes")])
    for name, part in parts.items():
        monkeypatch.setitem(sys.modules, f"benchmarks.{name}", part)
    parser = argparse.ArgumentParser()
    configure(parser)
    printed = []
    for words in (["--json"], ["--json", "--only", "soak", "--minutes", "3"]):
        assert run(parser.parse_args(words)) == 0
        printed.append(json.loads(capsys.readouterr().out))
    assert printed[0] == []
    assert [(row["name"], row["value"]) for row in printed[1]] == [("soaked", 3.0)]
