"""A consult's file that was made to break whoever imports it: refused by a sentence, within bounds, nothing is left."""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from consult.app import open_services
from consult.model.errors import ConsultError, Malformed, Refused
from consult.runtime.keeping import archive, importing, sound
from consult.runtime.keeping.archive import ArchiveReader
from consult.runtime.keeping.folder import ImportedImages
from consult.sessions.fold import fold
from tests.support.kept import KeptTable, put_consult, settings_of
from tests.unit.runtime.keeping.test_files import lines_of, refusal, write

Raw = dict[str, Any]
Change = Callable[[list[Raw]], Any]


@pytest.fixture
async def table(tmp_path: Path) -> KeptTable:
    """A consult with all that a record has."""
    async with open_services(settings_of(tmp_path / "a"), keep_deadlines=False) as services:
        return await put_consult(services, tmp_path / "files", critical=True)


def entries_of(table: KeptTable) -> list[Raw]:
    """What was stored, without checksums: who changes a file by hand leaves them out, as entries had none once."""
    entries: list[Raw] = [json.loads(line) for line in lines_of(table)]
    for entry in entries:
        del entry["sum"]
    return entries


async def code_of(table: KeptTable, folder: Path, change: Change) -> str:
    """Why the file of a log that was changed is refused; "" where it is imported and read."""
    entries = entries_of(table)
    changed = change(entries)
    raw = [json.dumps(entry).encode() for entry in (entries if changed is None else changed)]
    path = write(folder / "hostile.zip", raw)
    try:
        importing._read(path)
    except ConsultError as error:
        return error.code if error.sentence.endswith(".") else error.sentence
    return ""


def first_series(entries: list[Raw]) -> Raw:
    series: Raw = entries[0]["event"]["cases"][0]["series"][0]
    return series


def of_kind(entries: list[Raw], kind: str) -> Raw:
    return next(entry["event"] for entry in entries if entry["event"]["type"] == kind)


