"""Files of tests that several pytest processes share: each takes the next one that no other has taken, so that all end
at about the same time, whatever each of them has done before.

    pytest -p tests.support.lanes --shared FOLDER tests/browser tests/media

Those who share name one folder, empty at first; a file of tests is taken by who makes a file of its name there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where it is written who has taken what."""
    parser.addoption("--shared", type=Path, metavar="FOLDER", help="run only files that no other has taken there")


def takes(shared: Path, name: str) -> bool:
    """Whether that file is ours now."""
    try:
        (shared / f"{name.replace('/', '+')}.taken").touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def ours(items: Sequence[pytest.Item], shared: Path) -> Iterator[pytest.Item]:
    """Tests of files that we take, each file when it is asked for its first; those of most tests first, so that none is
    long that is left in the end."""
    files = [(name, list(tests)) for name, tests in groupby(items, lambda item: item.nodeid.partition("::")[0])]
    for name, tests in sorted(files, key=lambda file: -len(file[1])):
        if takes(shared, name):
            yield from tests


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """As pytest's own; the next test is known before one is run, for it says which fixtures may stay."""
    shared: Path | None = session.config.option.shared
    if shared is None or session.config.option.collectonly:
        return None
    if session.testsfailed:
        raise session.Interrupted(f"{session.testsfailed} errors while tests were collected")
    items = ours(session.items, shared)
    item = next(items, None)
    while item is not None:
        following = next(items, None)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        item = following
    return True
