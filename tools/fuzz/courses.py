"""The parts of the fuzz, and how much of each `make test` takes."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from tools.fuzz import answers, datagrams, files, messages, requests
from tools.fuzz.watch import Findings

COURSES: dict[str, Callable[[int, int], Coroutine[Any, Any, Findings]]] = {
    "messages": messages.fuzz,
    "files": files.fuzz,
    "datagrams": datagrams.fuzz,
    "answers": answers.fuzz,
    "requests": requests.fuzz,
}
SHARE = {"messages": 2_000, "files": 500, "datagrams": 1_000, "answers": 200, "requests": 500}
"""With one seed."""
