"""For all tests: hypothesis tries the same examples in each run, so that a change is what turns a test red.

`HYPOTHESIS_PROFILE=default .venv/bin/pytest ...` looks for new ones.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("steady", derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
