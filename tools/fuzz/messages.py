"""Messages to the control socket: the examples of tests/wire, turned, into a running consult of three pages.

What they name is there: a mark with its numbers, a finding with its side that is a target lesion, a note with a signed
version, a critical result, a segmentation and a presentation state. Who is removed is let in again, and a consult that
is ended is followed by another.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from consult.model.catalogue import Case
from consult.model.identifiers import PresentationStateKey, SeatId, SegmentationKey
from consult.model.presentation_states.state import Look, PresentationState
from consult.model.segmentations.segmentation import Segment, Segmentation
from consult.model.view import Window
from consult.runtime.connections import ConnectionHandle
from consult.runtime.runner import ConsultRunner
from consult.sessions.features.findings.commands import PutNumbers
from consult.sessions.features.findings.decide import due_numbers
from consult.sessions.features.findings.events import MarkNumbers
from consult.sessions.features.seats.commands import ReadmitSeat
from consult.sessions.messages import PROTOCOL_VERSION
from consult.store.log.memory import MemoryLog
from tests.support.consults import GUEST, HOST, a_case, open_consult, without_rates
from tools.fuzz.mutate import Mutator
from tools.fuzz.watch import Findings, watched_loop

WIRE = Path(__file__).parent.parent.parent / "tests/wire"
PAGES = ((HOST, "tab-host-1"), (GUEST, "tab-guest-1"), (GUEST, "tab-guest-2"))
ANSWERED_EACH = 100
"""Inputs, after which everybody else is looked at."""


def examples() -> list[Any]:
    """Messages of pages, good and bad ones."""
    found: list[Any] = []
    for path in sorted(WIRE.glob("*.json")):
        kinds = json.loads(path.read_text())
        if kinds["direction"] == "client":
            found += kinds["good"] + [bad["message"] for bad in kinds["bad"] if isinstance(bad.get("message"), dict)]
    return found


RECORD: tuple[dict[str, Any], ...] = (
    {"type": "put_mark", "mark": {"id": "k3f9-1", "kind": "length", "series": "series-1", "image": 4,
                                  "points": [[0.0, 0.0, 8.0], [10.0, 0.0, 8.0]]}},
    {"type": "put_finding", "finding": "f3a9-1", "base": 0, "marks": ["k3f9-1"],
     "wording": {"title": "Nodule", "label": "Nodule 1", "lesion": "target"}},
    {"type": "confirm_side", "finding": "f3a9-1", "side": "RIGHT"},
    {"type": "put_note", "field": "impression", "text": "Growing nodule.", "base": 0},
    {"type": "sign_note", "status": "preliminary", "versions": 0, "signer": {"name": "A", "role": "b"},
     "again": {"name": "A", "role": "b"}, "seen": ["study-1"], "takes_over": [str(HOST), str(GUEST)]},
    {"type": "raise_critical", "critical": "x3a9-1", "category": 1, "what": "Tension pneumothorax",
     "to": {"name": "Dr. Ann"}, "backup": {"name": "Dr. Bob"}, "finding": "f3a9-1"},
)  # fmt: skip
"""What a page of the host does first; each command has its id and case besides."""


def full_case(identifier: str) -> Case:
    """A case with what views name: a segmentation, a structure set, a presentation state."""
    plain = a_case(identifier)
    study, series = plain.studies[0].key, plain.series[0].key
    regions = Segmentation(
        SegmentationKey("seg-1"), study, "regions", "Organs", 1, (Segment(2, "Liver", (200, 0, 0)),),
        over=(series,), spans=((0, 9),),
    )  # fmt: skip
    contours = replace(regions, key=SegmentationKey("rt-1"), kind="contours")
    look = Look(series, ((0, 9),), window=Window(-600, 1500), area=(0, 0, 63, 63))
    state = PresentationState(PresentationStateKey("state-1"), study, "LUNG", looks=(look,), draws=("graphics",))
    return replace(plain, segmentations=(regions, contours), presentation_states=(state,))


class Consult:
    """A consult whose pages come back whenever they are closed; a former one may be followed by another."""

    def __init__(self, running: ConsultRunner) -> None:
        self.running = running
        self._pages: list[ConnectionHandle] = []

    @classmethod
    async def opened(cls) -> Consult:
        """A new one, with a record."""
        running = await open_consult(MemoryLog(), (full_case("c1"), full_case("c2")))
        without_rates(running)
        consult = cls(running)
        for n, command in enumerate(RECORD, start=1):
            answer = await consult.send(0, json.dumps({**command, "id": f"{PAGES[0][1]}.{n}", "case": 1}))
            if answer != "ack":
                raise AssertionError(f"{command['type']} of the record is {answer}")
            for mark in due_numbers(running.core.state):
                await running.command(PutNumbers(numbers=MarkNumbers(mark.id, mark.case, mark.points)))
        return consult

    async def whole(self) -> Consult:
        """This one, with everybody let in; another where it was ended."""
        if self.running.core.state.ended:
            await self.running.close()
            return await self.opened()
        for seat in self.running.core.state.seats.values():
            if seat.removed:
                await self.running.command(ReadmitSeat(id="", case=self.running.core.state.case, seat=seat.id))
        return self

    async def send(self, i: int, text: str) -> str:
        """A message of a page; what the page was told."""
        page = self._page(i % len(PAGES))
        page.receive(text)
        await asyncio.sleep(0)
        texts = taken(page)
        return next((kind for kind in map(kind_of, texts) if kind in ("refused", "closing", "ack")), "used")

    async def answers(self) -> bool:
        """Each page is answered."""
        for i in range(len(PAGES)):
            page = self._page(i)
            page.receive('{"type": "ping", "t": 7}')
            for _ in range(20):
                await asyncio.sleep(0)
            if "pong" not in map(kind_of, taken(page)):
                return False
        return not self.running.lost

    def _page(self, i: int) -> ConnectionHandle:
        """That page, which comes anew where it was closed."""
        seat, tab = PAGES[i]
        while len(self._pages) <= i:
            self._pages.append(self._come(seat, tab))
        if self._pages[i].outbox.ended or self._pages[i].outbox.overflowed:
            self._pages[i].detach()
            self._pages[i] = self._come(seat, tab)
        return self._pages[i]

    def _come(self, seat: SeatId, tab: str) -> ConnectionHandle:
        page = self.running.attach(seat)
        screen = {"width": 640, "height": 480}
        page.receive(json.dumps({"type": "hello", "protocol": PROTOCOL_VERSION, "tab": tab, "screen": screen}))
        return page


def taken(page: ConnectionHandle) -> list[str]:
    """All that waits for a page: of a snapshot in parts each is drawn when the one before it was taken."""
    texts: list[str] = []
    while more := page.outbox.take_all():
        texts += more
    return texts


def kind_of(text: str) -> str:
    """Of a message of the server."""
    kind: str = json.loads(text)["type"]
    return kind


def turned(mutator: Mutator, known: Sequence[Any], i: int) -> str:
    """An input that often belongs to the consult that runs: its series, its epochs, its page's tab."""
    text = mutator.json_of(known)
    text = text.replace("tab-9f3a51", PAGES[i % len(PAGES)][1]).replace('"s-1"', '"series-1"')
    return text.replace('.7"', f'.{i + 1}"')


async def fuzz(seed: int, count: int) -> Findings:
    """So many messages."""
    mutator, known = Mutator(seed), examples()
    with watched_loop() as findings:
        consult = await Consult.opened()
        for i in range(count):
            try:
                consult = await consult.whole()
                findings.count(await consult.send(i, turned(mutator, known, i)))
                if i % ANSWERED_EACH == 0 and not await consult.answers():
                    findings.problem("somebody is not answered any more")
            except Exception as error:  # whatever it raises is a finding
                findings.count("raised")
                findings.problem(error)
        consult = await consult.whole()
        if not await consult.answers():
            findings.problem("somebody is not answered at the end")
        await consult.running.close()
    return findings
