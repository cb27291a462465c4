"""What a page says that it has shown."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from consult.model.identifiers import SeriesKey
from consult.model.view import MAX_IMAGES
from consult.sessions.features.kinds import ParticipantCommand

MAX_RUNS = 256
"""Of a seat in a series, and of a message."""
ImageIndex = Annotated[int, Meta(ge=0, le=MAX_IMAGES)]


class ReportImages(ParticipantCommand, frozen=True, tag="report_images"):
    """This page has painted these images of a series while it was looked at.

    Attributes:
        runs: (first, last) of each run of images, ascending, none next to another.
    """

    series: SeriesKey
    runs: Annotated[tuple[tuple[ImageIndex, ImageIndex], ...], Meta(min_length=1, max_length=MAX_RUNS)]
