"""What numbers were computed from, in words; the twin of web/js/core/record/sources.js: tests/sources.json."""

from __future__ import annotations

from collections.abc import Sequence

from consult.documents.words import Words
from consult.model.mark import Quantity
from consult.sessions.features.findings.events import Number

QUANTITIES: dict[Quantity, str] = {
    "length": "", "value": "", "short_axis": "short axis", "diameter": "diameter", "time": "time",
    "velocity": "velocity", "depth": "depth", "angle": "angle", "area": "area", "mean": "mean", "sd": "deviation",
    "low": "lowest", "high": "highest",
}  # fmt: skip
"""What a quantity is called; a length and a value need no name."""


class SourceWords:
    """The sources of numbers in a language."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def name(self, number: Number) -> str:
        """ "short axis"; "" of a length."""
        return self._words.text(name) if (name := QUANTITIES[number.quantity]) else ""

    def how(self, number: Number) -> str:
        """ "distance of both ends, spacing by PixelSpacing"."""
        source, t = number.source, self._words.text
        uncalibrated = t("counted in pixels, without a spacing") if number.unit.startswith("px") else ""
        spacing = t("spacing by {tag}", tag=source.spacing_tag) if source.spacing_tag else uncalibrated
        pixels = t("pixels read: {n}", n=source.pixels) if source.pixels else ""
        return ", ".join(part for part in (self._words.of_server(source.formula), spacing, pixels) if part)

    def file(self, number: Number) -> str:
        """ "file 1.2.840.1, frame 1"."""
        source, t = number.source, self._words.text
        if not source.sop_instance_uid:
            return t("file not known")
        return t("file {uid}, frame {frame}", uid=source.sop_instance_uid, frame=source.frame)

    def of_mark(self, numbers: Sequence[Number]) -> str:
        """All of one mark: "mean: …, pixels read: 412; deviation: …; file 1.2.840.1, frame 1"."""
        lines = [": ".join(part for part in (self.name(number), self.how(number)) if part) for number in numbers]
        return "; ".join(dict.fromkeys([*lines, *map(self.file, numbers)]))
