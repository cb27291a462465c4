"""What aiortc keeps under mangled names, for those who override it."""

from __future__ import annotations

from typing import Any


class Private:
    """Reads and writes what a class of aiortc keeps under a mangled name."""

    def __init__(self, part: object, owner: type) -> None:
        self._part, self._prefix = part, f"_{owner.__name__}__"

    def __getitem__(self, name: str) -> Any:
        return getattr(self._part, self._prefix + name)

    def __setitem__(self, name: str, value: object) -> None:
        assert hasattr(self._part, self._prefix + name), name
        setattr(self._part, self._prefix + name, value)
