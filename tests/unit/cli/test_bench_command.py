"""`consult bench`: a part alone, as JSON."""

from __future__ import annotations

import json
import subprocess
import sys


def test_bench_command_measures_a_part_alone() -> None:
    command = [sys.executable, "-m", "consult", "bench", "--only", "log", "--json"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    rows = json.loads(told.stdout)
    assert rows
    assert all(row["value"] > 0 for row in rows)
