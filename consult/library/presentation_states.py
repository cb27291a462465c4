"""Presentation states among the files of this server: put together of the index when they are drawn."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from consult.dicom.presentation_states.catalogue import presentation_state_key
from consult.dicom.presentation_states.drawable import drawn_state
from consult.dicom.records import FileRecord, StackRecord
from consult.dicom.stacks import series_of
from consult.model.errors import Refused
from consult.model.identifiers import SeriesKey
from consult.model.presentation_states.state import PresentationState
from consult.rendering.presentation_states.state import DrawnState

GONE = "This presentation state is no longer on the server."


class PresentationStateReader:
    """Finds what is drawn of them.

    Args:
        files_of: the records of a series, by its key.
        stack: one stack of this server.
    """

    def __init__(
        self,
        files_of: Callable[[str], Awaitable[Sequence[FileRecord]]],
        stack: Callable[[SeriesKey], Awaitable[StackRecord]],
    ) -> None:
        self._files_of, self._stack = files_of, stack

    async def read(self, wanted: PresentationState) -> DrawnState:
        """What of it is drawn.

        Raises:
            Refused: "unknown_presentation_state": its file is deleted.
            StoreFailed.
        """
        stacks = [await self._stack(key) for key in wanted.drawn_on]
        for record in await self._files_of(series_of(SeriesKey(wanted.key))):
            if record.presentation_state is not None and presentation_state_key(record) == wanted.key:
                return await asyncio.to_thread(drawn_state, record.presentation_state, stacks)
        raise Refused("unknown_presentation_state", GONE)
