"""Habits that no linter holds: columns where the formatter breaks nothing, and tests that neither retry nor time."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
COLUMNS = 120
PAGE = [*(ROOT / "web").rglob("*.js"), *(ROOT / "web").rglob("*.css"), *(ROOT / "tests" / "web").glob("*.mjs")]
TESTS = [path for path in (ROOT / "tests").rglob("*.py") if path.name.startswith("test_") and path != Path(__file__)]
RETRIES = {"pytest-rerunfailures", "flaky", "pytest-retry", "pytest-flakefinder", "tenacity", "backoff"}
CLOCKS = {"perf_counter", "perf_counter_ns", "monotonic", "monotonic_ns", "process_time", "time_ns"}


def own(paths: list[Path]) -> list[Path]:
    """Without what others wrote and we only carry."""
    return [path for path in paths if "vendor" not in path.parts]


def test_no_line_of_the_page_is_too_long() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in own(PAGE)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > COLUMNS
    ]
    assert not long


def test_no_field_cuts_what_is_typed_silently() -> None:
    """`limited` of kit/dom.js says what is too much; `maxlength` throws away what is pasted. Seen to fail on four."""
    pages = [*own(PAGE), *(ROOT / "web/templates").rglob("*.html")]
    cut = [path.name for path in pages if re.search(r"maxlength\W*[:=]|maxLength", path.read_text(encoding="utf-8"))]
    assert not cut


def test_a_test_that_fails_is_not_run_again() -> None:
    """Neither a plugin, nor a mark, nor CI gives a test a second chance."""
    installed = {distribution.metadata["Name"].lower() for distribution in distributions()}
    assert not installed & RETRIES
    options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]["addopts"]
    assert not re.search(r"rerun|--lf|--last-failed|--ff|retr", options)
    scripts = [ROOT / "Makefile", ROOT / ".ci" / "run", ROOT / "tools" / "test", ROOT / "package.json"]
    again = [path.name for path in scripts if re.search(r"rerun|--lf|retr(y|ies)|\|\| *(make|tools)", path.read_text())]
    assert not again
    marked = [path.name for path in TESTS if re.search(r"mark\.(flaky|rerun)|@flaky", path.read_text())]
    assert not marked


def test_the_running_consult_reads_its_clocks_in_one_place() -> None:
    """As clock.py says. Seen to fail on the progress line of the console."""
    named = re.compile(r"^from time import .*\b(time|monotonic)\b|^import time\b", re.M)
    elsewhere = [path.relative_to(ROOT) for path in (ROOT / "consult").rglob("*.py") if named.search(path.read_text())]
    assert elsewhere == [Path("consult/clock.py")]


def asserted_clocks(path: Path) -> Iterator[str]:
    """Each assertion that reads a clock itself, or a name that a function has put a clock's difference into."""
    for function in ast.walk(ast.parse(path.read_text())):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        timed = {
            target.id
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp) and reads_clock(node.value)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(function):
            if isinstance(node, ast.Assert) and (reads_clock(node.test) or names(node.test) & timed):
                yield f"{path.relative_to(ROOT)}:{node.lineno}"


def reads_clock(node: ast.AST) -> bool:
    """Whether an expression calls a clock of this process; what is given to a function as its `now` does not count."""
    if isinstance(node, ast.Call):
        called = node.func
        if isinstance(called, ast.Name):
            return called.id in CLOCKS
        return isinstance(called, ast.Attribute) and called.attr in {*CLOCKS, "time"} and not node.args
    return any(reads_clock(part) for part in ast.iter_child_nodes(node))


def names(node: ast.AST) -> set[str]:
    """All names in an expression."""
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def test_no_test_asserts_how_long_something_took() -> None:
    """A time belongs into `consult bench`; a test waits for a state and asserts states and orders."""
    assert [place for path in TESTS for place in asserted_clocks(path)] == []


@pytest.mark.parametrize("wait", [r"wait_for_timeout\(", r"time\.sleep\("])
def test_no_test_waits_for_a_time(wait: str) -> None:
    assert [path.name for path in TESTS if re.search(wait, path.read_text())] == []
