"""Documents as bytes: pictures drawn, the rest written elsewhere; what fails is said, and never more than asked for."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from msgspec.structs import replace

from consult.documents import maker as making
from consult.documents.maker import DocumentMaker, Reader
from consult.documents.overlay import Canvas
from consult.model.errors import NotReady, OurFault, Refused, WorkerDied
from tests.support.documents import WEB, GreyPainter, contents, signed_note
from tests.support.waiting import until


class Tasks:
    """Workers that answer; remember what they were asked. `waits`: until it is set."""

    def __init__(self, answer: bytes | Exception = b"written") -> None:
        self.answer, self.asked = answer, list[tuple[str, tuple[Any, ...]]]()
        self.waits: asyncio.Event | None = None

    async def run(self, task: str, *arguments: Any, deadline_s: float = 0.0, cpu_s: float = 0.0) -> Any:
        """See `Workers`."""
        assert deadline_s > 0
        assert cpu_s > 0
        self.asked.append((task, arguments))
        if self.waits is not None:
            await self.waits.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


TABLE = signed_note()
NOTE = contents(TABLE)
CASE = TABLE.state.cases[0]


async def test_each_form_is_written_with_the_pictures_that_were_drawn() -> None:
    painter, tasks = GreyPainter(), Tasks()
    maker = DocumentMaker(painter, tasks, WEB)
    assert await maker.make(CASE, NOTE, "pdf", Reader("de")) == b"written"
    assert await maker.make(CASE, NOTE, "html", Reader("en")) == b"written"
    (pdf, (order, pictures, attached)), (html, _) = tasks.asked
    assert (pdf, html, order.language, sorted(pictures)) == ("write_pdf", "write_page", "de", [1, 2, 3])
    assert json.loads(attached)["version"] == 1
    assert {size for _, size in painter.drawn} == {(640, 480)}


async def test_who_may_not_know_the_patient_is_shown_no_hidden_part_and_no_page_that_names_one() -> None:
    """Seen to fail on the pages of documents in notes."""
    (first, *others), painter = CASE.series, GreyPainter()
    hidden = {first.key: ((0, 0, 64, 8),)}
    guest = Reader("en", "ann", hidden, knows_patients=False)
    maker = DocumentMaker(painter, Tasks(), WEB)
    found = json.loads(await maker.make(CASE, NOTE, "json", guest))
    assert all(picture["digest"] for picture in found["pictures"])
    assert painter.hidden == [hidden] * 3
    report = replace(CASE, series=(replace(first, document="report"), *others))
    found = json.loads(await maker.make(report, NOTE, "json", guest))
    sentences = {picture["sentence"] for picture in found["pictures"] if not picture["digest"]}
    assert sentences == {"A document names its patient. Whoever presents can show it."}
    found = json.loads(await maker.make(report, NOTE, "json", Reader("en", "host")))
    assert all(picture["digest"] for picture in found["pictures"])
    assert painter.hidden[-1] == {}


async def test_json_names_each_picture_by_its_digest_and_its_hash() -> None:
    painter, tasks = GreyPainter(), Tasks()
    found = json.loads(await DocumentMaker(painter, tasks, WEB).make(CASE, NOTE, "json", Reader("en")))
    assert tasks.asked == []
    assert [picture["digest"][-1] for picture in found["pictures"]] == ["1", "2", "3"]
    assert all(len(picture["sha256"]) == 64 for picture in found["pictures"])
    assert found["findings"][0]["values"][0]["numbers"][0]["value"] == 22.0
    assert found["format"] == "consult-note/1"


async def test_a_picture_that_cannot_be_drawn_is_a_sentence_and_the_others_are_there() -> None:
    painter = GreyPainter({4: Refused("gone", "It cannot be shown.")})
    found = json.loads(await DocumentMaker(painter, Tasks(), WEB).make(CASE, NOTE, "json", Reader("en")))
    assert {picture["sentence"] for picture in found["pictures"]} == {"It cannot be shown."}
    assert found["texts"]["impression"] == "Growing nodule."


@pytest.mark.parametrize("failure", [WorkerDied("deadline", "too long"), WorkerDied("worker_died", "ended")])
async def test_a_worker_that_dies_takes_one_document_with_it(failure: WorkerDied) -> None:
    with pytest.raises(OurFault, match="document_failed"):
        await DocumentMaker(GreyPainter(), Tasks(failure), WEB).make(CASE, NOTE, "pdf", Reader("en"))


async def test_a_document_has_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "MAX_BYTES", 10)
    with pytest.raises(OurFault, match="document_too_large"):
        await DocumentMaker(GreyPainter(), Tasks(b"x" * 11), WEB).make(CASE, NOTE, "pdf", Reader("en"))


async def test_who_comes_when_many_wait_is_asked_to_come_again() -> None:
    tasks = Tasks()
    tasks.waits = asyncio.Event()
    maker = DocumentMaker(GreyPainter(), tasks, WEB)
    waiting = [asyncio.create_task(maker.make(CASE, NOTE, "pdf", Reader("en"))) for _ in range(making.MAX_WAITING)]
    await until(lambda: len(tasks.asked) == making.AT_ONCE)
    with pytest.raises(NotReady, match="busy"):
        await maker.make(CASE, NOTE, "json", Reader("en"))
    tasks.waits.set()
    assert set(await asyncio.gather(*waiting)) == {b"written"}
    assert json.loads(await maker.make(CASE, NOTE, "json", Reader("en")))["version"] == 1


async def test_one_seat_does_not_take_all_turns() -> None:
    """Seen to fail: one guest's sixteen requests, and the host was asked to come again for minutes."""
    tasks = Tasks()
    tasks.waits = asyncio.Event()
    maker = DocumentMaker(GreyPainter(), tasks, WEB)
    guests = [asyncio.create_task(maker.make(CASE, NOTE, "pdf", Reader("en", "eve"))) for _ in range(10)]
    await until(lambda: sum(guest.done() for guest in guests) == 10 - making.MAX_OF_SEAT)
    assert {type(guest.exception()) for guest in guests if guest.done()} == {NotReady}
    hosts = [asyncio.create_task(maker.make(CASE, NOTE, "pdf", Reader("en"))) for _ in range(making.MAX_OF_SEAT + 1)]
    tasks.waits.set()
    assert set(await asyncio.gather(*hosts)) == {b"written"}
    await asyncio.gather(*guests, return_exceptions=True)
    assert not maker._waiting, "and none is remembered"


async def test_a_reader_has_each_picture_as_large_as_the_screen_and_no_other() -> None:
    painter, tasks = GreyPainter(), Tasks(b"<div></div>")
    maker = DocumentMaker(painter, tasks, WEB)
    drawn, page = await maker.view(CASE, NOTE, 2, Canvas(1170, 1800, 3.0), Reader("en", "seat-1"))
    assert (drawn.n, drawn.width, drawn.height, page) == (2, 1170, 1800, b"<div></div>")
    assert drawn.overlay is not None
    assert drawn.overlay.unit == 3.0
    with pytest.raises(Refused, match="unknown_picture"):
        await maker.view(CASE, NOTE, 4, Canvas(1170, 1800, 3.0), Reader("en", "seat-1"))
    page, all_of_them = await maker.read(CASE, NOTE, Reader("en", "seat-1"))
    assert [one.n for one in all_of_them] == [1, 2, 3]
    assert tasks.asked[-1][1][1] == {one.n: f"stills/{one.digest}" for one in all_of_them}
