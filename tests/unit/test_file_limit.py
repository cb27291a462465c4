"""The limit of open files is raised as far as the system lets it, and connections leave room for the rest."""

from __future__ import annotations

import resource

from consult.file_limit import KEPT, connections_of, raise_file_limit


def test_the_soft_limit_becomes_the_hard_one() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(1024, before[1]), before[1]))
        assert raise_file_limit() == connections_of(before[1])
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (before[1], before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_some_files_are_kept_for_the_rest() -> None:
    assert connections_of(8192) == 8192 - KEPT
    assert connections_of(256) == 128
    assert connections_of(resource.RLIM_INFINITY) > 100_000
