"""Of each planted bug of nodes the first seed that finds it; the test looks through more where it has moved."""

from __future__ import annotations

FOUND_BY: dict[str, int] = {}