CASES: dict[str, Change] = {
    "more images than places": lambda e: first_series(e).update(images=10**9),
    "no image": lambda e: first_series(e).update(images=0),
    "more places than images": lambda e: first_series(e)["grid"]["positions"].append([0, 0, 0]),
    "no pixel": lambda e: first_series(e)["grid"].update(rows=0),
    "more rows than a file can have": lambda e: first_series(e)["grid"].update(rows=10**9),
    "spacing 0": lambda e: first_series(e)["grid"].update(row_spacing=0),
    "spacing without end": lambda e: first_series(e)["grid"].update(column_spacing=1e300),
    "zero vectors": lambda e: first_series(e)["grid"].update(right=[0, 0, 0]),
    "parallel vectors": lambda e: first_series(e)["grid"].update(right=[1, 0, 0], down=[1, 0, 0]),
    "positions without end": lambda e: first_series(e)["grid"].update(positions=[[1e300, 0, 0], [0, 0, 0]]),
    "an axis of other images": lambda e: first_series(e).update(axis={"attribute": "EchoTime", "labels": ["a"] * 9}),
    "missing images that it never had": lambda e: first_series(e).update(
        images=1, axis={"attribute": "EchoTime", "labels": ["a"], "missing": [[7, 7]]}
    ),
    "a short list": lambda e: first_series(e).update(regions=[[], [], [], [], []]),
    "values of other images": lambda e: first_series(e).update(values={"b_value": [1, 2, 3, 4, 5]}),
    "deleted runs backwards": lambda e: first_series(e).update(deleted=[[1, 0]]),
    "lists elsewhere": lambda e: first_series(e).update(unlisted={"places": 2, "times": 1}),
    "no window": lambda e: first_series(e).update(windows=[]),
    "a series twice": lambda e: e[0]["event"]["cases"][0]["series"].append(first_series(e)),
    "a path as a key": lambda e: first_series(e).update(key="../../../etc/passwd"),
    "a header as the case's name": lambda e: e[0]["event"]["cases"][0].update(id="c1\r\nSet-Cookie: a=b"),
    "a title without end": lambda e: e[0]["event"]["consult"].update(title="x" * 5000),
    "a patient's name without end": lambda e: e[0]["event"]["cases"][0]["patient"].update(name="x" * 50_000),
    "a hundred thousand cases": lambda e: e[0]["event"].update(cases=e[0]["event"]["cases"] * 101),
    "no case": lambda e: e[0]["event"].update(cases=[]),
    "another case on the stage": lambda e: e[1]["event"].update(type="case_switched", epoch=7, case="c9"),
    "a key image of no case": lambda e: of_kind(e, "key_image_put")["key_image"].update(case="c9"),
    "a key image of no image": lambda e: of_kind(e, "key_image_put")["key_image"]["viewport"]["shows"].update(place=99),
    "an event of no kind": lambda e: e[1]["event"].update(type="made_up"),
    "no event": lambda e: e[1].update(event=[]),
    "of another time": lambda e: e[1].update(v=1, event=[]),
    "of another time, too": lambda e: e[1].update(v=1, event={"type": "chat_posted", "message": "text"}),
    "of no version": lambda e: e[1].update(v=-(10**9)),
    "a window that is none": lambda e: first_series(e).update(windows=[{"window": {"center": 0, "width": -1}}]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
async def test_what_no_consult_can_be_is_refused_before_anything_is_stored(
    table: KeptTable, tmp_path: Path, name: str
) -> None:
    """Seen to fail: each, with its check taken out: an import that ends in a traceback, or a consult that does."""
    assert await code_of(table, tmp_path, CASES[name]) == "bad_log"


async def test_the_consult_itself_is_imported(table: KeptTable, tmp_path: Path) -> None:
    assert await code_of(table, tmp_path, lambda entries: None) == ""


async def test_a_line_that_is_nested_without_end_is_refused(table: KeptTable, tmp_path: Path) -> None:
    """Seen to fail: RecursionError, and 500."""
    lines = lines_of(table)
    for deep in (b'{"v":2,"seq":2,"at":1,"event":' + b"[" * 200_000, b'{"v":1,"x":' + b"[" * 200_000):
        path = write(tmp_path / "deep.zip", [lines[0], deep])
        with pytest.raises(Malformed, match="bad_log"):
            importing._read(path)


async def test_a_log_holds_no_more_than_a_consult(
    table: KeptTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail: each of 100,000 seats copies those before it: an hour of the processor, which nobody can end."""
    seat = next(e for e in entries_of(table) if e["event"]["type"] == "seat_put")

    def many(entries: list[Raw]) -> list[Raw]:
        seats = [
            {**seat, "event": {**seat["event"], "seat": {**seat["event"]["seat"], "id": f"s{n}"}}} for n in range(300)
        ]
        return [{**entry, "seq": n} for n, entry in enumerate([*entries, *seats], start=1)]

    assert await code_of(table, tmp_path, many) == ""
    folded = 0

    def counted(state: Any, entry: Any) -> Any:
        nonlocal folded
        folded += 1
        return fold(state, entry)

    monkeypatch.setattr(importing, "fold", counted)
    monkeypatch.setitem(sound.MOST, "seats", 100)
    assert await code_of(table, tmp_path, many) == "bad_log"
    assert folded < 160, "it is not read to its end"


async def test_a_log_has_an_end(table: KeptTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen to fail: with each of the two limits taken out."""
    monkeypatch.setattr(importing, "MAX_ENTRIES", 5)
    assert await code_of(table, tmp_path, lambda entries: None) == "bad_log"
    monkeypatch.undo()
    monkeypatch.setattr(importing, "MAX_LATER_LINE", 50)
    assert await code_of(table, tmp_path, lambda entries: None) == "bad_log", "the first line alone has the cases"


def test_members_have_a_size_before_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen to fail: without a limit, and with a picture as large as a log."""
    path = write(tmp_path / "one.zip", [b"{}" * 200], more={"images/0001.png": b"x" * 300})
    for name, size in (("MAX_LOG", 200), ("MAX_IMAGE", 200)):
        with monkeypatch.context() as smaller:
            smaller.setattr(archive, name, size)
            with pytest.raises(Refused, match="too_large"):
                ArchiveReader(path)
    ArchiveReader(path).__exit__()


def test_a_directory_of_more_lines_than_it_says_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen to fail: zipfile makes an object of every line that there is: 20 GB for 2 GiB that say they have one."""
    path = tmp_path / "lines.zip"
    line = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 3, 20, 0, 0, 0, 0, 33, 0, 0, 0, 9, 0, 0, 0, 0, 0o600 << 16, 0)
    lines = (line + b"log.jsonl") * 2000
    path.write_bytes(lines + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(lines), 0, 0))
    opened: list[Path] = []
    monkeypatch.setattr(zipfile, "ZipFile", lambda found: opened.append(found))
    with pytest.raises(Malformed, match="not_a_consult"):
        ArchiveReader(path)
    assert opened == []


async def test_pictures_go_from_the_file_to_the_disk_one_by_one(
    table: KeptTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail: all pictures of a file, up to 2 GiB, were held together."""
    pictures = {f"images/{n:04}.png": importing.PNG + bytes(n) for n in range(1, 9)}
    path = write(tmp_path / "pictures.zip", lines_of(table), more=pictures)
    taken: list[type] = []
    monkeypatch.setattr(ImportedImages, "put", lambda self, consult, images: taken.append(type(images)))
    async with open_services(settings_of(tmp_path / "b"), keep_deadlines=False) as services:
        stored = await services.keeping.import_file(path)
    assert stored.images == 8
    assert taken != [list]
    assert not hasattr(importing._read(path), "pictures")


async def test_two_pictures_of_one_thing_are_refused(table: KeptTable, tmp_path: Path) -> None:
    """Seen to fail: 503, as if the disk were at fault: "File exists"."""
    pictures = {f"images/{n:04}.png": importing.PNG for n in (1, 2)}
    path = write(tmp_path / "pictures.zip", lines_of(table), more=pictures, of="x")
    assert (await refusal(path, tmp_path / "b")).code == "damaged"


async def test_what_is_no_picture_leaves_nothing(table: KeptTable, tmp_path: Path) -> None:
    """Seen to fail: an SVG was kept as a picture."""
    path = write(tmp_path / "pictures.zip", lines_of(table), more={"images/0001.png": b"<svg onload=alert(1)>"})
    assert (await refusal(path, tmp_path / "b")).code == "damaged"


async def test_a_settled_view_that_we_would_not_let_pass_is_not_shown(table: KeptTable, tmp_path: Path) -> None:
    """Seen to fail: the pictures of that consult stood still for ever, without a word."""
    entries = entries_of(table)
    kept = of_kind(entries, "key_image_put")["key_image"]["viewport"]
    viewport = {**kept, "shows": {**kept["shows"], "place": 77}}
    view = {"layout": {"rows": 1, "columns": 1}, "viewports": [viewport], "active": "a"}
    event = {"type": "view_settled", "rev": 2**32 + 9, "control": 1, "case": 1, "view": view}
    entries.append({**entries[-1], "seq": len(entries) + 1, "event": event})
    path = write(tmp_path / "view.zip", [json.dumps(entry).encode() for entry in entries])
    async with open_services(settings_of(tmp_path / "b"), keep_deadlines=False) as services:
        stored = await services.keeping.import_file(path)
        running = await services.registry.find(stored.consult)
        shown = running.core.shown
        assert shown is not None
        assert shown.view.viewports[0].shows.place < 77  # type: ignore[union-attr]  # a stack
