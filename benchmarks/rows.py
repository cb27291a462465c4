"""One row of the table that `consult bench` prints."""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A figure, and what it is held against in the same run.

    Attributes:
        name: what was measured.
        value: the figure, in `unit`.
        detail: e.g. "p95 31.0", or what the figure is made of.
        peer: named peer measured in the same run; "" where there is none.
        peer_value: its figure, same unit.
    """

    name: str
    value: float
    unit: str
    detail: str = ""
    peer: str = ""
    peer_value: float | None = None

    @property
    def ratio(self) -> float | None:
        """Peer / ours: above 1 we need less."""
        return None if self.peer_value is None or not self.value else self.peer_value / self.value


def progress(what: str) -> None:
    """Print on stderr what is measured now, where that takes a while."""
    print(f"  {what} ...", file=sys.stderr, flush=True)


HEADINGS = ("what", "figure", "", "peer", "its figure", "peer / ours")


def cells(row: Row) -> tuple[str, ...]:
    """A row as text, a cell for each of `HEADINGS`."""
    peer = "" if row.peer_value is None else f"{row.peer_value:.2f} {row.unit}"
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    return row.name, f"{row.value:.2f} {row.unit}", row.detail, row.peer, peer, ratio


def quantile(values: list[float], share: float) -> float:
    """The value below which that share lies; nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
