"""docs/threat-model.md, SECURITY.md and docs/asvs.md name tests and files that there are; each threat has one."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
THREATS = "docs/threat-model.md"
DOCUMENTS = (THREATS, "SECURITY.md", "docs/asvs.md")
NAME = re.compile(r"(?P<file>(?<![*/\w.])[\w/.]+\.(?:py|mjs))|(?P<test>\btest_\w+)")


@cache
def files() -> list[Path]:
    """All that a name can mean."""
    return [
        path
        for folder in ("tests", "consult", "tools")
        for kind in ("*.py", "*.mjs")
        for path in (ROOT / folder).rglob(kind)
    ]


def meant(name: str) -> list[Path]:
    """Files of that name, or whose path ends with it."""
    return [path for path in files() if f"/{path.relative_to(ROOT).as_posix()}".endswith(f"/{name}")]


def has_test(path: Path, test: str) -> bool:
    """Whether a file has that test."""
    return re.search(rf"def {test}\(", path.read_text()) is not None


def wrong_names(line: str) -> list[str]:
    """Names in a line of a document that mean nothing; of a test behind its file (`FILE::TEST`): nothing there."""
    wrong, of_line = [], [path for path in files() if path.name.startswith("test_")]
    for code in re.findall(r"`([^`]+)`", line):
        for found in NAME.finditer(code):
            if file := found["file"]:
                if not (named := meant(file)):
                    wrong.append(file)
                of_line = [path for path in named if path.suffix == ".py"] or of_line
            elif not any(has_test(path, found["test"]) for path in (of_line if "::" in code else files())):
                wrong.append(found["test"])
    return wrong


def rows(text: str) -> list[list[str]]:
    """The cells of all tables' rows, without their heads."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for row in cells if row[-1].strip("| ") not in ("test", "---", "--- |") and set(row[0]) != {"-"}]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_test_and_file_that_is_named_is_there(document: str) -> None:
    text = (ROOT / document).read_text()
    assert [name for line in text.splitlines() for name in wrong_names(line)] == []


def test_every_threat_has_a_test() -> None:
    threats = rows((ROOT / THREATS).read_text())
    assert len(threats) > 70
    assert [row for row in threats if not re.search(r"\btest_\w+|tests/", row[-1])] == []


def test_a_name_that_is_not_there_is_found() -> None:
    good = "`test_doors.py`: `test_links_expire_unless_it_is_said`"
    assert wrong_names(good) == []
    assert wrong_names(good.replace("links_", "lynx_")) == ["test_lynx_expire_unless_it_is_said"]
    elsewhere = "test_links_expire_unless_it_is_said"
    assert wrong_names(f"`test_media.py::{elsewhere}`") == [elsewhere]


def test_the_sum_of_the_asvs_table_is_right() -> None:
    text = (ROOT / "docs/asvs.md").read_text()
    verdicts = Counter(row[2] for row in rows(text) if re.fullmatch(r"[\d.]+", row[0]))
    total = f"Yes {verdicts['yes']}, no {verdicts['no']}, not ours {verdicts['not ours']}, of {verdicts.total()}."
    assert total in text
