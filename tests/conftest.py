"""For all tests: hypothesis tries the same examples in each run, so that a change is what turns a test red.

`HYPOTHESIS_PROFILE=default .venv/bin/pytest ...` looks for new ones.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.support.redis_server import RedisServer, redis_server

settings.register_profile("steady", derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture(scope="session")
def redis_of_session() -> Iterator[RedisServer]:
    """A redis-server that tests use one after the other; each begins with an empty one."""
    with redis_server() as server:
        yield server
