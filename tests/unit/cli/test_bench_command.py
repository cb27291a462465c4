"""`consult bench`: a part alone, as JSON."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from types import SimpleNamespace

import pytest

from benchmarks.abuse import ENDS_IT, allowed, floods_of
from benchmarks.rows import Row
from consult.cli.bench_command import MODULES, configure, run
from consult.sessions.features.board.feature import BOARD
from consult.sessions.features.table import REGISTRY
from tests.support.flood_process import FRAMES, MEDIA, examples
from tests.support.waiting import PATIENCE_S


def test_bench_command_measures_a_part_alone() -> None:
    command = [sys.executable, "-m", "consult", "bench", "--only", "log", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE_S)
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


def test_each_kind_is_a_flood_of_who_may_send_it_and_each_role_has_one_who_never_reads() -> None:
    """Seen to fail: what hosts alone may send, and all of the record, was no flood of who may send it."""
    kinds = {str(kind.__struct_config__.tag) for kind in REGISTRY.permissions}
    assert kinds <= examples().keys()
    offered = [*examples(), *FRAMES, *MEDIA]
    roles = {"viewer": set(offered), "participant": allowed("participant"), "host": allowed("host")}
    of_boards = {str(kind.__struct_config__.tag) for kind in BOARD.commands}  # refused in the consult that is flooded
    assert allowed("viewer") | allowed("participant") | allowed("host") == kinds - {ENDS_IT} - of_boards
    for role, expected in roles.items():
        floods = [*floods_of(role, offered)]  # type: ignore[arg-type]  # a role
        assert {flood.kind for flood in floods if not flood.deaf} == expected & set(offered)
        assert [flood.words for flood in floods if flood.deaf] == [f"flood of ping by a {role}, who never reads"]
