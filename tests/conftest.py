"""For all tests: hypothesis tries the same examples in each run, so that a change is what turns a test red; and httpx
is as patient as all else.

`HYPOTHESIS_PROFILE=default .venv/bin/pytest ...` looks for new ones.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest
from httpx._config import DEFAULT_TIMEOUT_CONFIG
from hypothesis import settings

from tests.support.redis_server import RedisServer, redis_server
from tests.support.s3_server import S3Server, s3_server
from tests.support.waiting import PATIENCE_S

settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
for what in ("connect", "read", "write", "pool"):
    setattr(DEFAULT_TIMEOUT_CONFIG, what, PATIENCE_S)  # its own 5 s are what a busy machine may need


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What modules and collected tests hold stays for good: the garbage collector need not look at it in each test."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def redis_of_session() -> Iterator[RedisServer]:
    """A redis-server that tests use one after the other; each begins with an empty one."""
    with redis_server() as server:
        yield server


@pytest.fixture(scope="session")
def s3_of_session() -> Iterator[S3Server]:
    """A server of S3's protocol that tests use one after the other; each has a bucket of its own."""
    with s3_server() as server:
        yield server
