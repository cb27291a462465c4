"""A document told in parts, put together again as a page does: written down again, as a peer would."""

from __future__ import annotations

from typing import Any

Message = dict[str, Any]
OF_A_CASE = ("studies", "series", "unshown", "segmentations")


class Parts:
    """The parts so far of what comes next."""

    def __init__(self) -> None:
        self.parts: list[Message] = []

    def take(self, part: Message) -> None:
        """One more part."""
        if self.parts and (part["n"] == 1 or self.parts[0]["name"] != part["name"]):
            self.parts = []
        self.parts.append(part)
        assert part["n"] == len(self.parts)

    def whole(self, snapshot: Message) -> Message:
        """The snapshot with all that its parts have, which are used up."""
        pieces, self.parts = [*self.parts, snapshot], []
        names = [name for name, value in snapshot.items() if isinstance(value, list)]
        lists = {name: [record for piece in pieces for record in piece.get(name, ())] for name in names}
        return snapshot | lists | {"cases": _joined(lists["cases"])}


def with_lists(series: Message, lists: Message) -> Message:
    """A series with the lists that it was told without."""
    axis = series["axis"] and series["axis"] | {name: lists.get(name, []) for name in ("labels", "missing")}
    rest = {name: value for name, value in lists.items() if name not in ("positions", "labels", "missing")}
    grid = series["grid"] | {"positions": lists["positions"]}
    return series | rest | {"grid": grid, "axis": axis, "unlisted": None}


def _joined(pieces: list[Message]) -> list[Message]:
    found: dict[str, Message] = {}
    for piece in pieces:
        before = found.get(piece["id"])
        found[piece["id"]] = piece if before is None else before | {n: before[n] + piece[n] for n in OF_A_CASE}
    return list(found.values())
