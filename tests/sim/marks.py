"""What must hold of the marks in a log, found by replaying it as plainly as can be. It knows nothing of `acts.py`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from consult.sessions.events import Entry
from consult.sessions.features.cases.events import CaseSwitched
from consult.sessions.features.consult.events import ConsultOpened
from consult.sessions.features.marks.events import KeyImageDeleted, KeyImagePut, MarkDeleted, MarkPut
from consult.sessions.features.seats.events import SeatPut

Key = tuple[str, str]
"""What kind of record, and its id."""
Step = tuple[Key, Any, Any]
"""What an act was about, how it was before, and after."""


def wrong_marks(log: Sequence[Entry]) -> Iterator[str]:
    """What is wrong with marks and key images, a sentence each."""
    replay = _Replay()
    for entry in log:
        yield from replay.see(entry)


class _Replay:
    def __init__(self) -> None:
        self.records: dict[Key, Any] = {}
        self.done: dict[str, list[Step]] = {}
        self.undone: dict[str, list[Step]] = {}
        self.roles: dict[str, str] = {}
        self.case = ""

    def see(self, entry: Entry) -> Iterator[str]:
        match entry.event:
            case ConsultOpened(cases=cases):
                self.case = cases[0].id
            case CaseSwitched(case=case):
                self.case = case
                self.done.clear()
                self.undone.clear()
            case SeatPut(seat=seat):
                self.roles[seat.id] = seat.role
            case MarkPut(mark=mark, doing=doing):
                yield from self.act(entry, ("mark", mark.id), mark, doing)
            case MarkDeleted(mark=identifier, doing=doing):
                yield from self.act(entry, ("mark", identifier), None, doing)
            case KeyImagePut(key_image=image, doing=doing):
                yield from self.act(entry, ("image", image.id), image, doing)
            case KeyImageDeleted(key_image=identifier, doing=doing):
                yield from self.act(entry, ("image", identifier), None, doing)

    def act(self, entry: Entry, key: Key, after: Any, doing: str) -> Iterator[str]:
        before = self.records.get(key)
        for record in (before, after):
            if record is not None and record.case != self.case:
                yield f"entry {entry.seq} is about {key} of case {record.case}, and {self.case} is on the stage"
        step = (key, before, after)
        done, undone = self.done.setdefault(entry.by, []), self.undone.setdefault(entry.by, [])
        if doing == "do":
            done.append(step)
            undone.clear()
            yield from self.own(entry, before, after)
        elif doing == "undo":
            yield from self.inverse(entry, (key, after, before), done, undone, held=2)
        else:
            yield from self.inverse(entry, step, undone, done, held=1)
        if after is None:
            self.records.pop(key, None)
        else:
            self.records[key] = after

    def own(self, entry: Entry, before: Any, after: Any) -> Iterator[str]:
        is_own = all(record.author == entry.by for record in (before, after) if record is not None)
        if not is_own and not (after is None and self.roles.get(entry.by) == "host"):
            yield f"entry {entry.seq}: {entry.by} changed what another has made"

    def inverse(self, entry: Entry, step: Step, given: list[Step], taken: list[Step], *, held: int) -> Iterator[str]:
        """The newest of the seat's acts that still holds is what is undone (or done again)."""
        while given and self.records.get(given[-1][0]) != given[-1][held]:
            given.pop()
        if not given or given[-1] != step:
            yield f"entry {entry.seq} is no inverse of the newest act of {entry.by}"
            return
        taken.append(given.pop())
